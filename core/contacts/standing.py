"""What a contact was when: a line in its history each time it is let in, gets another role or is shut out.

Part of whatever changes the contact; nothing else writes these lines, and none is ever changed.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.contacts.models import Contact, ContactStanding

NEXT = timedelta(microseconds=1)
"""No two lines of a contact have one instant, so that the later one is known."""


def keep_standing(session: Session, contact: Contact, *, at: datetime) -> None:
    """Write down what a contact is from ``at`` on, where that differs from what it was."""
    role = contact.role if contact.disabled_at is None else None
    mine = select(ContactStanding).where(ContactStanding.contact_id == contact.id)
    last = session.scalars(mine.order_by(ContactStanding.at.desc()).limit(1)).one_or_none()
    if last is None or last.role is not role:
        at = max(at, last.at + NEXT) if last else at
        whose = {"company_id": contact.company_id, "contact_id": contact.id, "partner_id": contact.partner_id}
        session.add(ContactStanding(**whose, role=role, at=at))
        session.flush()
