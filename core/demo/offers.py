"""What the demo company sells, where, and how it pays its resellers."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from core.actor import Actor
from core.companies.models import Company
from core.deals import catalogue, plan_service
from core.deals.catalogue import NewProduct, NewTerritory
from core.deals.models import Product
from core.deals.plan_service import NewPlan, TypedBracket

FILE = Path(__file__).parents[2] / "data" / "demo" / "catalogue.json"


def add_catalogue(session: Session, company: Company, *, by: Actor) -> None:
    """The price list, Oman's governorates as territories, and three commission plans."""
    about = json.loads(FILE.read_text(encoding="utf-8"))
    for facts in about["products"]:
        _product(session, company, facts, by=by)
    for facts in about["withdrawn_products"]:
        catalogue.withdraw_product(session, _product(session, company, facts, by=by).id, by=by)
    for facts in about["territories"]:
        catalogue.save_territory(session, None, territory=NewTerritory(**facts), version=None, by=by)
    for facts in about["plans"]:
        plan_service.add_plan_version(session, new_plan=_plan(facts), by=by)


def _product(session: Session, company: Company, facts: dict[str, Any], *, by: Actor) -> Product:
    product = NewProduct(**facts, currency=company.base_currency)
    return catalogue.save_product(session, None, product=product, version=None, by=by)


def _plan(facts: dict[str, Any]) -> NewPlan:
    brackets = tuple(TypedBracket(*row) for row in facts["brackets"])
    return NewPlan(facts["name"], date.fromisoformat(facts["starts_on"]), facts["is_marginal"], brackets)
