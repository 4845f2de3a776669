"""How a customer's purchase order compares with what was agreed: differences, each named. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core import format as say
from core.deals import names
from core.deals.collision import Sighting, compare
from core.deals.states import OrderState
from core.i18n import t

SURE = 90
"""From this score on two spellings are one customer."""


class What(StrEnum):
    """What may differ."""

    CUSTOMER = "customer"
    AMOUNT = "amount"
    CURRENCY = "currency"
    NUMBER = "number"


@dataclass(frozen=True)
class Ordered:
    """What an order says, or what it should say."""

    customer_name: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Difference:
    """One thing that is other than agreed. Amounts are plain numbers; see ``shown``."""

    what: What
    expected: str
    found: str

    def stored(self) -> dict[str, str]:
        """As the order's row keeps it."""
        return {"what": self.what.value, "expected": self.expected, "found": self.found}

    def shown(self, expected: str, found: str, language: str = "en") -> tuple[str, str, str]:
        """What, expected and found as people read it; ``expected``, ``found``: the currencies of both."""
        label = t(f"order.differs.{self.what}", language)
        if self.what is What.AMOUNT:
            pair = zip((self.expected, self.found), (expected, found), strict=True)
            return (label, *(say.money(Decimal(text), currency, language=language) for text, currency in pair))  # type: ignore[return-value]
        if self.what is What.NUMBER:
            return label, t("order.number_new", language), f"{self.found} ({t('order.number_used', language)})"
        return label, self.expected, self.found


def read_differences(stored: Iterable[Any]) -> list[Difference]:
    """The differences a row keeps."""
    return [Difference(What(one["what"]), one["expected"], one["found"]) for one in stored]


def number_key(number: str) -> str:
    """An order's number without what people spell differently: "P.O. 0118" and "PO-118" are "118"."""
    text = unicodedata.normalize("NFKC", number).casefold()
    text = "".join(str(unicodedata.digit(mark)) if mark.isdigit() else mark for mark in text)
    text = "".join(mark for mark in text if mark.isalnum())
    return (re.sub(r"^(purchaseorder|po|lpo)?(number|no)?(?=\d)", "", text).lstrip("0") or text)[:60]


def differences(found: Ordered, agreed: Ordered, *, number: str, number_is_used: bool) -> list[Difference]:
    """Everything in which an order differs from what was agreed."""
    pairs = []
    if not same_customer(found.customer_name, agreed.customer_name):
        pairs.append(Difference(What.CUSTOMER, agreed.customer_name, found.customer_name))
    if found.amount != agreed.amount:
        pairs.append(Difference(What.AMOUNT, f"{agreed.amount:f}", f"{found.amount:f}"))
    if found.currency != agreed.currency:
        pairs.append(Difference(What.CURRENCY, agreed.currency, found.currency))
    if number_is_used:
        pairs.append(Difference(What.NUMBER, "", number))
    return pairs


def same_customer(one: str, other: str) -> bool:
    """Whether two names are of one customer for certain, in either script."""
    if names.key(one) == names.key(other):
        return True
    match = compare(Sighting(one), Sighting(other))
    return match is not None and match.score >= SURE


def state_of(found: list[Difference], *, collides: bool) -> OrderState:
    """Where an order stands once it was compared."""
    if collides:
        return OrderState.COLLIDES
    return OrderState.DIFFERS if found else OrderState.MATCHED
