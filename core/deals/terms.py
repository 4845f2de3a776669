"""What a contact asks for in an intent, and what a reviewer grants: values as they were typed."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core import fields
from core.deals import money
from core.deals.states import TermsKind
from core.errors import Invalid

DRAFT_AMOUNT = "amount"
"""What a draft calls the amount that was typed."""


class ClosingInThePast(Invalid):
    """The deal cannot close in the past. Choose today or a later day."""


class ChoiceMissing(Invalid):
    """Choose the product, the territory and the day on which the deal should close."""


class DomainUnusable(Invalid):
    """The customer's web address does not look like company.com. Correct it, or leave it empty."""


@dataclass(frozen=True)
class NewDeal:
    """An intent as it was filled in. ``amount`` is what was typed; see ``core.deals.money.amount``."""

    customer_name: str
    customer_domain: str
    customer_registration: str
    customer_contact: str
    product_id: UUID | None
    territory_id: UUID | None
    amount: str
    currency: str
    close_on: date | None
    need: str = ""

    def cleaned(self, today: date) -> dict[str, Any]:
        """The columns of the intent, made safe to keep; who the customer is, is found out from the rest.

        Raises:
            Invalid: one of them cannot be used; the message names it.
        """
        if self.product_id is None or self.territory_id is None or self.close_on is None:
            raise ChoiceMissing
        if self.close_on < today:
            raise ClosingInThePast
        typed = fields.line(self.customer_domain, name="Web address", least=0)
        fields.line(self.customer_registration, name="Registration number", least=0)
        if typed and "." not in typed:
            raise DomainUnusable
        return {
            "customer_name": fields.line(self.customer_name, name="Customer", least=2),
            "customer_contact": fields.line(self.customer_contact, name="Customer's contact", least=0),
            "product_id": self.product_id,
            "territory_id": self.territory_id,
            "amount": money.amount(self.amount, self.currency),
            "currency": self.currency,
            "close_on": self.close_on,
            "need": fields.body(self.need, name="The need"),
        }


@dataclass(frozen=True)
class Terms:
    """How the partner is paid: a flat rate, or a version of a plan. ``pct`` is what was typed: "10", "10%"."""

    kind: TermsKind
    pct: str = ""
    plan_version_id: UUID | None = None


def flat(pct: str) -> Terms:
    """A flat rate."""
    return Terms(TermsKind.FLAT, pct=pct)


def by_plan(plan_version_id: UUID) -> Terms:
    """A version of a plan."""
    return Terms(TermsKind.PLAN, plan_version_id=plan_version_id)
