"""What an admin does with the company: its settings, its modules, its staff."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import babel.numbers
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import fields
from core.access import sessions
from core.actor import Act, Actor, Role, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.rows import get_staff, own_company
from core.db import lock
from core.errors import Conflict, Invalid, NotAllowed
from core.i18n import t
from core.ids import new_id
from core.mail import messages
from core.mail.brand import Brand
from core.mail.outbox import enqueue
from core.settings import settings
from core.tenancy import EVERY_COMPANY


class EmailTaken(Conflict):
    """This e-mail address already belongs to a member of staff. Use another one."""


class LastAdmin(Conflict):
    """This is the company's last admin. Make somebody else an admin first."""


class SettingsChanged(Conflict):
    """Somebody saved these settings while you were editing. Load the page again and repeat your change."""


@dataclass(frozen=True)
class CompanySettings:
    """What a company tells about itself."""

    name: str
    name_ar: str = ""
    base_currency: str = "OMR"
    time_zone: str = "Asia/Muscat"
    colour: str = "#0F5C63"
    booking_url: str = ""

    def cleaned(self) -> dict[str, Any]:
        """The values, made safe to keep.

        Raises:
            Invalid: one of them cannot be used; the message names it.
        """
        currency = fields.line(self.base_currency, name="Currency").upper()
        if currency not in babel.numbers.list_currencies():
            raise Invalid("{code} is not a currency. Use a code such as OMR or USD.", code=currency)
        if self.time_zone not in available_timezones():
            raise Invalid("{zone} is not a time zone. Use a name such as Asia/Muscat.", zone=self.time_zone)
        return {
            "name": fields.line(self.name, name="Name"),
            "name_ar": fields.line(self.name_ar, name="Arabic name", least=0),
            "base_currency": currency,
            "time_zone": ZoneInfo(self.time_zone).key,
            "colour": Brand(self.name, self.colour).colour,
            "booking_url": fields.web_address(self.booking_url, name="Booking link"),
        }


def brand_of(company: Company, language: str) -> Brand:
    """How a company's mails look in a language."""
    name = company.name_ar if language == "ar" and company.name_ar else company.name
    return Brand(name, company.colour, language)


@permits(Act.CREATE_COMPANIES)
def create_company(session: Session, values: CompanySettings, *, slug: str, by: Actor) -> Company:
    """Add a company; its partner portal is off until it is switched on."""
    company = Company(id=new_id(), slug=fields.line(slug, name="Web name", most=60), **values.cleaned())
    session.add(company)
    session.flush()
    record(session, Tag.COMPANY_CREATE, by=by, subject=company, company=company.id, after={"name": company.name})
    return company


@permits(Act.MANAGE_COMPANY)
def change_company(session: Session, values: CompanySettings, *, version: int, by: Actor) -> Company:
    """Save the settings of the actor's company.

    Raises:
        SettingsChanged: somebody saved them since they were read.
    """
    company = own_company(session)
    if company.version != version:
        raise SettingsChanged
    new = values.cleaned()
    before = {name: getattr(company, name) for name, value in new.items() if getattr(company, name) != value}
    for name in before:
        setattr(company, name, new[name])
    _flush_or_refuse(session)
    record(
        session, Tag.COMPANY_CHANGE, by=by, subject=company, before=before, after={name: new[name] for name in before}
    )
    return company


@permits(Act.SWITCH_MODULES)
def switch_partner_portal(session: Session, *, enabled: bool, by: Actor) -> Company:
    """Switch the partner portal module on or off."""
    company = own_company(session)
    before, company.module_partner_portal_enabled = company.module_partner_portal_enabled, enabled
    _flush_or_refuse(session)
    facts = {"module": "partner_portal"}
    after = {**facts, "enabled": enabled}
    record(session, Tag.MODULE_SWITCH, by=by, subject=company, before={**facts, "enabled": before}, after=after)
    return company


def _flush_or_refuse(session: Session) -> None:
    try:
        session.flush()
    except StaleDataError:
        raise SettingsChanged from None


