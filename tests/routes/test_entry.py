"""A proposal's link, from the partner's side: looked at, opened, refused, renewed."""

import re

import pytest
from sqlalchemy import func, select

from core.access.models import AccessSession, Attempt, ProposalLink
from core.actor import system
from core.clock import now
from core.db import Base, reading, transaction
from core.engagement.models import Visit
from core.mail.models import Mail
from core.partners.models import Partner
from core.partners.service import code_hash

PLACE = "/partnership/salalah-retail"
SCANNERS = (
    "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2) SafeLinks",
    "Barracuda Sentinel (EE)",
    "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
    "Mimecast-URL-Protect/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) facebookexternalhit/1.1",
)


def count(model: type[Base]) -> int:
    with reading(system()) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def mails() -> list[Mail]:
    with reading(system()) as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))


class TestLooking:
    def test_says_who_invites_whom_and_what_is_recorded_in_both_languages(self, portal, token):
        page = portal.get(PLACE, params={"token": token})
        assert page.status_code == 200
        for words in (
            "Dhofar Systems invites Salalah Retail",
            "دعوة شراكة من أنظمة ظفار إلى صلالة",
            "What is recorded",
        ):
            assert words in page.text
        for button in ("Open", "Open without measuring", "فتح", "فتح دون قياس"):
            assert f">{button}</button>" in page.text

    def test_is_small_and_needs_no_script(self, portal, token):
        page = portal.get(PLACE, params={"token": token})
        assert len(page.content) < 15_000
        assert "<script" not in page.text

    def test_puts_the_partners_language_first(self, portal, aisha, published, token):
        with transaction(aisha) as session:
            session.get_one(Partner, published.id).language = "ar"
        page = portal.get(PLACE, params={"token": token})
        assert re.search(r'<html lang="ar" dir="rtl">', page.text)
        assert page.text.index("دعوة شراكة") < page.text.index("Dhofar Systems invites")

    def test_shows_names_as_text(self, portal, aisha, published, token):
        with transaction(aisha) as session:
            session.get_one(Partner, published.id).name = "<img src=x onerror=alert(1)>"
        assert "<img" not in portal.get(PLACE, params={"token": token}).text

    @pytest.mark.parametrize("agent", SCANNERS)
    def test_by_scanners_changes_nothing(self, portal, token, agent):
        for attempt in range(20):
            method = "HEAD" if attempt % 2 else "GET"
            answer = portal.request(method, PLACE, params={"token": token}, headers={"User-Agent": agent})
            assert answer.status_code == 200
            assert "set-cookie" not in answer.headers
        assert (count(AccessSession), count(Visit), count(Attempt), len(mails())) == (0, 0, 0, 0)
        assert portal.post(PLACE, data={"token": token, "measured": "yes"}).status_code == 303

    @pytest.mark.parametrize("extra", ({"confirm": "1"}, {"act": "open"}, {"measured": "yes"}, {"method": "POST"}))
    def test_never_acts_whatever_it_is_asked(self, portal, token, extra):
        assert portal.get(PLACE, params={"token": token} | extra).status_code == 200
        assert count(AccessSession) == 0

    @pytest.mark.parametrize("method", ("PUT", "DELETE", "PATCH"))
    def test_wants_no_other_method(self, portal, token, method):
        assert portal.request(method, PLACE, params={"token": token}).status_code == 405

    @pytest.mark.parametrize(("method", "path"), (("GET", f"{PLACE}/new-link"), ("GET", "/seen"), ("PUT", "/leave")))
    def test_of_what_only_acts_is_refused(self, portal, method, path):
        answer = portal.request(method, path)
        assert answer.status_code == 405
        assert "press the button" in answer.text


