"""Certificates and pictures by their addresses: who gets which file, what is on record, what a stranger is told."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

import admin_app.routes
import portal_app.door
from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor, ContactRole, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.contacts.models import Contact
from core.db import reading, transaction
from core.partners.models import Partner
from core.settings import settings
from core.training import authoring, service
from core.training.learning_models import Certification
from core.training.pictures import take_in
from tests.conftest import Clock
from tests.core.contact_acts import contact_actor, enter, invited, newest_secret
from tests.core.files import image
from tests.core.training_acts import certifications, do, offered, question, sit
from tests.core.vault_acts import TRUSTED

PNG = image("PNG")


@pytest.fixture
def salam(sqlite_database: str, aisha: Actor, partner: Partner, clock: Clock) -> Contact:
    """A salesperson who was invited."""
    return invited(aisha, partner, role=ContactRole.SALESPERSON)


@pytest.fixture
def held(salam: Contact, aisha: Actor) -> Certification:
    """Salam's certificate."""
    sit(contact_actor(salam), offered(aisha, name="Selling payroll"))
    return certifications(aisha)[0]


def come_in(client, contact: Contact) -> None:
    """A contact's browser."""
    client.cookies.clear()
    client.cookies.set(portal_app.door.door().cookie, enter(newest_secret(contact), TRUSTED))


def staff(client, by: Actor) -> None:
    """A colleague's browser."""
    with transaction(by) as session:
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=by.id, by=by)
    client.cookies.clear()
    client.cookies.set(admin_app.routes.door().cookie, secret)


def taken() -> list[str]:
    """Whose certificates were taken out, as the record says."""
    with reading(system()) as session:
        tagged = select(AuditEntry.actor_name).where(AuditEntry.tag == Tag.CERTIFICATION_FETCH).order_by(AuditEntry.seq)
        return list(session.scalars(tagged))


def told(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.partition("</style>")[2]))


class TestFile:
    def address(self, held: Certification) -> str:
        return f"/training/certificates/{held.id}"

    def test_its_holder_saves_it_on_record(self, portal, salam, held):
        come_in(portal, salam)
        answer = portal.get(self.address(held))
        assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
        assert answer.headers["content-disposition"].startswith('attachment; filename="C-00001.pdf"')
        assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert taken() == [salam.name]

    def test_who_may_not_have_it_leaves_no_record(self, portal, aisha, partner, held):
        come_in(portal, invited(aisha, partner, role=ContactRole.TECHNICAL))
        refused = portal.get(self.address(held))
        unknown = portal.get("/training/certificates/00000000-0000-0000-0000-000000000001")
        assert (refused.status_code, refused.content) == (404, unknown.content)
        assert portal.get("/training/certificates/x").status_code == 404
        assert portal.head(self.address(held)).status_code == 405
        assert taken() == []

    def test_is_gone_once_it_is_revoked(self, portal, salam, held, aisha):
        do(aisha, service.revoke, held.id, reason="A mistake")
        come_in(portal, salam)
        assert portal.get(self.address(held)).status_code == 404

    @pytest.mark.parametrize(("who", "status"), (("aisha", 200), ("analyst", 200), ("reviewer", 200), ("member", 404)))
    def test_staff_have_it_by_the_same_address(self, admin, held, request, who, status):
        staff(admin, request.getfixturevalue(who))
        assert admin.get(self.address(held)).status_code == status
        assert len(taken()) == (status == 200)

    def test_an_employee_has_their_own(self, admin, aisha, member):
        sit(member, offered(aisha))
        staff(admin, member)
        assert admin.get(self.address(certifications(aisha)[0])).status_code == 200


class TestPicture:
    def test_is_shown_to_whom_the_module_is_for(self, portal, admin, aisha, partner, salam, member):
        module = offered(aisha, [question("q1")])
        row = do(aisha, authoring.add_image, module.id, file=take_in("a.png", PNG))
        come_in(portal, salam)
        answer = portal.get(f"/training/pictures/{row.id}")
        assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
        assert "content-disposition" not in answer.headers
        come_in(portal, invited(aisha, partner, role=ContactRole.TECHNICAL))
        assert portal.get(f"/training/pictures/{row.id}").status_code == 404
        assert portal.get("/training/pictures/a.png").status_code == 404
        staff(admin, member)
        assert admin.get(f"/training/pictures/{row.id}").content == PNG


class TestCheck:
    def test_tells_a_stranger_what_the_certificate_says_and_no_more(self, portal, held, salam):
        answer = portal.get(f"/certificate/{held.code}")
        said = told(answer)
        assert answer.status_code == 200
        assert "✓ Genuine, and valid until 22 Nov 2027" in said
        assert "سارية" in said
        for fact in (salam.name, "Salalah Retail", "Selling payroll", "Dhofar Systems"):
            assert fact in said
        for kept_back in (salam.email, str(held.id), held.code, held.reference, "100"):
            assert kept_back not in said, kept_back

    def test_speaks_the_readers_language_first(self, portal, held):
        said = told(portal.get(f"/certificate/{held.code}?lang=ar"))
        assert said.index("بيع الرواتب") < said.index("Selling payroll")

    def test_says_that_it_expired(self, portal, held, clock):
        clock.at(held.expires_at + timedelta(days=3))
        assert "✕ Expired on 22 Nov 2027" in told(portal.get(f"/certificate/{held.code}"))

    def test_says_that_it_was_revoked_and_not_why(self, portal, held, aisha):
        do(aisha, service.revoke, held.id, reason="Somebody else sat the quiz")
        said = told(portal.get(f"/certificate/{held.code}"))
        assert "✕ Revoked on 22 Nov 2026" in said
        assert "Somebody else" not in said

    @pytest.mark.parametrize("code", ("x", "C-00001", "%00", "a" * 41, "%D8%A7"))
    def test_answers_every_wrong_code_alike(self, portal, held, code):
        answer, other = portal.get(f"/certificate/{code}"), portal.get("/certificate/unknown")
        assert answer.status_code == other.status_code == 404
        assert answer.content == other.content
        assert "No certificate has this code" in told(answer)

    def test_does_not_let_codes_be_tried_out(self, portal, held):
        for _ in range(settings().verifications_per_address):
            assert portal.get("/certificate/wrong").status_code == 404
        answer = portal.get(f"/certificate/{held.code}")
        assert answer.status_code == 429
        assert "retry-after" in answer.headers
