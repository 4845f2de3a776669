"""Purchase orders that differ from what was agreed and wait for somebody to settle them."""

import streamlit as st

from admin_app import shell
from admin_app.selling import orders_panel
from admin_app.widgets.filters import number
from admin_app.widgets.pager import pager
from core import format as say
from core.actor import Act
from core.deals import order_queries

PARAM, SIZE = "orders", 10


def draw() -> None:
    """A page of them, the oldest first; nothing where none waits."""
    page = number(PARAM)
    rows, total = shell.read(order_queries.waiting_orders, page=page, size=SIZE)
    if page > 1 and not rows:
        page = 1
        rows, total = shell.read(order_queries.waiting_orders, size=SIZE)
    if not rows:
        return
    count = "1 purchase order differs" if total == 1 else f"{say.number(total)} purchase orders differ"
    with st.expander(f"{count} from what was agreed", icon=":material/compare_arrows:"):
        sells = shell.may(Act.SELL)
        for row in rows:
            with st.container(border=True):
                orders_panel.draw(row, sells=sells, headed_by_deal=True)
        pager(
            page=page,
            pages=-(-total // SIZE),
            size=SIZE,
            total=total,
            noun="orders",
            key="deals.orders",
            hint="oldest first",
            param=PARAM,
        )
