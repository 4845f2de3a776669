"""Questions: what is unanswered, since when, and whose is it?"""

import streamlit as st

from admin_app import shell
from admin_app.questions import inbox, kept_ready, published, wording
from admin_app.questions.asked import asked
from admin_app.widgets.filters import number
from admin_app.widgets.heading import heading
from core.actor import Act
from core.questions import queries
from core.questions.models import QuestionState

INBOX, PUBLISHED, READY = "Inbox", "Published", "Kept ready"
ADD = {PUBLISHED: ("Write an entry", published.begin), READY: ("Keep an answer ready", kept_ready.begin)}

tab = st.query_params.get("tab", INBOX)
answers = shell.may(Act.ANSWER_QUESTIONS)
zone = shell.here().zone
if tab == PUBLISHED:
    entries = shell.read(queries.faq_entries)
    live = sum(row.withdrawn_at is None for row in entries)
    facts = f"{live} answer{'s' * (live != 1)} that partners find before they ask"
elif tab == READY:
    ready = shell.read(queries.canned_answers)
    facts = f"{wording.many(len(ready), 'answer')} to put in with two presses"
else:
    wanted = asked(st.query_params)
    found = shell.read(inbox.look, wanted, number("page"), st.query_params.get(inbox.PARAM, ""))
    waiting, late = found.page.counts.get(QuestionState.OPEN, 0), found.page.late
    facts = f"{wording.many(waiting, 'question')} {'waits' if waiting == 1 else 'wait'} for an answer"
    facts += f", {late} past {'its' if late == 1 else 'their'} time" if late else ""

action, begin = ADD.get(tab, ("", None))
heading("Questions", facts=facts, action=action if answers else "", on_click=begin, icon=":material/add:")
for name, part in zip((INBOX, *ADD), st.tabs([INBOX, *ADD], key="tab", bind="query-params"), strict=True):
    if not part.open:
        continue
    with part:
        if name == PUBLISHED:
            published.draw(entries, answers=answers, zone=zone)
        elif name == READY:
            kept_ready.draw(ready, answers=answers)
        else:
            inbox.draw(found, wanted)
