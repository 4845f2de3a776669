"""Documents of deals, asked for by everybody at both doors."""

from typing import Any

import pytest
from sqlalchemy import update

import admin_app.routes
from core.access import devices, sessions
from core.access.attempts import AttemptStorage
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed
from core.actor import Actor, ContactRole, Role
from core.clock import now
from core.companies.models import Company
from core.contacts import entry
from core.contacts import service as contacts
from core.contacts.models import Contact
from core.db import transaction
from core.deals.models import Quote
from core.deals.states import DocumentUse
from core.ids import new_id
from core.partners.models import Partner
from portal_app.door import door as portal_door
from tests.core.contact_acts import STRANGER
from tests.core.deal_acts import contact_actor, make_contact, make_reseller
from tests.core.sale_acts import accepted, attach, document_of, invoice, upload_order
from tests.core.vault_acts import TRUSTED, come_in
from tests.factories import actor_for, make_staff

pytestmark = pytest.mark.usefixtures("sqlite_database")

FOREIGN_NAMES = ("another partner's", "another company's", "made up", "no id", "no text")
STAFF = ("admin", "reviewer", "analyst", "member", "platform admin", "other company")
VISITORS = ("reader", "guest")
ROLES = (*ContactRole, "colleague", "another's", "new device", "technical, new device")
GONE = ("who looks", "disabled", "expired", "module off")
WHO = ("nobody", *STAFF, *VISITORS, *ROLES, *GONE)
OWN = {
    DocumentUse.ATTACHMENT: "401 401 401 401 401 401 401 303 404 200 200 200 200 403 404 404 303 303 403 401 401 401",
    DocumentUse.ORDER: "401 401 401 401 401 401 401 303 404 200 200 403 200 403 404 404 303 403 403 401 401 401",
    DocumentUse.QUOTE: "401 401 401 401 401 401 401 303 404 200 200 403 200 403 404 404 303 403 403 401 401 401",
    DocumentUse.INVOICE: "401 401 401 401 401 401 401 303 404 200 200 403 200 403 404 404 303 403 403 401 401 401",
}
"""At the portal: the deal of the salesperson who stands among the roles; "colleague" is another one."""
FOREIGN = "401 401 401 401 401 401 401 303 404 404 404 404 404 404 404 404 404 404 403 401 401 401"
"""Of another partner, of another company, of nobody: the same for all of them."""
IN_ADMIN = "303 200 200 200 403 403 404 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303"
NOWHERE = "303 404 404 404 403 403 404 303 303 303 303 303 303 303 303 303 303 303 303 303 303 303"
"""At the admin app, with the portal's people under its own cookie's name."""