class TestOpening:
    @pytest.mark.parametrize(("choice", "measured"), (("yes", True), ("no", False), ("", False)))
    def test_gives_a_session_and_an_address_without_the_token(self, portal, token, choice, measured):
        answer = portal.post(PLACE, data={"token": token, "measured": choice})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        with reading(system()) as session:
            opened = session.scalars(select(AccessSession)).one()
        assert (opened.measured, opened.ip, opened.device_hash is not None) == (measured, "203.0.113.9", True)
        assert portal.get("/").text == "what the gate guards"

    def test_keeps_the_cookies_from_scripts_and_other_sites(self, portal, token):
        answer = portal.post(PLACE, data={"token": token})
        cookies = answer.headers.get_list("set-cookie")
        assert [cookie.split("=")[0] for cookie in cookies] == ["pd_portal", "pd_device"]
        for cookie in cookies:
            assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
        assert token not in str(answer.headers)

    def test_binds_the_cookies_to_the_host_under_https(self, https, portal, token):
        session, device = portal.post(PLACE, data={"token": token}).headers.get_list("set-cookie")
        assert session.startswith("__Host-pd_portal=")
        assert "; Secure" in session
        assert "; Secure" in device
        assert portal.get("/healthz").headers["strict-transport-security"] == "max-age=31536000"

    def test_gives_a_new_session_each_time_and_never_one_that_was_brought_along(self, portal, token):
        portal.cookies.set("pd_portal", "planted" * 6)
        first = portal.post(PLACE, data={"token": token}).cookies["pd_portal"]
        second = portal.post(PLACE, data={"token": token}).cookies["pd_portal"]
        assert len({first, second, "planted" * 6}) == 3

    def test_knows_a_device_again(self, portal, token):
        first = portal.post(PLACE, data={"token": token}).cookies["pd_device"]
        assert portal.post(PLACE, data={"token": token}).cookies["pd_device"] == first

    @pytest.mark.parametrize(
        "headers",
        (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": ""},
            {"Origin": "http://127.0.0.1:8502.evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
        ),
    )
    def test_is_refused_from_other_sites(self, portal, token, headers):
        answer = portal.post(PLACE, data={"token": token}, headers=headers)
        assert answer.status_code == 403
        assert "one of our own pages" in answer.text
        assert count(AccessSession) == 0

    def test_works_where_the_browser_blanks_the_origin(self, portal, token):
        headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        assert portal.post(PLACE, data={"token": token}, headers=headers).status_code == 303

    def test_takes_no_huge_form(self, portal):
        assert portal.post(PLACE, data={"token": "x" * 20_000}).status_code == 413


class TestRefusals:
    """Each says what is wrong and what to do, with the right status, looked at and pressed alike."""

    def both(self, portal, token, *, place=PLACE):
        looked = portal.get(place, params={"token": token})
        pressed = portal.post(place, data={"token": token})
        assert looked.status_code == pressed.status_code
        assert count(AccessSession) == 0
        return looked

    @pytest.mark.parametrize(
        "damage",
        (
            lambda token: token[:-1],
            lambda token: token[:40],
            lambda token: token + "=",
            lambda token: token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:],
            lambda token: "eyJhbGciOiJub25lIn0." + token.split(".")[1] + ".",
            lambda token: "",
            lambda token: "\x00",
            lambda token: "كلمة",
        ),
    )
    def test_a_changed_or_cut_link(self, portal, token, damage):
        page = self.both(portal, damage(token))
        assert page.status_code == 404
        assert "This link is incomplete or was changed. Copy the whole link from the e-mail" in page.text
        assert "هذا الرابط ناقص أو جرى تغييره" in page.text
        assert "Dhofar" not in page.text
        assert "new-link" not in page.text

    @pytest.mark.parametrize("slug", ("another-partner", "Salalah-Retail", "x" * 200, "%00"))
    def test_a_link_under_another_name(self, portal, token, slug):
        page = self.both(portal, token, place=f"/partnership/{slug}")
        assert page.status_code == 404

    def test_an_expired_link(self, clock, portal, token):
        clock.forward(days=30)
        page = self.both(portal, token)
        assert page.status_code == 410
        assert "This link expired on 22 Dec 2026. Ask Aisha Al Balushi for a new one" in page.text
        assert "Send me a new link" in page.text

    def test_a_link_a_second_before_it_expires(self, clock, portal, token):
        clock.forward(days=30, seconds=-1)
        assert portal.get(PLACE, params={"token": token}).status_code == 200

    def test_a_replaced_link(self, portal, token, issue):
        issue()
        page = self.both(portal, token)
        assert page.status_code == 410
        assert "A newer link was sent on" in page.text
        assert "Send me a new link" in page.text

    def test_a_withdrawn_link(self, clock, portal, aisha, token):
        with transaction(aisha) as session:
            session.scalars(select(ProposalLink)).one().revoked_at = now()
        page = self.both(portal, token)
        assert page.status_code == 410
        assert "Access was withdrawn on 22 Nov 2026. Contact Aisha Al Balushi" in page.text
        assert "new-link" not in page.text

    def test_in_arabic_first_for_an_arabic_browser(self, portal, token):
        page = portal.get(PLACE, params={"token": token[:-1]}, headers={"Accept-Language": "ar-OM,en;q=0.5"})
        assert page.text.index("هذا الرابط ناقص") < page.text.index("This link is incomplete")