@permits(Act.MANAGE_TEAM)
def add_staff(session: Session, *, name: str, email: str, role: Role, language: str = "en", by: Actor) -> Staff:
    """Add a member of staff and mail them how to sign in.

    Raises:
        EmailTaken: the address is in use, here or in another company.
    """
    address = fields.email(email)
    taken = select(Staff.id).where(Staff.email == address)
    if session.execute(taken, execution_options={EVERY_COMPANY: True}).first():
        raise EmailTaken
    _check_grant(by, role)
    row = Staff(name=fields.line(name, name="Name"), email=address, role=role, language=language, added_at=now())
    session.add(row)
    session.flush()
    record(session, Tag.STAFF_ADD, by=by, subject=row, after={"name": row.name, "email": address, "role": role})
    _welcome(session, row, by=by)
    return row


def _welcome(session: Session, row: Staff, *, by: Actor) -> None:
    company = session.get_one(Company, row.company_id)
    message = messages.staff_welcome(
        brand_of(company, row.language),
        row.email,
        row.name,
        sender_name=by.name or company.name,
        role_text=t(f"role.{row.role}", row.language),
        sign_in_url=f"{settings().admin_url}/sign-in",
        language=row.language,
    )
    enqueue(session, message, key=f"welcome:{row.id}")


def _check_grant(by: Actor, role: Role) -> None:
    """Nobody hands out a role that reaches beyond the company."""
    if role is Role.PLATFORM_ADMIN and by.role not in (None, Role.PLATFORM_ADMIN):
        raise NotAllowed("Only a platform admin can make somebody a platform admin.")


@permits(Act.MANAGE_TEAM)
def change_role(session: Session, staff_id: UUID, *, role: Role, by: Actor) -> Staff:
    """Give a member of staff another role.

    Raises:
        LastAdmin: the company would be left without an admin.
    """
    row = get_staff(session, staff_id)
    _check_grant(by, role)
    if row.role is Role.ADMIN and role is not Role.ADMIN:
        _keep_an_admin(session, row)
    before, row.role = row.role, role
    record(session, Tag.STAFF_CHANGE, by=by, subject=row, before={"role": before}, after={"role": role})
    return row


@permits(Act.MANAGE_TEAM)
def disable_staff(session: Session, staff_id: UUID, *, by: Actor) -> Staff:
    """Shut a member of staff out: their sessions end at the next click.

    Raises:
        LastAdmin: the company would be left without an admin.
    """
    row = get_staff(session, staff_id)
    if row.role is Role.ADMIN:
        _keep_an_admin(session, row)
    row.disabled_at = row.disabled_at or now()
    ended = sessions.revoke(session, staff_id=row.id)
    record(session, Tag.STAFF_DISABLE, by=by, subject=row, after={"sessions_ended": ended})
    return row


@permits(Act.MANAGE_TEAM)
def enable_staff(session: Session, staff_id: UUID, *, by: Actor) -> Staff:
    """Let a member of staff in again; they sign in anew."""
    row = get_staff(session, staff_id)
    row.disabled_at = None
    record(session, Tag.STAFF_ENABLE, by=by, subject=row)
    return row


@permits(Act.MANAGE_TEAM)
def end_sessions(session: Session, staff_id: UUID, *, by: Actor) -> int:
    """End every session of a member of staff. Returns how many there were."""
    row = get_staff(session, staff_id)
    ended = sessions.revoke(session, staff_id=row.id)
    record(session, Tag.SESSION_REVOKE, by=by, subject=row, after={"sessions_ended": ended})
    return ended


def _keep_an_admin(session: Session, leaving: Staff) -> None:
    """Refuse to lose the last admin, also to two who leave at the same moment: they take turns here."""
    lock(session, f"admins:{leaving.company_id}")
    others = select(func.count()).where(Staff.role == Role.ADMIN, Staff.disabled_at.is_(None), Staff.id != leaving.id)
    if not session.scalar(others):
        raise LastAdmin
