"""The front door of the real processes, in a real browser."""

from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from core.access.models import AccessSession
from core.actor import system
from core.companies import sign_in
from core.db import transaction
from core.engagement.models import Visit
from tests.browser import axe
from tests.live.conftest import CANARY, PLACE, count
from tests.servers import ROOT

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ALLOWED_VIOLATIONS = ("script-src wasm-eval", "WebAssembly")
"""What Streamlit's own front end tries and does without: its protobuf library counts in WebAssembly where it may."""


def violations(page: Page) -> list[str]:
    """Collects what the browser refuses on a page because of the content policy."""
    found: list[str] = []
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " e => console.error(`CSP ${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}`))"
    )
    page.on("console", lambda message: found.append(message.text) if "CSP" in message.text else None)
    page.on("console", lambda m: found.append(m.text) if "Content Security Policy" in m.text else None)
    return found


VIEWS = sorted(file.stem for file in (ROOT / "admin_app" / "views").glob("*.py"))


@pytest.fixture
def apps() -> tuple[str, ...]:
    return ("admin", "portal")


class TestAdminInABrowser:
    def test_no_page_needs_more_than_the_content_policy_allows(self, portal, aisha, browser: Browser):
        with transaction(system()) as session:
            secret = sign_in.open_for_email(session, "aisha.al.balushi@dhofar.om", by=system())
        admin = portal.stack.admin_url
        context = browser.new_context()
        context.add_cookies([{"name": "pd_admin", "value": secret, "url": admin}])
        page = context.new_page()
        refused = violations(page)
        for view in VIEWS:
            page.goto(f"{admin}/{view}")
            page.get_by_test_id("stApp").wait_for()
            page.wait_for_timeout(1_200)
        assert {text for text in refused if not any(known in text for known in ALLOWED_VIOLATIONS)} == set()
        context.close()


class TestInABrowser:
    def test_a_scanner_that_runs_scripts_but_presses_nothing_leaves_no_trace(self, portal, browser: Browser):
        page = browser.new_page()
        page.goto(f"{portal.url}{PLACE}?token={portal.token}")
        page.mouse.move(200, 200)
        page.wait_for_timeout(3_000)
        page.close()
        assert (count(AccessSession), count(Visit)) == (0, 0)

    def test_a_press_opens_the_proposal_at_an_address_without_the_token(self, portal, browser: Browser):
        page = browser.new_page()
        refused = violations(page)
        page.goto(f"{portal.url}{PLACE}?token={portal.token}")
        page.get_by_role("button", name="Open", exact=True).first.click()
        page.get_by_text(CANARY).first.wait_for()
        page.wait_for_timeout(1_000)
        assert "token" not in page.url
        assert [text for text in refused if not any(known in text for known in ALLOWED_VIOLATIONS)] == []
        page.close()

    def test_every_plain_page_can_be_used_by_everybody(self, portal, browser: Browser):
        addresses = [
            f"{portal.url}{PLACE}?token={portal.token}",
            f"{portal.url}{PLACE}?token={portal.token[:-1]}",
            f"{portal.url}/",
            f"{portal.url}/leave",
            f"{portal.stack.admin_url}/sign-in",
            f"{portal.stack.admin_url}/sign-in?lang=ar",
            f"{portal.stack.admin_url}/sign-in/secret",
            f"{portal.stack.admin_url}/sign-out",
        ]
        for scheme in SCHEMES:
            page = browser.new_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
            for address in addresses:
                page.goto(address)
                assert (address, axe(page)) == (address, [])
                assert page.evaluate("document.documentElement.scrollWidth") <= 390
            page.close()

    def test_an_injected_script_does_not_run(self, portal, browser: Browser):
        page = browser.new_page()
        refused = violations(page)
        page.goto(f"{portal.url}{PLACE}?token={portal.token}")
        page.evaluate(
            "() => { const s = document.createElement('script'); s.textContent = 'document.title = \"owned\"';"
            " document.body.append(s); const i = document.createElement('img'); i.setAttribute('onerror',"
            " 'document.title = \"owned\"'); i.src = 'x:'; document.body.append(i); }"
        )
        page.wait_for_timeout(300)
        assert page.title() != "owned"
        assert refused
        page.close()
