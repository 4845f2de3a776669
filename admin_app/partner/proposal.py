"""A partner's proposal: its versions, the links that were issued, and who read it when."""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner import visits
from admin_app.partner.once import act_once
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.db import Reads
from core.engagement import readers
from core.engagement.readers import VisitRow
from core.partners.queries import Record
from core.proposals import queries, service
from core.proposals.models import VersionState
from core.proposals.queries import LinkRow, VersionRow

ASKED = "proposal_tab.asked"
ISSUE, WITHDRAW = "issue", "withdraw"
NEWEST = 5
LINK_STATES = {"in_force": "In force", "revoked": "Withdrawn", "replaced": "Replaced", "expired": "Expired"}
CONSEQUENCES = {
    ISSUE: "{name} gets a new link that works for 30 days. The link that is in force now stops working at once; "
    "nothing is mailed.",
    WITHDRAW: "The link that {name} has stops working, and whoever is reading the proposal is let out at once. "
    "To let them in again you issue a new link.",
}
TITLES = {ISSUE: "Issue a new link", WITHDRAW: "Withdraw access"}


@dataclass(frozen=True)
class Look:
    """The versions, the links and the newest visits, in one read."""

    versions: list[VersionRow]
    links: list[LinkRow]
    visits: list[VisitRow]


def look(session: Reads, partner_id: UUID, *, with_visits: bool) -> Look:
    """What there is of a partner's proposal."""
    rows = readers.visits(session, partner_id)[0][:NEWEST] if with_visits else []
    return Look(queries.versions(session, partner_id), queries.links(session, partner_id), rows)


def draw(record: Record, me: Actor) -> None:
    """Versions on top, then links, then who read."""
    found = shell.read(look, record.id, with_visits=allowed(me, Act.READ_ENGAGEMENT))
    writes = allowed(me, Act.WRITE_PROPOSALS)
    editor = {"id": str(record.id)}
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Versions", anchor=False, width="content")
        label = "Open editor" if writes else "Read the proposal"
        st.page_link("views/proposal.py", label=label, icon=":material/edit_document:", query_params=editor)
    _versions(found.versions)
    st.subheader("Links", anchor=False)
    _links(record, found.links, writes=writes)
    if found.visits:
        st.subheader("Newest visits", anchor=False)
        visits.draw(found.visits, key="proposal_tab.visits")
    if asked := st.session_state.get(ASKED):
        st.dialog(TITLES[asked], on_dismiss=_forget)(_confirm)(record, asked)


def _versions(rows: list[VersionRow]) -> None:
    if not rows:
        return empty_state("Nothing is written yet. Open the editor to begin.", icon=":material/article:")
    st.dataframe(
        {
            "Version": [row.number for row in rows],
            "State": ["Draft" if row.state is VersionState.DRAFT else "Published" for row in rows],
            "Saved": [f"{say.instant(row.saved_at)}, {row.saved_by}" for row in rows],
            "Published": [
                f"{say.instant(row.published_at)}, {row.published_by}" if row.published_at else "" for row in rows
            ],
        },
        column_config={"Version": st.column_config.NumberColumn(width="small")},
        hide_index=True,
        height="content",
        alt="Versions of the proposal",
    )
    return None


def _links(record: Record, rows: list[LinkRow], *, writes: bool) -> None:
    live = next((row for row in rows if row.state == "in_force"), None)
    if live and live.address:
        st.markdown(f"The link in force works until **{say.day(live.expires_at, year=True)}**. Copy it from here:")
        st.code(live.address, language=None, wrap_lines=True)
    if writes:
        with st.container(horizontal=True):
            st.button("Issue new link", icon=":material/link:", on_click=_ask, args=(ISSUE,))
            if live:
                st.button("Withdraw access", icon=":material/link_off:", on_click=_ask, args=(WITHDRAW,))
    if not rows:
        return empty_state("No link was issued yet. Sending the invitation issues one.", icon=":material/link:")
    st.dataframe(
        {
            "State": [LINK_STATES[row.state] for row in rows],
            "Issued": [f"{say.instant(row.issued_at)}, {row.issued_by}" for row in rows],
            "Until": [say.day(row.expires_at, year=True) for row in rows],
            "Opened": [row.opened for row in rows],
        },
        column_config={"Opened": st.column_config.NumberColumn(help="How often somebody was let in", width="small")},
        hide_index=True,
        height="content",
        alt="Links that were issued",
    )
    return None


def _confirm(record: Record, asked: str) -> None:
    if st.session_state.get(ASKED) != asked:
        st.rerun()
    shell.say_refusal()
    st.markdown(CONSEQUENCES[asked].format(name=f"**{plain(record.profile.name)}**"))
    st.button(TITLES[asked], type="primary", on_click=_do, args=(record, asked))


def _do(record: Record, asked: str) -> None:
    if st.session_state.get(ASKED) != asked:
        return
    operation = {ISSUE: service.issue_proposal_token, WITHDRAW: service.revoke_link}[asked]
    done = {ISSUE: "New link issued", WITHDRAW: "Access withdrawn"}[asked]
    if act_once((asked, record.id), operation, record.id, done=done):
        _forget()


def _ask(what: str) -> None:
    st.session_state[ASKED] = what


def _forget() -> None:
    st.session_state.pop(ASKED, None)
