"""What an admin keeps of what is sold: the price list and the territories. Plans: ``core.deals.plan_service``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import lock
from core.deals import money
from core.deals.models import Product, Territory
from core.errors import Conflict, NotFound
from core.partners.rows import get_partner
from core.training.rows import get_module

Row = TypeVar("Row", Product, Territory)


class CatalogueChanged(Conflict):
    """{name} was changed by somebody else meanwhile. What you typed is still here; compare it with the list, then open
    {name} again and repeat your change."""


class CodeTaken(Conflict):
    """The code {code} belongs to {name}. Use another one."""


class TerritoryKnown(Conflict):
    """There is a territory called {name} already. Change that one, or choose another name."""


class TrainingNotOffered(Conflict):
    """Nobody can take {name} now. Publish its quiz and offer it, or choose another training."""


class NotAReseller(Conflict):
    """{name} is no reseller. Make it one first, then give it the territory."""


@dataclass(frozen=True)
class NewProduct:
    """A product as it was typed. ``price``: text such as "1,250.5"; ``unit``: what one of it is, "user a month"."""

    code: str
    name: str
    price: str
    currency: str
    name_ar: str = ""
    unit: str = ""
    unit_ar: str = ""
    certificate_module_id: UUID | None = None
    """The training somebody at the reseller must be certified in before its deals are registered."""

    def cleaned(self) -> dict[str, Any]:
        """The values, made safe to keep.

        Raises:
            Invalid: one of them cannot be used; the message says which.
        """
        currency = fields.line(self.currency, name="Currency").upper()
        return {
            "code": fields.line(self.code, name="Code", most=40).upper(),
            "name": fields.line(self.name, name="Name"),
            "name_ar": fields.line(self.name_ar, name="Arabic name", least=0),
            "price": money.amount(self.price, currency),
            "currency": currency,
            "unit": fields.line(self.unit, name="Unit", least=0, most=60),
            "certificate_module_id": self.certificate_module_id,
            "unit_ar": fields.line(self.unit_ar, name="Arabic unit", least=0, most=60),
        }


@dataclass(frozen=True)
class NewTerritory:
    """A territory as it was typed. ``exclusive_partner_id``: the one reseller who may sell there; None: everybody."""

    name: str
    name_ar: str = ""
    exclusive_partner_id: UUID | None = None

    def cleaned(self) -> dict[str, Any]:
        """The values, made safe to keep.

        Raises:
            Invalid: one of them cannot be used; the message says which.
        """
        return {
            "name": fields.line(self.name, name="Name", most=120),
            "name_ar": fields.line(self.name_ar, name="Arabic name", least=0, most=120),
            "exclusive_partner_id": self.exclusive_partner_id,
        }


@permits(Act.MANAGE_RESELLERS)
def save_product(
    session: Session, product_id: UUID | None, *, product: NewProduct, version: int | None, by: Actor
) -> Product:
    """Add a product (``product_id`` None), or change one as edited from ``version``. Deals keep the amount they have.

    Raises:
        Invalid: a value cannot be used. CodeTaken: another product has the code. NotFound: there is none to change.
        CatalogueChanged: it was saved by somebody else since. TrainingNotOffered: nobody could be certified.
    """
    lock(session, f"catalogue:{by.company}")
    row = Product() if product_id is None else _seen(_product(session, product_id), version)
    values = product.cleaned()
    other = session.scalars(select(Product).where(Product.code == values["code"], Product.id != product_id)).first()
    if other:
        withdrawn = " (withdrawn)" if other.withdrawn_at else ""
        raise CodeTaken(code=other.code, name=f"{other.name}{withdrawn}")
    _check_training(session, row, values["certificate_module_id"])
    _save(session, row, values, is_new=product_id is None, tag=Tag.PRODUCT_CHANGE, by=by)
    return row


@permits(Act.MANAGE_RESELLERS)
def withdraw_product(session: Session, product_id: UUID, *, by: Actor) -> Product:
    """Take a product off the price list: it is offered for no new deal. Deals that name it go on."""
    row = _product(session, product_id)
    _withdraw(session, row, tag=Tag.PRODUCT_CHANGE, by=by)
    return row


@permits(Act.MANAGE_RESELLERS)
def restore_product(session: Session, product_id: UUID, *, by: Actor) -> Product:
    """Put a withdrawn product on the price list again."""
    row = _product(session, product_id)
    _restore(session, row, tag=Tag.PRODUCT_CHANGE, by=by)
    return row


@permits(Act.MANAGE_RESELLERS)
def save_territory(
    session: Session, territory_id: UUID | None, *, territory: NewTerritory, version: int | None, by: Actor
) -> Territory:
    """Add a territory (``territory_id`` None), or change one as edited from ``version``.

    Raises:
        Invalid: a value cannot be used. TerritoryKnown: the name is taken. NotAReseller: whom it is to be given to.
        NotFound: there is none to change, or no such partner. CatalogueChanged: it was saved by somebody else since.
    """
    lock(session, f"catalogue:{by.company}")
    row = Territory() if territory_id is None else _seen(_territory(session, territory_id), version)
    values = territory.cleaned()
    same = func.lower(Territory.name) == values["name"].lower()
    other = session.scalars(select(Territory).where(same, Territory.id != territory_id)).first()
    if other:
        raise TerritoryKnown(name=other.name)
    _check_reseller(session, row, territory.exclusive_partner_id)
    _save(session, row, values, is_new=territory_id is None, tag=Tag.TERRITORY_CHANGE, by=by)
    return row


@permits(Act.MANAGE_RESELLERS)
def withdraw_territory(session: Session, territory_id: UUID, *, by: Actor) -> Territory:
    """Offer a territory for no new deal. Deals that name it go on."""
    row = _territory(session, territory_id)
    _withdraw(session, row, tag=Tag.TERRITORY_CHANGE, by=by)
    return row


@permits(Act.MANAGE_RESELLERS)
def restore_territory(session: Session, territory_id: UUID, *, by: Actor) -> Territory:
    """Offer a withdrawn territory again."""
    row = _territory(session, territory_id)
    _restore(session, row, tag=Tag.TERRITORY_CHANGE, by=by)
    return row


def _product(session: Session, product_id: UUID) -> Product:
    row = session.get(Product, product_id)
    if row is None:
        raise NotFound
    return row


def _territory(session: Session, territory_id: UUID) -> Territory:
    row = session.get(Territory, territory_id)
    if row is None:
        raise NotFound
    return row


def _seen(row: Row, version: int | None) -> Row:
    """The row, if it is still as it was when it was opened."""
    if row.version != version:
        raise CatalogueChanged(name=row.name)
    return row


def _check_training(session: Session, row: Product, module_id: UUID | None) -> None:
    """What a product asks for already it may go on asking for, whatever became of it since."""
    if module_id is None or module_id == row.certificate_module_id:
        return
    module = get_module(session, module_id)
    if module.published_at is None or module.withdrawn_at is not None:
        raise TrainingNotOffered(name=module.name)


def _check_reseller(session: Session, row: Territory, partner_id: UUID | None) -> None:
    """Whoever has the territory already may keep it, whatever became of it since."""
    if partner_id is None or partner_id == row.exclusive_partner_id:
        return
    partner = get_partner(session, partner_id)
    if partner.reseller_since is None:
        raise NotAReseller(name=partner.name)


def _save(
    session: Session, row: Product | Territory, values: Mapping[str, Any], *, is_new: bool, tag: Tag, by: Actor
) -> None:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        return
    before = None if is_new else {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    session.add(row)
    _flush_or_refuse(session, row)
    record(session, tag, by=by, subject=row, before=before, after=changed)


def _withdraw(session: Session, row: Product | Territory, *, tag: Tag, by: Actor) -> None:
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        _flush_or_refuse(session, row)
        record(session, tag, by=by, subject=row, after={"withdrawn": True})


def _restore(session: Session, row: Product | Territory, *, tag: Tag, by: Actor) -> None:
    if row.withdrawn_at is not None:
        row.withdrawn_at = None
        _flush_or_refuse(session, row)
        record(session, tag, by=by, subject=row, after={"withdrawn": False})


def _flush_or_refuse(session: Session, row: Product | Territory) -> None:
    name = row.name
    try:
        session.flush()
    except StaleDataError:
        raise CatalogueChanged(name=name) from None
