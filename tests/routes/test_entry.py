"""A proposal's link, from the partner's side: looked at, opened, refused, renewed."""

import asyncio
import re

import pytest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.types import Message

from core.access.models import AccessSession, Attempt
from core.access.secret import hashed
from core.actor import system
from core.db import Base, reading, transaction
from core.engagement.batch import Outcome
from core.engagement.ingest import Ingest
from core.engagement.models import Visit
from core.mail.models import Mail
from core.partners.models import Partner
from portal_app.routes import Beacons

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


class TestLeaving:
    def test_ends_the_session(self, portal, token):
        portal.post(PLACE, data={"token": token})
        assert "Leave?" in portal.get("/leave").text
        assert portal.get("/").status_code == 200
        secret = portal.cookies["pd_portal"]
        answer = portal.post("/leave")
        assert "You have left" in answer.text
        portal.cookies.set("pd_portal", secret)
        assert portal.get("/").status_code == 401


class TestBeacons:
    @pytest.mark.parametrize("body", (b"", b"{", b"[]", b'{"v": "made up"}', b"x" * 1_000_000, b"\xff\xfe"))
    def test_nothing_is_told_about_a_bad_one(self, portal, token, body):
        portal.post(PLACE, data={"token": token})
        answer = portal.post("/seen", content=body)
        assert (answer.status_code, answer.content) == (204, b"")

    @pytest.mark.parametrize(("outcome", "status"), ((Outcome.KEPT, 204), (Outcome.DROPPED, 204), (Outcome.ENDED, 403)))
    def test_only_the_end_of_the_session_is_told(self, outcome: Outcome, status: int):
        class Ended(Ingest):
            async def receive(self, body: bytes, secret_hash: bytes) -> Outcome:
                assert (body, secret_hash) == (b"{}", hashed("the secret"))
                return outcome

        seen = Request({"type": "http", "method": "POST", "headers": [(b"cookie", b"pd_portal=the secret")]})
        assert asyncio.run(_answered(Beacons(Ended()), seen)) == status

    def test_from_other_sites_is_refused(self, portal):
        assert portal.post("/seen", content=b"{}", headers={"Origin": "https://evil.example"}).status_code == 403


async def _answered(app: Beacons, request: Request) -> int:
    """The status with which an ASGI app answers a request whose body is ``{}``."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(request.scope, receive, send)
    return int(sent[0]["status"])
