"""What needs me now? Counters that lead there, the list, and a search over the partners."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import streamlit as st

from admin_app import shell
from admin_app.widgets.counters import Counter, counters
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.feed import Entry, feed
from core import format as say
from core.clock import now
from core.db import Reads
from core.i18n import t
from core.today import queries
from core.today.queries import Found, Need, Overview, Topic

OPEN = "today.open"
COUNTERS = {
    Topic.MAIL: ("Mails not delivered", "stop"),
    Topic.ACTION: ("Actions due", "attention"),
    Topic.READ: ("Proposals read since yesterday", "good"),
    Topic.STUCK: ("Partners stuck", "attention"),
    Topic.DRAFT: ("Drafts never published", ""),
}
PLACES = {
    Topic.MAIL: ("today", {"show": "mail"}),
    Topic.ACTION: ("today", {"show": "action"}),
    Topic.READ: ("today", {"show": "read"}),
    Topic.STUCK: ("partnerships", {"stuck": "true"}),
    Topic.DRAFT: ("today", {"show": "draft"}),
}
"""Where each counter leads: to the page that deals with it, or to its part of the list below."""
MARKS = {
    Topic.MAIL: ("Mail", "stop"),
    Topic.ACTION: ("Action due", "attention"),
    Topic.READ: ("Read", "good"),
    Topic.STUCK: ("Stuck", "attention"),
    Topic.DRAFT: ("Draft", ""),
}


@dataclass(frozen=True)
class Look:
    """What the page needs to know, in one read."""

    overview: Overview
    found: list[Found]


def look(session: Reads, text: str) -> Look:
    """What needs somebody, and the partners searched for."""
    return Look(queries.overview(session), queries.search(session, text=text))


def draw_counters(counts: dict[Topic, int], wanted: str) -> None:
    """How much of each there is; each leads to where it is dealt with."""
    figures = [
        Counter(
            id=topic.value,
            label=COUNTERS[topic][0],
            count=count,
            href=address(*PLACES[topic]),
            tone=COUNTERS[topic][1],
            chosen=wanted == topic,
        )
        for topic, count in counts.items()
    ]
    counters(figures=figures, label="What needs you", key="today.counters", on_open=on_open)


def address(page: str, query: dict[str, str]) -> str:
    """The address of a page; Today is where the app opens."""
    return f"/{'' if page == 'today' else page}?{urlencode(query)}"


def draw_needs(needs: list[Need]) -> None:
    """The list, most urgent first."""
    if not needs:
        return empty_state("Nothing needs you right now.", icon=":material/task_alt:")
    feed(entries=[entry(need) for need in needs], label="What needs you", key="today.list", on_open=on_open)
    return None


def entry(need: Need) -> Entry:
    """One thing to look at, in ready texts."""
    mark, tone = MARKS[need.topic]
    place = f"/email?mail={need.subject}" if need.topic is Topic.MAIL else f"/partner?id={need.subject}"
    at = need.since
    return Entry(
        id=f"{need.topic} {need.subject}",
        mark=mark,
        tone=tone,
        title=need.title,
        text=words(need),
        note=say.ago(at, now()) if isinstance(at, datetime) else say.day(at),
        hover=say.instant(at) if isinstance(at, datetime) else "",
        href=place,
    )


def words(need: Need) -> str:
    """What to know about it, in half a line."""
    stage = t(f"status.{need.status}") if need.status else ""
    return {
        Topic.MAIL: need.detail or "It may not have arrived.",
        Topic.ACTION: need.detail,
        Topic.READ: f"read its proposal, at {stage}",
        Topic.STUCK: f"in {stage} for too long",
        Topic.DRAFT: "has a proposal that was never published",
    }[need.topic]


def on_open(chosen: str) -> None:
    """A line was pressed; the page is switched in the script."""
    st.session_state[OPEN] = chosen


def show_everything() -> None:
    """Take the choice of a counter back."""
    st.query_params.pop("show", None)


def go(chosen: str) -> None:
    """Open what a line or a counter is about."""
    topic, _, subject = chosen.partition(" ")
    if not subject:
        page, query = PLACES[Topic(topic)]
        st.switch_page(f"views/{page}.py", query_params=query)
    if topic == Topic.MAIL:
        st.switch_page("views/email.py", query_params={"mail": subject})
    st.switch_page("views/partner.py", query_params={"id": subject})


if opened := st.session_state.pop(OPEN, None):
    go(opened)

wanted = st.query_params.get("show", "")
st.title("Today", anchor=False)
text = st.text_input(
    "Find a partner",
    key="search",
    placeholder="Find a partner: name, contact, web name",
    icon=":material/search:",
    label_visibility="collapsed",
    bind="query-params",
)
seen = shell.read(look, text or "")

if text:
    results = [
        Entry(id=f"partner {one.id}", title=one.name, text=one.contact_name, note=t(f"status.{one.status}"),
              href=f"/partner?id={one.id}")
        for one in seen.found
    ]  # fmt: skip
    if results:
        feed(entries=results, label="Partners found", key="today.found", on_open=on_open)
    else:
        empty_state("No partner has this in its name, contact or web name.", icon=":material/search_off:")

draw_counters(seen.overview.counts, wanted)
listed = [need for need in seen.overview.needs if wanted in ("", need.topic)]
if wanted:
    st.button("Show everything", icon=":material/close:", type="tertiary", on_click=show_everything)
draw_needs(listed)
