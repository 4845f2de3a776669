"""The rest of a deal's way in browsers: approved, offered, ordered, invoiced, paid; and who is told its amounts."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from core.actor import ContactRole, Role
from core.clock import now
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import service as deals
from core.deals.models import Product, Quote, Territory
from core.deals.states import QuoteStatus
from tests.browser import axe
from tests.core.contact_acts import make_contact
from tests.journeys.contact import Person, at_the_portal
from tests.journeys.people import SETTLE_MS, link_in, press, settled
from tests.journeys.seller import seller_of
from tests.journeys.signer import attached
from tests.journeys.town import Town, made_pdf, running

CUSTOMER, ADDRESS = "Masirah Salt Works", "salma@masirah.example"
REGISTERED, TOTAL = "4,321.500", "8,210.850"
"""What was registered; what two of it come to, less 5%."""
AMOUNTS = re.compile(r"4,?321\.5|8,?643\.0|8,?210\.85|٤٬?٣٢١٫٥|٨٬?٦٤٣٫٠|٨٬?٢١٠٫٨٥")
"""Both, and the price before the discount, however they are written."""


@dataclass
class Story:
    """The running product, the reseller's people, and their deal."""

    town: Town
    browser: Browser
    people: dict[ContactRole, Contact]
    salma: Person
    deal_id: UUID

    def deal(self) -> Quote:
        """The deal as it is kept now."""
        with reading(self.town.staff("rahma")) as session:
            return session.get_one(Quote, self.deal_id)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, _nobodys_settings: None, browser: Browser) -> Iterator[Story]:
    """A salesperson in a browser, whose deal waits for its review."""
    with ExitStack() as opened:
        town = opened.enter_context(running(tmp_path_factory.mktemp("selling")))
        people = _people(town)
        salma = opened.enter_context(at_the_portal(town, browser, people[ContactRole.SALESPERSON]))
        yield Story(town, browser, people, salma, _submitted(town, salma))


def _people(town: Town) -> dict[ContactRole, Contact]:
    partner = town.new_partner("Masirah Traders", contact="Hilal Al Junaibi")
    with transaction(town.staff("rahma")) as session:
        people = {role: make_contact(session, partner, role=role) for role in ContactRole}
        people[ContactRole.SALESPERSON].email = ADDRESS
    return people


def _submitted(town: Town, salma: Person) -> UUID:
    with transaction(salma.actor) as session:
        product = session.scalars(select(Product.id).where(Product.withdrawn_at.is_(None))).first()
        territory = session.scalars(select(Territory.id).where(Territory.exclusive_partner_id.is_(None))).first()
        deal = deals.NewDeal(
            CUSTOMER, "masirah-salt.example", "", "Nasser Al Farsi", product, territory, REGISTERED, "OMR",
            (now() + timedelta(days=60)).date(), "Two plants",
        )  # fmt: skip
        return deals.submit(session, deal=deal, by=salma.actor).id


def test_keys_work_the_queue_and_rest_while_somebody_types(story: Story) -> None:
    with seller_of(story.town, story.browser, "sara") as sara:
        sara.opens_deal("deal_intents", "Deal intents", CUSTOMER)
        heading = sara.page.get_by_role("heading", name=CUSTOMER)
        sara.page.keyboard.press("k")
        expect(heading).to_have_count(0, timeout=SETTLE_MS)
        sara.page.keyboard.press("j")
        expect(heading).to_be_visible(timeout=SETTLE_MS)
        settled(sara.page).keyboard.press("r")
        why = sara.dialog.get_by_label("Why? The partner reads it", exact=True)
        why.press_sequentially("Rather a joke, that")
        expect(why).to_have_value("Rather a joke, that")
        why.press("Escape")
        expect(sara.dialog).to_have_count(0, timeout=SETTLE_MS)
        settled(sara.page).get_by_label("Find", exact=True).press_sequentially("at jar")
        expect(sara.page.get_by_label("Find", exact=True)).to_have_value("at jar")
        expect(sara.dialog).to_have_count(0)
    assert story.deal().status is QuoteStatus.PENDING


