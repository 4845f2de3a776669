"""Addresses as people type, keep and forward them: of the first page, of another's page, of no page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.actor import ContactRole, Role
from core.db import transaction
from tests.browser import axe
from tests.core.contact_acts import make_contact
from tests.journeys.contact import Person, at_the_portal
from tests.journeys.people import SETTLE_MS, settled
from tests.journeys.seller import seller_of
from tests.journeys.town import Town


@pytest.fixture(scope="module")
def huda(town: Town, browser: Browser) -> Iterator[Person]:
    """A reseller's technical contact in a browser."""
    partner = town.new_partner("Sur Boats", contact="Huda Al Saadi")
    with transaction(town.staff("rahma")) as session:
        contact = make_contact(session, partner, name="Huda Al Saadi", role=ContactRole.TECHNICAL)
    with at_the_portal(town, browser, contact) as person:
        yield person


def _no_dialog(page: Page) -> None:
    settled(page)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_first_page_has_two_addresses(huda: Person) -> None:
    for path in ("", "home", "home?lang=ar"):
        huda.opens(path, heading="Huda Al Saadi")
        expect(huda.page).to_have_url(f"{huda.town.stack.portal_url}/{path.removeprefix('home')}")
        _no_dialog(huda.page)


@pytest.mark.parametrize(("language", "told", "way"), (
    ("en", "There is no page at this address", "Go to the start page"),
    ("ar", "لا توجد صفحة بهذا العنوان", "الانتقال إلى الصفحة الرئيسية"),
))  # fmt: skip
def test_an_address_of_no_page_leads_to_the_start(huda: Person, language: str, told: str, way: str) -> None:
    huda.page.goto(f"{huda.town.stack.portal_url}/dealz?lang={language}")
    section = huda.page.locator("section").first
    expect(section).to_contain_text(told)
    assert axe(huda.page) == []
    section.get_by_role("link", name=way).click()
    expect(huda.page.get_by_role("heading", name="Huda Al Saadi")).to_be_visible(timeout=SETTLE_MS)
    _no_dialog(huda.page)


def test_a_page_of_another_role_says_so(town: Town, browser: Browser) -> None:
    town.new_colleague("Yahya", Role.REVIEWER)
    with seller_of(town, browser, "yahya") as yahya:
        yahya.opens("team", "Team")
        yahya.opens("company", "Company")
        expect(yahya.page.get_by_text("This page is not part of your role (Reviewer). If you need it")).to_be_visible()
        _no_dialog(yahya.page)
        assert axe(yahya.page) == []
        expect(yahya.page.get_by_test_id("stSidebarNav").get_by_role("link", name="Company")).to_have_count(0)
