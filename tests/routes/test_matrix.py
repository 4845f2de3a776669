"""Every route of both apps, asked by everybody: who gets what. A route that is not written down here fails."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from starlette.endpoints import HTTPEndpoint
from starlette.routing import BaseRoute, Route

import admin_app.routes
import portal_app.routes
from core.access import sessions, tokens
from core.access.attempts import AttemptStorage
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import Actor, ContactRole
from core.clock import now, today
from core.companies.models import Company
from core.contacts import entry
from core.contacts import service as contacts
from core.db import reading, transaction
from core.engagement.ingest import Ingest
from core.mail.models import Mail
from core.nda.recording import record_paper
from core.nda.service import hand_over
from core.partners.models import Partner
from core.proposals.service import send_invitation
from core.training import authoring
from core.training.learning_models import Certification
from core.training.pictures import take_in
from portal_app.door import door as portal_door
from tests.core.contact_acts import STRANGER, contact_actor, enter, invited, newest_secret
from tests.core.crossing import sound_pdf
from tests.core.files import image
from tests.core.library_acts import open_space, put
from tests.core.nda_acts import done, give_contact, handover_link, visitor
from tests.core.room_acts import send
from tests.core.training_acts import certifications, sit
from tests.core.training_acts import offered as offered_training
from tests.core.vault_acts import TRUSTED, come_in, upload
from tests.factories import make_partner

pytestmark = pytest.mark.usefixtures("sqlite_database")
STREAMLIT_ANSWERS = ("/today", "/{word}")
"""A redirect, and an address that names no page: another method goes past them to Streamlit."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

ADMIN_COLUMNS = ("nobody", "reader", "guest", "member", "analyst", "admin", "other company")
ADMIN = {
    "GET /sign-in": "200 200 200 200 200 200 200",
    "POST /sign-in": "200 200 200 200 200 200 200",
    "GET /sign-in/provider": "403 403 403 403 403 403 403",
    "GET /sign-in/with/{key}": "404 404 404 404 404 404 404",
    "GET /sign-in/{secret}": "200 200 200 200 200 200 200",
    "POST /sign-in/{secret}": "404 404 404 404 404 404 404",
    "GET /sign-out": "200 200 200 200 200 200 200",
    "POST /sign-out": "303 303 303 303 303 303 303",
    "GET /today": "303 303 303 303 303 303 303",
    "GET /documents/{id}": "303 303 303 403 200 200 404",
    "HEAD /documents/{id}": "303 303 303 405 405 405 405",
    "GET /export/{name}": "303 303 303 403 200 200 200",
    "GET /nda/{nda_id:uuid}/evidence": "303 303 303 403 403 200 404",
    "HEAD /nda/{nda_id:uuid}/evidence": "303 303 303 405 405 405 405",
    "GET /mail/{mail_id:uuid}": "303 303 303 403 200 200 404",
    "GET /training/{module_id:uuid}/quiz": "303 303 303 403 403 200 404",
    "HEAD /training/{module_id:uuid}/quiz": "303 303 303 405 405 405 405",
    "GET /training/pictures/{id}": "303 303 303 200 200 200 404",
    "GET /training/certificates/{id}": "303 303 303 404 200 200 404",
    "HEAD /training/certificates/{id}": "303 303 303 405 405 405 405",
    "GET /{word}": "303 303 303 404 404 404 404",
}
"""What each gets. The cookies of the portal's people are given to the admin app under its own cookie's name."""

ROOMS = ("reader", "guest", "another's guest")
CONTACTS = (*ContactRole, "another's contact", "who looks", "disabled", "expired", "module off")
PORTAL_COLUMNS = ("nobody", "admin", *ROOMS, *CONTACTS)


def _alike(status: int) -> str:
    """The same for everybody."""
    return " ".join([str(status)] * len(PORTAL_COLUMNS))


PORTAL = {
    "GET /partnership/{slug}": _alike(200),
    "POST /partnership/{slug}": _alike(404),
    "POST /partnership/{slug}/new-link": _alike(200),
    "POST /seen": _alike(204),
    "GET /leave": _alike(200),
    "POST /leave": _alike(200),
    "GET /portal/{token}": _alike(200),
    "POST /portal/{token}": _alike(303),
    "POST /portal/{token}/new-link": _alike(200),
    "GET /sign-in": _alike(200),
    "POST /sign-in": _alike(200),
    "GET /join/{secret}": _alike(404),
    "POST /join/{secret}": _alike(404),
    "POST /join/{secret}/new-link": _alike(200),
    "GET /view/{secret}": _alike(404),
    "POST /view/{secret}": _alike(404),
    "GET /sign/{slug}/nda": _alike(200),
    "POST /sign/{slug}/nda": _alike(404),
    "GET /verify": _alike(200),
    "POST /verify": _alike(200),
    "GET /documents/{id}": "401 401 303 200 404 404 404 404 404 404 404 403 401 401 401",
    "HEAD /documents/{id}": "401 401 405 405 405 405 405 405 405 405 405 405 401 401 405",
    "GET /certificate/{code}": _alike(200),
    "GET /training/pictures/{id}": "401 401 403 403 403 200 200 404 404 403 200 200 401 401 401",
    "GET /training/certificates/{id}": "401 401 403 403 403 200 404 404 404 403 404 403 401 401 401",
    "HEAD /training/certificates/{id}": "401 401 405 405 405 405 405 405 405 405 405 405 401 401 405",
    "POST /hooks/cal": _alike(404),
    "GET /{word}": "401 401 404 404 404 404 404 404 404 404 404 404 401 401 404",
}
"""The pages before a room, a proposal and the portal are for whoever holds the link; what is posted here holds none."""

