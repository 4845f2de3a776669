"""What needs me now? Counters that lead there, the list, and a search over partners, NDAs and documents."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.nda import wording as nda_wording
from admin_app.widgets.counters import Counter, counters
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.feed import Entry, feed
from core import format as say
from core.actor import Act
from core.clock import now
from core.db import Reads
from core.i18n import t
from core.nda.instruments import instrument_of
from core.today import queries
from core.today.queries import Found, Need, Overview, Record, Topic

OPEN = "today.open"
COUNTERS = {
    Topic.MAIL: ("Mails not delivered", "stop"),
    Topic.LATE: ("Deals past 48 h", "stop"),
    Topic.QUESTION: ("Questions due", "attention"),
    Topic.MEETING: ("Meetings today and tomorrow", "good"),
    Topic.ACTION: ("Actions due", "attention"),
    Topic.SIGNED: ("NDAs signed this week", "good"),
    Topic.READ: ("Proposals read since yesterday", "good"),
    Topic.STUCK: ("Partners stuck", "attention"),
    Topic.EXPIRING: ("NDAs expiring in 90 days", "attention"),
    Topic.DRAFT: ("Drafts never published", ""),
}
PLACES = {topic: ("today", {"show": topic.value}) for topic in Topic} | {
    Topic.STUCK: ("partnerships", {"stuck": "true"}),
    Topic.EXPIRING: ("ndas", {"state": "expiring"}),
    Topic.LATE: ("deal_intents", {}),
    Topic.QUESTION: ("questions", {}),
}
"""Where each counter leads: to the page that deals with it, or to its part of the list below."""
MARKS = {
    Topic.MAIL: ("Mail", "stop"),
    Topic.LATE: ("Deal waits", "stop"),
    Topic.QUESTION: ("Question", "attention"),
    Topic.BOOKING: ("Booking", "attention"),
    Topic.MEETING: ("Meeting", "good"),
    Topic.ACTION: ("Action due", "attention"),
    Topic.SIGNED: ("NDA signed", "good"),
    Topic.READ: ("Read", "good"),
    Topic.STUCK: ("Stuck", "attention"),
    Topic.EXPIRING: ("NDA expires", "attention"),
    Topic.DRAFT: ("Draft", ""),
}
MINE, ALL = "mine", "all"
WHOSE = {MINE: "Mine", ALL: "Everyone"}


@dataclass(frozen=True)
class Look:
    """What the page needs to know, in one read."""

    overview: Overview | None
    partners: list[Found]
    records: list[Record]


def look(session: Reads, text: str, *, mine: bool) -> Look:
    """What needs somebody; or, while something is searched for, what was found."""
    if text.strip():
        return Look(None, queries.search(session, text=text), queries.search_records(session, text=text))
    return Look(queries.overview(session, mine=mine), [], [])


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
        if topic in COUNTERS
    ]
    counters(figures=figures, label="What needs you", key="today.counters", on_open=on_open)


def address(page: str, query: dict[str, str]) -> str:
    """The address of a page; Today is where the app opens."""
    return f"/{'' if page == 'today' else page}{'?' if query else ''}{urlencode(query)}"


def draw_needs(needs: list[Need], zone: str, *, mine: bool) -> None:
    """The list, most urgent first."""
    if needs:
        feed(entries=[entry(need, zone) for need in needs], label="What needs you", key="today.list", on_open=on_open)
    elif mine:
        empty_state(
            "Nothing needs you right now.", icon=":material/task_alt:", action="Look at everyone's", on_click=show_all
        )
    else:
        empty_state("Nothing needs anybody right now.", icon=":material/task_alt:")


def entry(need: Need, zone: str) -> Entry:
    """One thing to look at, in ready texts."""
    mark, tone = MARKS[need.topic]
    at = need.since
    return Entry(
        id=f"{need.topic} {need.subject} {need.item or ''}".strip(),
        mark=mark,
        tone=tone,
        title=need.title,
        text=words(need, zone),
        note=note(need, zone),
        hover=say.instant(at, zone=zone) if isinstance(at, datetime) else "",
        href="" if need.topic is Topic.BOOKING else address(*place(need)),
    )


def place(need: Need) -> tuple[str, dict[str, str]]:
    """The page that a line opens, and what it asks of it."""
    partner = {"id": str(need.subject)}
    if need.topic is Topic.MAIL:
        return "email", {"mail": str(need.subject)}
    if need.topic is Topic.MEETING:
        return "partner", partner | {"tab": "Meetings", "meeting": str(need.item)}
    if need.topic is Topic.LATE:
        return "deal_intents", {"deal": str(need.item)}
    if need.topic is Topic.QUESTION:
        return "questions", {"question": str(need.item)}
    if need.topic in (Topic.SIGNED, Topic.EXPIRING):
        return "ndas", {"nda": str(need.item)}
    return "partner", partner | ({"tab": "Meetings"} if need.item else {})


def note(need: Need, zone: str) -> str:
    """When, at the end of the line: what is to come with its time, what was by how long ago."""
    at = need.since
    if not isinstance(at, datetime):
        return say.day(at)
    if need.topic is Topic.MEETING:
        is_today = say.day(at, zone=zone) == say.day(now(), zone=zone)
        return f"{'today' if is_today else 'tomorrow'} {say.clock_time(at, zone=zone)}"
    if need.topic is Topic.QUESTION and at > now():
        return f"today {say.clock_time(at, zone=zone)}"
    return say.day(at, zone=zone, year=True) if need.topic is Topic.EXPIRING else say.ago(at, now())


def words(need: Need, zone: str) -> str:
    """What to know about it, in half a line."""
    stage = t(f"status.{need.status}") if need.status else ""
    return {
        Topic.MAIL: need.detail or "It may not have arrived.",
        Topic.LATE: f"{need.detail}, waits for a decision",
        Topic.QUESTION: need.detail,
        Topic.BOOKING: "Find the partner and add the meeting there; its booking link should name the partner.",
        Topic.MEETING: need.detail,
        Topic.ACTION: need.detail,
        Topic.SIGNED: need.detail,
        Topic.READ: f"read its proposal, at {stage}",
        Topic.STUCK: f"in {stage} for too long",
        Topic.EXPIRING: need.detail,
        Topic.DRAFT: "has a proposal that was never published",
    }[need.topic]


def draw_found(seen: Look) -> None:
    """Partners, NDAs and documents that were searched for."""
    results = [
        Entry(id=f"partner {one.id}", mark="Partner", title=one.name, text=one.contact_name,
              note=t(f"status.{one.status}"), href=f"/partner?id={one.id}")
        for one in seen.partners
    ]  # fmt: skip
    for one in seen.records:
        mark = nda_wording.one(instrument_of(one.title)) if one.is_nda else "Document"
        href = f"/ndas?nda={one.id}" if one.is_nda else f"/partner?id={one.partner_id}&tab=Documents"
        subject = one.id if one.is_nda else one.partner_id
        results.append(Entry(id=f"{mark} {subject} {one.id}", mark=mark, title=one.title, text=one.partner, href=href))
    if results:
        feed(entries=results, label="Found", key="today.found", on_open=on_open)
    else:
        empty_state(
            "No partner, NDA or document has this in its name, contact, reference or title.",
            icon=":material/search_off:",
        )


def on_open(chosen: str) -> None:
    """A line was pressed; the page is switched in the script."""
    st.session_state[OPEN] = chosen


def show_everything() -> None:
    """Take the choice of a counter back."""
    st.query_params.pop("show", None)


def show_all() -> None:
    """Look at everybody's day."""
    st.query_params["whose"] = ALL