class World:
    """A reseller's deal with a document of each use, deals of others, and everybody who may come for them."""

    def __init__(self, admin: Actor, outsider: Actor, partner: Partner) -> None:
        self.admin, self.partner = admin, partner
        with transaction(admin) as session:
            self.other = make_reseller(session, name="Nizwa Dates")
            self.salesperson = make_contact(session, partner, role=ContactRole.SALESPERSON)
            self.platform = actor_for(
                make_staff(session, session.get_one(Company, admin.company), role=Role.PLATFORM_ADMIN)
            )
        quote = self._sold(admin, partner, self.salesperson)
        with transaction(outsider) as session:
            elsewhere = make_reseller(session, name="Sur Shipping")
        self.own = {use: str(document_of(admin, quote, use)) for use in DocumentUse}
        sellers = ((admin, self.other), (outsider, elsewhere))
        theirs = [document_of(by, self._sold(by, one), DocumentUse.QUOTE) for by, one in sellers]
        self.foreign = dict(zip(FOREIGN_NAMES, (*map(str, theirs), str(new_id()), "1", "%00%ED%A0%80"), strict=True))

    def _sold(self, admin: Actor, partner: Partner, contact: Contact | None = None) -> Quote:
        with transaction(admin) as session:
            seller = contact or make_contact(session, partner)
        quote, by = accepted(admin, partner, seller), contact_actor(seller)
        attach(by, quote)
        upload_order(by, quote, number=quote.reference, customer_name=quote.customer_name)
        invoice(admin, quote)
        return quote

    def secret(self, who: str, staff: dict[str, Actor]) -> str:
        """A session of somebody; "" for nobody."""
        if who == "nobody":
            return ""
        if who in staff:
            by = staff[who]
            with transaction(by) as session:
                return sessions.open_session(session, kind=SessionKind.STAFF, staff_id=by.id, by=by)
        if who in VISITORS:
            kind = SessionKind.READER if who == "reader" else SessionKind.ROOM
            return come_in(self.partner, kind=kind, device=TRUSTED)
        return self._contact_secret(who)

    def _contact_secret(self, who: str) -> str:
        contact = self._contact(who)
        if who == "who looks":
            with transaction(self.admin) as session:
                path = contacts.view_as(session, contact.id, by=self.admin)
            with transaction(STRANGER) as session:
                return entry.enter_view(session, path.removeprefix("/view/"), by=STRANGER)
        opened = {
            "kind": SessionKind.CONTACT,
            "partner_id": contact.partner_id,
            "contact_id": contact.id,
            "device": who,
        }
        with transaction(self.admin) as session:
            if "new device" not in who:
                known = devices.known_as(hashed(who), contact.id)
                devices.trust(session, contact.partner_id, known, address=contact.email)
            secret = sessions.open_session(session, **opened, by=self.admin)  # type: ignore[arg-type]
            self._end(session, who, contact)
        return secret

    def _contact(self, who: str) -> Contact:
        if who == ContactRole.SALESPERSON:
            return self.salesperson
        role = ContactRole.SALESPERSON if who == "colleague" else ContactRole.PRINCIPAL
        named = who.partition(",")[0]
        role = ContactRole(named) if named in set(ContactRole) else role
        with transaction(self.admin) as session:
            return make_contact(session, self.other if who == "another's" else self.partner, role=role)

    def _end(self, session: Any, who: str, contact: Contact) -> None:
        if who == "disabled":
            contacts.disable(session, contact.id, by=self.admin)
        if who == "expired":
            mine = update(AccessSession).where(AccessSession.contact_id == contact.id)
            session.execute(mine.values(expires_at=now()))
        if who == "module off":
            session.execute(update(Company).values(module_partner_portal_enabled=False))


@pytest.fixture
def world(aisha: Actor, outsider: Actor, partner: Partner) -> World:
    with transaction(aisha) as session:
        session.get_one(Partner, partner.id).reseller_since = now()
    return World(aisha, outsider, partner)


def asked(client: Any, cookie: str, secret: str, path: str) -> Any:
    client.cookies.clear()
    AttemptStorage().reset()
    if secret:
        client.cookies.set(cookie, secret)
    return client.get(path)


def at_portal(at: int) -> dict[str, int]:
    """What somebody gets of each document at the portal."""
    rows = {use.value: row for use, row in OWN.items()} | dict.fromkeys(FOREIGN_NAMES, FOREIGN)
    found = {name: int(row.split()[at]) for name, row in rows.items()}
    if WHO[at] == "another's":
        found["another partner's"] = 200
    if WHO[at] == "who looks":
        found["no id"] = found["no text"] = 404
    return found


def at_admin(at: int) -> dict[str, int]:
    """The same at the admin app, where staff read all partners' deals of their company."""
    rows = dict.fromkeys((*OWN, "another partner's"), IN_ADMIN) | dict.fromkeys(FOREIGN_NAMES[1:], NOWHERE)
    found = {str(name): int(row.split()[at]) for name, row in rows.items()}
    if WHO[at] == "other company":
        found["another company's"] = 200
    if WHO[at] in STAFF:
        found["no id"] = found["no text"] = 404
    return found


def test_documents_of_deals_open_to_whom_they_are_meant_for(
    portal: Any, admin: Any, world: World, aisha: Actor, reviewer: Actor, analyst: Actor, member: Actor, outsider: Actor
) -> None:
    people = dict(zip(STAFF, (aisha, reviewer, analyst, member, world.platform, outsider), strict=True))
    ids = {use.value: one for use, one in world.own.items()} | world.foreign
    doors = ((portal, portal_door().cookie, at_portal), (admin, admin_app.routes.door().cookie, at_admin))
    for at, who in enumerate(WHO):
        secret = world.secret(who, people)
        for client, cookie, wanted in doors:
            got = {name: asked(client, cookie, secret, f"/documents/{one}").status_code for name, one in ids.items()}
            assert got == wanted(at), (who, cookie)


def test_what_is_not_there_and_what_is_somebody_elses_is_told_alike(portal: Any, world: World) -> None:
    secret = world.secret("principal", {})
    pages = {asked(portal, portal_door().cookie, secret, f"/documents/{one}").text for one in world.foreign.values()}
    assert len(pages) == 1
    assert "%PDF" not in pages.pop()
