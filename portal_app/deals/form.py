"""The fields of a deal, for a new one and for one that was returned: filled, read, and what is wrong with them.

Their values live in the session's state under ``<prefix>.<field>``; as plain texts by field they are a draft. How they
are drawn: ``fields``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import streamlit as st

from core.db import Reads
from core.deals import catalogue_queries, money
from core.deals.catalogue_queries import OfferRow, PlaceRow
from core.deals.own_queries import MyDeal
from core.deals.terms import NewDeal
from core.errors import DomainError
from core.i18n import refusal
from portal_app.deals.page import Page

TEXTS = ("customer", "domain", "registration", "contact", "amount", "need")
CHOICES = ("product", "territory", "currency")
FIELDS = (*TEXTS, *CHOICES, "close")
NEEDED = ("customer", "product", "territory", "amount", "close")
USUAL_CURRENCIES = ("OMR", "USD", "EUR", "AED", "SAR")


@dataclass(frozen=True)
class Offer:
    """What can be chosen from."""

    products: Mapping[str, OfferRow]
    places: Mapping[str, PlaceRow]

    @property
    def currencies(self) -> list[str]:
        """The price list's currencies, then the usual ones."""
        return list(dict.fromkeys((*(one.currency for one in self.products.values()), *USUAL_CURRENCIES)))


def offer(session: Reads) -> Offer:
    """The price list and the territories of whoever asks."""
    products, places = catalogue_queries.price_list(session), catalogue_queries.places(session)
    return Offer({str(one.id): one for one in products}, {str(one.id): one for one in places})


@dataclass(frozen=True)
class Form:
    """The fields on a page. ``changed``: called, as a callback, after any of them was changed."""

    page: Page
    offer: Offer
    prefix: str
    changed: Callable[[], None]

    def key(self, field: str) -> str:
        """Where the value of a field is kept; a code's name makes it run from left to right."""
        return (
            f"{self.prefix}.{field}-ltr" if field in ("domain", "registration", "amount") else f"{self.prefix}.{field}"
        )

    def fill(self, content: Mapping[str, str]) -> None:
        """Put a draft's values into the fields that are not on screen yet."""
        options = {"product": self.offer.products, "territory": self.offer.places, "currency": self.offer.currencies}
        for field in TEXTS:
            st.session_state.setdefault(self.key(field), content.get(field, ""))
        for field, known in options.items():
            found = content.get(field)
            usual = self.offer.currencies[0] if field == "currency" else None
            st.session_state.setdefault(self.key(field), found if found in known else usual)
        close = content.get("close", "")
        st.session_state.setdefault(self.key("close"), date.fromisoformat(close) if close else None)

    def content(self) -> dict[str, str]:
        """What stands in the fields, as a draft; empty ones are left out."""
        found = {field: st.session_state.get(self.key(field)) for field in FIELDS}
        return {field: str(value) for field, value in found.items() if value}

    def forget(self) -> None:
        """Empty the fields."""
        for field in FIELDS:
            st.session_state.pop(self.key(field), None)
        st.session_state.pop(self._problems, None)

    def deal(self) -> NewDeal:
        """What stands in the fields, as it is submitted."""
        found = self.content()
        return NewDeal(
            customer_name=found.get("customer", ""),
            customer_domain=found.get("domain", ""),
            customer_registration=found.get("registration", ""),
            customer_contact=found.get("contact", ""),
            product_id=UUID(found["product"]) if "product" in found else None,
            territory_id=UUID(found["territory"]) if "territory" in found else None,
            amount=found.get("amount", ""),
            currency=found.get("currency", ""),
            close_on=st.session_state.get(self.key("close")),
            need=found.get("need", ""),
        )

    def is_whole(self, fields: tuple[str, ...] = NEEDED) -> bool:
        """Whether those fields can be sent; what is wrong with one is said beside it."""
        found = self.content()
        problems = {field: self.page.word("new_deal.required") for field in fields if not found.get(field, "").strip()}
        if "amount" in fields and "amount" not in problems and (said := self._refused_amount()):
            problems["amount"] = said
        st.session_state[self._problems] = problems
        return not problems

    def _refused_amount(self) -> str:
        state = st.session_state
        try:
            money.amount(state[self.key("amount")], state[self.key("currency")] or "")
        except DomainError as error:
            return refusal(error, self.page.language)
        return ""

    def problem(self, field: str) -> str:
        """What is wrong with a field; nothing before it was sent, or since it was changed."""
        return str(st.session_state.get(self._problems, {}).get(field, ""))

    def change(self, field: str) -> None:
        """Take a change of a field in, from a callback."""
        st.session_state.get(self._problems, {}).pop(field, None)
        self.changed()

    def chosen(self, field: str) -> str:
        """The key of what is chosen, or nothing."""
        return str(st.session_state.get(self.key(field)) or "")

    @property
    def _problems(self) -> str:
        return f"{self.prefix}.problems"


def draft_of(deal: MyDeal) -> dict[str, str]:
    """A deal's values as a draft of the form."""
    row = deal.row
    return {
        "customer": row.customer,
        "domain": deal.customer_domain,
        "registration": deal.customer_registration,
        "contact": deal.customer_contact,
        "product": str(deal.product_id),
        "territory": str(deal.territory_id),
        "amount": _typed(row.amount),
        "currency": row.currency,
        "close": row.close_on.isoformat(),
        "need": deal.need,
    }


def _typed(amount: Decimal | None) -> str:
    """An amount as one types it: "1,200.000"."""
    return "" if amount is None else f"{amount:,f}"
