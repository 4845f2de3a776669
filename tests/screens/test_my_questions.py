"""The portal's pages of questions: answers before asking, asking once, writing again, and what a closed one says."""

from collections.abc import Callable

import pytest

from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.db import reading, transaction
from core.i18n import t
from core.partners.models import Partner
from core.questions import own_queries, service
from core.questions.faq import FaqText
from core.questions.models import PartnerQuestion, QuestionState
from tests.conftest import Clock
from tests.core.contact_acts import contact_actor, do, make_contact, rows_of
from tests.core.deal_acts import make_intent
from tests.core.files import plain_pdf
from tests.core.question_acts import answered, asked, now_of
from tests.core.today_world import statements
from tests.screens.portal_deals import Open, Shown, labels, lines, opener, press, shown, told

ENTRY = FaqText("Does it run offline?", "Yes, for three days.", "هل يعمل دون اتصال؟", "نعم، ثلاثة أيام.")


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What the page's lists showed last."""
    return shown(monkeypatch)


@pytest.fixture
def open_page(
    monkeypatch: pytest.MonkeyPatch, lists: Shown, set_settings: Callable[..., None], sqlite_database: str
) -> Callable[..., Open]:
    """Opens a page as somebody, on a device that needs no code."""
    set_settings(code_on_new_device=False)
    return lambda page: opener(monkeypatch, page)


def person(by: Actor, partner: Partner, role: ContactRole, **facts: str) -> Contact:
    with transaction(by) as session:
        return make_contact(session, partner, role=role, **facts)


@pytest.fixture
def tariq(sqlite_database: str, aisha: Actor, partner: Partner, clock: Clock) -> Actor:
    """A technician."""
    return contact_actor(person(aisha, partner, ContactRole.TECHNICAL, name="Tariq Al Hinai"))


def mine(by: Actor) -> list[own_queries.MyQuestionRow]:
    with reading(by) as session:
        return own_queries.my_questions(session).rows


class TestList:
    @pytest.mark.parametrize(("lang", "words"), (("en", "You have not asked anything yet"), ("ar", "لم تطرحوا")))
    def test_is_empty_at_first(self, open_page, tariq, lang, words):
        assert words in told(open_page("questions")(tariq, lang=lang))

    def test_shows_where_each_stands_and_leads_there(self, open_page, tariq, aisha, lists):
        row = asked(tariq)
        answered(aisha, asked(tariq, "Another"))
        screen = open_page("questions")(tariq)
        found = {one.title: one for one in lines(lists, "questions-list")}
        assert {title: one.mark for title, one in found.items()} == {
            "Does it run offline?": "Waiting for an answer", "Another": "Answered",
        }  # fmt: skip
        assert found["Does it run offline?"].href.startswith(f"/question?id={row.id}")
        assert found["Does it run offline?"].aside.startswith("answer by ")
        screen.button_group[0].set_value(QuestionState.ANSWERED).run()
        assert [one.title for one in lines(lists, "questions-list")] == ["Another"]

    def test_finds_answers(self, open_page, tariq, aisha, lists):
        do(aisha, service.publish_faq, entry=ENTRY)
        asked(tariq, "Something else", "about the offline mode")
        screen = open_page("questions")(tariq, find="offline")
        assert "Yes, for three days" in told(screen)
        assert [one.title for one in lines(lists, "questions-found")] == ["Something else"]
        screen.text_input(key="questions.find").input("xyzzy").run()
        assert "Nothing has these words" in told(screen)

    @pytest.mark.parametrize("role", (ContactRole.SALESPERSON, ContactRole.FINANCE))
    def test_is_only_answers_for_roles_that_do_not_ask(self, open_page, aisha, partner, tariq, lists, role):
        asked(tariq)
        do(aisha, service.publish_faq, entry=ENTRY)
        screen = open_page("questions")(contact_actor(person(aisha, partner, role)))
        assert screen.title[0].value == "Answers"
        assert "Yes, for three days" in told(screen)
        assert "questions-list" not in lists
        assert not [one for one in screen.get("link_button") if "new_question" in one.proto.url]

    def test_is_closed_to_viewers(self, open_page, aisha, partner):
        viewer = contact_actor(person(aisha, partner, ContactRole.VIEWER))
        screen = open_page("questions")(viewer)
        assert not screen.title

    def test_asks_the_database_little(self, open_page, tariq, aisha):
        do(aisha, service.publish_faq, entry=ENTRY)
        asked(tariq)
        screen = open_page("questions")(tariq)
        with statements() as said:
            screen.run()
        assert len(said) <= 10


