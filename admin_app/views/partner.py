"""What is going on with this partner, and what next?"""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner import (
    agreeing,
    contacts,
    deals,
    documents,
    history,
    inviting,
    mails,
    meetings,
    moving,
    nda,
    planning,
    profile,
    proposal,
    questions,
    reading,
    resetting,
    room,
    timeline,
    trouble,
)
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.plain import plain
from admin_app.widgets.stepper import stepper
from core import format as say
from core.actor import Act, Actor, actor_of, allowed
from core.companies import queries as companies
from core.db import Reads
from core.i18n import t
from core.partners import pipeline
from core.partners import queries as partners
from core.partners.queries import Record
from core.today import queries as today

TIMELINE, PROFILE, PROPOSAL, READING, MEETINGS, NDA, DOCUMENTS, ROOM, CONTACTS, DEALS, QUESTIONS, MAILS, HISTORY = (
    "Timeline", "Profile", "Proposal", "Engagement", "Meetings", "NDA", "Documents", "Room", "Contacts", "Deals",
    "Questions", "Mails", "History",
)  # fmt: skip
NEEDED = {
    TIMELINE: Act.READ_PIPELINE,
    PROFILE: Act.READ_PIPELINE,
    PROPOSAL: Act.READ_PROPOSALS,
    READING: Act.READ_ENGAGEMENT,
    MEETINGS: Act.READ_PIPELINE,
    NDA: Act.READ_NDA,
    DOCUMENTS: Act.READ_VAULT,
    ROOM: Act.READ_PIPELINE,
    CONTACTS: Act.READ_RESELLERS,
    DEALS: Act.READ_DEALS,
    QUESTIONS: Act.READ_QUESTIONS,
    MAILS: Act.READ_MAIL,
    HISTORY: Act.READ_PIPELINE,
}
OF_RESELLERS = (CONTACTS, DEALS, QUESTIONS)
"""The tabs that are offered only where the partner portal is switched on."""


@dataclass(frozen=True)
class Look:
    """What the head of the page needs, in one read."""

    me: Actor
    record: Record
    owners: dict[UUID, str]


def look(session: Reads, chosen: str, slug: str) -> Look | None:
    """The partner of an id or of the web name that mails carry; None when neither names one."""
    partner_id = _uuid(chosen) or today.find_by_slug(session, slug)
    if partner_id is None:
        return None
    return Look(actor_of(session), partners.partner(session, partner_id), companies.owners(session))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def draw_head(found: Look) -> None:
    """Name, stage, facts, actions."""
    record = found.record
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(plain(record.profile.name), anchor=False, width="content")
        if works_here:
            draw_actions(found)
    st.caption(facts(found))
    at = record.status if record.status in pipeline.STAGES else None
    aside = "" if at else f"On hold: {t(f'hold.{record.hold_reason}').lower()}"
    left = at or next(move.to for move in record.moves)
    stepper(steps=[t(f"status.{s}") for s in pipeline.STAGES], at=pipeline.STAGES.index(left), aside=aside)


def facts(found: Look) -> str:
    """One line: who looks after it, since when it stands where it stands, and what is special about it."""
    record = found.record
    owner_id = record.profile.owner_id
    stood = f"{record.days} d in {t(f'status.{record.status}')}" if record.days else "Here since today"
    parts = [
        f"Owner {plain(found.owners.get(owner_id, 'a former colleague'))}" if owner_id else "No owner yet",
        f":orange-badge[:material/hourglass_bottom: {stood}, stuck]" if record.stuck else stood,
        f"added {say.day(record.created_at, year=True)}",
    ]
    if record.mou_signed_at:
        parts.append(f"MOU signed {say.day(record.mou_signed_at, year=True)}")
    if record.activated_at:
        parts.append(f"active since {say.day(record.activated_at, year=True)}")
    if record.profile.next_action:
        due = f" ({say.day(record.profile.next_action_on)})" if record.profile.next_action_on else ""
        parts.append(f"next: {plain(record.profile.next_action)}{due}")
    return " · ".join([*parts, "demo partner"] if record.is_demo else parts)


def draw_actions(found: Look) -> None:
    """What can be done with it from here."""
    record = found.record
    titles = {moving.title(move.to, move.ask, start=record.status): move.to for move in record.moves}
    with st.container(horizontal=True, width="content", gap="small"):
        if allowed(found.me, Act.WRITE_PROPOSALS):
            st.button(
                "Send invitation",
                type="primary" if record.status is pipeline.Status.DRAFT else "secondary",
                icon=":material/send:",
                on_click=inviting.begin,
                args=(record,),
            )
        st.menu_button(
            "Move or close",
            list(titles),
            key="partner.move",
            on_click=lambda: moving.begin(record.id, to=titles[st.session_state["partner.move"]]),
        )
        st.button("Add meeting", icon=":material/event:", on_click=planning.begin, args=(record,))
        st.button("Edit", icon=":material/edit:", on_click=show, args=(PROFILE,))
        if record.is_demo:
            st.button("Reset demo", icon=":material/restart_alt:", on_click=resetting.begin, args=(record,))


def show(tab: str) -> None:
    """Open a tab; from a callback."""
    st.session_state["tab"] = tab


def draw_tab(name: str, found: Look) -> None:
    """The tab that is open; only it asks the database."""
    record = found.record
    if name == PROFILE:
        profile.draw(record, found.me, found.owners)
    else:
        tabs = {
            TIMELINE: timeline,
            PROPOSAL: proposal,
            READING: reading,
            MEETINGS: meetings,
            NDA: nda,
            DOCUMENTS: documents,
            ROOM: room,
            CONTACTS: contacts,
            DEALS: deals,
            QUESTIONS: questions,
            MAILS: mails,
            HISTORY: history,
        }
        tabs[name].draw(record, found.me)


found = shell.read(look, st.query_params.get("id", ""), st.query_params.get("partner", ""))
if found is None:
    st.title("Partner", anchor=False)
    empty_state("No partner is chosen.", action="Choose one from the board", page="views/partnerships.py")
    st.stop()

works_here = allowed(found.me, Act.WORK_PIPELINE)
draw_head(found)
if text := moving.notice():
    st.warning(text, icon=":material/block:")
if st.query_params.get("tab", TIMELINE) in (TIMELINE, PROPOSAL):
    trouble.draw(found.record, found.me)
resells = shell.here().offers_portal
names = [name for name, act in NEEDED.items() if allowed(found.me, act) and (resells or name not in OF_RESELLERS)]
for name, tab in zip(names, st.tabs(names, key="tab", bind="query-params"), strict=True):
    if tab.open:
        with tab:
            draw_tab(name, found)
inviting.ask_when_open(found.record)
planning.ask_when_open(found.record)
agreeing.ask_when_open(found.record)
resetting.ask_when_open(found.record)
moving.ask_what_is_open()
