"""A training in browsers: written, required, failed, passed, checked by a stranger, expired, and renewed early."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from core import format as say
from core.actor import ContactRole
from core.contacts.models import Contact
from core.db import transaction
from core.partners.models import Partner
from core.training.learning_models import Certification
from core.training.quiz import Choice, Question
from tests.browser import axe, complaints, visiting
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.training_acts import certifications, offered, sit
from tests.journeys.people import link_in, press
from tests.journeys.quiz import Author, Item, Learner, learner_of
from tests.journeys.signer import attached
from tests.journeys.town import Town, later, running
from tests.qr import shows

TRAINING, OTHER, ADDRESS = "Selling the time clock", "Handling wage data", "salma@bukha.example"
QUIZ = (
    Item("Who installs a clock?", "Clocks", ("The customer", "Our engineer", "The reseller", "Nobody")),
    Item("What does a clock cost a month?", "Prices", ("OMR 1", "OMR 4", "OMR 9", "OMR 12")),
    Item("Which discount may you offer?", "Prices", ("Any", "Up to 5%", "Up to 50%", "None at all")),
)
OTHER_QUIZ = (Item("Who may see a wage?", "Wages", ("All", "Its owner and payroll", "The reseller", "Anybody")),)
ARABIC, ARABIC_ADDRESS = "العناية بالساعات", "mazin@bukha.example"
ARABIC_QUIZ = (
    Item("من يبدّل البطارية؟", "الصيانة", ("العميل", "مهندسنا", "الموزّع", "لا أحد")),
    Item("كم سنة تدوم الساعة؟", "الصيانة", ("سنة", "خمس سنوات", "عشر سنوات", "عشرون سنة")),
)
LASTS, OTHER_LASTS, PASSES = 200, 365, 290
"""Days: how long a certificate is valid, how long the other one is, and how many go by."""


@dataclass
class Story:
    """The running product, and the learner in a browser."""

    town: Town
    browser: Browser
    opened: ExitStack
    contact: Contact
    salma: Learner
    pdf: bytes = b""

    def held(self) -> list[Certification]:
        """What Salma was given, the oldest first: the other training's, this one's, and what renewed the other."""
        given = certifications(self.town.staff("rahma"))
        return [one for one in given if one.partner_contact_id == self.contact.id]

    def check_page(self, one: Certification) -> str:
        """Where anybody may check it."""
        return f"{self.town.stack.portal_url}/certificate/{one.code}"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, _nobodys_settings: None, browser: Browser) -> Iterator[Story]:
    """A salesperson who is certified in another training."""
    with ExitStack() as opened:
        town = opened.enter_context(running(tmp_path_factory.mktemp("learning")))
        contact = _contact(town)
        other = [Question(one.text, one.text, _choices(one), "b") for one in OTHER_QUIZ]
        module = offered(town.staff("rahma"), other, name=OTHER, name_ar="", valid_for_days=OTHER_LASTS)
        sit(contact_actor(contact), module)
        salma = opened.enter_context(learner_of(town, browser, contact, QUIZ))
        yield Story(town, browser, opened, contact, salma)


def _contact(town: Town) -> Contact:
    partner = town.new_partner("Bukha Traders", contact="Hilal Al Shehhi")
    with transaction(town.staff("rahma")) as session:
        role = ContactRole.SALESPERSON
        return make_contact(session, partner, role=role, name="Salma Al Kumzari", email=ADDRESS)


def _choices(one: Item) -> tuple[Choice, ...]:
    return tuple(Choice(key, text) for key, text in zip("abcd", one.choices, strict=True))


def test_an_author_writes_a_training_and_publishes_it(story: Story) -> None:
    with visiting(story.browser) as page:
        heard, rahma = complaints(page), story.town.staff("rahma")
        assert rahma.id
        author = Author(page, story.town.stack.admin_url)
        author.signs_in(f"{author.address}/sign-in/{story.town.sign_in_secret(rahma.id)}")
        author.adds_training(TRAINING, required_of="Salespeople", days=LASTS)
        author.writes_content("# Clocks\n\nAn engineer of ours installs **every** clock.", shown="Clocks")
        author.turns_to("Questions")
        for number, one in enumerate(QUIZ, 1):
            author.writes_question(one, number=number)
        assert axe(page) == []
        author.publishes(version=1)
        assert [text for text in heard if "404" not in text] == []


def test_the_contact_finds_it_required_and_reads_it(story: Story) -> None:
    story.salma.opens("home", heading=re.compile("Salma"))
    story.salma.sees(TRAINING)
    story.salma.opens_training(TRAINING)
    story.salma.sees("Still to do")
    story.salma.sees("Required for your role")
    story.salma.sees("installs every clock")
    assert axe(story.salma.page) == []


def test_a_fail_tells_the_score_and_the_topics(story: Story) -> None:
    press(story.salma.page, "Begin the quiz")
    story.salma.answers_from(1, wrong=QUIZ[1:])
    story.salma.sees("Not passed this time.")
    story.salma.sees("33.3% (1 of 3 right); 80% is needed.")
    story.salma.sees(re.compile("Prices.*2 of 2 wrong"))
    expect(story.salma.page.get_by_text(re.compile("Clocks.*wrong"))).to_have_count(0)


def test_a_lost_connection_loses_no_answer(story: Story) -> None:
    page, portal = story.salma.page, story.town.stack.portal
    press(page, "Take the quiz again")
    story.salma.answers(1)
    portal.kill()
    expect(page.get_by_text("Answered: 1 of 3")).to_be_visible()
    portal.start()
    story.town.stack.wait_until_healthy()
    press(page, "Next")
    second = story.salma.is_at(2)
    page.context.set_offline(True)
    story.salma.looks_in_vain()
    page.context.set_offline(False)
    story.salma.opens_training(TRAINING)
    story.salma.sees("You have begun this quiz, and every answer so far is kept.")
    press(page, "Go on with the quiz")
    assert story.salma.is_at(2) == second
    story.salma.sees("Answered: 1 of 3")


def test_a_pass_gives_a_certificate_that_says_where_to_check_it(story: Story) -> None:
    story.salma.answers_from(2)
    story.salma.sees("You passed.")
    with story.salma.page.expect_download() as download:
        story.salma.page.get_by_role("link", name="Download the certificate (PDF)").click()
    story.pdf = download.value.path().read_bytes()
    address = story.check_page(story.held()[1])
    expect(story.salma.page.get_by_role("link", name="Check page")).to_have_attribute("href", address)
    assert story.pdf.startswith(b"%PDF-")
    assert address.removeprefix("http://") in _read(story.pdf)
    assert shows(story.pdf, address, millimetres=26)
    mail = story.town.mails.wait_for(ADDRESS, subject=f"You are certified: {TRAINING}", seconds=40)
    assert attached(mail, "application/pdf") == story.pdf


def _read(pdf: bytes) -> str:
    """The words of a PDF."""
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def test_a_stranger_sees_that_it_is_valid(story: Story) -> None:
    held = story.held()[1]
    last = _day_after(held, LASTS)
    with visiting(story.browser, width=390) as page:
        page.goto(story.check_page(held))
        expect(page.get_by_text(f"Genuine, and valid until {say.day(last, year=True)}")).to_be_visible()
        for fact in ("Salma Al Kumzari", "Bukha Traders", TRAINING):
            expect(page.get_by_text(fact, exact=True).first).to_be_visible()
        assert ADDRESS not in page.content()
        assert axe(page) == []


def _day_after(held: Certification, days: int) -> date:
    """So many days after the day of passing, where the company is."""
    return held.completed_at.astimezone(ZoneInfo("Asia/Muscat")).date() + timedelta(days=days)


def test_a_colleague_takes_one_in_arabic_on_a_phone(story: Story) -> None:
    rahma = story.town.staff("rahma")
    asked = [Question(one.text, one.text, _choices(one), "b", text_ar=one.text, topic=one.topic) for one in ARABIC_QUIZ]
    offered(rahma, asked, name="Looking after clocks", name_ar=ARABIC)
    with transaction(rahma) as session:
        partner = session.get_one(Partner, story.contact.partner_id)
        mazin = make_contact(session, partner, name="مازن البلوشي", email=ARABIC_ADDRESS, language="ar")
    with learner_of(story.town, story.browser, mazin, ARABIC_QUIZ, language="ar", width=390) as learner:
        learner.opens_training(ARABIC)
        press(learner.page, learner.words("begin"))
        learner.answers(1)
        assert axe(learner.page) == []
        assert learner.sheet.evaluate("sheet => getComputedStyle(sheet).direction") == "rtl"
        assert learner.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        press(learner.page, learner.words("next"))
        learner.answers(2)
        press(learner.page, learner.words("finish"))
        learner.sees(learner.words("passed"))
        assert axe(learner.page) == []
    mail = story.town.mails.wait_for(ARABIC_ADDRESS, subject=f"حصلتم على الشهادة: {ARABIC}", seconds=40)
    assert ARABIC in _read(attached(mail, "application/pdf"))


def test_it_expires_as_time_goes_by(story: Story) -> None:
    other, this = story.held()
    story.opened.enter_context(later(story.town, days=PASSES))
    with visiting(story.browser) as page:
        page.goto(story.check_page(this))
        expect(page.get_by_text(f"Expired on {say.day(this.valid_until, year=True)}")).to_be_visible()
        expect(page.get_by_text("Genuine")).to_have_count(0)
        page.goto(story.check_page(other))
        expect(page.get_by_text(f"Genuine, and valid until {say.day(other.valid_until, year=True)}")).to_be_visible()


def test_another_is_renewed_before_it_ends(story: Story) -> None:
    told = story.town.mails.wait_for(ADDRESS, subject=f"Your certificate {OTHER} ends in 7", seconds=40)
    with learner_of(story.town, story.browser, story.contact, OTHER_QUIZ) as salma:
        salma.page.goto(link_in(told))
        salma.sees(re.compile("Expires in 7[45] days"))
        press(salma.page, "Renew early")
        salma.answers_from(1)
        salma.sees("You passed.")
        before, ended, renewed = story.held()
        assert renewed.valid_until == _day_after(renewed, OTHER_LASTS) >= before.valid_until + timedelta(days=PASSES)
        salma.opens("training", heading="Training")
        until = say.day(renewed.valid_until, year=True)
        salma.sees(f"Valid until {until}")
        salma.sees(f"Expired on {say.day(ended.valid_until, year=True)}")
        salma.page.goto(story.check_page(renewed))
        expect(salma.page.get_by_text(f"Genuine, and valid until {until}")).to_be_visible()
