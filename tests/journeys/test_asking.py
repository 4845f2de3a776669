"""A question in browsers: searched, asked, answered, taken up again, closed, published, and found by another."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, expect

from core.actor import ContactRole
from core.contacts.models import Contact
from core.db import transaction
from tests.browser import axe
from tests.core.contact_acts import make_contact
from tests.journeys.asking import Answerer, Asker, answerer_of, asker_of
from tests.journeys.people import SETTLE_MS, link_in, press, settled
from tests.journeys.signer import text_of
from tests.journeys.town import Town, made_pdf, running
from tests.servers import wait_until

PARTNER, ADDRESS, RAHMA = "Haima Systems", "talal@haima.example", "rahma@nizwacloud.example"
SUBJECT = "Does the fingerprint terminal work in dust?"
DETAILS = "A quarry asks. Its gate is in the sun all day."
ANSWER = "Yes. The terminal at Haima Systems stands in dust since March: wipe its glass once a week."
AGAIN, SECOND = "And does it take heat as well?", "Up to 60 degrees, in the shade of its hood."
PUBLISHED = "Yes. The terminal works in dust: wipe its glass once a week."
SUBJECT_AR, PUBLISHED_AR = "هل يعمل جهاز البصمة في الغبار؟", "نعم، يعمل الجهاز في الغبار، وتُمسح زجاجته مرة كل أسبوع."
SOUGHT_AR = "بصمه غبار"
"""As people type it: a final letter written otherwise, without articles."""


@dataclass
class Story:
    """The running product, who asks and who answers, each in a browser."""

    town: Town
    browser: Browser
    talal: Asker
    rahma: Answerer
    gate: bytes

    def mail(self, address: str, *, nth: int) -> EmailMessage:
        """The nth mail about the question to an address, counted from 1."""
        mails = self.town.mails
        wait_until(lambda: len(mails.to(address, subject=SUBJECT)) >= nth, what=f"mail {nth} to {address}", seconds=40)
        return mails.to(address, subject=SUBJECT)[nth - 1]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, _nobodys_settings: None, browser: Browser) -> Iterator[Story]:
    """A reseller's technical contact, and the admin who looks after the reseller."""
    with ExitStack() as opened:
        town = opened.enter_context(running(tmp_path_factory.mktemp("asking")))
        talal = opened.enter_context(asker_of(town, browser, _contact(town, PARTNER, "Talal Al Jenebi", ADDRESS)))
        rahma = opened.enter_context(answerer_of(town, browser))
        yield Story(town, browser, talal, rahma, made_pdf("The gate"))


def _contact(
    town: Town,
    partner: str,
    name: str,
    address: str,
    *,
    role: ContactRole = ContactRole.TECHNICAL,
    language: str = "en",
) -> Contact:
    made = town.new_partner(partner, contact="Hilal Al Junaibi")
    with transaction(town.staff("rahma")) as session:
        return make_contact(session, made, role=role, name=name, email=address, language=language)


def test_what_is_answered_already_is_found_first(story: Story) -> None:
    story.talal.types_question("Which browsers can we use?")
    story.talal.sees("This may answer it")
    story.talal.sees("The two latest versions of Chrome")
    assert axe(story.talal.page) == []


def test_a_question_goes_out_with_its_file(story: Story) -> None:
    story.talal.types_question(SUBJECT)
    story.talal.asks(DETAILS, file_name="gate.pdf", file=story.gate)
    story.talal.sees(DETAILS)
    expect(story.talal.page.get_by_role("link", name="gate.pdf")).to_be_visible()
    assert axe(story.talal.page) == []


def test_the_admin_is_mailed_and_answers(story: Story) -> None:
    mail, page = story.mail(RAHMA, nth=1), story.rahma.page
    page.goto(link_in(mail))
    expect(page.get_by_role("heading", name=SUBJECT)).to_be_visible(timeout=SETTLE_MS)
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="gate.pdf").click()
    assert download.value.path().read_bytes() == story.gate
    story.rahma.answers(ANSWER)
    expect(page.get_by_text("Answered. The partner can still write here")).to_be_visible()