def switch_whose() -> None:
    """The switch was pressed; the address says whose day it is."""
    st.query_params["whose"] = st.session_state["today.whose"] or ALL


def go(chosen: str) -> None:
    """Open what a line or a counter is about."""
    kind, _, rest = chosen.partition(" ")
    subject, _, item = rest.partition(" ")
    if not subject:
        page, query = PLACES[Topic(kind)]
        kept = {"whose": st.query_params["whose"]} if "whose" in st.query_params and page == "today" else {}
        st.switch_page(f"views/{page}.py", query_params=query | kept)
    if kind in ("partner", "NDA", "Document"):
        page, query = ("ndas", {"nda": subject}) if kind == "NDA" else ("partner", {"id": subject})
        query |= {"tab": "Documents"} if kind == "Document" else {}
    else:
        need = Need(Topic(kind), UUID(subject), "", now(), item=UUID(item) if item else None)
        page, query = place(need)
    st.switch_page(f"views/{page}.py", query_params=query)


if opened := st.session_state.pop(OPEN, None):
    go(opened)

wanted = st.query_params.get("show", "")
usual = MINE if shell.may(Act.WORK_PIPELINE) else ALL
whose = st.query_params.get("whose", usual)
mine = whose == MINE
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title("Today", anchor=False, width="content")
    st.session_state["today.whose"] = whose if whose in WHOSE else ALL
    st.segmented_control(
        "Whose day", list(WHOSE), format_func=WHOSE.__getitem__, key="today.whose", on_change=switch_whose,
        label_visibility="collapsed", required=True,
    )  # fmt: skip
text = st.text_input(
    "Find anything",
    key="search",
    placeholder="Find a partner, a contact, an NDA such as NDA-00012, or a document",
    icon=":material/search:",
    label_visibility="collapsed",
    bind="query-params",
)
seen = shell.read(look, text or "", mine=mine)

if seen.overview is None:
    draw_found(seen)
elif seen.overview.is_new:
    empty_state("Start by adding your first partner.", action="Go to the board", page="views/partnerships.py")
else:
    draw_counters(seen.overview.counts, wanted)
    listed = [need for need in seen.overview.needs if wanted in ("", need.topic)]
    if wanted:
        st.button("Show everything", icon=":material/close:", type="tertiary", on_click=show_everything)
    draw_needs(listed, seen.overview.zone, mine=mine)
