"""The price list: a table, and a product in a dialog."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.catalogue.chosen import chosen, forget, prefill, typed
from admin_app.partner.once import act_once
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.picker import close, picker
from admin_app.widgets.plain import plain
from core import format as shown
from core.deals import catalogue
from core.deals.catalogue import NewProduct
from core.deals.catalogue_queries import ProductRow
from core.deals.money import decimals_of

PARAM, TABLE, PREFIX, ADDING = "product", "catalogue.products", "catalogue.product.", "catalogue.adding_product"
_TEXTS = ("code", "name", "name_ar", "unit", "unit_ar")
NO_TRAINING = "None"
"""The choice that asks for no certificate; a text, because a box with nothing chosen asks for a choice."""
CURRENCIES = ("OMR", "AED", "SAR", "QAR", "KWD", "BHD", "USD", "EUR", "GBP", "INR")


def begin() -> None:
    """Open the form for a new product; from a callback."""
    _close()
    st.session_state[ADDING] = True


def draw(rows: Sequence[ProductRow], *, trainings: Mapping[UUID, str], manages: bool, currency: str, zone: str) -> None:
    """The table, and the product that is open. ``trainings``: that can be taken; ``currency``: of the company."""
    if rows:
        _table(rows, zone)
    else:
        text = "Nothing is on the price list yet. Partners choose from it when they register a deal."
        empty_state(text, action="Add the first product" if manages else None, on_click=begin, icon=":material/sell:")
    row = chosen(rows, PARAM)
    if manages and st.session_state.get(ADDING):
        st.dialog("Add a product", icon=":material/sell:", on_dismiss=_close)(_one)(None, trainings, True, currency)
    elif row:
        st.dialog(plain(row.name), icon=":material/sell:", on_dismiss=_close)(_one)(row, trainings, manages, currency)


def _table(rows: Sequence[ProductRow], zone: str) -> None:
    picker(
        columns={
            "Product": [row.name for row in rows],
            "Price": [shown.money(row.price, row.currency) for row in rows],
            "For one": [row.unit for row in rows],
            "Code": [row.code for row in rows],
            "State": [_state(row, zone) for row in rows],
            "Certificate needed": [row.certificate_module for row in rows],
            "In Arabic": [row.name_ar for row in rows],
        },
        ids=[str(row.id) for row in rows],
        param=PARAM,
        key=TABLE,
        config={
            "Price": st.column_config.TextColumn(alignment="right", width=125),
            "State": st.column_config.TextColumn(width=135),
        },
        alt="The price list: product, price, unit, code, offered or withdrawn, certificate needed, name in Arabic",
    )


def _state(row: ProductRow, zone: str) -> str:
    return f"Withdrawn {shown.day(row.withdrawn_at, zone=zone)}" if row.withdrawn_at else "Offered"


def _one(row: ProductRow | None, trainings: Mapping[UUID, str], manages: bool, currency: str) -> None:
    if not (st.session_state.get(ADDING) if row is None else st.query_params.get(PARAM) == str(row.id)):
        st.rerun()
    shell.say_refusal()
    _fill(row, currency)
    with st.form("catalogue.product_form", border=False):
        _fields(row, currency, disabled=not manages)
        _training(row, trainings, disabled=not manages)
        if manages:
            st.form_submit_button("Add product" if row is None else "Save", type="primary", on_click=_save, args=(row,))
    if row and manages:
        _offer_or_withdraw(row)


def _fill(row: ProductRow | None, currency: str) -> None:
    price = f"{row.price:.{decimals_of(row.currency)}f}" if row else ""
    texts = {name: getattr(row, name) if row else "" for name in _TEXTS}
    now_in, asked = row.currency if row else currency, row and row.certificate_module_id
    more = {"price": price, "currency": now_in, "training": asked or NO_TRAINING}
    prefill(PREFIX, {**texts, **more, "version": row.version if row else None})


def _fields(row: ProductRow | None, currency: str, *, disabled: bool) -> None:
    english, arabic = st.columns(2)
    english.text_input("Name", key=f"{PREFIX}name", max_chars=200, disabled=disabled)
    arabic.text_input("Name in Arabic", key=f"{PREFIX}name_ar", max_chars=200, disabled=disabled)
    unit, unit_ar = st.columns(2)
    unit.text_input("For one", key=f"{PREFIX}unit", max_chars=60, placeholder="user a month", disabled=disabled)
    unit_ar.text_input("For one, in Arabic", key=f"{PREFIX}unit_ar", max_chars=60, disabled=disabled)
    price, code = st.columns(2)
    with price:
        amount, money = st.columns([3, 2], gap="small")
        amount.text_input("Price", key=f"{PREFIX}price", placeholder="9.500", disabled=disabled)
        known = dict.fromkeys((currency, *([row.currency] if row else []), *CURRENCIES))
        money.selectbox("Currency", list(known), key=f"{PREFIX}currency", disabled=disabled)
    code.text_input("Code", key=f"{PREFIX}code", max_chars=40, placeholder="PAY-START", disabled=disabled)
    if not disabled:
        st.caption("Without the Arabic words partners read the English ones. Deals keep the amount they were given.")


def _training(row: ProductRow | None, trainings: Mapping[UUID, str], *, disabled: bool) -> None:
    """What somebody at the reseller must be certified in; a training that is offered no more stays chosen."""
    known: dict[UUID | str, str] = {NO_TRAINING: NO_TRAINING}
    known.update(trainings.items())
    if row and row.certificate_module_id:
        known.setdefault(row.certificate_module_id, f"{row.certificate_module} (not offered)")
    st.selectbox(
        "Certificate needed",
        list(known),
        format_func=lambda one: known.get(one, NO_TRAINING),
        key=f"{PREFIX}training",
        help="Somebody at the reseller must hold a valid one before its deals of this product are registered.",
        disabled=disabled,
    )


def _offer_or_withdraw(row: ProductRow) -> None:
    if row.withdrawn_at:
        st.button("Put back on the price list", icon=":material/undo:", on_click=_restore, args=(row,))
        return
    tip = "It is offered for no new deal. Deals that name it go on, and it can come back."
    st.button("Withdraw", icon=":material/block:", on_click=_withdraw, args=(row,), help=tip)


def _save(row: ProductRow | None) -> None:
    inputs = typed(PREFIX, *_TEXTS, "price", "currency", "training", "version")
    if inputs is None:
        return
    version, training = inputs.pop("version"), inputs.pop("training")
    product = NewProduct(**inputs, certificate_module_id=None if training == NO_TRAINING else training)
    done, key = f"{plain(product.name)} is {'saved' if row else 'on the price list'}", ("product", row, product)
    about = {"product": product, "version": version}
    if act_once(key, catalogue.save_product, row.id if row else None, done=done, **about):
        _close()


def _withdraw(row: ProductRow) -> None:
    if shell.act(catalogue.withdraw_product, row.id, done=f"{plain(row.name)} is withdrawn"):
        _close()


def _restore(row: ProductRow) -> None:
    if shell.act(catalogue.restore_product, row.id, done=f"{plain(row.name)} is offered again"):
        _close()


def _close() -> None:
    close(PARAM, key=TABLE)
    forget(PREFIX, ADDING)