class TestLimits:
    def test_the_sixth_failed_press_is_told_when_to_try_again(self, clock, portal, token):
        bad = {"token": token[:-1]}
        assert [portal.post(PLACE, data=bad).status_code for _ in range(6)] == [404] * 5 + [429]
        answer = portal.post(PLACE, data=bad)
        assert 3_500 < int(answer.headers["retry-after"]) <= 3_660
        assert "Too many attempts. Try again at 13:00 (Muscat)" in answer.text
        assert "\u206813:00\u2069 (بتوقيت مسقط)" in answer.text

    def test_a_good_link_opens_all_the_same(self, portal, token):
        for _ in range(7):
            portal.post(PLACE, data={"token": token[:-1]})
        assert portal.post(PLACE, data={"token": token}).status_code == 303

    def test_an_hour_later_it_is_read_again(self, clock, portal, token):
        for _ in range(6):
            portal.post(PLACE, data={"token": token[:-1]})
        clock.forward(hours=1, seconds=1)
        assert portal.post(PLACE, data={"token": token[:-1]}).status_code == 404

    def test_twenty_failures_over_all_partners_are_the_most(self, portal, token):
        places = [f"/partnership/partner-{n}" for n in range(21)]
        assert [portal.post(place, data={"token": "x"}).status_code for place in places] == [404] * 20 + [429]

    def test_looking_is_never_counted(self, portal, token):
        for _ in range(30):
            portal.get(PLACE, params={"token": token[:-1]})
        assert count(Attempt) == 0

    def test_a_claimed_address_changes_nothing(self, portal, token):
        bad = {"token": token[:-1]}
        answers = [portal.post(PLACE, data=bad, headers={"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(6)]
        assert [answer.status_code for answer in answers] == [404] * 5 + [429]

    def test_behind_a_proxy_each_client_has_its_own(self, one_proxy, portal, token):
        def press(forwarded: str) -> int:
            headers = {"X-Forwarded-For": forwarded}
            return int(portal.post(PLACE, data={"token": token[:-1]}, headers=headers).status_code)

        assert [press(f"10.0.0.{n}, 198.51.100.7") for n in range(6)] == [404] * 5 + [429]
        assert press("198.51.100.7, 198.51.100.8") == 404


class TestNewLink:
    def test_goes_to_the_known_address(self, clock, portal, token, published):
        clock.forward(days=31)
        answer = portal.post(f"{PLACE}/new-link", data={"token": token})
        assert answer.status_code == 200
        assert "a new one is on its way to the address the invitation was sent to" in answer.text
        assert published.contact_email in [mail.to_address for mail in mails()]

    def test_answers_alike_for_a_link_nobody_knows(self, clock, portal, token):
        clock.forward(days=31)
        known = portal.post(f"{PLACE}/new-link", data={"token": token})
        unknown = portal.post(f"{PLACE}/new-link", data={"token": "made up"})
        elsewhere = portal.post("/partnership/nobody-here/new-link", data={"token": "made up"})
        assert known.text == unknown.text == elsewhere.text
        assert known.status_code == unknown.status_code == elsewhere.status_code == 200

    def test_is_limited(self, portal, token):
        statuses = [portal.post(f"{PLACE}/new-link", data={"token": token}).status_code for _ in range(11)]
        assert statuses == [200] * 10 + [429]


class TestLegacyCodes:
    @pytest.fixture
    def coded(self, aisha, published) -> str:
        with transaction(aisha) as session:
            session.get_one(Partner, published.id).legacy_code_hash = code_hash(published.id, "OMAN-2024")
        return "OMAN-2024"

    def test_are_not_asked_for_by_default(self, portal, coded):
        assert portal.get(PLACE).status_code == 404
        assert portal.post(PLACE, data={"code": coded}).status_code == 410
        assert count(AccessSession) == 0

    def test_open_while_they_are_accepted(self, codes_accepted, portal, coded):
        assert 'name="code"' in portal.get(PLACE).text
        assert portal.post(PLACE, data={"code": coded, "measured": "yes"}).status_code == 303

    def test_are_counted_before_they_are_compared(self, codes_accepted, portal, coded):
        assert [portal.post(PLACE, data={"code": "wrong"}).status_code for _ in range(5)] == [404] * 5
        assert portal.post(PLACE, data={"code": coded}).status_code == 429
        assert count(AccessSession) == 0


class TestLeaving:
    def test_ends_the_session(self, portal, token):
        portal.post(PLACE, data={"token": token})
        assert "Leave the proposal?" in portal.get("/leave").text
        assert portal.get("/").status_code == 200
        secret = portal.cookies["pd_portal"]
        answer = portal.post("/leave")
        assert "You have left the proposal" in answer.text
        portal.cookies.set("pd_portal", secret)
        assert portal.get("/").status_code == 401


class TestBeacons:
    @pytest.mark.parametrize("body", (b"", b"{", b"[]", b'{"v": "made up"}', b"x" * 1_000_000, b"\xff\xfe"))
    def test_nothing_is_told_about_a_bad_one(self, portal, token, body):
        portal.post(PLACE, data={"token": token})
        answer = portal.post("/seen", content=body)
        assert (answer.status_code, answer.content) == (204, b"")

    def test_from_other_sites_is_refused(self, portal):
        assert portal.post("/seen", content=b"{}", headers={"Origin": "https://evil.example"}).status_code == 403