class TestAsking:
    def begin(self, open_page, by, subject="Can it run offline?", **query):
        screen = open_page("new_question")(by, **query)
        assert not screen.text_area, "first it is looked for an answer"
        screen.text_input(key="new_question.subject").input(subject).run()
        return screen

    def test_shows_answers_before_the_form(self, open_page, tariq, aisha, lists):
        do(aisha, service.publish_faq, entry=ENTRY)
        asked(tariq, "Offline at night")
        screen = self.begin(open_page, tariq)
        assert "Yes, for three days" in told(screen)
        assert [one.title for one in lines(lists, "new-question-threads")] == ["Offline at night"]
        assert "Ask" in labels(screen)

    def test_in_arabic(self, open_page, partner, aisha):
        do(aisha, service.publish_faq, entry=ENTRY)
        huda = contact_actor(person(aisha, partner, ContactRole.PRINCIPAL, language="ar"))
        screen = self.begin(open_page, huda, "كيف نعمل دون إتصال", lang="ar")
        assert "نعم، ثلاثة أيام" in told(screen)
        assert t("new_question.ask", "ar") in labels(screen)

    def test_sends_it_and_opens_it(self, open_page, tariq):
        screen = self.begin(open_page, tariq)
        screen.text_area(key="new_question.body").input("In the <b>mountains</b>").run()
        press(screen, "Ask")
        (row,) = mine(tariq)
        assert row.subject == "Can it run offline?"
        assert "In the <b>mountains</b>" in told(screen)
        assert "new_question.subject" not in screen.session_state

    def test_loses_nothing_when_it_is_refused(self, open_page, tariq):
        screen = self.begin(open_page, tariq)
        screen.text_area(key="new_question.body").input("a\0b").run()
        press(screen, "Ask")
        assert "contains characters that cannot be stored" in told(screen)
        assert screen.text_area(key="new_question.body").value == "a\0b"
        assert mine(tariq) == []

    def test_is_about_the_deal_that_led_here(self, open_page, tariq, aisha, partner):
        with transaction(aisha) as session:
            deal = make_intent(session, partner, customer_name="Oman Flour Mills")
        screen = self.begin(open_page, tariq, deal=str(deal.id))
        screen.text_area(key="new_question.body").input("Now?").run()
        press(screen, "Ask")
        assert mine(tariq)[0].quote_id == deal.id

    def test_takes_files_and_names_the_one_it_does_not(self, open_page, tariq):
        screen = self.begin(open_page, tariq)
        screen.text_area(key="new_question.body").input("See the files").run()
        chooser = screen.file_uploader[0]
        chooser.set_value([("plan.pdf", plain_pdf(), "application/pdf"), ("evil.pdf", b"<html>x", "application/pdf")])
        press(screen, "Ask")
        assert "evil.pdf: This is not a PDF (it looks like HTML)" in told(screen)
        assert mine(tariq) == []
        screen.file_uploader[0].set_value([("plan.pdf", plain_pdf(), "application/pdf")])
        press(screen, "Ask")
        assert "plan.pdf" in told(screen)

    def test_who_looks_as_somebody_asks_nothing(self, open_page, aisha, partner, tariq):
        contact = person(aisha, partner, ContactRole.TECHNICAL)
        screen = open_page("new_question")(contact_actor(contact, viewer=aisha.id))
        assert "You are looking as somebody else" in told(screen)
        assert not screen.text_input


class TestThread:
    @pytest.fixture
    def row(self, tariq) -> PartnerQuestion:
        return asked(tariq)

    def test_an_answer_can_be_followed_up(self, open_page, row, tariq, aisha):
        answered(aisha, row)
        screen = open_page("question")(tariq, id=str(row.id))
        assert "Still unclear? Write again" in told(screen)
        screen.text_area[0].input("And at night?").run()
        press(screen, "Send")
        assert now_of(row).state is QuestionState.OPEN
        assert "And at night?" in told(screen)
        assert screen.text_area[0].value == ""

    @pytest.mark.parametrize(("lang", "words"), (("en", "ask a new question"), ("ar", "فاطرحوا سؤالًا جديدًا")))
    def test_a_closed_one_says_what_to_do(self, open_page, row, tariq, aisha, lang, words):
        answered(aisha, row, closes=True)
        screen = open_page("question")(tariq, id=str(row.id), lang=lang)
        assert words in told(screen)
        assert not screen.text_area

    def test_closed_meanwhile_it_keeps_what_was_typed_on_screen(self, open_page, row, tariq, aisha):
        screen = open_page("question")(tariq, id=str(row.id))
        screen.text_area[0].input("And at night?").run()
        answered(aisha, row, closes=True)
        press(screen, "Send")
        assert "ask a new question" in told(screen).lower()
        assert screen.code[0].value == "And at night?"

    def test_shows_no_note(self, open_page, row, tariq, aisha):
        do(aisha, service.note, row.id, body="zanzibar")
        assert "zanzibar" not in told(open_page("question")(tariq, id=str(row.id)))

    def test_of_somebody_else_is_not_found(self, open_page, row, aisha, partner):
        other = contact_actor(person(aisha, partner, ContactRole.TECHNICAL))
        screen = open_page("question")(other, id=str(row.id))
        assert "This question was not found" in told(screen)
        assert rows_of(PartnerQuestion) == 1

    def test_without_an_id_leads_back(self, open_page, tariq):
        assert "names no question" in told(open_page("question")(tariq, id="x"))