OF_LIBRARY = {"GET /documents/{id}": "401 401 303 404 404 303 303 303 303 404 303 403 401 401 401"}
"""The same address for a document of the library that every role may have: contacts are asked for a code first, because
their devices are new here."""

BOTH = {"GET /healthz": "200", "GET /robots.txt": "200", "GET /fonts/{name}": "404"}


def offered(routes: list[BaseRoute]) -> list[str]:
    """Every method of every route, as ``GET /documents/{id}``."""
    return [f"{method} {route.path}" for route in routes if isinstance(route, Route) for method in _methods(route)]


def _methods(route: Route) -> list[str]:
    if isinstance(route.endpoint, type) and issubclass(route.endpoint, HTTPEndpoint):
        return [method for method in METHODS if hasattr(route.endpoint, method.lower())]
    return ["GET"] if route.methods else ["POST"]


def expected(table: dict[str, str], columns: tuple[str, ...]) -> dict[tuple[str, str], int]:
    """The table by route and caller."""
    rows = table | {route: " ".join([status] * len(columns)) for route, status in BOTH.items()}
    return {
        (route, who): int(status)
        for route, row in rows.items()
        for who, status in zip(columns, row.split(), strict=True)
    }


class World:
    """A partner with everything that has an address, and who may come for it."""

    def __init__(self, company: dict[str, Actor], partner: Partner) -> None:
        self.staff, self.partner = company, partner
        self.other = self._another_partner()
        self.document = upload(self.admin, partner, requires_nda=False).id
        self.room_token = send(self.admin, partner)
        with transaction(self.admin) as session:
            self.token = tokens.spell(send_invitation(session, partner.id, language="en", by=self.admin))
        reader = visitor(partner)
        give_contact(reader)
        done(hand_over, reader, name="Huda Al Said", email="huda@retail.om")
        self.handover = handover_link(reader)
        signed = {"signer_name": "Salim Al Kindi", "signed_on": today("Asia/Muscat"), "scan": sound_pdf("scan")}
        self.nda = done(record_paper, self.admin, partner.id, **signed).id
        self.picture, self.certificate = self._taught()

    @property
    def admin(self) -> Actor:
        return self.staff["admin"]

    def _another_partner(self) -> Partner:
        with transaction(self.admin) as session:
            return make_partner(session)

    def _taught(self) -> tuple[UUID, Certification]:
        """A picture in a module for sales, and the certificate that one of the partner's sellers holds in it."""
        module, salam = offered_training(self.admin), invited(self.admin, self.partner, role=ContactRole.SALESPERSON)
        with transaction(self.admin) as session:
            picture = authoring.add_image(session, module.id, file=take_in("a.png", image("PNG")), by=self.admin).id
        sit(contact_actor(salam), module)
        return picture, certifications(self.admin)[0]

    def mail(self) -> UUID:
        with reading(self.admin) as session:
            return session.scalars(select(Mail.id)).first() or UUID(int=0)

    def secret(self, who: str) -> str:
        """A new session of somebody; "" for nobody."""
        if who == "nobody":
            return ""
        if who in self.staff:
            by = self.staff[who]
            with transaction(by) as session:
                return sessions.open_session(session, kind=SessionKind.STAFF, staff_id=by.id, by=by)
        if who in CONTACTS:
            return self.contact_secret(who)
        if who == "reader":
            return come_in(self.partner, kind=SessionKind.READER)
        return come_in(self.partner if who == "guest" else self.other, device=TRUSTED)

    def contact_secret(self, who: str) -> str:
        """A new session of a reseller's person, of staff who look as one, or of one whose session lets nobody in."""
        role = ContactRole(who) if who in set(ContactRole) else ContactRole.PRINCIPAL
        contact = invited(self.admin, self.other if who.startswith("another") else self.partner, role=role)
        if who == "who looks":
            with transaction(self.admin) as session:
                path = contacts.view_as(session, contact.id, by=self.admin)
            with transaction(STRANGER) as session:
                return entry.enter_view(session, path.removeprefix("/view/"), by=STRANGER)
        secret = enter(newest_secret(contact), TRUSTED)
        with transaction(self.admin) as session:
            if who == "disabled":
                contacts.disable(session, contact.id, by=self.admin)
            if who == "expired":
                mine = update(AccessSession).where(AccessSession.contact_id == contact.id)
                session.execute(mine.values(expires_at=now()))
            if who == "module off":
                session.execute(update(Company).values(module_partner_portal_enabled=False))
        return secret

    def address(self, route: str) -> str:
        """A route's path with somebody's real ids in it; what is posted holds no token."""
        method, _, path = route.partition(" ")
        named = {"pictures": self.picture, "certificates": self.certificate.id}.get(path.split("/")[-2], self.document)
        facts = {"{slug}": self.partner.slug, "{token}": self.room_token, "{id}": str(named)}
        facts["{code}"] = self.certificate.code
        facts |= {"{nda_id:uuid}": str(self.nda), "{module_id:uuid}": str(self.certificate.module_id)}
        facts |= {"{mail_id:uuid}": str(self.mail()), "{secret}": "made-up", "{key}": "none"}
        facts |= {"{name}": "audit" if "export" in path else "none"}
        for place, value in facts.items():
            path = path.replace(place, value)
        if method != "GET":
            return path
        token = self.token if path.startswith("/partnership/") else self.handover
        return f"{path}?token={token}" if path.startswith(("/partnership/", "/sign/")) else path


