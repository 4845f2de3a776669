"""The small parts of the front door: addresses, clients, cookies, logs, the start-up check."""

import asyncio
import gc
import io
import logging
import secrets
from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from core.access.kinds import PORTAL_KINDS, STAFF_KINDS
from core.errors import DomainError, NotSaved
from core.i18n import words
from front_door import answers, gate, logs, pages, startup
from front_door.client import Client, client_of
from front_door.cookies import local
from front_door.door import Door
from front_door.headers import content_policy, inline_hashes
from front_door.sockets import ConnectLimit, Owners, wished_id, without_wish


def scope(peer: str = "203.0.113.9", *forwarded: str) -> dict[str, Any]:
    """A request from a peer, with its X-Forwarded-For headers."""
    headers = [(b"x-forwarded-for", value.encode("latin-1", "replace")) for value in forwarded]
    return {"type": "http", "client": (peer, 1), "headers": [*headers, (b"user-agent", b"Chrome")]}


class TestClient:
    """Whose address it is."""

    @pytest.mark.parametrize("forwarded", ("", "198.51.100.1", "abc, 999.1.1.1", "127.0.0.1"))
    def test_is_the_peer_without_proxies_of_ours(self, forwarded):
        assert client_of(scope("203.0.113.9", forwarded)) == Client("203.0.113.9", "Chrome")

    @pytest.mark.parametrize(
        ("proxies", "forwarded", "found"),
        (
            (1, ["198.51.100.1"], "198.51.100.1"),
            (1, ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
            (1, ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),
            (2, ["6.6.6.6, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            (2, ["6.6.6.6, 198.51.100.1", "10.0.0.2"], "198.51.100.1"),
            (1, ["2001:DB8:0:0::1"], "2001:db8::1"),
            (1, ["::ffff:198.51.100.1"], "198.51.100.1"),
            (1, ["[2001:db8::1]"], "2001:db8::1"),
        ),
    )
    def test_is_counted_from_the_right(self, set_settings, proxies, forwarded, found):
        set_settings(trusted_proxies=proxies)
        assert client_of(scope("10.0.0.1", *forwarded)) == Client(found, "Chrome")

    @pytest.mark.parametrize("forwarded", ([], ["abc, 999.1.1.1"], [""], ["198.51.100.1,"], ["1.2.3.4:80"], ["é"]))
    def test_is_the_peer_when_the_header_is_malformed_and_that_is_noted(self, set_settings, forwarded):
        set_settings(trusted_proxies=1)
        found = client_of(scope("10.0.0.1", *forwarded))
        assert (found.ip, found.forwarded_is_sound) == ("10.0.0.1", False)

    @pytest.mark.parametrize("proxies", (0, 2))
    @pytest.mark.parametrize("forwarded", ("198.51.100.1", "198.51.100.1:80", "[2001:db8::1]:80"))
    def test_is_unknown_when_the_server_put_the_claim_in_its_place(self, set_settings, proxies, forwarded):
        set_settings(trusted_proxies=proxies)
        peer = forwarded.removesuffix(":80").strip("[]")
        assert client_of(scope(peer, forwarded)) == Client("", "Chrome", forwarded_is_sound=False)

    def test_is_nobody_without_a_peer(self):
        assert client_of({"type": "http", "headers": []}).ip == ""

    @given(st.lists(st.text(alphabet="0123456789.:, abcf", max_size=40), max_size=4))
    def test_is_never_invented(self, forwarded):
        assert client_of(scope("203.0.113.9", *forwarded)).ip == "203.0.113.9"


class TestDoor:
    def test_on_ones_own_machine_has_both_names(self):
        door = Door("admin", STAFF_KINDS, "http://127.0.0.1:8501")
        assert door.origins == ("http://127.0.0.1:8501", "http://localhost:8501")
        assert door.cookie == "pd_admin"

    def test_elsewhere_has_one(self):
        door = Door("portal", PORTAL_KINDS, "https://partners.example.om")
        assert door.origins == ("https://partners.example.om",)
        assert door.cookie == "__Host-pd_portal"

    @pytest.mark.parametrize("path", ("/staticx", "/static", "/sign-in-not", "//static/x", "/fonts", "/healthz/x"))
    def test_opens_only_what_it_names(self, path):
        assert not Door("admin", STAFF_KINDS, "http://x", open_paths=("/sign-in",)).is_open(path)


class TestNextPage:
    @pytest.mark.parametrize("page", ("/", "/partner?id=7", "/audit#end"))
    def test_is_a_path_of_ours(self, page):
        assert local(page) == page

    @pytest.mark.parametrize(
        "page",
        ("", "x", "//evil", "/\\evil", "\\\\evil", "https://evil", "/a\r\nb", "/ b", "/é", "/\t/evil", "/" * 999),
    )
    def test_is_nothing_else(self, page):
        assert local(page) == ""


class TestContentPolicy:
    def test_allows_exactly_streamlits_own_inline_script(self, tmp_path):
        page = tmp_path / "index.html"
        page.write_text("<script>a()</script><script src=x></script>")
        (found,) = inline_hashes(page)
        assert found == f"'sha256-{b64encode(sha256(b'a()').digest()).decode()}'"
        policy = content_policy(Door("admin", STAFF_KINDS, "https://a.om"), [found])
        assert f"script-src 'self' blob: {found};" in policy

    def test_knows_the_installed_front_end(self):
        assert len(startup.front_end_hashes()) == 1


class TestSockets:
    def test_counts_by_address(self):
        limit = ConnectLimit(per_minute=2)
        assert [limit.admits("a"), limit.admits("a"), limit.admits("a"), limit.admits("b")] == [True, True, False, True]

    def test_remembers_owners_up_to_a_bound(self):
        owners, mine = Owners(), uuid4()
        owners.give("first", mine)
        for n in range(50_000):
            owners.give(str(n), uuid4())
        assert owners.owner("first") is None
        assert len(owners._owner) == 50_000

    def test_takes_the_wish_out_and_nothing_else(self):
        asked = {
            "headers": [(b"sec-websocket-protocol", b"streamlit, xsrf, stolen"), (b"cookie", b"c")],
            "subprotocols": ["streamlit", "xsrf", "stolen"],
        }
        assert wished_id(asked) == "stolen"
        assert wished_id(without_wish(asked)) == ""
        assert without_wish(asked) == {
            "headers": [(b"sec-websocket-protocol", b"streamlit, xsrf"), (b"cookie", b"c")],
            "subprotocols": ["streamlit", "xsrf"],
        }


SECRETS = (
    "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl",
    secrets.token_urlsafe(32),
    str(uuid4()),
)


class TestLogs:
    @pytest.fixture
    def lines(self, monkeypatch):
        """What is logged, as text."""
        out = io.StringIO()
        monkeypatch.setattr("sys.stderr", out)
        before, factory = structlog.get_config(), logging.getLogRecordFactory()
        logs.configure()
        yield out
        logging.setLogRecordFactory(factory)
        structlog.configure(**before)

    @pytest.mark.parametrize("secret", SECRETS, ids=["token", "secret", "streamlit session"])
    def test_keep_no_secret_wherever_it_stands(self, lines, secret):
        log = structlog.get_logger()
        log.info(f"opened {secret}", path=f"/partnership/mol?token={secret}&x=1", list=[secret], nested={"a": secret})
        try:
            raise ValueError(f"no link {secret}")
        except ValueError:
            log.exception("crashed", reason=f"'{secret}'")
        text = lines.getvalue()
        assert secret not in text
        assert text.count("\n") == 2
        assert '"event": "opened [removed]"' in text
        assert "ValueError" in text

    @pytest.mark.parametrize("name", ("token", "code", "cookie", "session_secret", "Authorization", "smtp_password"))
    def test_keep_nothing_under_a_telling_name(self, lines, name):
        structlog.get_logger().info("x", **{name: "hunter2"})
        assert "hunter2" not in lines.getvalue()

    @pytest.mark.parametrize(
        "text", ("GET /x?code=ABCD-1234 HTTP/1.1", "Cookie: pd_admin=abc; a=b", "POST /sign-in/abcdefghij0123456789xy")
    )
    def test_clean_what_the_libraries_say(self, lines, text):
        handler = logging.StreamHandler(lines)
        library = logging.getLogger("a.library")
        library.addHandler(handler)
        library.error("said: %s", text)
        try:
            raise RuntimeError(text)
        except RuntimeError:
            library.exception("crashed")
        library.removeHandler(handler)
        said = lines.getvalue()
        assert "[removed]" in said
        assert all(secret not in said for secret in ("ABCD-1234", "pd_admin=abc", "abcdefghij0123456789xy"))
        assert "RuntimeError" in said

    def test_leave_ordinary_words_and_our_own_keys(self):
        text = "partner 01a2039a-1544-7020-ad63-b09044183607 moved; ibm-plex-sans-arabic-arabic-600-normal.woff2"
        assert logs.without_secrets(text) == text


class TestStartup:
    @pytest.fixture
    def options(self, monkeypatch):
        """The options in force, as the product needs them."""
        door = Door("admin", STAFF_KINDS, "https://a.om")
        found = startup.REQUIRED | {
            "server.cookieSecret": startup.cookie_secret(door),
            "server.corsAllowedOrigins": ["https://a.om"],
            "server.allowedHosts": ["a.om"],
        }
        monkeypatch.setattr("front_door.startup.config.get_option", found.__getitem__)
        return found, door

    def test_goes_on_with_our_configuration(self, options):
        startup.check_streamlit(options[1])

    @pytest.mark.parametrize("name", (*startup.REQUIRED, "server.cookieSecret", "server.allowedHosts"))
    def test_stops_at_any_difference(self, options, name):
        found, door = options
        found[name] = [] if name == "server.allowedHosts" else "something else"
        with pytest.raises(startup.ConfigurationUnsafe, match=name):
            startup.check_streamlit(door)

    def test_collects_garbage_on_a_timer(self, options, monkeypatch):
        collected = []
        monkeypatch.setattr(gc, "collect", lambda: collected.append(1))
        monkeypatch.setattr(startup, "COLLECT_SECONDS", 0.01)

        async def live() -> None:
            async with startup.running(options[1]):
                await asyncio.sleep(0.1)

        asyncio.run(live())
        assert len(collected) >= 2

    def test_each_app_has_its_own_cookie_key(self):
        doors = [Door(name, STAFF_KINDS, "https://a.om") for name in ("admin", "portal")]
        assert len({startup.cookie_secret(door) for door in doors}) == 2


class TestScriptErrors:
    @pytest.fixture
    def shown(self, monkeypatch):
        """What the page shows."""
        found: list[str] = []
        monkeypatch.setattr("front_door.startup.st.error", found.append)
        return found

    def test_show_a_refusal_in_its_own_words(self, shown):
        assert startup.answer_script_error(NotSaved(error_id="7F3A"))
        assert shown[0].startswith("Not saved. Nothing was changed")

    def test_show_an_id_for_a_fault_and_nothing_of_it(self, shown):
        assert startup.answer_script_error(RuntimeError("hunter2"))
        assert "hunter2" not in shown[0]
        assert "tell us error" in shown[0]


class TestWords:
    def refusals(self) -> list[type[DomainError]]:
        return [
            kind
            for module in (answers, gate)
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, DomainError) and kind.__module__ == module.__name__
        ]

    def test_each_refusal_of_the_front_door_has_its_arabic(self):
        assert self.refusals()
        assert [kind.__name__ for kind in self.refusals() if f"error.{kind.__name__}" not in words("ar")] == []

    @pytest.mark.parametrize("prefix", ("entry.", "sign_in."))
    def test_the_pages_say_the_same_in_both_languages(self, prefix):
        english, arabic = ({key for key in words(language) if key.startswith(prefix)} for language in ("en", "ar"))
        assert english == arabic

    def test_every_heading_exists(self):
        kinds: list[type[DomainError]] = [DomainError, NotSaved, *self.refusals()]
        for kind in kinds:
            assert pages._title_of(kind()) in words("en")
