"""Acts on a vault, each in a transaction of its own, and the people of a partner who come to fetch."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.access import devices
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed
from core.access.sessions import open_session
from core.actor import Actor, ActorKind, system
from core.contacts.presence import who
from core.db import reading, transaction
from core.partners.models import Partner
from core.vault import fetching, queries, service
from core.vault.handing_over import File
from core.vault.intake import take_in
from core.vault.models import Document
from core.vault.queries import DocumentRow, RoomDocument
from tests.core.files import plain_pdf

TRUSTED = "a browser whose mailbox was proved"


def a_pdf(text: str = "x") -> bytes:
    """A PDF that differs by its text."""
    return plain_pdf(b"(%b)" % text.encode())


def upload(actor: Actor, partner: Partner, title: str = "Price list", data: bytes = b"", **details: Any) -> Document:
    file = take_in(f"{title}.pdf", data or a_pdf(title))
    with transaction(actor) as session:
        return service.upload(session, partner.id, file=file, title=title, by=actor, **details)


def replace_file(actor: Actor, document: Document, data: bytes, *, version: int, note: str = "") -> int:
    with transaction(actor) as session:
        file = take_in("new.pdf", data)
        return service.replace(session, document.id, file=file, version=version, note=note, by=actor).number


def change(actor: Actor, document: Document, *, version: int, **details: Any) -> Document:
    usual: dict[str, Any] = {"title": document.title, "requires_nda": document.requires_nda}
    with transaction(actor) as session:
        return service.change(session, document.id, version=version, by=actor, **{**usual, **details})


def remove(actor: Actor, document: Document, *, version: int) -> None:
    with transaction(actor) as session:
        service.remove(session, document.id, version=version, by=actor)


def come_in(partner: Partner, *, device: str = TRUSTED, kind: SessionKind = SessionKind.ROOM) -> str:
    """Somebody of a partner opens the room: the secret of the session. The usual device is trusted."""
    by = system(partner.company_id, ip="203.0.113.20", user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    with transaction(by) as session:
        if device == TRUSTED:
            devices.trust(session, partner.id, hashed(device), address=partner.contact_email)
        return open_session(session, kind=kind, partner_id=partner.id, device=device, by=by)


def person_of(secret: str) -> Actor:
    """Who has come in by a session."""
    with reading(system()) as session:
        found = who(session, secret, ip="203.0.113.20", user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    assert found is not None
    return found


def somebody_of(partner: Partner, **facts: Any) -> Actor:
    """A person of a partner's in the room."""
    return person_of(come_in(partner, **facts))


def fetch_own(person: Actor, document: Document | UUID, number: int | None = None) -> File:
    with transaction(person) as session:
        found = document if isinstance(document, UUID) else document.id
        return fetching.fetch_own(session, found, number=number, by=person)


def fetch(actor: Actor, document: Document, number: int | None = None) -> File:
    with transaction(actor) as session:
        return fetching.fetch(session, document.id, number=number, by=actor)


def look(person: Actor) -> None:
    with transaction(person) as session:
        service.look(session, by=person)


def in_room(person: Actor) -> dict[str, RoomDocument]:
    """What a person sees in the room, by title."""
    with reading(person) as session:
        return {one.title: one for one in queries.room_documents(session)}


def in_vault(actor: Actor, partner: Partner) -> dict[str, DocumentRow]:
    """What staff see in a partner's vault, by title."""
    with reading(actor) as session:
        return {one.title: one for one in queries.partner_documents(session, partner.id)}


def revoke(secret: str) -> None:
    """End a session."""
    with transaction(system()) as session:
        row = session.scalars(select(AccessSession).where(AccessSession.secret_hash == hashed(secret))).one()
        row.revoked_at = row.opened_at


def reader_of(person: Actor) -> Actor:
    """The same person, come in by the proposal's link only."""
    return replace(person, kind=ActorKind.READER)
