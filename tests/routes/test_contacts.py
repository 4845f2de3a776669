"""A reseller's people at the portal's door: invited, in by a press, asking for a link; and staff who look as one."""

import re
import statistics
import time

import pytest
from sqlalchemy import func, select

from core.access.models import AccessSession
from core.actor import Actor, ContactRole, system
from core.companies.models import Company
from core.contacts import service
from core.contacts.models import Contact, ContactLink
from core.contacts.presence import who
from core.db import Base, reading, transaction
from core.mail.models import Mail
from portal_app.door import door
from tests.core.contact_acts import invited, make_contact, newest_secret
from tests.core.room_acts import send

pytestmark = pytest.mark.usefixtures("sqlite_database")


def count(model: type[Base]) -> int:
    with reading(system()) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def salim(aisha, partner) -> Contact:
    """An invited principal."""
    return invited(aisha, partner, name="Salim Al Kindi", role=ContactRole.PRINCIPAL)


@pytest.fixture
def invite(salim) -> str:
    return newest_secret(salim)


class TestTheInvite:
    def test_looked_at_stays_good(self, portal, invite):
        for _ in range(20):
            assert portal.get(f"/join/{invite}").status_code == portal.head(f"/join/{invite}").status_code == 200
        assert count(AccessSession) == 0
        assert portal.post(f"/join/{invite}").status_code == 303

    def test_says_who_invites_whom_in_both_languages(self, portal, invite):
        page = portal.get(f"/join/{invite}").text
        assert "Dhofar Systems: partner portal" in page
        assert "Salim Al Kindi, this opens the portal for Salalah Retail, in the role Principal." in page
        assert "Ask Aisha Al Balushi" in page
        assert 'dir="rtl"' in page
        assert "المسؤول الرئيسي" in page
        assert invite not in page

    def test_lets_its_contact_in_once(self, portal, salim, invite):
        answer = portal.post(f"/join/{invite}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert portal.get("/").text == "what the gate guards"
        with reading(system()) as session:
            actor = who(session, portal.cookies[door().cookie])
        assert actor is not None
        assert (actor.id, actor.contact_role, actor.partner) == (salim.id, ContactRole.PRINCIPAL, salim.partner_id)
        again = portal.post(f"/join/{invite}")
        assert again.status_code == 410
        assert "This link was used already, on" in again.text
        assert count(AccessSession) == 1

    def test_expired_offers_a_new_link_to_the_same_mailbox(self, clock, portal, salim, invite):
        clock.forward(days=7, seconds=1)
        dead = portal.get(f"/join/{invite}")
        assert dead.status_code == portal.post(f"/join/{invite}").status_code == 410
        assert "This link expired on 29 Nov 2026. Ask Aisha Al Balushi for a new one" in dead.text
        asked = re.search(r'action="(/join/[^"]+/new-link)"', dead.text)
        assert asked is not None
        answer = portal.post(asked[1])
        made_up = portal.post("/join/made-up/new-link")
        assert answer.text == made_up.text
        assert answer.status_code == made_up.status_code == 200
        with reading(system()) as session:
            newest = session.scalars(select(Mail).order_by(Mail.created_at.desc())).first()
        assert newest is not None
        assert newest.to_address == salim.email
        assert portal.post(f"/join/{newest_secret(salim)}").status_code == 303

    def test_sent_again_replaces_the_earlier_one(self, portal, aisha, salim, invite):
        with transaction(aisha) as session:
            service.resend(session, salim.id, by=aisha)
        dead = portal.post(f"/join/{invite}")
        assert dead.status_code == 410
        assert "A newer link was sent on" in dead.text
        assert portal.post(f"/join/{newest_secret(salim)}").status_code == 303

    def test_of_a_disabled_contact_says_that_access_was_withdrawn(self, portal, aisha, salim, invite):
        portal.post(f"/join/{invite}")
        with transaction(aisha) as session:
            service.disable(session, salim.id, by=aisha)
        assert portal.get("/").status_code == 401
        for answer in (portal.get(f"/join/{invite}"), portal.post(f"/join/{invite}")):
            assert answer.status_code == 410
            assert re.search(r"Access was withdrawn on .{5,30}\. Contact Aisha Al Balushi", answer.text)
            assert "new-link" not in answer.text

    def test_opens_nothing_while_the_module_is_off(self, portal, company, salim, invite):
        with transaction(system()) as session:
            session.get_one(Company, company.id).module_partner_portal_enabled = False
        for answer in (portal.get(f"/join/{invite}"), portal.post(f"/join/{invite}")):
            assert answer.status_code == 410
            assert "The partner portal is not available. Contact Aisha Al Balushi." in answer.text
        assert count(AccessSession) == 0

    @pytest.mark.parametrize("secret", ("made-up", "x" * 5_000, "%00", "كلمة", "%ED%A0%80"))
    def test_made_up_is_told_alike(self, portal, salim, secret):
        for answer in (portal.get(f"/join/{secret}"), portal.post(f"/join/{secret}"), portal.get(f"/view/{secret}")):
            assert answer.status_code == 404
            assert "incomplete or was changed" in answer.text

    def test_a_rooms_link_says_what_it_is_for(self, portal, aisha, partner):
        answer = portal.get(f"/join/{send(aisha, partner)}")
        assert answer.status_code == 404
        assert "This link is for the partner portal" in answer.text

    def test_a_proposals_link_says_what_it_is_for(self, portal, token):
        answer = portal.get(f"/join/{token}")
        assert answer.status_code == 404
        assert "This link is for the proposal" in answer.text

    def test_wrong_links_are_counted(self, portal, salim, set_settings):
        statuses = [portal.post(f"/join/made-up-{n}").status_code for n in range(7)]
        assert statuses[0] == 404
        assert statuses[-1] == 429


class TestAskingForALink:
    def test_shows_one_field_in_the_language_asked_for(self, portal):
        assert 'type="email"' in portal.get("/sign-in").text
        assert 'dir="rtl"' in portal.get("/sign-in?lang=ar").text

    def test_mails_one_that_lets_its_contact_in(self, portal, salim):
        portal.post("/sign-in", data={"email": f" {salim.email.upper()} "})
        assert portal.post(f"/join/{newest_secret(salim)}").status_code == 303

    @pytest.mark.parametrize("email", ("nobody@dhofar.om", "", "not an address", "a\r\nBcc: x@y.z", "\x00", "x" * 900))
    def test_answers_alike_for_any_other(self, portal, salim, email):
        known, mails = portal.post("/sign-in", data={"email": salim.email}), count(Mail)
        unknown = portal.post("/sign-in", data={"email": email})
        assert "If this address is registered, a link is on its way" in known.text
        assert (known.status_code, known.text) == (unknown.status_code, unknown.text) == (200, known.text)
        assert count(Mail) == mails

    def test_answers_as_fast_for_any_other(self, portal, salim, set_settings):
        set_settings(sign_in_links_per_address=1_000)

        def took(email: str) -> float:
            began = time.perf_counter()
            portal.post("/sign-in", data={"email": email})
            return time.perf_counter() - began

        times = [(took(salim.email), took("nobody@dhofar.om")) for _ in range(5)]
        known, unknown = (statistics.median(column) for column in zip(*times, strict=True))
        assert abs(known - unknown) < 0.05

    def test_is_not_for_staff(self, portal, aisha):
        portal.post("/sign-in", data={"email": "aisha.al.balushi@dhofar.om"})
        assert count(Mail) == 0

    def test_is_limited(self, portal, salim):
        statuses = [portal.post("/sign-in", data={"email": f"nobody{n}@dhofar.om"}).status_code for n in range(11)]
        assert statuses == [200] * 10 + [429]

    def test_comes_back_to_the_page_that_was_asked_for(self, portal, invite):
        closed = portal.get("/deal?id=7")
        assert closed.status_code == 401
        assert 'href="/sign-in?next=%2Fdeal%3Fid%3D7"' in closed.text
        portal.get("/sign-in?next=%2Fdeal%3Fid%3D7")
        assert portal.post(f"/join/{invite}").headers["location"] == "/deal?id=7"
        assert "pd_next" not in portal.cookies


class TestLookingAsAContact:
    @pytest.fixture
    def path(self, aisha: Actor, salim: Contact) -> str:
        with transaction(aisha) as session:
            return service.view_as(session, salim.id, by=aisha)

    def test_lets_staff_in_once_to_look_only(self, portal, aisha, salim, path):
        page = portal.get(path)
        assert "See the portal as Salim Al Kindi" in page.text
        assert count(AccessSession) == 0
        assert portal.post(path).headers["location"] == "/"
        with reading(system()) as session:
            actor = who(session, portal.cookies[door().cookie])
        assert actor is not None
        assert (actor.id, actor.viewer) == (salim.id, aisha.id)
        assert portal.post(path).status_code == 410
        assert "new-link" not in portal.get(path).text

    def test_lasts_half_an_hour(self, clock, portal, path):
        portal.post(path)
        clock.forward(minutes=29, seconds=59)
        assert portal.get("/").status_code == 200
        clock.forward(seconds=1)
        assert portal.get("/").status_code == 401

    def test_the_link_lasts_five_minutes(self, clock, portal, path):
        clock.forward(minutes=5)
        assert portal.get(path).status_code == portal.post(path).status_code == 410

    def test_a_link_opens_what_it_is_for_and_nothing_else(self, portal, path, invite):
        for other in (path.replace("/view/", "/join/"), f"/view/{invite}"):
            for answer in (portal.get(other), portal.post(other)):
                assert answer.status_code == 404
                assert "for another page" in answer.text
        assert count(AccessSession) == 0


class TestLeaving:
    def test_ends_the_session(self, portal, invite):
        portal.post(f"/join/{invite}")
        assert portal.post("/leave").status_code == 200
        assert portal.get("/").status_code == 401

    def test_of_somebody_who_looks(self, portal, aisha, salim):
        with transaction(aisha) as session:
            path = service.view_as(session, salim.id, by=aisha)
        portal.post(path)
        assert portal.post("/leave").status_code == 200
        assert portal.get("/").status_code == 401


def test_only_hashes_are_kept(invite):
    with reading(system()) as session:
        link = session.scalars(select(ContactLink)).one()
    assert invite.encode() not in link.secret_hash


def test_a_contact_that_was_never_asked_for_has_no_link(aisha, partner):
    with transaction(aisha) as session:
        make_contact(session, partner)
    assert count(ContactLink) == 0
