"""Deals on the grid: those of everybody, or of one partner."""

from collections.abc import Callable, Sequence

import streamlit as st

from admin_app.deals.asked import Asked, turned
from admin_app.widgets.grid import Column, grid
from core import format as say
from core.deals.queries import SoldDeal
from core.deals.states import QuoteStatus, SaleStatus
from core.i18n import t

PARAM = "deal"
TONES = {
    QuoteStatus.ACCEPTED: "good", QuoteStatus.INVOICED: "good", QuoteStatus.EXPIRED: "attention",
    QuoteStatus.RETURNED: "attention", QuoteStatus.REJECTED: "stop", QuoteStatus.DECLINED: "stop",
}  # fmt: skip


def open_one(deal_id: str) -> None:
    """Open a deal; from a callback."""
    st.query_params[PARAM] = deal_id


def draw(
    rows: Sequence[SoldDeal],
    wanted: Asked,
    *,
    key: str,
    opened: str = "",
    height: int = 640,
    on_open: Callable[[str], None] = open_one,
    can_sort: bool = True,
    names_partner: bool = True,
) -> None:
    """The grid; a row that is pressed is named by the address, unless ``on_open`` does something else."""
    sort, descending = wanted.order
    grid(
        columns=columns(rows, names_partner=names_partner),
        ids=[str(one.row.id) for one in rows],
        key=key,
        opened=opened,
        sorted_by=(sort.value, descending) if can_sort else ("", False),
        on_open=on_open,
        on_sort=sorting(wanted) if can_sort else None,
        checks=False,
        height=height,
    )


def columns(rows: Sequence[SoldDeal], *, names_partner: bool = True) -> dict[str, Column]:
    """What the grid shows of each deal; the partner only where it is not the page's own."""
    deals = [one.row for one in rows]
    partner = {"Partner": Column([row.partner or "Ourselves" for row in deals], width=150)} if names_partner else {}
    return {
        "Deal": Column([row.reference for row in deals], width=88, sort="number"),
        "Quote": Column([row.quote_reference for row in deals], width=92),
        "Customer": Column([row.customer for row in deals], width=150, sort="customer", grows=True),
        **partner,
        "Amount": Column([say.money(row.amount, row.currency) for row in deals], width=140, sort="amount", at_end=True),
        "State": Column([state(one) for one in rows], width=196, tones=[tone(one) for one in rows]),
        "Invoice": Column([one.invoice_number for one in rows], width=100),
        "Due": Column([one.due_on for one in rows], width=110),
        "Closes": Column([row.close_on for row in deals], width=110, sort="closing"),
    }


def state(one: SoldDeal) -> str:
    """Where it stands: the invoice's word once there is one."""
    return t(f"sale.status.{one.sale_status}") if one.sale_status else t(f"deal.status.{one.row.status}")


def tone(one: SoldDeal) -> str:
    """Whether that is good, calls for somebody, or is the end."""
    if one.sale_status in (SaleStatus.REFUNDED, SaleStatus.CANCELLED):
        return "stop"
    return TONES.get(one.row.status, "")


def sorting(wanted: Asked) -> Callable[[str], None]:
    """What a pressed heading does."""

    def sort(pressed: str) -> None:
        order = turned(wanted.sort, pressed)
        st.query_params.pop("page", None)
        st.query_params.pop("sort", None)
        if order:
            st.query_params["sort"] = order

    return sort
