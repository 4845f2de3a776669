"""Purchase orders that differ from what was agreed and wait for somebody to settle them."""

import streamlit as st

from admin_app import shell
from admin_app.selling import orders_panel
from core import format as say
from core.actor import Act
from core.deals import order_queries


def draw() -> None:
    """The oldest of them; nothing where none waits."""
    rows, total = shell.read(order_queries.waiting_orders)
    if not rows:
        return
    count = "1 purchase order differs" if total == 1 else f"{say.number(total)} purchase orders differ"
    with st.expander(f"{count} from what was agreed", icon=":material/compare_arrows:"):
        sells = shell.may(Act.SELL)
        for row in rows:
            with st.container(border=True):
                orders_panel.draw(row, sells=sells, headed_by_deal=True)
        if total > len(rows):
            st.caption(f"The {len(rows)} oldest are shown; the next ones follow once these are settled.")
