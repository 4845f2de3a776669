"""Who may sign what now: everything a signature needs is checked here, and what stands in the way is said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import codes
from core.access.models import AccessSession, CodePurpose, MailedCode
from core.access.sessions import in_force
from core.actor import Actor, ContactRole
from core.clock import now
from core.companies.models import Company
from core.companies.rows import own_company
from core.contacts.models import Contact
from core.errors import Conflict, Invalid, NotAllowed
from core.nda.instruments import meant_for
from core.nda.models import Instrument, Nda, NdaSigning, NdaText
from core.nda.rows import (
    Invited,
    agreement_of,
    ended_at,
    find_current_nda,
    find_open_signing,
    find_published_text,
    invited_in,
    own_partner,
    shown_to,
)
from core.nda.steps import full_name, may_be_signed_anew, same_name
from core.nda.texts import Agreement
from core.partners.hosts import owner_name
from core.partners.models import Partner


class ReadFirst(Conflict):
    """Read the agreement to the end first (step 2)."""


class TextUpdated(Conflict):
    """The agreement was updated (v{number}). Review the changes and sign again."""


class ConsentNeeded(Invalid):
    """Tick the box that you agree to sign electronically first."""


class SignatureUnusable(Invalid):
    """Type your full name as on your ID (2–120 letters)."""


class NameDiffers(Conflict):
    """You typed '{typed}' but are invited as '{invited}'. Correct it or confirm you sign as {typed}."""


class CodeFirst(Conflict):
    """Enter the code that we mailed to {address} first, or ask for a new one (step 3)."""


class AccessWithdrawn(Conflict):
    """Access was withdrawn on {day}; contact {owner}."""


class NoAddressOnRecord(Conflict):
    """No e-mail address is on record for you. Ask {owner} to add it."""


@dataclass(frozen=True)
class Wish:
    """What the person at the page says while signing. ``origin``: where the request came from, as the gate saw it."""

    signature: str
    confirmed_name: bool
    consent: bool
    text_number: int
    origin: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Ready:
    """Everything that was checked before a signature."""

    company: Company
    partner: Partner
    access: AccessSession
    row: NdaSigning
    text: NdaText
    agreement: Agreement
    invited: Invited
    name: str
    code: MailedCode
    current: Nda | None

    @property
    def instrument(self) -> Instrument:
        """What is signed."""
        return self.text.instrument


def checked_name(typed: str, *, expected: Iterable[str], confirmed: bool) -> str:
    """The name a typed signature spells. ``expected``: the names it should be, empty ones aside. Pure.

    Raises:
        SignatureUnusable: it is no name.
        NameDiffers: it is another one than was expected, and that was not confirmed.
    """
    name = full_name(typed)
    if name is None:
        raise SignatureUnusable
    other = [each for each in expected if each and not same_name(name, each)]
    if other and not confirmed:
        raise NameDiffers(typed=name, invited=other[0])
    return name


def check_ready(session: Session, wish: Wish, *, by: Actor, held: bool) -> Ready | Nda:
    """Everything a signature needs; or what the partner signed already, where it cannot be signed now.

    ``held``: hold the partner's row and the session's, so that nobody moves or withdraws them meanwhile.

    Raises:
        AccessWithdrawn, ReadFirst, TextUpdated, ConsentNeeded, SignatureUnusable, NameDiffers, NoAddressOnRecord,
        CodeFirst: what stands in the way.
    """
    partner, company = own_partner(session, by, held=held), own_company(session)
    access = check_access(session, partner, company, by=by, held=held)
    current = find_current_nda(session, partner.id, meant_for(by))
    if current is not None and not may_be_signed_anew(current, now()):
        return current
    row, text = _read_to_the_end(session, wish, by=by)
    if not wish.consent:
        raise ConsentNeeded
    invited = invited_in(session, partner, by.session)
    name = checked_name(wish.signature, expected=(invited.name, row.name), confirmed=wish.confirmed_name)
    if not invited.email:
        raise NoAddressOnRecord(owner=owner_name(session, partner, company))
    code = codes.find_verified(session, purpose=CodePurpose.SIGN, address=invited.email, by=by)
    if code is None:
        raise CodeFirst(address=codes.masked(invited.email))
    agreement = shown_to(agreement_of(text), company, partner)
    return Ready(company, partner, access, row, text, agreement, invited, name, code, current)


def check_access(session: Session, partner: Partner, company: Company, *, by: Actor, held: bool) -> AccessSession:
    """The session's row, if it still lets anybody in.

    Raises:
        AccessWithdrawn: it does not, or the link it came by was withdrawn.
        NotAllowed: it is a contact's who is no principal any more.
    """
    found = select(AccessSession).where(AccessSession.id == by.session, AccessSession.partner_id == partner.id)
    access = session.scalars(found.with_for_update() if held else found).one_or_none()
    handover = invited_in(session, partner, by.session).handover
    ended = (ended_at(session, handover) if handover else None) or (access.revoked_at if access else None)
    if access is None or ended is not None or not in_force(access, now()):
        day = (ended or now()).astimezone(ZoneInfo(company.time_zone)).date()
        raise AccessWithdrawn(day=day, owner=owner_name(session, partner, company))
    if access.contact_id is not None:
        _require_principal(session, access.contact_id, held=held)
    return access


def _require_principal(session: Session, contact_id: UUID, *, held: bool) -> None:
    """Only who may sign for the reseller now goes on; while it is ``held``, nobody changes that."""
    found = select(Contact).where(Contact.id == contact_id).execution_options(populate_existing=True)
    contact = session.scalars(found.with_for_update() if held else found).one()
    if contact.disabled_at is not None or contact.role is not ContactRole.PRINCIPAL:
        raise NotAllowed


def _read_to_the_end(session: Session, wish: Wish, *, by: Actor) -> tuple[NdaSigning, NdaText]:
    """The signing under way and the text that was read in it, if that is the text in force."""
    row, text = find_open_signing(session, by.session), find_published_text(session, meant_for(by))
    if row is None or row.text_id is None or text is None:
        raise ReadFirst
    if row.text_id != text.id or wish.text_number != text.number:
        raise TextUpdated(number=text.number)
    if row.read_at is None or row.shown_at is None:
        raise ReadFirst
    return row, text
