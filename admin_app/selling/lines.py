"""The lines of a quote as a table that can be written in. Nothing is kept before Save."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core import format as say
from core.deals.lines import NewLine, read, totals
from core.deals.sale_queries import Sheet
from core.errors import DomainError

PARTS = ("product", "text", "quantity", "unit_price", "discount")
Row = dict[str, str]


def key_of(sheet: Sheet, name: str) -> str:
    """The key of an input; a saved quote has fresh ones."""
    return f"selling.{sheet.id}.{sheet.version}.{name}"


def draw(sheet: Sheet) -> None:
    """The table, and what its lines come to as they stand."""
    names = [offer.name for offer in sheet.offers]
    st.data_editor(
        pd.DataFrame(rows_of(sheet), columns=list(PARTS)).astype("str"),
        column_config={
            "product": st.column_config.SelectboxColumn("Product", options=["", *names], default="", width=120),
            "text": st.column_config.TextColumn(
                "What is sold", default="", width=220, help="Empty: the product's name"
            ),
            "quantity": st.column_config.TextColumn("Quantity", default="1", width=70),
            "unit_price": st.column_config.TextColumn("Unit price", default="", width=90, help="Empty: the list price"),
            "discount": st.column_config.TextColumn("Discount, %", default="", width=80),
        },
        num_rows="dynamic",
        hide_index=True,
        height="content",
        placeholder="",
        alt="The lines of the quote: product, what is sold, quantity, unit price, discount in percent",
        key=key_of(sheet, "lines"),
    )
    st.markdown(come_to(sheet, typed(sheet)), text_alignment="right")


def come_to(sheet: Sheet, lines: Sequence[NewLine]) -> str:
    """What typed lines come to, or why that cannot be said yet."""
    try:
        sums = totals(read(lines, sheet.currency), sheet.currency)
    except DomainError as refusal:
        return f":gray[{refusal.message}]"
    less = f":gray[{say.money(sums.gross, sheet.currency)} less {say.money(sums.discount, sheet.currency)}]  "
    return f"{less if sums.discount else ''}Total **{say.money(sums.total, sheet.currency)}**"


def rows_of(sheet: Sheet) -> list[Row]:
    """The kept lines in texts; one for what was registered where there are none yet."""
    names = {offer.id: offer.name for offer in sheet.offers}
    if not sheet.lines:
        name = names.get(sheet.product_id, "")
        return [{"product": name, "text": name, "quantity": "1", "unit_price": f"{sheet.amount:f}", "discount": ""}]
    return [
        {
            "product": names.get(line.product_id, "") if line.product_id else "",
            "text": line.text,
            "quantity": f"{line.quantity.normalize():f}",
            "unit_price": f"{line.unit_price:f}",
            "discount": f"{line.discount_pct.normalize():f}" if line.discount_pct else "",
        }
        for line in sheet.lines
    ]


def typed(sheet: Sheet) -> list[NewLine]:
    """The lines as they stand in the table."""
    edits: Mapping[str, Any] = st.session_state.get(key_of(sheet, "lines")) or {}
    changed, gone = edits.get("edited_rows", {}), set(edits.get("deleted_rows", ()))
    rows = [
        {**row, **changed.get(at, changed.get(str(at), {}))} for at, row in enumerate(rows_of(sheet)) if at not in gone
    ]
    every = [
        {part: str(row.get(part) or "").strip() for part in PARTS} for row in (*rows, *edits.get("added_rows", ()))
    ]
    return [_line(row, sheet) for row in every if row["product"] or row["text"] or row["unit_price"]]


def _line(row: Row, sheet: Sheet) -> NewLine:
    """A typed row; the product fills in its name and its price where nothing is typed."""
    offer = next((one for one in sheet.offers if one.name == row["product"]), None)
    price = f"{offer.price:f}" if offer and offer.currency == sheet.currency else ""
    return NewLine(
        text=row["text"] or (offer.name if offer else ""),
        quantity=row["quantity"],
        unit_price=row["unit_price"] or price,
        discount=row["discount"],
        product_id=offer.id if offer else None,
    )
