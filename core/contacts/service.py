"""What staff do about resellers and their people: terms, contacts let in and shut out, looking as one."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from core import fields
from core.access import sessions
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.contacts.invitations import invite, new_link, replace_links
from core.contacts.models import Contact, LinkUse
from core.contacts.rows import (
    NewContact,
    get_contact,
    get_enabled,
    keep_change,
    keep_new,
    let_back_in,
    require_module,
    shut_out,
)
from core.db import lock
from core.errors import Conflict, Invalid, NotAllowed
from core.partners.models import Partner, TaxForm
from core.partners.rows import get_partner
from core.partners.service import PartnerChanged
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class NotReseller(Conflict):
    """This partner is no reseller. Make it one first."""


class ResellerAlready(Conflict):
    """This partner is a reseller already. Load the page again to see its terms."""


@dataclass(frozen=True)
class _Terms:
    """What is agreed with a reseller, made safe to keep."""

    default_commission_pct: Decimal
    registration: str
    tax_form: TaxForm


def _percent(value: Decimal) -> Decimal:
    if not value.is_finite() or not 0 <= value <= 100 or value != round(value, 3):
        raise Invalid("The commission must be from 0 to 100 percent, with at most 3 decimals.")
    return value


@permits(Act.MANAGE_RESELLERS)
def make_reseller(session: Session, partner_id: UUID, *, commission_pct: Decimal, by: Actor) -> Partner:
    """Make a partner a reseller, so that its people may use the portal. ``commission_pct``: 0 to 100.

    Raises:
        PortalOff: the company does not offer the portal.
        ResellerAlready: it is one.
    """
    require_module(session)
    lock(session, f"reseller:{partner_id}")
    partner = get_partner(session, partner_id)
    if partner.reseller_since is not None:
        raise ResellerAlready
    partner.reseller_since, partner.default_commission_pct = now(), _percent(commission_pct)
    partner.version += 1
    note_timeline(session, partner.id, Kind.CHANGED, by=by, what="reseller")
    after = {"reseller": True, "commission_pct": partner.default_commission_pct}
    record(session, Tag.RESELLER_CHANGE, by=by, subject=partner, after=after)
    return partner


@permits(Act.MANAGE_RESELLERS)
def change_terms(
    session: Session,
    partner_id: UUID,
    *,
    commission_pct: Decimal,
    registration: str,
    tax_form: TaxForm,
    version: int,
    by: Actor,
) -> Partner:
    """Save a reseller's terms as edited from ``version`` of the partner.

    Raises:
        NotReseller, PartnerChanged
    """
    partner = _get_reseller(session, partner_id)
    if partner.version != version:
        raise PartnerChanged
    register = fields.line(registration, name="Commercial registration", least=0, most=40)
    new = vars(_Terms(_percent(commission_pct), register, TaxForm(tax_form)))
    before = {name: getattr(partner, name) for name, value in new.items() if getattr(partner, name) != value}
    if before:
        for name in before:
            setattr(partner, name, new[name])
        partner.version += 1
        after = {name: new[name] for name in before}
        note_timeline(session, partner.id, Kind.CHANGED, by=by, what=", ".join(sorted(before)))
        record(session, Tag.RESELLER_CHANGE, by=by, subject=partner, before=before, after=after)
    return partner


@permits(Act.MANAGE_RESELLERS)
def add(session: Session, partner_id: UUID, *, person: NewContact, by: Actor) -> Contact:
    """Add a contact to a reseller and mail the invite at once.

    Raises:
        AddressTaken, NotReseller, PortalOff
    """
    require_module(session)
    contact = keep_new(session, _get_reseller(session, partner_id).id, person, by=by)
    invite(session, contact, by=by)
    return contact


@permits(Act.MANAGE_RESELLERS)
def resend(session: Session, contact_id: UUID, *, by: Actor) -> Contact:
    """Mail a contact a new invite; the earlier one stops working.

    Raises:
        ContactIsDisabled, PortalOff
    """
    require_module(session)
    contact = get_enabled(session, contact_id)
    invite(session, contact, by=by)
    return contact


@permits(Act.MANAGE_RESELLERS)
def change(session: Session, contact_id: UUID, *, person: NewContact, version: int, by: Actor) -> Contact:
    """Save a contact as edited from ``version``; a new address is mailed an invite, and the old one lets nobody in.

    Raises:
        AddressTaken, ContactChanged
    """
    contact = get_contact(session, contact_id)
    if keep_change(session, contact, person, version=version, by=by):
        replace_links(session, contact, *LinkUse)
        if contact.disabled_at is None:
            invite(session, contact, by=by)
    return contact


@permits(Act.MANAGE_RESELLERS)
def disable(session: Session, contact_id: UUID, *, by: Actor) -> Contact:
    """Shut a contact out: its sessions end at the next click, its links open nothing."""
    contact = get_contact(session, contact_id)
    shut_out(session, contact, by=by)
    return contact


@permits(Act.MANAGE_RESELLERS)
def enable(session: Session, contact_id: UUID, *, by: Actor) -> Contact:
    """Let a contact in again; it comes in by a link mailed from now on."""
    contact = get_contact(session, contact_id)
    replace_links(session, contact, *LinkUse)
    let_back_in(session, contact, by=by)
    return contact


@permits(Act.MANAGE_RESELLERS)
def end_sessions(session: Session, contact_id: UUID, *, by: Actor) -> int:
    """End every session of a contact. Returns how many there were."""
    contact = get_contact(session, contact_id)
    ended = sessions.revoke(session, contact_id=contact.id)
    record(session, Tag.SESSION_REVOKE, by=by, subject=contact, after={"sessions_ended": ended})
    return ended


@permits(Act.VIEW_AS)
def view_as(session: Session, contact_id: UUID, *, by: Actor) -> str:
    """A path of the portal that lets this member of staff look as a contact, once, within five minutes.

    Raises:
        ContactIsDisabled, PortalOff
        NotAllowed: it is not a person who asks.
    """
    if by.id is None:
        raise NotAllowed
    require_module(session)
    contact = get_enabled(session, contact_id)
    secret = new_link(session, contact, LinkUse.VIEW, viewer_id=by.id)
    record(session, Tag.CONTACT_VIEW_AS, by=by, subject=contact, after={"entered": False})
    return f"/view/{secret}"


def _get_reseller(session: Session, partner_id: UUID) -> Partner:
    partner = get_partner(session, partner_id)
    if partner.reseller_since is None:
        raise NotReseller
    return partner