@pytest.fixture
def world(aisha: Actor, analyst: Actor, member: Actor, outsider: Actor, published: Partner) -> World:
    people = {"admin": aisha, "analyst": analyst, "member": member, "other company": outsider}
    return World(people, published)


def _ask(client: Any, cookie: str, secret: str, route: str, address: str, **headers: str) -> Any:
    """Ask as somebody; how often it was asked before does not count."""
    client.cookies.clear()
    AttemptStorage().reset()
    if secret:
        client.cookies.set(cookie, secret)
    return client.request(route.partition(" ")[0], address, headers=headers)


def test_every_route_is_written_down() -> None:
    assert set(offered(admin_app.routes.routes())) == set(ADMIN) | set(BOTH)
    assert set(offered(portal_app.routes.routes(Ingest()))) == set(PORTAL) | set(BOTH)


@pytest.mark.parametrize("route", (*ADMIN, *BOTH))
def test_the_admin_app_gives_each_what_is_theirs(admin: Any, world: World, route: str) -> None:
    wanted, cookie, address = expected(ADMIN, ADMIN_COLUMNS), admin_app.routes.door().cookie, world.address(route)
    got = {who: _ask(admin, cookie, world.secret(who), route, address).status_code for who in ADMIN_COLUMNS}
    assert got == {who: wanted[route, who] for who in ADMIN_COLUMNS}


@pytest.mark.parametrize("route", (*PORTAL, *BOTH))
def test_the_portal_gives_each_what_is_theirs(portal: Any, world: World, route: str) -> None:
    wanted, cookie, address = expected(PORTAL, PORTAL_COLUMNS), portal_door().cookie, world.address(route)
    got = {who: _ask(portal, cookie, world.secret(who), route, address).status_code for who in PORTAL_COLUMNS}
    assert got == {who: wanted[route, who] for who in PORTAL_COLUMNS}


def test_a_document_of_the_library_goes_to_whom_its_space_is_for(portal: Any, world: World) -> None:
    ((route, _),) = OF_LIBRARY.items()
    wanted, cookie = expected(OF_LIBRARY, PORTAL_COLUMNS), portal_door().cookie
    address = f"/documents/{put(world.admin, open_space(world.admin)).id}"
    got = {who: _ask(portal, cookie, world.secret(who), route, address).status_code for who in PORTAL_COLUMNS}
    assert got == {who: wanted[route, who] for who in PORTAL_COLUMNS}


@pytest.mark.parametrize("route", [one for one in (*ADMIN, *PORTAL) if one.startswith("POST") and "hooks" not in one])
def test_nothing_is_posted_from_another_site(admin: Any, portal: Any, world: World, route: str) -> None:
    client, who = (admin, "admin") if route in ADMIN else (portal, "guest")
    cookie, address = (portal_door() if client is portal else admin_app.routes.door()).cookie, world.address(route)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert _ask(client, cookie, world.secret(who), route, address, **headers).status_code == 403


@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_is_not_offered_does_nothing(admin: Any, portal: Any, world: World, method: str) -> None:
    for client, table, who in ((admin, ADMIN, "admin"), (portal, PORTAL, "guest")):
        for path in {route.partition(" ")[2] for route in table}:
            known = (
                path in STREAMLIT_ANSWERS
                or f"{method} {path}" in table
                or (method == "HEAD" and f"GET {path}" in table)
            )
            if not known:
                cookie, address = (
                    (portal_door() if client is portal else admin_app.routes.door()).cookie,
                    world.address(f"{method} {path}"),
                )
                answer = _ask(client, cookie, world.secret(who), f"{method} {path}", address)
                assert answer.status_code == 405, (method, path)
