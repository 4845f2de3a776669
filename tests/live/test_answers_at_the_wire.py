"""What is right, and why, never leaves the server towards whoever takes a quiz: read off the wire of a real browser."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.db import transaction
from core.partners.models import Partner
from core.training.models import TrainingModule
from core.training.quiz import Choice, Question
from tests.browser import axe
from tests.core.contact_acts import enter, invited, newest_secret
from tests.core.training_acts import offered
from tests.core.vault_acts import TRUSTED
from tests.servers import Stack

WHY, WHY_AR = "Canary-because-{n}", "كناري لأن {n}"
RIGHT, WRONG = "canary-right-{n}", "canary-wrong-{n}-{m}"
ASKED, TOPIC = "What is asked in {n}?", "Topic of {n}"
QUESTIONS = 3
TELLING = re.compile(
    rb"canary|\xd9\x83\xd9\x86\xd8\xa7\xd8\xb1\xd9\x8a"  # Also in Arabic: why, and the stored keys of choices.
    rb"|(?<!auto)correct|is_right|isright",
    re.IGNORECASE,
)
"""What tells an answer: the texts of why it is right, keys of choices, and every word that would mark the right one."""


def written(n: int) -> Question:
    """A question whose answer, its key and its reason can be told from anything else."""
    right = Choice(RIGHT.format(n=n), f"Choice A of {n}", f"خيار أ {n}")
    wrong = [Choice(WRONG.format(n=n, m=m), f"Choice {m} of {n}", f"خيار {m} {n}") for m in "BCD"]
    why = {"why": WHY.format(n=n), "why_ar": WHY_AR.format(n=n)}
    text = {"text_ar": f"ما المطلوب في {n}؟", "topic": TOPIC.format(n=n), "code": f"print({n})"}
    return Question(f"q{n}", ASKED.format(n=n), (wrong[0], right, *wrong[1:]), right.key, **why, **text)


@dataclass
class Wire:
    """Everything that a browser was sent: frames of the websocket, and the bodies of answers of our own."""

    frames: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Keep all that comes from now on."""
        page.on("websocket", self._socket)
        page.on("response", self._response)

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.frames.append(_bytes(frame)))

    def _response(self, answer: Response) -> None:
        kind = answer.headers.get("content-type", "")
        if (
            "/static/" not in answer.url
            and "/component/" not in answer.url
            and kind.startswith(("text/", "application/json"))
        ):
            self.bodies.append(answer.body())

    def look(self, page: Page) -> None:
        """Keep the page's source as it stands too."""
        self.bodies.append(page.content().encode())

    def has(self, text: str) -> bool:
        """Whether a text came, in whatever way."""
        return any(text.encode() in one for one in (*self.frames, *self.bodies))

    def telling(self) -> set[bytes]:
        """What of the answers came."""
        return {found.lower() for one in (*self.frames, *self.bodies) for found in TELLING.findall(one)}


def _bytes(frame: bytes | str) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


@dataclass(frozen=True)
class School:
    """Both apps, with a module that has a published quiz."""

    stack: Stack
    module: TrainingModule
    learner: Contact

    def cookie(self, by: Actor | None = None) -> tuple[str, str, str]:
        """A new session: of a member of staff, or of the learner; the cookie's name, its value, the app's address."""
        if by is None:
            return "pd_portal", enter(newest_secret(self.learner), TRUSTED), self.stack.portal_url
        with transaction(by) as session:
            secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=by.id, by=by)
        return "pd_admin", secret, self.stack.admin_url

    @contextmanager
    def at(self, browser: Browser, path: str, *, by: Actor | None = None) -> Iterator[tuple[Page, Wire]]:
        """A page of somebody, everything on its wire kept."""
        name, secret, address = self.cookie(by)
        context, wire = browser.new_context(), Wire()
        context.add_cookies([{"name": name, "value": secret, "url": address}])
        page = context.new_page()
        wire.listen(page)
        try:
            page.goto(address + path)
            yield page, wire
        finally:
            context.close()


