"""A contact's row, for the operations of staff and of principals that need it: described, found, changed, shut out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import fields
from core.access import devices, sessions
from core.actor import Actor, ContactRole
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.rows import own_company
from core.contacts.models import Contact
from core.contacts.standing import keep_standing
from core.db import lock
from core.errors import Conflict, Invalid, NotFound
from core.i18n import LANGUAGES
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class AddressTaken(Conflict):
    """This e-mail address belongs to a contact already. Use another one."""


class ContactChanged(Conflict):
    """Somebody saved this contact while you were editing. Your text is still in the form; compare and save again."""


class ContactIsDisabled(Conflict):
    """This contact is disabled. Enable the contact first."""


class LastPrincipal(Conflict):
    """This is your company's last principal. Make somebody else a principal first."""


class PortalOff(Conflict):
    """The partner portal is not available: the module is switched off. Ask your platform admin to switch it on."""


@dataclass(frozen=True)
class NewContact:
    """A person of a reseller, as typed. ``language``: ``en`` or ``ar``, of the mails and of the portal."""

    name: str
    email: str
    title: str = ""
    role: ContactRole = ContactRole.SALESPERSON
    language: str = "en"

    def cleaned(self) -> dict[str, Any]:
        """The values, made safe to keep.

        Raises:
            Invalid: one of them cannot be used; the message names it.
        """
        if self.language not in LANGUAGES:
            raise Invalid("Choose English or Arabic as the language.")
        texts = {"name": fields.line(self.name, name="Name"), "title": fields.line(self.title, name="Title", least=0)}
        return {**asdict(self), **texts, "email": fields.email(self.email), "role": ContactRole(self.role)}


def get_contact(session: Session, contact_id: UUID) -> Contact:
    """The contact's row.

    Raises:
        NotFound: there is none in this company.
    """
    found = session.get(Contact, contact_id)
    if found is None:
        raise NotFound("This contact was not found. Choose one from the list.")
    return found


def get_enabled(session: Session, contact_id: UUID) -> Contact:
    """The contact's row, of somebody who may come in.

    Raises:
        ContactIsDisabled, NotFound
    """
    found = get_contact(session, contact_id)
    if found.disabled_at is not None:
        raise ContactIsDisabled
    return found


def require_module(session: Session) -> None:
    """Go on only where the company offers the portal.

    Raises:
        PortalOff: it does not.
    """
    if not own_company(session).module_partner_portal_enabled:
        raise PortalOff


def keep_new(session: Session, partner_id: UUID, person: NewContact, *, by: Actor) -> Contact:
    """A contact more of a reseller.

    Raises:
        AddressTaken, Invalid
    """
    values = person.cleaned()
    _require_free(session, values["email"])
    row = Contact(**values, partner_id=partner_id, added_at=now(), added_by=by.name)
    session.add(row)
    session.flush()
    keep_standing(session, row, at=row.added_at)
    facts = {name: values[name] for name in ("name", "email", "role")}
    note_timeline(session, partner_id, Kind.CONTACT_ADDED, by=by, name=row.name, role=row.role.value)
    record(session, Tag.CONTACT_ADD, by=by, subject=row, after={**facts, "partner": partner_id})
    return row


def keep_change(session: Session, row: Contact, person: NewContact, *, version: int, by: Actor) -> bool:
    """A contact's facts as edited from ``version``. Whether the address is another one, so that a new invite is due.

    Another address is another mailbox: whoever came in by the old one is let out.

    Raises:
        AddressTaken, ContactChanged, Invalid
    """
    values = person.cleaned()
    if row.version != version:
        raise ContactChanged
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if "email" in changed:
        _require_free(session, values["email"])
        sessions.revoke(session, contact_id=row.id)
        devices.forget(session, row.partner_id, address=row.email)
    if changed:
        before = {name: getattr(row, name) for name in changed}
        _assign(session, row, changed)
        record(session, Tag.CONTACT_CHANGE, by=by, subject=row, before=before, after=changed)
    return "email" in changed


def _assign(session: Session, row: Contact, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    try:
        session.flush()
    except StaleDataError:
        raise ContactChanged from None
    keep_standing(session, row, at=row.disabled_at or now())


def shut_out(session: Session, row: Contact, *, by: Actor) -> None:
    """Disable a contact: it is let out at its next click, and comes in by no link."""
    lock(session, f"contact:{row.id}")
    if row.disabled_at is not None:
        return
    _assign(session, row, {"disabled_at": now()})
    ended = sessions.revoke(session, contact_id=row.id)
    note_timeline(session, row.partner_id, Kind.CONTACT_DISABLED, by=by, name=row.name)
    record(session, Tag.CONTACT_DISABLE, by=by, subject=row, after={"sessions_ended": ended})


def let_back_in(session: Session, row: Contact, *, by: Actor) -> None:
    """Enable a contact again."""
    lock(session, f"contact:{row.id}")
    if row.disabled_at is not None:
        _assign(session, row, {"disabled_at": None})
        record(session, Tag.CONTACT_ENABLE, by=by, subject=row)


def keep_a_principal(session: Session, leaving: Contact) -> None:
    """Refuse to lose the last principal, also to two who leave at the same moment: they take turns here.

    Raises:
        LastPrincipal
    """
    lock(session, f"principals:{leaving.partner_id}")
    others = select(func.count()).where(
        Contact.partner_id == leaving.partner_id,
        Contact.role == ContactRole.PRINCIPAL,
        Contact.disabled_at.is_(None),
        Contact.id != leaving.id,
    )
    if not session.scalar(others):
        raise LastPrincipal


def _require_free(session: Session, address: str) -> None:
    lock(session, f"contact-address:{address}")
    if session.scalars(select(Contact.id).where(Contact.email == address)).first():
        raise AddressTaken
