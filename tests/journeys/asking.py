"""The two sides of a question in browsers: a contact who asks, and an admin who answers and publishes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect

from core.contacts.models import Contact
from core.i18n import t
from tests.browser import visiting
from tests.journeys.contact import Person
from tests.journeys.desk import Desk
from tests.journeys.people import SETTLE_MS, press, settled
from tests.journeys.town import Town


class Asker(Person):
    """A contact at the pages about questions."""

    def types_question(self, text: str) -> None:
        """Type a new question; what may answer it is looked up as one types."""
        self.opens("new_question", heading="Ask a question")
        self.page.get_by_label("What do you want to know?", exact=True).press_sequentially(text)

    def asks(self, details: str, *, file_name: str, file: bytes) -> None:
        """Say the rest, with a file, and send it."""
        self.types("The details", details)
        self._chooses(file_name, file)
        press(self.page, "Ask")
        self.page.wait_for_url(re.compile(r"/question\?"), timeout=SETTLE_MS)
        self.sees("Waiting for an answer")
        settled(self.page)

    def _chooses(self, file_name: str, file: bytes) -> None:
        chooser = self.page.get_by_test_id("stFileUploader").filter(has_text="Files, at most").locator("[type=file]")
        chooser.set_input_files({"name": file_name, "mimeType": "application/pdf", "buffer": file})
        self.sees(file_name)
        settled(self.page)

    def writes_again(self, text: str) -> None:
        """Write once more in the thread that is open."""
        self.types("Your message", text)
        press(self.page, "Send")
        self.sees("Your message is sent.")
        self.sees(text)
        settled(self.page)

    def finds(self, text: str, *, language: str) -> None:
        """Search what is published and was asked."""
        self.page.goto(f"{self.town.stack.portal_url}/questions?lang={language}")
        box = self.page.get_by_label(t("questions.find", language), exact=True)
        expect(box).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)
        box.fill(text)
        box.press("Enter")
        self.page.wait_for_url(re.compile("find="), timeout=SETTLE_MS)
        settled(self.page)


class Answerer(Desk):
    """An admin at the inbox."""

    def answers(self, text: str) -> None:
        """Answer the question that is open."""
        box = self.page.get_by_label("Answer the partner", exact=True).last
        box.fill(text)
        box.press("Tab")
        settled(self.page)
        press(self.page, "Send answer")
        expect(self.page.get_by_text("is answered").first).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def closes(self) -> None:
        """End the thread that is open."""
        press(self.page, "Close")
        expect(self.page.get_by_text("Closed by").first).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def offers(self, texts: dict[str, str]) -> None:
        """Write into the form of what is to be published, by its labels, and press its button."""
        for label, text in texts.items():
            box = self.dialog.get_by_label(label, exact=True)
            box.fill(text)
            expect(box).to_have_value(text)
        press(self.page, "Publish", within=self.dialog)


@contextmanager
def asker_of(town: Town, browser: Browser, contact: Contact) -> Iterator[Asker]:
    """A contact who came in by a link."""
    with visiting(browser) as page:
        asker = Asker(page, town)
        asker.comes_in(contact)
        yield asker


@contextmanager
def answerer_of(town: Town, browser: Browser) -> Iterator[Answerer]:
    """The admin who looks after the partners, signed in by a link."""
    with visiting(browser) as page:
        answerer, staff = Answerer(page, town.stack.admin_url), town.staff("rahma")
        assert staff.id
        answerer.signs_in(f"{town.stack.admin_url}/sign-in/{town.sign_in_secret(staff.id)}")
        yield answerer
