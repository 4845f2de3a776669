"""The gate: what it lets through, what it refuses, and what every answer carries."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select, update
from starlette.responses import PlainTextResponse

import core.db
from core.access.kinds import STAFF_KINDS
from core.access.models import AccessSession
from core.actor import system
from core.clock import now
from core.db import transaction
from front_door.door import Door
from front_door.gate import UPLOADS_PER_MINUTE, Gate
from tests.routes.conftest import PAGE

pytestmark = pytest.mark.usefixtures("sqlite_database")
GUARDED = (
    "/",
    "/partner",
    "/media/0123456789abcdef.pdf",
    "/component/st_aggrid.AgGrid/index.html",
    "/_stcore/health",
    "/_stcore/metrics",
    "/_stcore/host-config",
    "/_stcore/bidi-components/x/index.js",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/app/static/secret.txt",
    "/auth/logout",
    "/staticky",
    "/sign-inn",
)
MUST = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def signed_in(admin, sign_in_secret):
    """The admin app with a session."""
    admin.post(f"/sign-in/{sign_in_secret}")
    return admin


class TestWithoutASession:
    @pytest.mark.parametrize("path", GUARDED)
    def test_nothing_of_the_app_answers(self, admin, portal, path):
        for app in (admin, portal):
            for headers in ({"Accept": "*/*"}, {"Accept": PAGE}, {"Accept": PAGE, "Sec-Fetch-Dest": "iframe"}):
                answer = app.get(path, headers=headers)
                assert answer.status_code in (303, 401)
                assert "what the gate guards" not in answer.text

    @pytest.mark.parametrize("path", ("/static/js/index.js", "/favicon.png", "/robots.txt", "/healthz"))
    def test_what_is_the_same_for_everybody_does(self, admin, portal, path):
        assert admin.get(path).status_code == portal.get(path).status_code == 200

    def test_the_portal_says_to_open_the_link(self, portal):
        page = portal.get("/")
        assert page.status_code == 401
        assert "Come in by the link in the e-mail" in page.text
        assert "ادخل عبر الرابط" in page.text

    @pytest.mark.parametrize("secret", ("", "made-up", "x" * 500, "é".encode().decode("latin-1")))
    def test_a_made_up_cookie_helps_nobody(self, admin, secret):
        headers = {"Cookie": f"pd_admin={secret}".encode("latin-1"), "Accept": "*/*"}
        assert admin.get("/_stcore/metrics", headers=headers).status_code == 401

    def test_a_readers_session_opens_no_admin_page(self, admin, portal, token):
        portal.post("/partnership/salalah-retail", data={"token": token})
        reader = portal.cookies["pd_portal"]
        answer = admin.get("/_stcore/metrics", headers={"Cookie": f"pd_admin={reader}; pd_portal={reader}"})
        assert answer.status_code == 303


class TestWithASession:
    def test_the_app_answers(self, signed_in):
        assert signed_in.get("/_stcore/metrics").text == "what the gate guards"

    @pytest.mark.parametrize("path", ("/", "/partner", "/deals", "/favicon.png", "/welcome?x=1", "/sign-in"))
    def test_each_page_has_its_address(self, signed_in, path):
        assert signed_in.get(path).status_code == 200

    @pytest.mark.parametrize("path", ("/dealz", "/deals2", "/Deals", "/constructor", "/%D8%B9%D9%82%D8%AF", "/views"))
    def test_an_address_that_names_no_page_leads_to_the_start(self, signed_in, path):
        answer = signed_in.get(path)
        assert answer.status_code == 404
        assert "There is no page at this address" in answer.text
        assert "لا توجد صفحة بهذا العنوان" in answer.text
        assert 'href="/">Go to the start page' in answer.text

    @pytest.mark.parametrize("end", ({"revoked_at": True}, {"expires_at": True}))
    def test_until_it_is_ended(self, signed_in, end):
        with transaction(system()) as session:
            session.execute(update(AccessSession).values({name: now() for name in end}))
        assert signed_in.get("/_stcore/metrics").status_code == 303

    def test_until_it_was_unused_for_thirty_days(self, clock, signed_in):
        clock.forward(days=30)
        assert signed_in.get("/_stcore/metrics").status_code == 303

    def test_an_upload_is_taken_for_a_page_of_ones_own_only(self, signed_in):
        gate, own = signed_in.app, UUID(int=7)
        gate.owners.give("others", own)
        for page in ("others", "nobodys"):
            answer = signed_in.put(f"/_stcore/upload_file/{page}/file", content=b"x" * 1000)
            assert (answer.status_code, answer.text) == (403, "This file is not for a page of yours.")

    def test_so_many_uploads_a_minute_are_taken(self, signed_in):
        gate = signed_in.app
        with transaction(system()) as session:
            gate.owners.give("page", session.scalars(select(AccessSession.id)).one())
        answers = [signed_in.put("/_stcore/upload_file/page/file", content=b"x") for _ in range(UPLOADS_PER_MINUTE + 1)]
        assert {answer.text for answer in answers[:-1]} == {"what the gate guards"}
        assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "60")

    def test_nothing_is_sent_from_other_sites(self, signed_in):
        assert signed_in.post("/anything", headers={"Origin": "https://evil.example"}).status_code == 403


class TestHeaders:
    def answers(self, client, secret):
        yield client.get("/healthz")
        yield client.get("/robots.txt")
        yield client.get("/sign-in")
        yield client.get("/")
        yield client.get("/_stcore/metrics", headers={"Accept": "*/*"})
        yield client.get("/fonts/nothing")
        yield client.get("/fonts/ibm-plex-sans-latin-400-normal.woff2")
        yield client.get("/static/x.js")
        yield client.put("/sign-out")
        yield client.post("/sign-out", headers={"Origin": "https://evil.example"})
        yield client.post("/sign-in", data={"email": "x" * 20_000})
        yield client.post("/sign-in/made-up")
        yield client.post(f"/sign-in/{secret}")
        yield client.get("/broken")
        yield client.get("/page")
        yield client.head("/page")
        yield client.options("/page")

    def test_stand_on_every_answer(self, admin, sign_in_secret):
        seen = set()
        for answer in self.answers(admin, sign_in_secret):
            seen.add(answer.status_code)
            found = {name: answer.headers.get_list(name) for name in MUST}
            assert found == {name: [value] for name, value in MUST.items()}
            policy = answer.headers["content-security-policy"]
            assert "script-src 'self' blob:;" in policy
            assert "unsafe-eval" not in policy
            assert "frame-ancestors 'self'" in policy
            assert "server" not in answer.headers
            assert "strict-transport-security" not in answer.headers
        assert seen == {200, 303, 401, 403, 404, 405, 413, 500}

    def test_keep_private_pages_out_of_every_cache(self, admin, sign_in_secret):
        for answer in self.answers(admin, sign_in_secret):
            path = answer.request.url.path
            if path.startswith(("/static/", "/fonts/")) and answer.status_code == 200:
                assert answer.headers["cache-control"].startswith("public")
            else:
                assert answer.headers.get_list("cache-control") == ["no-store"]

    def test_connect_to_our_own_sockets_only(self, https, admin, portal):
        assert "connect-src 'self' wss://desk.dhofar.om;" in admin.get("/sign-in").headers["content-security-policy"]
        assert "connect-src 'self' wss://partners.dhofar.om;" in portal.get("/").headers["content-security-policy"]

    def test_make_streamlits_cookies_secure_under_https(self):
        async def app(scope, receive, send):
            answer = PlainTextResponse("x")
            answer.set_cookie("_streamlit_xsrf", "2|a|b|c")
            await answer(scope, receive, send)

        answer = asyncio.run(_get(Gate(app, Door("admin", STAFF_KINDS, "https://a.om", open_paths=("/",)))))
        assert b"; Secure" in dict(answer["headers"])[b"set-cookie"]


async def _get(gate):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    await gate(scope, None, send)
    return sent[0]


class TestFaults:
    def test_a_crash_shows_an_id_and_nothing_else(self, signed_in, capsys):
        answer = signed_in.get("/broken")
        assert answer.status_code == 500
        assert "hunter2" not in answer.text
        assert "it was noted" in answer.text

    def test_a_database_that_is_gone_is_said_kindly(self, portal, token, tmp_path):
        core.db.configure(f"sqlite:///{tmp_path}")
        answer = portal.post("/partnership/salalah-retail", data={"token": token})
        assert answer.status_code == 503
        assert "Not saved. Nothing was changed" in answer.text
        assert portal.get("/healthz").status_code == 503
        assert portal.get("/", headers={"Cookie": "pd_portal=abc"}).status_code == 503
        assert portal.get("/robots.txt").status_code == 200

    def test_an_unknown_page_is_said_kindly(self, portal):
        page = portal.get("/fonts/../../etc/passwd%00")
        assert page.status_code in (401, 404)


class TestFonts:
    def test_are_kept_for_a_year(self, portal):
        answer = portal.get("/fonts/ibm-plex-sans-arabic-arabic-600-normal.woff2")
        assert answer.headers["content-type"] == "font/woff2"
        assert "max-age=31536000" in answer.headers["cache-control"]

    @pytest.mark.parametrize("name", ("ibm-plex-sans-LICENSE.txt", "..%5Cdemo", "x.woff2"))
    def test_nothing_else_is_served_there(self, portal, name):
        assert portal.get(f"/fonts/{name}").status_code == 404
