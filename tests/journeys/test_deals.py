"""A deal from the invitation to the approval, by the portal in a browser: asked, sent, sent back, sent again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from core.actor import ContactRole
from core.contacts import service as contacts
from core.contacts.rows import NewContact
from core.db import transaction
from core.deals import service as deals
from core.deals.models import Product, Quote, Territory
from core.partners.models import Partner
from tests.browser import axe, complaints, visiting
from tests.core.contact_acts import make_contact
from tests.journeys.people import SETTLE_MS, link_in, press, settled
from tests.journeys.signer import code_in
from tests.journeys.town import Town, running
from tests.servers import wait_until

ADDRESS, CUSTOMER = "salma@musandam.example", "Musandam Fisheries"
QUESTION = "Who signs at the customer?"


@dataclass
class Story:
    """What later chapters need of earlier ones."""

    town: Town
    page: Page
    heard: list[str]
    deal_id: str = ""

    def decide(self, verdict: str) -> None:
        """What the reviewer does, on the newest state of the deal."""
        chief = self.town.staff("rahma")
        with transaction(chief) as session:
            version = session.get_one(Quote, UUID(self.deal_id)).version
            if verdict == "return":
                deals.return_(session, UUID(self.deal_id), note=QUESTION, version=version, by=chief)
            else:
                terms = deals.flat("10")
                deals.approve(session, UUID(self.deal_id), terms=terms, version=version, by=chief)

    def looks_again(self) -> None:
        """Reload the deal's page."""
        self.page.reload()
        expect(self.page.get_by_role("heading", name=CUSTOMER)).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def chooses(self, label: str, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_role("combobox", name=re.compile(label)).click()
        self.page.get_by_role("option", name=re.compile(re.escape(option))).first.click()
        settled(self.page)

    def types(self, label: str, text: str) -> None:
        """Type into a field and leave it."""
        box = self.page.get_by_label(label, exact=True)
        box.fill(text)
        box.press("Tab")
        settled(self.page)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, _nobodys_settings: None, browser: Browser) -> Iterator[Story]:
    """The running product, and a salesperson's browser."""
    with running(tmp_path_factory.mktemp("deals")) as town, visiting(browser) as page:
        yield Story(town, page, complaints(page))


def test_the_invitation_lets_a_salesperson_in(story: Story) -> None:
    chief = story.town.staff("rahma")
    with transaction(chief) as session:
        partner = session.scalars(select(Partner).order_by(Partner.name)).first()
        assert partner is not None
        make_contact(session, partner, role=ContactRole.PRINCIPAL)
        person = NewContact(name="Salma Al Kumzari", email=ADDRESS, role=ContactRole.SALESPERSON)
        contacts.add(session, partner.id, person=person, by=chief)
    mailed = urlsplit(link_in(story.town.mails.wait_for(ADDRESS)))
    story.page.goto(f"{story.town.stack.portal_url}{mailed.path}")
    story.page.get_by_role("button").first.click()
    expect(story.page.get_by_text("Salma Al Kumzari").first).to_be_visible(timeout=SETTLE_MS)


def test_a_mailed_code_confirms_the_device(story: Story) -> None:
    story.page.goto(f"{story.town.stack.portal_url}/deals")
    press(story.page, "Send me a code")
    expect(story.page.get_by_label("Code", exact=True)).to_be_visible(timeout=SETTLE_MS)
    wait_until(lambda: len(story.town.mails.to(ADDRESS)) > 1, what="the code", seconds=40)
    story.types("Code", code_in(story.town.mails.to(ADDRESS)[-1]))
    press(story.page, "Confirm")
    expect(story.page.get_by_role("heading", name="Confirm this device")).to_have_count(0, timeout=SETTLE_MS)
    expect(story.page.get_by_text("No deals yet")).to_be_visible()


def test_an_answer_about_the_customer_comes_first(story: Story) -> None:
    with transaction(story.town.staff("rahma")) as session:
        product = session.scalars(select(Product.name).where(Product.withdrawn_at.is_(None))).first()
        territory = session.scalars(select(Territory.name).where(Territory.exclusive_partner_id.is_(None))).first()
    assert product
    assert territory
    story.page.goto(f"{story.town.stack.portal_url}/new_deal")
    expect(story.page.get_by_role("heading", name="Is the customer free?")).to_be_visible(timeout=SETTLE_MS)
    story.types("Customer", CUSTOMER)
    story.chooses("Product", product)
    story.chooses("Territory", territory)
    press(story.page, "Check")
    expect(story.page.get_by_text(f"{CUSTOMER} is free")).to_be_visible(timeout=SETTLE_MS)


def test_the_draft_outlives_a_reload(story: Story) -> None:
    story.types("Your contact there", "Huda Al Lawati")
    story.types("Amount you expect", "1.234,50")
    press(story.page, "Send for review")
    expect(story.page.get_by_text("Enter an amount from 0.001").first).to_be_visible(timeout=SETTLE_MS)
    story.page.reload()
    expect(story.page.get_by_label("Your contact there")).to_have_value("Huda Al Lawati", timeout=SETTLE_MS)
    expect(story.page.get_by_label("Amount you expect")).to_have_value("1.234,50")
    assert axe(story.page) == []


def test_the_deal_is_sent_once_however_often_the_button_is_pressed(story: Story) -> None:
    story.types("Amount you expect", "١٬٢٣٤٫٥")
    story.page.get_by_role("spinbutton", name=re.compile("^day")).click()
    story.page.keyboard.type("01022027")
    story.page.keyboard.press("Escape")
    story.types("What they need", "40 seats")
    story.page.get_by_role("button", name="Send for review", exact=True).dblclick()
    expect(story.page.get_by_role("heading", name="What happens next")).to_be_visible(timeout=SETTLE_MS)
    expect(story.page.get_by_text("You get an answer within 48 h").first).to_be_visible()
    with transaction(story.town.staff("rahma")) as session:
        (deal,) = session.scalars(select(Quote).where(Quote.customer_name == CUSTOMER))
    assert str(deal.amount) == "1234.500"
    story.deal_id = str(deal.id)


def test_it_comes_back_with_a_question_and_is_sent_again(story: Story) -> None:
    story.decide("return")
    assert QUESTION in str(story.town.mails.wait_for(ADDRESS, subject="DI-"))
    story.looks_again()
    expect(story.page.get_by_text(QUESTION)).to_be_visible(timeout=SETTLE_MS)
    assert axe(story.page) == []
    story.types("What they need", "40 seats; Huda signs")
    press(story.page, "Send again for review")
    expect(story.page.get_by_text("Sent for review just now")).to_be_visible(timeout=SETTLE_MS)


def test_the_approval_shows_what_is_protected(story: Story) -> None:
    story.decide("approve")
    story.looks_again()
    expect(story.page.get_by_text("We prepare the quote")).to_be_visible(timeout=SETTLE_MS)
    expect(story.page.get_by_text("is protected for you until")).to_be_visible()
    assert [one for one in story.heard if "404" not in one] == []
