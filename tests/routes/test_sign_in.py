"""Staff getting in and out by a mailed link."""

import statistics
import time

import pytest
from sqlalchemy import func, select

from core.access.models import AccessSession, SignInLink
from core.actor import system
from core.clock import now
from core.companies.models import Staff
from core.db import Base, reading, transaction
from core.mail.models import Mail


def count(model: type[Base]) -> int:
    with reading(system()) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


class TestAskingForALink:
    def test_shows_one_field(self, admin):
        page = admin.get("/sign-in")
        assert page.status_code == 200
        assert 'type="email"' in page.text
        assert "Sign in with" not in page.text

    def test_speaks_arabic(self, admin):
        assert 'dir="rtl"' in admin.get("/sign-in?lang=ar").text
        assert 'dir="rtl"' in admin.get("/sign-in", headers={"Accept-Language": "ar"}).text

    def test_mails_a_link_to_a_registered_address(self, admin, aisha):
        admin.post("/sign-in", data={"email": "AISHA.al.balushi@dhofar.om "})
        assert (count(SignInLink), count(Mail)) == (1, 1)

    @pytest.mark.parametrize("email", ("nobody@dhofar.om", "", "not an address", "a\r\nBcc: x@y.z", "\x00", "x" * 900))
    def test_answers_alike_for_any_other(self, admin, aisha, email):
        known = admin.post("/sign-in", data={"email": "aisha.al.balushi@dhofar.om"})
        unknown = admin.post("/sign-in", data={"email": email})
        assert "If this address is registered, a link is on its way" in known.text
        assert (known.status_code, known.text) == (unknown.status_code, unknown.text) == (200, known.text)
        assert count(Mail) == 1

    def test_answers_as_fast_for_any_other(self, admin, aisha, set_settings):
        set_settings(sign_in_links_per_address=1_000)

        def took(email: str) -> float:
            began = time.perf_counter()
            admin.post("/sign-in", data={"email": email})
            return time.perf_counter() - began

        times = [(took("aisha.al.balushi@dhofar.om"), took("nobody@dhofar.om")) for _ in range(5)]
        known, unknown = (statistics.median(column) for column in zip(*times, strict=True))
        assert abs(known - unknown) < 0.05

    def test_not_for_somebody_who_left(self, admin, aisha):
        with transaction(system()) as session:
            session.get_one(Staff, aisha.id).disabled_at = now()
        admin.post("/sign-in", data={"email": "aisha.al.balushi@dhofar.om"})
        assert count(Mail) == 0

    def test_is_limited_for_one_address_and_about_one(self, admin, aisha):
        statuses = [admin.post("/sign-in", data={"email": f"nobody{n}@dhofar.om"}).status_code for n in range(11)]
        assert statuses == [200] * 10 + [429]


class TestTheMailedLink:
    def test_looked_at_stays_good(self, admin, sign_in_secret):
        for _ in range(20):
            page = admin.get(f"/sign-in/{sign_in_secret}")
            assert page.status_code == admin.head(f"/sign-in/{sign_in_secret}").status_code == 200
        assert sign_in_secret not in page.text
        assert count(AccessSession) == 0
        assert admin.post(f"/sign-in/{sign_in_secret}").status_code == 303

    def test_signs_in_once(self, admin, sign_in_secret):
        answer = admin.post(f"/sign-in/{sign_in_secret}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert admin.get("/").text == "what the gate guards"
        again = admin.post(f"/sign-in/{sign_in_secret}")
        assert again.status_code == 404
        assert "used already, or is too old" in again.text
        assert 'href="/sign-in">Sign in</a>' in again.text
        assert count(AccessSession) == 1

    def test_is_dead_after_twenty_minutes(self, clock, admin, sign_in_secret):
        clock.forward(minutes=20)
        assert admin.post(f"/sign-in/{sign_in_secret}").status_code == 404

    @pytest.mark.parametrize("secret", ("made-up", "x" * 900, "%00", "كلمة"))
    def test_made_up_is_told_the_same(self, admin, secret):
        assert admin.post(f"/sign-in/{secret}").status_code == 404

    def test_comes_back_to_the_page_that_was_asked_for(self, admin, sign_in_secret):
        sent = admin.get("/partner?id=7")
        assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=%2Fpartner%3Fid%3D7")
        admin.get(sent.headers["location"])
        assert admin.post(f"/sign-in/{sign_in_secret}").headers["location"] == "/partner?id=7"
        assert "pd_next" not in admin.cookies

    @pytest.mark.parametrize("page", ("//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb", ""))
    def test_never_goes_elsewhere(self, admin, sign_in_secret, page):
        admin.get("/sign-in", params={"next": page})
        assert admin.post(f"/sign-in/{sign_in_secret}").headers["location"] == "/"


class TestSigningOut:
    def test_ends_the_session(self, admin, sign_in_secret):
        admin.post(f"/sign-in/{sign_in_secret}")
        secret = admin.cookies["pd_admin"]
        assert admin.post("/sign-out").headers["location"] == "/sign-in"
        assert "pd_admin" not in admin.cookies
        admin.cookies.set("pd_admin", secret)
        assert admin.get("/").status_code == 303

    def test_is_not_done_by_a_link(self, admin, sign_in_secret):
        admin.post(f"/sign-in/{sign_in_secret}")
        assert "Your session on this device ends" in admin.get("/sign-out").text
        assert admin.get("/").text == "what the gate guards"


class TestProviders:
    def test_unknown_ones_are_not_found(self, admin):
        assert admin.get("/sign-in/with/nobody").status_code == 404

    def test_a_forged_cookie_lets_nobody_in(self, admin, aisha):
        admin.cookies.set("_streamlit_user", "eyJlbWFpbCI6ICJhaXNoYSJ9.forged.cookie")
        assert admin.get("/sign-in").headers["location"] == "/sign-in/provider"
        answer = admin.get("/sign-in/provider")
        assert answer.status_code == 403
        assert count(AccessSession) == 0
        assert '_streamlit_user=""' in answer.headers["set-cookie"]
