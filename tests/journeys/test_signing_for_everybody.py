"""Signing for everybody: by keyboard, in both languages, by nobody's scanner, and by no address alone."""

import re

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from core.access.models import AccessSession
from core.i18n import t
from core.nda.models import Nda, NdaSigning
from tests.browser import axe, complaints, visiting
from tests.journeys.leaks import keeps_to_itself
from tests.journeys.people import SETTLE_MS, press, settled
from tests.journeys.signer import DONE, READ, SIGN, Signer, code_in, enters_room
from tests.journeys.town import Town

SCANNERS = ("Mozilla/5.0 (compatible; SafeLinks/1.0)", "Barracuda Sentinel", "GoogleImageProxy", "curl/8.1", "")


def test_signing_by_keyboard_only(town: Town, browser: Browser) -> None:
    partner = town.new_partner("Adam Cement", contact="Huda Al Wahaibi")
    with visiting(browser) as page:
        enters_room(page, town, town.room_link(partner))
        signer = Signer(page, town.stack.portal_url)
        signer.comes()
        signer.tabs_to("button", "contact.continue")
        page.keyboard.press("Enter")
        signer.is_at(READ)
        signer.tabs_to("button", "read.read")
        page.keyboard.press("Enter")
        signer.is_at(SIGN)
        signer.tabs_to("textbox", "sign.signature")
        page.keyboard.type(partner.contact_name)
        signer.tabs_to("button", "sign.send")
        expect(page.get_by_role("heading", name=partner.contact_name, exact=True)).to_be_visible(timeout=SETTLE_MS)
        settled(page)
        expect(page.get_by_role("button", name=t("nda.sign.send", "en"), exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        code = code_in(town.mails.wait_for(partner.contact_email, subject="code", seconds=40))
        settled(page)
        signer.tabs_to("textbox", "sign.code")
        page.keyboard.type(code)
        signer.tabs_to("checkbox", "consent")
        page.keyboard.press("Space")
        signer.tabs_to("button", "sign.press")
        page.keyboard.press("Enter")
        signer.is_at(DONE)
        assert [nda.signature for nda in town.ndas(partner)] == [partner.contact_name]


def test_a_scanner_leaves_no_session(town: Town, browser: Browser) -> None:
    partner = town.new_partner("Nakhal Springs", contact="Amal Al Kharusi")
    handed = town.handover_link(partner, name="Said Al Kharusi", email="said@nakhal.example")
    paths = f"/portal/{town.room_link(partner)}", f"/sign/{partner.slug}/nda?token={handed}"
    links = [f"{town.stack.portal_url}{path}" for path in paths]
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        for agent in SCANNERS:
            for method in ("GET", "HEAD"):
                for link in links:
                    assert client.request(method, link, headers={"User-Agent": agent}).status_code == 200
                    assert not client.cookies
    with visiting(browser) as page:
        for link in links:
            page.goto(link)
            page.wait_for_timeout(2_000)
            page.mouse.wheel(0, 400)
        assert town.count(AccessSession, partner) == 0
        page.goto(links[0])
        press(page, t("room.entry.enter", "en"))
        page.wait_for_url(re.compile("/room"), timeout=SETTLE_MS)
    assert town.count(AccessSession, partner) == 1


@pytest.mark.parametrize("language", ("en", "ar"))
def test_every_step_is_accessible(town: Town, browser: Browser, language: str) -> None:
    partner = town.new_partner(f"Wadi {language.title()} Tours", contact="Rayan Al Balushi")
    with visiting(browser, width=390 if language == "ar" else 1280, height=844) as page:
        heard = complaints(page)
        enters_room(page, town, town.room_link(partner))
        page.goto(f"{town.stack.portal_url}/room?lang={language}")
        expect(page.locator("html")).to_have_attribute("lang", language, timeout=SETTLE_MS)
        _is_accessible(settled(page))
        signer = Signer(page, town.stack.portal_url, language=language)
        signer.comes()
        _is_accessible(page)
        signer.goes_on()
        _is_accessible(page)
        signer.reads()
        _is_accessible(page)
        signer.signs(town.mails, name=partner.contact_name, address=partner.contact_email)
        _is_accessible(page)
        assert [text for text in heard if "404" not in text] == []


def _is_accessible(page: Page) -> None:
    """Nothing serious is found, and nothing is wider than the window."""
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("locale", ("en-GB", "ar-OM"))
def test_the_page_that_verifies_is_accessible(town: Town, browser: Browser, locale: str) -> None:
    with visiting(browser, width=390, height=844, locale=locale) as page:
        heard = complaints(page)
        page.goto(f"{town.stack.portal_url}/verify?ref=NDA-00001")
        _is_accessible(page)
        page.get_by_label(t("verify.code", "en")).first.fill("0000-0000-0000-0000")
        press(page, t("verify.check_reference", "en"))
        expect(page.get_by_text(t("verify.refused.reference", "en"))).to_be_visible()
        _is_accessible(page)
        assert [text for text in heard if "404" not in text] == []


def test_nothing_is_signed_by_an_address_alone(town: Town) -> None:
    partner = town.new_partner("Yiti Marine", contact="Ghalib Al Said")
    with town.browser(town.stack.portal_url) as browser:
        answer = browser.post(f"/portal/{town.room_link(partner)}")
        assert answer.status_code == 303
        for method in ("GET", "HEAD", "POST"):
            assert browser.request(method, "/nda/sign?confirm=1").status_code == 405
        assert browser.get("/nda?confirm=1").status_code == 200
    assert [town.count(model, partner) for model in (Nda, NdaSigning)] == [0, 0]


def test_a_link_says_what_it_is_for(town: Town) -> None:
    partner = town.partners()[0]
    room, proposal = town.room_link(partner), town.link(partner)
    with town.browser(town.stack.portal_url) as browser:
        answer = browser.get(f"/partnership/{partner.slug}?token={room}")
        assert (answer.status_code, "This link is for the partner portal." in answer.text) == (404, True)
        answer = browser.get(f"/portal/{proposal}")
        assert (answer.status_code, "This link is for the proposal." in answer.text) == (404, True)
        assert browser.get(f"/sign/{partner.slug}/nda?token={proposal}").status_code == 404
        assert browser.get(f"/portal/{room[:-1]}").status_code == 404
        assert not browser.cookies


def test_no_secret_of_it_is_where_it_does_not_belong(town: Town) -> None:
    keeps_to_itself(town)
