"""What contacts do themselves: a principal looks after its company's contacts, everybody after their sessions."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.access.models import AccessSession
from core.actor import Act, Actor, ContactRole, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.contacts.invitations import invite, replace_links
from core.contacts.models import Contact, LinkUse
from core.contacts.rows import (
    ContactIsDisabled,
    NewContact,
    get_contact,
    keep_a_principal,
    keep_change,
    keep_new,
    shut_out,
)
from core.errors import NotAllowed, NotFound


class SessionOver(NotFound):
    """This session has ended already. Load the page again."""


@permits(Act.MANAGE_CONTACTS)
def add_colleague(session: Session, *, person: NewContact, by: Actor) -> Contact:
    """Add a contact to one's own company and mail the invite at once.

    Count it by ``limits.asked_for_link`` first, before the transaction.

    Raises:
        AddressTaken
    """
    if by.partner is None:
        raise NotAllowed
    contact = keep_new(session, by.partner, person, by=by)
    invite(session, contact, by=by)
    return contact


@permits(Act.MANAGE_CONTACTS)
def change_colleague(session: Session, contact_id: UUID, *, person: NewContact, version: int, by: Actor) -> Contact:
    """Save a contact of one's own company as edited from ``version``.

    Raises:
        AddressTaken, ContactChanged
        LastPrincipal: nobody would be left to look after the contacts.
    """
    contact = _get_own(session, contact_id, by)
    if contact.role is ContactRole.PRINCIPAL and person.role is not ContactRole.PRINCIPAL:
        keep_a_principal(session, contact)
    if keep_change(session, contact, person, version=version, by=by):
        replace_links(session, contact, *LinkUse)
        if contact.disabled_at is None:
            invite(session, contact, by=by)
    return contact


@permits(Act.MANAGE_CONTACTS)
def disable_colleague(session: Session, contact_id: UUID, *, by: Actor) -> Contact:
    """Shut a contact of one's own company out, oneself too; only the company that runs the portal lets it in again.

    Raises:
        LastPrincipal: nobody would be left to look after the contacts.
    """
    contact = _get_own(session, contact_id, by)
    if contact.role is ContactRole.PRINCIPAL:
        keep_a_principal(session, contact)
    shut_out(session, contact, by=by)
    return contact


@permits(Act.MANAGE_CONTACTS)
def resend_invite(session: Session, contact_id: UUID, *, by: Actor) -> Contact:
    """Mail a contact of one's own company a new invite; the earlier one stops working.

    Count it by ``limits.asked_for_link`` first, before the transaction.

    Raises:
        ContactIsDisabled
    """
    contact = _get_own(session, contact_id, by)
    if contact.disabled_at is not None:
        raise ContactIsDisabled
    invite(session, contact, by=by)
    return contact


@permits(Act.OWN_SESSION)
def end_session(session: Session, session_id: UUID, *, by: Actor) -> None:
    """End one session of one's own, also the one this is done in.

    Raises:
        SessionOver: it is none of this contact's, or has ended.
    """
    found = session.get(AccessSession, session_id)
    if by.id is None or found is None or found.contact_id != by.id or found.revoked_at or found.viewer_id:
        raise SessionOver
    found.revoked_at = now()
    record(session, Tag.SESSION_REVOKE, by=by, after={"own": True, "session": found.id})


def _get_own(session: Session, contact_id: UUID, by: Actor) -> Contact:
    """A contact of the actor's own company; another company's is not there, as far as it is concerned."""
    contact = get_contact(session, contact_id)
    if by.partner is None or contact.partner_id != by.partner:
        return get_contact(session, UUID(int=0))
    return contact
