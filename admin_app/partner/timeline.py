"""The timeline of a partner: one stream, filtered by kind, with a note to add."""

from dataclasses import replace
from math import ceil

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.feed import Entry, feed
from core import format as say
from core.actor import Act, Actor, allowed
from core.clock import now
from core.partners import service
from core.partners.queries import Record
from core.timeline import queries
from core.timeline.kinds import Kind
from core.timeline.queries import PAGE, Event
from core.timeline.wording import reason, sentence

TOPICS = {
    "Notes": [Kind.NOTE],
    "Moves": [Kind.CREATED, Kind.MOVED],
    "Reading": [Kind.OPENED, Kind.OPENED_UNMEASURED, Kind.FIRST_VIEW],
    "Mails and links": [
        Kind.INVITATION_SENT, Kind.LINK_ISSUED, Kind.LINK_REVOKED, Kind.LINK_REQUESTED, Kind.ROOM_LINK_SENT,
        Kind.ROOM_LINK_ROTATED,
    ],
    "Meetings": [
        Kind.MEETING_SCHEDULED, Kind.MEETING_CHANGED, Kind.MEETING_CANCELLED, Kind.ACTION_ADDED, Kind.ACTION_DONE,
        Kind.ACTION_REOPENED, Kind.DECISION,
    ],
    "NDA": [
        Kind.NDA_SIGNED, Kind.NDA_RECORDED, Kind.NDA_COUNTERSIGNED, Kind.NDA_DECLINED, Kind.NDA_HANDED_OVER,
        Kind.NDA_EXPIRED,
    ],
    "Reseller agreement": [
        Kind.AGREEMENT_SIGNED, Kind.AGREEMENT_COUNTERSIGNED, Kind.AGREEMENT_DECLINED, Kind.AGREEMENT_EXPIRED,
    ],
    "Documents": [
        Kind.DOCUMENT_ADDED, Kind.DOCUMENT_REPLACED, Kind.DOCUMENT_REMOVED, Kind.DOCUMENT_FETCHED, Kind.ROOM_ENTERED,
    ],
    "Contacts": [Kind.CONTACT_ADDED, Kind.CONTACT_ENTERED, Kind.CONTACT_DISABLED],
    "Deals": [
        Kind.INTENT_SUBMITTED, Kind.INTENT_WITHDRAWN, Kind.INTENT_APPROVED, Kind.INTENT_REJECTED, Kind.INTENT_RETURNED,
        Kind.PROTECTION_ENDED, Kind.PROTECTION_EXTENDED, Kind.QUOTE_SENT, Kind.QUOTE_EXPIRED, Kind.QUOTE_ANSWERED,
        Kind.ORDER_UPLOADED, Kind.SALE_INVOICED, Kind.SALE_PAID, Kind.SALE_REFUNDED, Kind.SALE_CANCELLED,
    ],
    "Training": [Kind.CERTIFICATION_GIVEN, Kind.CERTIFICATION_REVOKED],
    "Questions": [
        Kind.QUESTION_ASKED, Kind.QUESTION_FOLLOWED_UP, Kind.QUESTION_ANSWERED, Kind.QUESTION_CLOSED,
    ],
    "Changes": [Kind.CHANGED, Kind.PROPOSAL_PUBLISHED],
}  # fmt: skip
MARKS = {kind: topic for topic, kinds in TOPICS.items() for kind in kinds}
SHORT = {
    "Notes": "Note",
    "Moves": "Stage",
    "Reading": "Reading",
    "Mails and links": "Mail",
    "Meetings": "Meeting",
    "NDA": "NDA",
    "Reseller agreement": "Agreement",
    "Documents": "Document",
    "Contacts": "Contact",
    "Deals": "Deal",
    "Training": "Training",
    "Questions": "Question",
    "Changes": "Change",
}
WORDS = {
    Kind.ACTION_ADDED: "Action",
    Kind.ACTION_DONE: "Action",
    Kind.ACTION_REOPENED: "Action",
    Kind.DECISION: "Decision",
    Kind.ROOM_ENTERED: "Room",
}
"""Kinds called otherwise than their topic."""
GOOD = (
    Kind.NDA_SIGNED, Kind.NDA_RECORDED, Kind.AGREEMENT_SIGNED, Kind.ACTION_DONE, Kind.INTENT_APPROVED, Kind.SALE_PAID,
    Kind.CERTIFICATION_GIVEN,
)  # fmt: skip
NOTE = "timeline.note"


def draw(record: Record, me: Actor) -> None:
    """The note to add, the filter, one page of entries."""
    if allowed(me, Act.WORK_PIPELINE):
        _note(record)
    topics = st.pills("Show", list(TOPICS), selection_mode="multi", key="timeline.topics", label_visibility="collapsed")
    page = int(st.session_state.get("timeline.page", 1))
    kinds = [kind for topic in topics for kind in TOPICS[topic]]
    events, total = shell.read(queries.timeline, record.id, kinds=kinds, page=page)
    if not events:
        empty_state("Nothing of this kind happened yet." if topics else "Nothing happened yet.")
    else:
        feed(entries=[_entry(event) for event in events], label="Timeline", key="timeline.feed")
    if total > PAGE:
        st.pagination(ceil(total / PAGE), key="timeline.page")


def _entry(event: Event) -> Entry:
    topic = MARKS[event.kind]
    told = {name: value for name, value in event.facts.items() if name != "language"}
    return Entry(
        id=str(event.id),
        mark=WORDS.get(event.kind, SHORT[topic]),
        tone="good" if topic == "Reading" or event.kind in GOOD else "",
        title=sentence(replace(event, facts=told)),
        text="\n".join(part for part in (reason(event), event.who) if part),
        note=say.ago(event.at, now()),
        hover=say.instant(event.at),
    )


def _note(record: Record) -> None:
    shell.say_refusal(st.session_state.pop("timeline.refused", None))
    with st.form("timeline.form", border=False):
        st.text_area("Add a note", key=NOTE, height=80, placeholder="What was said, what was agreed", max_chars=10_000)
        st.form_submit_button("Add note", on_click=_add_note, args=(record,))


def _add_note(record: Record) -> None:
    text = st.session_state[NOTE]
    if act_once((record.id, text), service.add_note, record.id, text=text, done="Note added"):
        st.session_state[NOTE] = ""
    else:
        st.session_state["timeline.refused"] = shell.refusal()
