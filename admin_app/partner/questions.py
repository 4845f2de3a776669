"""A partner's questions: what its people asked, where each stands, and the way to it."""

import streamlit as st

from admin_app import shell
from admin_app.questions import wording
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.feed import Entry, feed
from admin_app.widgets.filters import number
from admin_app.widgets.pager import pager
from admin_app.widgets.plain import plain
from core.actor import Actor
from core.clock import now
from core.partners.queries import Record
from core.questions import queries
from core.questions.models import QuestionState
from core.questions.queries import QuestionRow

TONES = {QuestionState.OPEN: "attention", QuestionState.ANSWERED: "good", QuestionState.CLOSED: ""}


def draw(record: Record, me: Actor) -> None:
    """All of them, what was said last first; a subject leads to its thread."""
    page = number("page")
    found = shell.read(queries.inbox, state=None, partner_id=record.id, page=page)
    st.subheader("Questions", anchor=False)
    if not found.rows:
        return empty_state(
            f"{plain(record.profile.name)} has asked nothing yet. Its principals and technical contacts ask in the "
            "portal.",
            icon=":material/forum:",
        )  # fmt: skip
    feed(entries=[_entry(row) for row in found.rows], label="Questions", key="partner.questions")
    pager(
        page=page, pages=-(-found.total // queries.PAGE), size=queries.PAGE, total=found.total, noun="questions",
        key="partner.questions.page", hint="press one to open it",
    )  # fmt: skip
    return None


def _entry(row: QuestionRow) -> Entry:
    assigned = f"with {row.assigned_to}" if row.assigned_to else "nobody's yet"
    return Entry(
        id=str(row.id),
        mark=wording.STATES[row.state],
        tone="stop" if row.is_late else TONES[row.state],
        title=row.subject,
        text=f"{row.reference}, {row.contact}, {assigned}",
        note=wording.clock(row, now()),
        href=f"/questions?question={row.id}&state=all",
    )