@pytest.fixture
def school(sqlite_database: str, tmp_path: Path, aisha: Actor, partner: Partner) -> Iterator[School]:
    module = offered(aisha, [written(n) for n in range(1, QUESTIONS + 1)], name="Selling payroll", shuffles=False)
    learner = invited(aisha, partner, role=ContactRole.SALESPERSON)
    with Stack(
        database_url=sqlite_database,
        folder=tmp_path / "run",
        apps=("admin", "portal"),
        state_dir=os.environ["STATE_DIR"],
    ) as stack:
        yield School(stack, module, learner)


def sit(page: Page, wire: Wire, *, begin: str) -> None:
    """Take the quiz with wrong answers, and look at each of its pages."""
    page.get_by_role("button", name=begin).click()
    for n in range(1, QUESTIONS + 1):
        page.get_by_text(ASKED.format(n=n)).wait_for()
        page.get_by_text(f"Choice B of {n}").click()
        expect(page.get_by_text(f"Answered: {n} of {QUESTIONS}")).to_be_visible()
        wire.look(page)
        assert axe(page) == []
        if n < QUESTIONS:
            page.get_by_role("button", name="Next").click()
    page.reload()
    page.get_by_text(ASKED.format(n=QUESTIONS)).wait_for()
    page.get_by_role("button", name="Finish the quiz").click()
    page.get_by_text("Not passed this time.").wait_for()
    wire.look(page)


def holds_what_was_shown(wire: Wire) -> None:
    """The control: the same collector finds every text of the quiz that is meant to be read."""
    assert len(wire.frames) > 20
    for n in range(1, QUESTIONS + 1):
        for text in (ASKED.format(n=n), f"Choice A of {n}", f"Choice D of {n}", f"print({n})"):
            assert wire.has(text), text


class TestLearners:
    def test_of_a_reseller_are_never_sent_an_answer(self, school: School, browser: Browser):
        with school.at(browser, "/training?lang=en") as (page, wire):
            page.get_by_role("button", name="Selling payroll").click()
            page.get_by_text("Read this.").wait_for()
            wire.look(page)
            assert axe(page) == []
            sit(page, wire, begin="Begin the quiz")
            assert axe(page) == []
            page.get_by_text(TOPIC.format(n=1)).wait_for()
            page.goto(page.url.replace("lang=en", "lang=ar"))
            page.get_by_text("لم تجتز هذه المرة").wait_for()
            wire.look(page)
            holds_what_was_shown(wire)
            assert wire.has("Topic of 1")
            assert wire.has("لم تجتز هذه المرة")
            assert wire.telling() == set()

    def test_of_the_company_are_never_sent_an_answer(self, school: School, browser: Browser, member: Actor):
        with school.at(browser, f"/my_training?id={school.module.id}", by=member) as (page, wire):
            page.get_by_text("Read this.").wait_for()
            sit(page, wire, begin="Begin the quiz")
            holds_what_was_shown(wire)
            assert wire.telling() == set()


class TestReaders:
    def test_who_may_not_write_are_never_sent_an_answer(self, school: School, browser: Browser, analyst: Actor):
        with school.at(browser, f"/training_module?id={school.module.id}", by=analyst) as (page, wire):
            page.get_by_text("Choice A of 1").wait_for()
            wire.look(page)
            for tab in ("Versions", "Settings"):
                page.get_by_role("tab", name=tab).click()
                page.wait_for_timeout(1_500)
                wire.look(page)
            assert wire.has(ASKED.format(n=1))
            assert wire.has(ASKED.format(n=2))
            assert wire.telling() == set()


class TestAuthors:
    def test_preview_holds_no_more_than_learners_see(self, school: School, browser: Browser, aisha: Actor):
        with school.at(browser, f"/training_module?id={school.module.id}", by=aisha) as (page, wire):
            page.get_by_text("As learners see it").wait_for()
            page.wait_for_timeout(1_500)
            assert wire.telling(), "an author is sent the answers: so this collector can find them"
            shown = [one for one in wire.frames if b"quiz.preview." in one and _is_choosing(one)]
            assert any(b"Choice A of 1" in one for one in shown)
            assert {found for one in shown for found in TELLING.findall(one)} == set()


def _is_choosing(frame: bytes) -> bool:
    """Whether a frame draws the choices of a question."""
    message = ForwardMsg()
    message.ParseFromString(frame)
    return message.delta.new_element.WhichOneof("type") == "radio"
