"""Putting products, territories and commission plans in a company's catalogue, for tests about them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from core.actor import Actor
from core.clock import now
from core.db import reading, transaction
from core.deals import catalogue, plan_service
from core.deals.catalogue import NewProduct, NewTerritory
from core.deals.models import PlanVersion, Product, Territory
from core.deals.plan_service import NewPlan, TypedBracket
from core.partners.models import Partner

LICENCE = NewProduct(
    "POS-100", "Till licence", "12.500", "OMR", name_ar="رخصة نقطة بيع", unit="till a month", unit_ar="جهاز في الشهر"
)
MUSCAT = NewTerritory("Muscat", name_ar="مسقط")
STEPS = (TypedBracket("0", "50,000", "8"), TypedBracket("50,000", "", "12"))


def do(by: Actor, operation: Callable[..., Any], *subject: Any, **details: Any) -> Any:
    """An operation in a transaction of its own."""
    with transaction(by) as session:
        return operation(session, *subject, **details, by=by)


def ask(by: Actor, read: Callable[..., Any], *subject: Any, **filters: Any) -> Any:
    """A read in a session of its own."""
    with reading(by) as session:
        return read(session, *subject, **filters)


def add_product(by: Actor, product: NewProduct = LICENCE) -> Product:
    """A product that was not there."""
    added: Product = do(by, catalogue.save_product, None, product=product, version=None)
    return added


def add_territory(by: Actor, territory: NewTerritory = MUSCAT) -> Territory:
    """A territory that was not there."""
    added: Territory = do(by, catalogue.save_territory, None, territory=territory, version=None)
    return added


def add_plan(by: Actor, name: str = "Growth", *, starts_on: date = date(2026, 1, 1), **facts: Any) -> PlanVersion:
    """A version of a plan."""
    usual: dict[str, Any] = {"is_marginal": True, "brackets": STEPS} | facts
    added: PlanVersion = do(by, plan_service.add_plan_version, new_plan=NewPlan(name, starts_on, **usual))
    return added


def make_reseller(by: Actor, partner: Partner) -> Partner:
    """The partner, who may use the portal from now on."""
    with transaction(by) as session:
        row = session.get_one(Partner, partner.id)
        row.reseller_since = now()
        return row
