"""What a contact asks for in an intent, and what a reviewer grants: values as they were typed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.deals.states import TermsKind


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
