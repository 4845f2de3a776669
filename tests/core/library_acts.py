"""Acts in the library, each in a transaction of its own, and the people of resellers who come for it."""

from datetime import date
from typing import Any
from uuid import UUID

from core.access import devices
from core.actor import Actor, ContactRole, system
from core.clock import now
from core.contacts.models import Contact
from core.db import reading, transaction
from core.library import own_queries, own_service, queries, service
from core.library.own_queries import MyDocument, MyLibrary
from core.library.seers import Seer
from core.library.spaces import NewSpace
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.vault import fetching
from core.vault.handing_over import File
from core.vault.intake import take_in
from core.vault.models import Document, DocumentSpace
from tests.core.contact_acts import came_in, do, invited
from tests.core.vault_acts import a_pdf
from tests.factories import make_partner

PRINCIPAL, SALES, TECHNICAL = ContactRole.PRINCIPAL, ContactRole.SALESPERSON, ContactRole.TECHNICAL
FINANCE, VIEWER = ContactRole.FINANCE, ContactRole.VIEWER


def make_reseller(by: Actor, name: str = "Muscat Tech", **facts: Any) -> Partner:
    """An active partner whose people may use the portal."""
    with transaction(by) as session:
        slug = name.lower().replace(" ", "-")
        return make_partner(session, name=name, slug=slug, status=Status.ACTIVE, reseller_since=now(), **facts)


def open_space(
    by: Actor, name: str = "Sales collateral", *, partner: Partner | None = None, roles: tuple[ContactRole, ...] = (),
    holds_prices: bool = False, name_ar: str = "",
) -> DocumentSpace:  # fmt: skip
    """A space for one reseller, or for all."""
    whom = partner.id if partner else None
    space = NewSpace(name, name_ar=name_ar, partner_id=whom, roles=roles, holds_prices=holds_prices)
    found: DocumentSpace = do(by, service.add_space, space=space)
    return found


def aim(by: Actor, space: DocumentSpace, **rule: Any) -> DocumentSpace:
    """Change whom a space is for."""
    found: DocumentSpace = do(
        by, service.change_space, space.id, space=NewSpace(space.name, **rule), version=now_is(by, space).version
    )
    return found


def now_is(by: Actor, space: DocumentSpace) -> DocumentSpace:
    """A space as it stands now."""
    with reading(by) as session:
        return session.get_one(DocumentSpace, space.id)


def put(by: Actor, space: DocumentSpace, title: str = "Brochure", data: bytes = b"", **details: Any) -> Document:
    """A document more in a space."""
    file = take_in(f"{title}.pdf", data or a_pdf(title))
    found: Document = do(by, service.put, space.id, file=file, title=title, **details)
    return found


def replace_file(by: Actor, document: Document, text: str, *, note: str = "") -> int:
    """A new version of a document; its number."""
    with reading(by) as session:
        version = session.get_one(Document, document.id).version
    file = take_in("new.pdf", a_pdf(text))
    return int(do(by, service.replace, document.id, file=file, version=version, note=note).number)


def person(
    by: Actor, partner: Partner, role: ContactRole = PRINCIPAL, *, device: str = "a phone", known: bool = True
) -> Actor:
    """A contact who is in, by default on a device where the mailbox was proved."""
    return enter(invited(by, partner, role=role), device=device, known=known)


def enter(contact: Contact, *, device: str = "a phone", known: bool = True) -> Actor:
    """An invited contact who came in."""
    actor = came_in(contact, device)
    if known:
        trust(actor, contact)
    return actor


def trust(actor: Actor, contact: Contact) -> None:
    """A contact proved its mailbox on the device it is in on."""
    with transaction(system(contact.company_id)) as session:
        browser = devices.device_of(session, actor) or b""
        devices.trust(session, contact.partner_id, devices.known_as(browser, contact.id), address=contact.email)


def library(by: Actor, text: str = "") -> MyLibrary:
    """The library as a contact sees it."""
    with reading(by) as session:
        return own_queries.my_library(session, text=text)


def titles(by: Actor, text: str = "") -> dict[str, list[str]]:
    """What a contact finds, by space."""
    return {space.name: [one.title for one in space.documents] for space in library(by, text).spaces}


def found(by: Actor, title: str = "Brochure") -> MyDocument:
    """One document as a contact sees it."""
    return next(one for space in library(by).spaces for one in space.documents if one.title == title)


def look(by: Actor) -> None:
    """A contact opens the page."""
    do(by, own_service.look)


def news(by: Actor) -> int:
    """How many documents the first page says are new."""
    with reading(by) as session:
        return own_queries.new_documents(session)


def fetch(by: Actor, document: Document | UUID, number: int | None = None) -> File:
    """A contact downloads a document."""
    wanted = document if isinstance(document, UUID) else document.id
    file: File = do(by, fetching.fetch_shared, wanted, number=number)
    return file


def seers(by: Actor, document: Document, day: date) -> list[Seer]:
    """Who could see a document on a day."""
    with reading(by) as session:
        return queries.who_could_see(session, document.id, day=day).seers
