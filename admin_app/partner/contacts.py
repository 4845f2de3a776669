"""A reseller's people: its terms on top, then who may come in, who has, and who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.nda import agreement_wording
from admin_app.partner import learning, one_contact, reseller_terms
from admin_app.resellers import making
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.picker import picker
from admin_app.widgets.plain import plain
from core import format as say
from core.access.queries import OpenSession
from core.actor import Act, Actor, actor_of, allowed
from core.clock import now
from core.companies import queries as companies
from core.contacts import queries
from core.contacts.people import ContactRow, ContactState
from core.db import Reads
from core.deals import reseller_queries
from core.deals.reseller_queries import ResellerTerms
from core.i18n import t
from core.nda import agreement_queries
from core.nda.agreement_queries import Standing
from core.partners.queries import Record
from core.training.team import TeamRow


@dataclass(frozen=True)
class Look:
    """The terms, the people, the sessions of the one who is open, and where they stand in training."""

    terms: ResellerTerms
    people: list[ContactRow]
    sessions: list[OpenSession]
    agreement: Standing | None
    training: Sequence[TeamRow]
    zone: str


def look(session: Reads, partner_id: UUID, *, opened: str) -> Look:
    """What the tab shows."""
    people = queries.contacts(session, partner_id)
    chosen = next((one.id for one in people if str(one.id) == opened), None)
    sessions = queries.sessions_of(session, chosen) if chosen else []
    zone = companies.company(session).time_zone
    agreement = agreement_queries.partner_agreement(session, partner_id)
    training = learning.look(session, partner_id) if allowed(actor_of(session), Act.READ_TRAINING) else ()
    return Look(reseller_queries.terms(session, partner_id), people, sessions, agreement, training, zone)


def draw(record: Record, me: Actor) -> None:
    """The terms, then a row for each contact; the one the address names opens beside."""
    found = shell.read(look, record.id, opened=st.query_params.get(one_contact.PARAM, ""))
    manages = allowed(me, Act.MANAGE_RESELLERS)
    if found.terms.since is None:
        _no_reseller(record, manages=manages)
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Contacts", anchor=False, width="content")
        if manages:
            _actions(record, found.terms)
    agreement = agreement_wording.said(found.agreement, zone=found.zone)
    st.caption(f"{reseller_terms.facts(found.terms, found.zone)} · {agreement}")
    if found.people:
        _table(found.people, found.training, found.zone)
        if found.training:
            learning.draw(found.training, record.id)
    else:
        _nobody(record, manages=manages)
    one_contact.ask_what_is_open(record, found.people, found.sessions, me=me, zone=found.zone)
    reseller_terms.ask_when_open(record)


def _actions(record: Record, terms: ResellerTerms) -> None:
    with st.container(horizontal=True, width="content", gap="small"):
        st.button("Change terms", icon=":material/handshake:", on_click=reseller_terms.begin, args=(terms,))
        st.button("Add contact", type="primary", icon=":material/person_add:", on_click=one_contact.add, args=(record,))


def _no_reseller(record: Record, *, manages: bool) -> None:
    name = plain(record.profile.name)
    text = f"{name} is no reseller. As one, its own people register deals in the portal, each with a role."
    if manages:
        begin = partial(making.begin, record.id)
        empty_state(text, action="Make it a reseller", on_click=begin, icon=":material/storefront:")
    else:
        empty_state(f"{text} An admin of your company can make it one.", icon=":material/storefront:")
    making.ask_when_open({record.id: record.profile.name})


def _nobody(record: Record, *, manages: bool) -> None:
    text = f"Nobody of {plain(record.profile.name)} may come in yet."
    if not manages:
        return empty_state(text, icon=":material/group_off:")
    return empty_state(
        f"{text} Begin with its principal, who can then add the others.", action="Add the first contact",
        on_click=partial(one_contact.add_first, record), icon=":material/person_add:",
    )  # fmt: skip


def _table(people: Sequence[ContactRow], training: Sequence[TeamRow], zone: str) -> None:
    certified = learning.marks(training)
    picker(
        columns={
            "Name": [one.name for one in people],
            "Role": [t(f"role.{one.role}") for one in people],
            "State": [one_contact.state(one, zone) for one in people],
            "Last used": [say.ago(one.last_used_at, now()) if one.last_used_at else None for one in people],
            "Devices": [one.open_sessions for one in people],
            **({"Certified": [certified.get(one.id) for one in people]} if certified else {}),
            "E-mail": [one.email for one in people],
            "Title": [one.title or None for one in people],
        },
        ids=[str(one.id) for one in people],
        param=one_contact.PARAM,
        key=one_contact.TABLE,
        config={
            "Role": st.column_config.TextColumn(width=105),
            "Certified": st.column_config.TextColumn(width=80, help="Trainings whose certificate counts, of all"),
            "Devices": st.column_config.NumberColumn(width="small", help="Devices with a session in force"),
        },
        alt="Contacts: name, role, invited or in, when last used, devices, e-mail address, title",
    )
    waiting = sum(one.state is ContactState.INVITE_EXPIRED for one in people)
    late = f" · {waiting} did not come in while the link worked: open the row to send a new one" if waiting else ""
    st.caption(f"Tick a row to open it{late}")
