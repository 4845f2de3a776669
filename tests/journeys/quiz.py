"""A quiz, and the two who meet over it in browsers: the author who writes it, and the learner who takes it."""

import re
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Error, Locator, expect

from core.contacts.models import Contact
from core.i18n import t
from core.proposals.content import Language
from tests.browser import visiting
from tests.journeys.contact import Person
from tests.journeys.desk import Desk
from tests.journeys.people import SETTLE_MS, press, settled
from tests.journeys.town import Town


@dataclass(frozen=True)
class Item:
    """A question with its four choices, of which the second is right."""

    text: str
    topic: str
    choices: tuple[str, str, str, str]

    @property
    def right(self) -> str:
        """The right choice."""
        return self.choices[1]


class Author(Desk):
    """An admin who makes a training."""

    def adds_training(self, name: str, *, required_of: str, days: int) -> None:
        """Add it, and stand on its page."""
        self.opens("training", "Training")
        press(self.page, "Add training")
        self.dialog.get_by_label("Name", exact=True).fill(name)
        self.dialog.get_by_text(required_of, exact=True).click()
        valid = self.dialog.get_by_label("Valid for, days", exact=True)
        valid.fill(str(days))
        valid.press("Tab")
        press(self.page, "Add training", within=self.dialog)
        self.page.wait_for_url(re.compile(r"/training_module\?id="), timeout=SETTLE_MS)
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def writes_content(self, text: str, *, shown: str) -> None:
        """Write what is read before the quiz. ``shown``: how its reader sees it."""
        self.turns_to("Settings")
        self.fills("Content", text)
        expect(self.page.get_by_role("heading", name=shown, exact=True)).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)
        press(self.page, "Save settings")
        expect(self.page.get_by_text("Settings saved").first).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def turns_to(self, tab: str) -> None:
        """Open a tab of the training's page."""
        self.page.get_by_role("tab", name=tab, exact=True).click()
        expect(self.page.get_by_role("tab", name=tab, selected=True)).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    @property
    def preview(self) -> Locator:
        """The question as learners see it."""
        return self.page.locator(".st-key-training-preview")

    def writes_question(self, one: Item, *, number: int) -> None:
        """Write one more question, until its preview shows all of it, and say which choice is right."""
        press(self.page, "Write the first question" if number == 1 else "Add question")
        expect(self.page.get_by_text(f"Question {number} of {number}").first).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)
        self._writes("Question", one.text)
        for place, text in enumerate(one.choices, 1):
            self._writes(f"Choice {place}", text)
        self.page.get_by_role("radiogroup", name="Right answer").get_by_text("2", exact=True).click()
        marked = self.page.get_by_test_id("stTextInput").filter(has_text="right answer")
        expect(marked.get_by_label("Choice 2")).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)
        topic = self.page.get_by_role("combobox", name=re.compile("Topic"))
        topic.click()
        topic.press_sequentially(one.topic)
        self.page.get_by_role("option", name=re.compile(f"^(Add: )?{one.topic}$")).click()
        line = self.page.get_by_role("list", name="Questions").get_by_role("listitem").last
        expect(line).to_contain_text(one.topic, timeout=SETTLE_MS)
        settled(self.page)

    def _writes(self, label: str, text: str) -> None:
        self.fills(label, text)
        expect(self.preview).to_contain_text(text, timeout=SETTLE_MS)
        settled(self.page)

    def publishes(self, *, version: int) -> None:
        """Have learners take what was written."""
        press(self.page, "Publish")
        self.confirms(f"Publish version {version}")
        expect(self.page.get_by_text(f"version {version} is taken").first).to_be_visible(timeout=SETTLE_MS)


class Learner(Person):
    """A contact who takes a quiz of so many questions, in a language."""

    quiz: tuple[Item, ...] = ()
    language: Language = "en"

    def words(self, key: str, **values: object) -> str:
        """What the portal calls something."""
        return t(f"training.{key}", self.language, **values)

    @property
    def sheet(self) -> Locator:
        """The question that is shown."""
        return self.page.locator(".st-key-training-sheet")

    def is_at(self, number: int) -> Item:
        """Which question is shown as the one with a number."""
        expect(self.sheet).to_contain_text(
            self.words("question.place", number=number, of=len(self.quiz)), timeout=SETTLE_MS
        )
        settled(self.page)
        return next(one for one in self.quiz if one.text in self.sheet.inner_text())

    def answers(self, number: int, *, wrong: Container[Item] = ()) -> None:
        """Answer the question with a number, until that is kept; wrongly if it is one of those."""
        one = self.is_at(number)
        choice = one.choices[2] if one in wrong else one.right
        self.sheet.get_by_text(choice, exact=True).click()
        self.sees(_however_isolated(self.words("answered", count=number, of=len(self.quiz))))
        settled(self.page)

    def answers_from(self, number: int, *, wrong: Container[Item] = ()) -> None:
        """Answer this and every later question, and have it graded."""
        for at in range(number, len(self.quiz) + 1):
            self.answers(at, wrong=wrong)
            press(self.page, self.words("next" if at < len(self.quiz) else "finish"))

    def looks_in_vain(self) -> None:
        """Load the page once more while there is no connection."""
        with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
            self.page.reload()

    def opens_training(self, name: str) -> None:
        """Choose a training from the list."""
        self.opens(f"training?lang={self.language}", heading=t("portal.training", self.language))
        self.page.get_by_role("button", name=name).click()
        expect(self.page.get_by_role("heading", name=name)).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)


def _however_isolated(text: str) -> re.Pattern[str]:
    """A text whose numbers may stand in a direction of their own."""
    return re.compile(re.sub(r"\d+", "\u2068?\\g<0>\u2069?", re.escape(text)))


@contextmanager
def learner_of(
    town: Town,
    browser: Browser,
    contact: Contact,
    quiz: tuple[Item, ...],
    *,
    language: Language = "en",
    width: int = 1280,
) -> Iterator[Learner]:
    """A contact who came in by a link."""
    with visiting(browser, width=width) as page:
        learner = Learner(page, town)
        learner.quiz, learner.language = quiz, language
        learner.comes_in(contact)
        yield learner
