"""Making a partner a reseller, in a dialog; its people are then added on its own page."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core.contacts import service
from core.db import Reads
from core.deals.money import percent
from core.errors import Invalid

OPEN, MADE, PARTNER, RATE = "making.open", "making.made", "making.partner", "making.rate"


def begin(partner_id: UUID | None = None) -> None:
    """Open the dialog, for one partner if it is known which; from a callback."""
    st.session_state[OPEN], st.session_state[RATE] = True, ""
    st.session_state[PARTNER] = partner_id


def ask_when_open(candidates: Mapping[UUID, str]) -> None:
    """Show the dialog while it is open, and the new reseller's contacts once it is one; at the end of a page.

    ``candidates``: the partners that may become one, by name.
    """
    if made := st.session_state.pop(MADE, None):
        st.switch_page("views/partner.py", query_params={"id": made, "tab": "Contacts"})
    if st.session_state.get(OPEN):
        st.dialog("Make a reseller", icon=":material/storefront:", on_dismiss=_close)(_show)(candidates)


def _show(candidates: Mapping[UUID, str]) -> None:
    if not st.session_state.get(OPEN):
        st.rerun()
    shell.say_refusal()
    if not candidates:
        st.markdown("Every partner is a reseller already. Add the partner on the board first.")
        st.page_link("views/partnerships.py", label="Open the board", icon=":material/view_kanban:")
        return
    with st.form("making", border=False):
        st.selectbox(
            "Partner", list(candidates), index=None, format_func=candidates.__getitem__, key=PARTNER,
            placeholder="Choose one",
        )  # fmt: skip
        st.text_input(
            "Commission, %", key=RATE, placeholder="10", help="Of a deal, unless a deal's approval says otherwise"
        )
        st.caption("Nobody is mailed yet. Next you add the people who may come in, and each gets an invite.")
        st.form_submit_button("Make a reseller", type="primary", on_click=_make, args=(candidates,))


def _make(candidates: Mapping[UUID, str]) -> None:
    chosen, rate = st.session_state[PARTNER], st.session_state[RATE]
    name = candidates.get(chosen, "")
    key = ("reseller", chosen, rate)
    if made := act_once(key, make, chosen, rate=rate, done=f"{plain(name)} is a reseller now"):
        st.session_state[MADE] = str(made)
        _close()


def make(session: Reads, partner_id: UUID | None, *, rate: str, **by: Any) -> Any:
    """Make a partner a reseller at a typed rate."""
    if partner_id is None:
        raise Invalid("Choose a partner.")
    return service.make_reseller(session, partner_id, commission_pct=percent(rate), **by)


def _close() -> None:
    st.session_state.pop(OPEN, None)