def test_a_second_reviewer_reads_who_approved_and_changes_nothing(story: Story) -> None:
    story.town.new_colleague("Hamed", Role.REVIEWER)
    with seller_of(story.town, story.browser, "hamed") as late, seller_of(story.town, story.browser, "sara") as sara:
        late.opens_deal("deal_intents", "Deal intents", CUSTOMER)
        press(late.page, "Reject…")
        late.dialog.get_by_label("Why? The partner reads it", exact=True).fill("We sell there ourselves")
        sara.opens_deal("deal_intents", "Deal intents", CUSTOMER)
        expect(sara.page.get_by_label("Percent", exact=True)).to_have_value("10")
        press(sara.page, "Approve…")
        expect(sara.dialog).to_contain_text(f"is paid 10% of OMR {REGISTERED}", timeout=SETTLE_MS)
        sara.confirms(f"Approve {story.deal().reference}")
        press(late.page, f"Reject {story.deal().reference}", within=late.dialog)
        told = re.compile(r"Already approved by Sara Al Lawati .*Nothing changed")
        expect(late.page.get_by_text(told).first).to_be_visible(timeout=SETTLE_MS)
    found = story.deal()
    assert (found.status, found.decided_by, found.commission_pct) == (QuoteStatus.DRAFT, "Sara Al Lawati", Decimal(10))


def test_the_quote_reaches_the_contact(story: Story) -> None:
    with seller_of(story.town, story.browser) as rahma:
        rahma.opens_deal("deals", "Deals", CUSTOMER)
        expect(rahma.page.get_by_role("button", name="Send quote…")).to_have_count(0)
        rahma.writes("Quantity", "2", total="OMR 8,643.000")
        rahma.writes("Discount, %", "5", total=f"OMR {TOTAL}")
        press(rahma.page, "Save quote")
        expect(rahma.page.get_by_text("The quote is saved").first).to_be_visible(timeout=SETTLE_MS)
        rahma.does("Send quote…", "Send it", done=re.compile("Q-[0-9]+ is sent"))
    number = story.deal().quote_reference
    mail = story.town.mails.wait_for(ADDRESS, subject=str(number), seconds=40)
    assert attached(mail, "application/pdf").startswith(b"%PDF-")
    story.salma.page.goto(link_in(mail))
    story.salma.sees(f"Quote {number}")
    with story.salma.page.expect_download() as download:
        story.salma.page.get_by_role("link", name="Download the quote (PDF)").click()
    assert download.value.path().read_bytes() == attached(mail, "application/pdf")


def test_an_order_that_differs_is_told_at_once_and_the_right_one_matches(story: Story) -> None:
    story.salma.orders("PO-771", amount="8,200", file=made_pdf("PO-771, OMR 8,200"))
    story.salma.sees("The order differs from the quote")
    story.salma.sees(f"Amount: the quote says OMR {TOTAL}, the order says OMR 8,200.000")
    assert axe(story.salma.page) == []
    story.salma.page.get_by_text("Upload another order").click()
    story.salma.orders("PO-772", amount="٨٬٢١٠٫٨٥", file=made_pdf("PO-772"))
    story.salma.sees("The order matches the quote")
    story.salma.sees("Replaced by PO-772")


def test_the_contact_sees_that_the_invoice_is_paid(story: Story) -> None:
    with seller_of(story.town, story.browser) as rahma:
        rahma.opens_deal("deals", "Deals", CUSTOMER)
        rahma.does("Accepted…", "Note the acceptance", done="Quote accepted")
        rahma.does("Invoice…", "Issue the invoice", done=re.compile("INV-[0-9]+ over"))
        rahma.does("Paid…", "Note the payment", done=re.compile("· paid [0-9]"))
    assert CUSTOMER in str(story.town.mails.wait_for(ADDRESS, subject="is paid", seconds=40))
    (issued,) = [one for one in story.town.mails.to(ADDRESS, subject=f"for {CUSTOMER}") if "INV-" in one["Subject"]]
    assert attached(issued, "application/pdf").startswith(b"%PDF-")
    story.salma.looks_again()
    expect(story.salma.page.get_by_role("list", name="Invoice")).to_contain_text("Paid", timeout=SETTLE_MS)
    story.salma.sees(f"OMR {TOTAL}")


@pytest.mark.parametrize("role", (ContactRole.FINANCE, ContactRole.TECHNICAL, ContactRole.VIEWER))
def test_amounts_reach_those_alone_who_may_see_them(story: Story, role: ContactRole) -> None:
    with at_the_portal(story.town, story.browser, story.people[role]) as person:
        person.opens("home", heading=re.compile("."))
        person.opens("deals", heading=re.compile("deals"))
        person.sees(CUSTOMER)
        person.opens(f"deal?id={story.deal_id}", heading=CUSTOMER)
        english = person.was_told()
        person.opens(f"deal?id={story.deal_id}&lang=ar", heading=CUSTOMER)
        expect(person.page.locator("[dir=rtl]").first).to_be_attached()
        arabic = person.was_told()
    sees = role is ContactRole.FINANCE
    assert CUSTOMER in english
    assert CUSTOMER in arabic
    assert bool(AMOUNTS.search(english)) is sees
    assert bool(AMOUNTS.search(arabic)) is sees
