"""The customer's purchase order: uploaded on a deal, and at once told how it compares with the quote."""

from functools import partial

import streamlit as st

from core.deals import money, orders
from core.deals.order_queries import MyOrder
from core.deals.orders import OrderFacts
from core.deals.own_queries import MyDeal
from core.deals.states import TAKES_ORDERS, OrderState
from core.errors import DomainError
from core.i18n import refusal
from core.settings import settings
from core.vault.intake import ACCEPTED
from portal_app import shell
from portal_app.deals import files
from portal_app.deals.form import USUAL_CURRENCIES
from portal_app.deals.page import Page
from portal_app.widgets.ledger import Line, ledger

TONES = {
    OrderState.MATCHED: "good", OrderState.SETTLED: "good", OrderState.DIFFERS: "attention",
    OrderState.COLLIDES: "attention", OrderState.REFUSED: "stop",
    OrderState.REPLACED: "",
}  # fmt: skip
LOOKS = {
    OrderState.MATCHED: (st.success, "task_alt"),
    OrderState.DIFFERS: (st.warning, "difference"),
    OrderState.COLLIDES: (st.info, "manage_search"),
}
NUMBER, CUSTOMER, AMOUNT = "deal.order.number-ltr", "deal.order.customer", "deal.order.amount-ltr"
CURRENCY, FILE = "deal.order.currency", "deal.order"
REFUSED = "deal.order.refused_because"


def draw(page: Page, deal: MyDeal, mine: list[MyOrder]) -> None:
    """What was uploaded and how it compares; and the form for one, while the deal takes one."""
    takes = deal.may_upload and deal.row.status in TAKES_ORDERS
    if not mine and not takes:
        return
    st.header(page.shown("order"), anchor=False)
    if mine:
        _say_how(page, mine[0])
        ledger(lines=[_line(page, one) for one in mine], label=page.say("order"), key="deal-orders")
    if not takes:
        return
    if mine:
        with st.expander(page.shown("order.again"), icon=":material/upload_file:", key="deal.order.again"):
            _form(page, deal)
    else:
        _form(page, deal)


def _say_how(page: Page, newest: MyOrder) -> None:
    """The newest order's match as a sentence, with everything that differs."""
    if newest.state not in LOOKS:
        return
    drawn, icon = LOOKS[newest.state]
    told = [page.shown(f"order.{newest.state}.text")]
    told += [
        f"- {page.shown('order.difference', what=one.what, expected=one.expected, found=one.found)}"
        for one in newest.differences
    ]
    drawn("\n".join(told), icon=f":material/{icon}:")


def _line(page: Page, one: MyOrder) -> Line:
    return Line(
        title=page.say("order.line", number=one.number),
        text=page.joined(page.money(one.amount, one.currency), page.day(one.uploaded_at), one.uploaded_by),
        note=page.say("order.replaced_by", number=one.replaced_by) if one.replaced_by else one.note,
        mark=page.word(f"order.state.{one.state}"),
        tone=TONES[one.state],
        href=f"/documents/{one.document_id}",
    )


def _form(page: Page, deal: MyDeal) -> None:
    st.caption(page.shown("order.help"))
    st.session_state.setdefault(CUSTOMER, deal.row.customer)
    number, customer = st.columns(2)
    number.text_input(page.say("order.number"), key=NUMBER, max_chars=60, autocomplete="off")
    customer.text_input(page.say("order.customer"), key=CUSTOMER, max_chars=200, autocomplete="off")
    amount, currency = st.columns(2)
    amount.text_input(page.say("order.amount"), key=AMOUNT, max_chars=40, autocomplete="off")
    known = list(dict.fromkeys((deal.row.currency, *USUAL_CURRENCIES)))
    currency.selectbox(page.say("order.currency"), known, key=CURRENCY)
    most = settings().max_upload_mb
    st.file_uploader(
        page.say("order.file"), type=list(ACCEPTED), key=files.key_of(FILE), max_upload_size=most,
        help=page.say("attach.help", most=most),
    )  # fmt: skip
    shell.say_refusal(st.session_state.pop(REFUSED, ""))
    st.button(
        page.say("order.press"), type="primary", icon=":material/upload_file:", on_click=partial(_upload, page, deal),
        key="deal.order.press",
    )  # fmt: skip


def _upload(page: Page, deal: MyDeal) -> None:
    number, customer, amount = (str(st.session_state.get(key) or "") for key in (NUMBER, CUSTOMER, AMOUNT))
    typed = OrderFacts(number, customer, amount, st.session_state.get(CURRENCY, deal.row.currency))
    taken, why = None, _missing(page, typed)
    if not why:
        taken, why = files.take(page, st.session_state.get(files.key_of(FILE)))
    done = page.say("order.done")
    if taken and shell.attempt(orders.upload_order, deal.row.id, order=typed, file=taken, done=done):
        st.session_state[NUMBER] = st.session_state[AMOUNT] = ""
        files.next_turn()
        return
    st.session_state[REFUSED] = why or shell.refused()


def _missing(page: Page, typed: OrderFacts) -> str:
    """What of the order was not typed, or cannot be used; before a file is read."""
    if not typed.number.strip() or not typed.customer_name.strip():
        return page.say("order.missing")
    try:
        money.amount(typed.amount, typed.currency)
    except DomainError as error:
        return refusal(error, page.language)
    return ""
