"""Acts around a partner's room, each in a transaction of its own, and who is in it."""

import re

from sqlalchemy import select

from core.access import room_links
from core.actor import Actor, system
from core.contacts.presence import who
from core.db import reading, transaction
from core.mail.models import Mail
from core.partners import room_entry, room_service
from core.partners.hosts import Host
from core.partners.models import Partner

STRANGER = system(ip="198.51.100.4", user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0")


def send(actor: Actor, partner: Partner, language: str = "en") -> str:
    """Mail the room's link; its token."""
    with transaction(actor) as session:
        return room_links.spell(room_service.send_portal_access(session, partner.id, language=language, by=actor))


def rotate(actor: Actor, partner: Partner) -> int:
    with transaction(actor) as session:
        return room_service.rotate(session, partner.id, by=actor)


def look(token: str) -> Host:
    with reading(STRANGER) as session:
        return room_entry.look(session, token)


def enter(token: str, device: str = "d") -> str:
    """Come in by the link; the secret of the session."""
    with transaction(STRANGER) as session:
        return room_entry.enter(session, token, device=device, by=STRANGER)


def ask(token: str) -> None:
    with transaction(STRANGER) as session:
        room_entry.ask_for_new_link(session, token, by=STRANGER)


def person(secret: str) -> Actor | None:
    """Whom a session stands for."""
    with reading(system()) as session:
        return who(session, secret, ip="198.51.100.4", user_agent=STRANGER.user_agent)


def guest(token: str, device: str = "d") -> Actor:
    """Somebody who came in by the link."""
    found = person(enter(token, device))
    assert found is not None
    return found


def mailed_code(actor: Actor) -> str:
    """The code in the mail that was written last."""
    with reading(system(actor.company)) as session:
        newest = select(Mail.text).where(Mail.kind == "mailed_code").order_by(Mail.created_at.desc(), Mail.id.desc())
        found = re.search(r"^\d{4} \d{4}$", session.scalars(newest).first() or "", re.MULTILINE)
    assert found is not None
    return found[0]