def test_the_answer_stays_in_one_thread_and_is_followed_up(story: Story) -> None:
    asked, answered = story.mail(RAHMA, nth=1), story.mail(ADDRESS, nth=1)
    thread = answered["References"]
    assert re.fullmatch(r"<question-[0-9a-f]{32}@\S+>", thread)
    assert [mail["In-Reply-To"] for mail in (asked, answered)] == [thread, thread]
    assert ANSWER in text_of(answered)
    story.talal.page.goto(link_in(answered))
    story.talal.sees(ANSWER)
    story.talal.writes_again(AGAIN)
    again = story.mail(RAHMA, nth=2)
    assert (again["References"], again["In-Reply-To"]) == (thread, thread)
    assert again["Message-ID"] not in (asked["Message-ID"], thread)


def test_the_admin_answers_again_and_closes(story: Story) -> None:
    story.rahma.page.goto(link_in(story.mail(RAHMA, nth=2)))
    expect(story.rahma.page.get_by_text(AGAIN)).to_be_visible(timeout=SETTLE_MS)
    settled(story.rahma.page)
    story.rahma.answers(SECOND)
    story.rahma.closes()
    assert SECOND in text_of(story.mail(ADDRESS, nth=2))
    story.talal.looks_again()
    story.talal.sees(SECOND)
    story.talal.sees("This question is closed")
    expect(story.talal.page.get_by_role("button", name="Send")).to_have_count(0)


def test_it_is_published_once_it_tells_nobody(story: Story) -> None:
    rahma = story.rahma
    press(rahma.page, "Publish…")
    expect(rahma.dialog.get_by_label("Question", exact=True)).to_have_value(SUBJECT, timeout=SETTLE_MS)
    arabic = {"Question in Arabic": SUBJECT_AR, "Answer in Arabic": PUBLISHED_AR}
    for role in ("Salesperson", "Finance"):
        rahma.dialog.get_by_role("button", name=f"Remove {role}", exact=True).click()
    rahma.offers({"Answer": ANSWER} | arabic)
    refused = f"This would tell who asked. Take out the partner “{PARTNER}”, then publish it."
    expect(rahma.dialog.get_by_text(refused)).to_be_visible(timeout=SETTLE_MS)
    settled(rahma.page)
    expect(rahma.dialog.get_by_label("Answer in Arabic", exact=True)).to_have_value(PUBLISHED_AR)
    rahma.offers({"Answer": PUBLISHED})
    expect(rahma.dialog).to_have_count(0, timeout=SETTLE_MS)
    expect(rahma.page.get_by_text(f"Published as “{SUBJECT}”")).to_be_visible(timeout=SETTLE_MS)


def test_a_technical_contact_of_another_reseller_finds_it_in_arabic(story: Story) -> None:
    noura = _contact(story.town, "Ibri Networks", "Noura Al Yaqoubi", "noura@ibri.example", language="ar")
    with asker_of(story.town, story.browser, noura) as asker:
        asker.finds(SOUGHT_AR, language="ar")
        expect(asker.page.locator("html")).to_have_attribute("dir", "rtl", timeout=SETTLE_MS)
        expect(asker.page.locator("html")).to_have_attribute("lang", "ar")
        asker.sees(SUBJECT_AR)
        asker.sees(PUBLISHED_AR)
        box = asker.page.get_by_text(PUBLISHED_AR).first
        assert box.evaluate("element => getComputedStyle(element).direction") == "rtl"
        assert axe(asker.page) == []
        told = asker.was_told()
        assert PUBLISHED_AR in told
        assert [text for text in (PARTNER, "Talal", DETAILS, AGAIN, ADDRESS) if text in told] == []


def test_a_salesperson_whom_it_is_not_for_does_not(story: Story) -> None:
    role = ContactRole.SALESPERSON
    yusuf = _contact(story.town, "Sinaw Supplies", "Yusuf Al Habsi", "yusuf@sinaw.example", role=role)
    with asker_of(story.town, story.browser, yusuf) as asker:
        asker.finds(SUBJECT, language="en")
        asker.sees("Nothing has these words.")
        assert PUBLISHED not in asker.was_told()
