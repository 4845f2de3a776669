"""How the fields of a deal are drawn, each with what is wrong with it."""

from collections.abc import Callable, Iterable

import streamlit as st

from core.proposals.content import plain_text
from portal_app.deals.form import Form

PAUSE = "0.8s"
"""After how long without a key a text counts as typed, so that a draft keeps it."""


def draw_identity(form: Form) -> None:
    """Who buys what, and where: what a pre-check is about."""
    _text(form, "customer", most=200, placeholder="customer.help")
    what, where = st.columns(2)
    with what:
        _choice(form, "product", form.offer.products, lambda chosen: _product(form, chosen))
        _say_price(form)
    with where:
        _choice(form, "territory", form.offer.places, lambda chosen: _place(form, chosen))
        place = form.offer.places.get(form.chosen("territory"))
        if place and place.is_taken:
            st.caption(plain_text(_word(form, "territory.taken")))


def draw_rest(form: Form) -> None:
    """How to recognise the customer for certain, what it is worth, when, and what they need."""
    left, right = st.columns(2)
    with left:
        _text(form, "domain", most=253, placeholder="domain.help")
    with right:
        _text(form, "registration", most=40)
    _text(form, "contact", most=200, placeholder="contact.help")
    amount, currency, close = st.columns([2, 1, 2])
    with amount:
        _text(form, "amount", most=40)
    with currency:
        _choice(form, "currency", form.offer.currencies, str)
    with close:
        _close(form)
    st.text_area(
        _word(form, "need"), key=form.key("need"), max_chars=4_000, height=120, on_change=form.change, args=("need",),
        placeholder=_word(form, "need.help"),
    )  # fmt: skip


def _close(form: Form) -> None:
    st.date_input(
        _word(form, "close"), value=None, format="DD/MM/YYYY", key=form.key("close"), on_change=form.change,
        args=("close",),
    )  # fmt: skip
    _say_problem(form, "close")


def _text(form: Form, field: str, *, most: int, placeholder: str = "") -> None:
    st.text_input(
        _word(form, field), key=form.key(field), max_chars=most, live=PAUSE, on_change=form.change, args=(field,),
        placeholder=_word(form, placeholder) if placeholder else "", autocomplete="off",
    )  # fmt: skip
    _say_problem(form, field)


def _choice(form: Form, field: str, options: Iterable[str], shown: Callable[[str], str]) -> None:
    st.selectbox(
        _word(form, field), list(options), index=None, format_func=shown, key=form.key(field), on_change=form.change,
        args=(field,), placeholder=_word(form, f"{field}.choose"),
    )  # fmt: skip
    _say_problem(form, field)


def _say_problem(form: Form, field: str) -> None:
    with st.container():
        if said := form.problem(field):
            st.markdown(f":red[:material/error: {plain_text(said)}]")


def _say_price(form: Form) -> None:
    chosen = form.offer.products.get(form.chosen("product"))
    if chosen is None:
        return
    if chosen.price is None:
        st.caption(plain_text(form.page.word("device.hidden")))
        return
    key = "price.unit" if chosen.unit else "price"
    price = form.page.money(chosen.price, chosen.currency)
    unit = form.page.named(chosen.unit, chosen.unit_ar)
    st.caption(plain_text(form.page.word(f"new_deal.{key}", price=price, unit=unit)))


def _product(form: Form, chosen: str) -> str:
    one = form.offer.products[chosen]
    return f"{form.page.named(one.name, one.name_ar)} ({one.code})"


def _place(form: Form, chosen: str) -> str:
    one = form.offer.places[chosen]
    return form.page.named(one.name, one.name_ar)


def _word(form: Form, key: str) -> str:
    return form.page.word(f"new_deal.{key}")
