"""Purchase orders beside what was agreed, and settling those that differ."""

from uuid import UUID

import streamlit as st

from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core import format as say
from core.clock import now
from core.deals import orders
from core.deals.order_queries import OrderRow
from core.deals.states import SET_ASIDE, UNSETTLED, OrderState
from core.i18n import t

MARKS = {
    OrderState.MATCHED: "green",
    OrderState.SETTLED: "green",
    OrderState.REFUSED: "gray",
    OrderState.REPLACED: "gray",
}


def draw(row: OrderRow, *, sells: bool, headed_by_deal: bool = False) -> None:
    """One order: how it stands, what differs side by side, who else has its number, and the two answers."""
    deal = f"**{plain(row.reference)}** {plain(row.customer)}, {plain(row.partner)}: " if headed_by_deal else ""
    state = f":{MARKS.get(row.state, 'orange')}-badge[{say_state(row)}]"
    st.markdown(f"{deal}Purchase order **{plain(row.number)}** {state}")
    facts = [plain(row.customer_name), say.money(row.amount, row.currency)]
    facts.append(f"uploaded {say.ago(row.uploaded_at, now())} by {plain(row.uploaded_by)}")
    st.caption(" · ".join(facts))
    if row.differences and row.state not in SET_ASIDE:
        st.table(
            {
                "": [one.what for one in row.differences],
                "Agreed": [plain(one.expected) for one in row.differences],
                "On the order": [plain(one.found) for one in row.differences],
            }
        )
    for other in row.others:
        st.markdown(
            f":orange[:material/content_copy:] {plain(other.partner)} sent an order of this number for "
            f"{plain(other.customer)} ({plain(other.reference)}), {say.day(other.uploaded_at, year=True)}"
        )
    if row.replaced_by:
        st.caption(f"Replaced by {plain(row.replaced_by)}")
    if row.settled_note:
        st.caption(f"{plain(row.settled_by)}: {plain(row.settled_note)}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.link_button("Open the file", f"/documents/{row.document_id}", icon=":material/download:")
        if sells and row.state in UNSETTLED:
            _answers(row)


def say_state(row: OrderRow) -> str:
    """How an order stands, for the team."""
    if row.state is OrderState.DIFFERS:
        return "Differs"
    return "Number used by another partner" if row.state is OrderState.COLLIDES else t(f"order.state.{row.state}")


def _answers(row: OrderRow) -> None:
    for accepted, label in ((True, "Accept…"), (False, "Refuse…")):
        key, icon = f"order.{row.id}.{accepted}", ":material/check:" if accepted else ":material/block:"
        with st.popover(label, key=f"{key}.ask", icon=icon):
            then = "It counts as the customer's order from now on." if accepted else "The partner is asked for another."
            st.markdown(f"{then} The partner reads your note.")
            st.text_area("Note", key=key, max_chars=2_000, height=80)
            name = "Accept the order" if accepted else "Refuse the order"
            st.button(name, key=f"{key}.do", type="primary", on_click=_settle, args=(row.id, accepted, key))


def _settle(order_id: UUID, accepted: bool, key: str) -> None:
    note, done = st.session_state.get(key) or "", "Accepted" if accepted else "Refused; the partner is told"
    act_once(("settle", order_id, accepted), orders.settle, order_id, accepted=accepted, note=note, done=done)
