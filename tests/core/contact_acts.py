"""Contacts of resellers for everybody's tests: one made, and one who is in."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.access import sessions
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed
from core.actor import Actor, ActorKind, ContactRole, system
from core.audit.models import AuditEntry
from core.clock import now
from core.contacts import entry, service
from core.contacts.models import Contact
from core.contacts.presence import who
from core.contacts.rows import NewContact
from core.contacts.standing import keep_standing
from core.db import reading, transaction
from core.mail.messages import Kind
from core.mail.models import Mail
from core.partners.models import Partner

STRANGER = system(ip="198.51.100.4", user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0")
LETS_IN = (Kind.CONTACT_INVITE, Kind.CONTACT_SIGN_IN)
_number = count(1)


def make_contact(
    session: Session, partner: Partner, *, role: ContactRole = ContactRole.SALESPERSON, **facts: Any
) -> Contact:
    """A contact of a partner, which is a reseller from now on. Say only what the test is about."""
    n = next(_number)
    started = update(Partner).where(Partner.id == partner.id, Partner.reseller_since.is_(None))
    session.execute(started.values(reseller_since=now() - timedelta(days=1), default_commission_pct=10))
    usual: dict[str, Any] = {
        "company_id": partner.company_id,
        "partner_id": partner.id,
        "name": f"{role.value.capitalize()} {n}",
        "email": f"{role.value}{n}@{partner.slug}.example",
        "role": role,
        "added_at": now(),
        "added_by": "Aisha Al Balushi",
    }
    row = Contact(**usual | facts)
    session.add(row)
    session.flush()
    keep_standing(session, row, at=row.added_at)
    return row


def contact_actor(contact: Contact, *, device: str = "d", viewer: UUID | None = None, **facts: Any) -> Actor:
    """The actor a contact is once in, with a session of its own in the database.

    It opens a transaction, so the contact must be committed and no other transaction of the test may be open.
    ``viewer``: the id of a member of staff who looks as the contact. ``facts``: other values of the actor.
    """
    by = system(contact.company_id, ip=STRANGER.ip, user_agent=STRANGER.user_agent)
    with transaction(by) as session:
        secret = sessions.open_session(
            session,
            kind=SessionKind.CONTACT,
            partner_id=contact.partner_id,
            contact_id=contact.id,
            viewer_id=viewer,
            device=device,
            by=by,
        )
        opened = session.scalars(select(AccessSession.id).where(AccessSession.secret_hash == hashed(secret))).one()
    usual: dict[str, Any] = {
        "id": contact.id,
        "name": contact.name,
        "company": contact.company_id,
        "ip": STRANGER.ip,
        "user_agent": STRANGER.user_agent,
        "session": opened,
        "partner": contact.partner_id,
        "language": contact.language,
        "contact_role": contact.role,
        "viewer": viewer,
    }
    return Actor(ActorKind.CONTACT, **usual | facts)


def invited(
    by: Actor, partner: Partner, *, name: str = "", role: ContactRole = ContactRole.SALESPERSON, language: str = "en"
) -> Contact:
    """A contact added by staff, with the invite mailed; its partner is a reseller from now on."""
    n = next(_number)
    with transaction(by) as session:
        started = update(Partner).where(Partner.id == partner.id, Partner.reseller_since.is_(None))
        session.execute(started.values(reseller_since=now()))
        person = NewContact(name or f"Person {n}", f"person{n}@{partner.slug}.example", "", role, language)
        return service.add(session, partner.id, person=person, by=by)


def newest_secret(contact: Contact) -> str:
    """The secret of the link that was mailed to a contact last."""
    with reading(system(contact.company_id)) as session:
        mailed = select(Mail.secrets).where(Mail.to_address == contact.email, Mail.kind.in_(LETS_IN))
        links = session.scalars(mailed.order_by(Mail.created_at.desc(), Mail.id.desc())).first()
    assert links
    return str(links[0]).rpartition("/")[2]


def enter(secret: str, device: str = "d") -> str:
    """Come in by a link; the secret of the session."""
    with transaction(STRANGER) as session:
        return entry.enter(session, secret, device=device, device_name="Chrome on Linux", by=STRANGER)


def person(secret: str) -> Actor | None:
    """Whom a session stands for."""
    with reading(system()) as session:
        return who(session, secret, ip=STRANGER.ip, user_agent=STRANGER.user_agent)


def came_in(contact: Contact, device: str = "d") -> Actor:
    """An invited contact who pressed its newest link."""
    found = person(enter(newest_secret(contact), device))
    assert found is not None
    return found


def do(by: Actor, operation: Any, *subject: Any, **details: Any) -> Any:
    """What an operation answers, done in its own transaction."""
    with transaction(by) as session:
        return operation(session, *subject, **details, by=by)


def ask(by: Actor, query: Any, *subject: Any) -> Any:
    """What a read answers."""
    with reading(by) as session:
        return query(session, *subject)


def rows_of(model: Any) -> int:
    """How many rows of a kind there are, of all companies."""
    with reading(system()) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def tags(by: Actor) -> list[str]:
    """What was recorded in a company, in its order."""
    with reading(system(by.company)) as session:
        return list(session.scalars(select(AuditEntry.tag).order_by(AuditEntry.seq)))
