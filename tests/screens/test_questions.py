"""The team's page of questions: what is unanswered, since when, and whose is it?"""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from admin_app.questions import inbox
from admin_app.questions.asked import asked as read_address
from core.actor import Actor, ContactRole
from core.db import transaction
from core.partners.models import Partner
from core.questions import service
from core.questions.models import PartnerQuestion, PostKind, QuestionState
from tests.conftest import Clock
from tests.core.contact_acts import do
from tests.core.deal_acts import as_contact, make_intent, make_reseller
from tests.core.question_acts import answered, asked, followed_up, now_of, thread
from tests.core.today_world import statements
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the grid was told last."""
    told: dict[str, Any] = {}
    monkeypatch.setattr(inbox, "grid", lambda **options: told.update(options))
    return told


@pytest.fixture
def open_page(sqlite_database: str, listed: dict[str, Any], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page as somebody."""
    return opener(monkeypatch)


@pytest.fixture
def shop(aisha: Actor, clock: Clock) -> Partner:
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", owner_id=aisha.id)


@pytest.fixture
def tariq(shop: Partner) -> Actor:
    """Its technician."""
    return as_contact(shop, ContactRole.TECHNICAL, name="Tariq Al Hinai")


@pytest.fixture
def row(tariq: Actor) -> PartnerQuestion:
    return asked(tariq)


def press(screen: AppTest, label: str) -> AppTest:
    found = next(button for button in screen.button if button.label == label).click().run()
    assert not found.exception, found.exception
    return found


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


def box(screen: AppTest, row: PartnerQuestion, what: str = "answer") -> Any:
    return screen.text_area(key=f"questions.{what}.{row.id}")


class TestInbox:
    def test_of_nobody_who_asked_says_where_questions_come_from(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page("questions", aisha)
        assert "Nobody has asked yet" in texts(screen)
        assert not screen.selectbox

    def test_shows_what_waits_and_opens_the_first(
        self, open_page: Open, row: PartnerQuestion, aisha: Actor, listed: dict[str, Any], clock: Clock
    ) -> None:
        clock.forward(days=3)
        screen = open_page("questions", aisha)
        assert listed["columns"]["Clock"].values == ["1 d late"]
        said = texts(screen)
        for part in ("1 question waits for an answer, 1 past its time", "Does it run offline?", "Tariq Al Hinai"):
            assert part in said.replace("\\", "")

    def test_filters_stand_in_the_address(
        self, open_page: Open, row: PartnerQuestion, tariq: Actor, aisha: Actor, listed: dict[str, Any]
    ) -> None:
        answered(aisha, asked(tariq, "Another"))
        screen = open_page("questions", aisha, state="answered")
        assert listed["columns"]["Question"].values == ["Another"]
        screen.selectbox(key="questions.state").set_value("all").run()
        assert screen.query_params["state"] in ("all", ["all"])
        assert len(listed["ids"]) == 2
        screen.text_input(key="questions.text").set_value("mountains offline").run()
        assert listed["columns"]["Question"].values == ["Does it run offline?"]
        screen.selectbox(key="questions.whose").set_value("me").run()
        assert "No question is like this." in texts(screen)
        press(screen, "Show all that wait")
        assert listed["ids"] == [str(row.id)]

    def test_a_link_opens_a_question_that_the_filter_leaves_out(
        self, open_page: Open, row: PartnerQuestion, tariq: Actor, aisha: Actor
    ) -> None:
        answered(aisha, row)
        assert "Does it run offline" in texts(open_page("questions", aisha, question=str(row.id)))

    def test_what_an_address_says_wrongly_is_not_said(self) -> None:
        found = read_address({"state": "x", "whose": "x", "partner": "x", "text": "y" * 200})
        assert (found.shown, found.whose, found.partner_id, len(found.text)) == ("", "", None, 100)

    def test_asks_the_database_little(self, open_page: Open, row: PartnerQuestion, aisha: Actor) -> None:
        screen = open_page("questions", aisha)
        with statements() as said:
            screen.run()
        assert len(said) <= 10

    def test_an_analyst_reads_and_does_nothing(self, open_page: Open, row: PartnerQuestion, analyst: Actor) -> None:
        screen = open_page("questions", analyst)
        assert "Does it run offline" in texts(screen)
        assert labels(screen) & {"Send answer", "Close", "Keep note"} == set()
        assert not screen.text_area

    def test_is_not_offered_to_members_nor_without_the_module(
        self, monkeypatch: pytest.MonkeyPatch, member: Actor, aisha: Actor
    ) -> None:
        for actor, portal in ((member, True), (aisha, False)):
            assert is_closed(opener(monkeypatch)("questions", actor, portal=portal))


class TestThread:
    def test_shows_what_people_typed_as_they_typed_it(self, open_page: Open, tariq: Actor, aisha: Actor) -> None:
        asked(tariq, "*Bold* <b>?", "<img onerror=alert(1)>\n# Not a heading\n\n[x](javascript:y)")
        said = texts(open_page("questions", aisha))
        for part in (
            r"\*Bold\* \<b\>?",
            r"\<img onerror\=alert\(1\)\>",
            r"\# Not a heading",
            r"\[x\]\(javascript\:y\)",
        ):
            assert part in said

    def test_an_answer_goes_to_the_partner(self, open_page: Open, row: PartnerQuestion, aisha: Actor) -> None:
        screen = open_page("questions", aisha, question=str(row.id))
        box(screen, row).input("Yes, for three days.").run()
        press(screen, "Send answer")
        assert now_of(row).state is QuestionState.ANSWERED
        assert [post.body for post in thread(aisha, row).posts][1:] == ["Yes, for three days."]
        assert box(screen, row).value == ""
        assert "The partner can still write here" in texts(screen)

    def test_of_two_who_answer_the_second_keeps_its_text(
        self, open_page: Open, row: PartnerQuestion, aisha: Actor, nora: Actor
    ) -> None:
        screen = open_page("questions", aisha, question=str(row.id))
        box(screen, row).input("My long answer").run()
        answered(nora, row, "Hers")
        press(screen, "Send answer")
        assert "Nora Al Harthy answered this just now" in screen.error[0].value
        assert box(screen, row).value == "My long answer"
        assert "Hers" in texts(screen)
        press(screen, "Send answer")
        assert [post.body for post in thread(aisha, row).posts][1:] == ["Hers", "My long answer"]

    def test_text_is_kept_while_another_question_is_open(
        self, open_page: Open, row: PartnerQuestion, tariq: Actor, aisha: Actor
    ) -> None:
        other = asked(tariq, "Another")
        screen = open_page("questions", aisha, question=str(row.id))
        box(screen, row).input("Half an answer").run()
        screen.query_params["question"] = str(other.id)
        screen.run()
        assert box(screen, other).value == ""
        screen.query_params["question"] = str(row.id)
        screen.run()
        assert box(screen, row).value == "Half an answer"

    def test_an_empty_answer_is_refused_in_place(self, open_page: Open, row: PartnerQuestion, aisha: Actor) -> None:
        screen = press(open_page("questions", aisha), "Send answer")
        assert "The answer is missing" in screen.error[0].value
        assert now_of(row).state is QuestionState.OPEN

    def test_a_note_stays_among_colleagues(self, open_page: Open, row: PartnerQuestion, aisha: Actor) -> None:
        screen = open_page("questions", aisha)
        screen.button_group[0].set_value("Note to colleagues").run()
        assert "Send answer" not in labels(screen)
        box(screen, row, "note").input("Ask Said.").run()
        press(screen, "Keep note")
        assert [post.kind for post in thread(aisha, row).posts] == [PostKind.ASKED, PostKind.NOTE]
        assert now_of(row).state is QuestionState.OPEN
        assert "Note, only for colleagues" in texts(screen)

    def test_an_answer_that_is_kept_ready_is_put_in(self, open_page: Open, row: PartnerQuestion, aisha: Actor) -> None:
        do(aisha, service.save_canned, None, version=None, name="Thanks", body="Thank you.", body_ar="شكرًا")
        screen = open_page("questions", aisha)
        box(screen, row).input("Yes.").run()
        screen.selectbox(key=f"questions.canned.{row.id}").set_value("Thanks").run()
        assert box(screen, row).value == "Yes.\n\nThank you."

    def test_is_given_to_a_colleague(
        self, open_page: Open, row: PartnerQuestion, aisha: Actor, reviewer: Actor
    ) -> None:
        screen = open_page("questions", aisha)
        screen.selectbox(key=f"questions.assign.{row.id}").set_value(str(reviewer.id)).run()
        assert now_of(row).assigned_to_id == reviewer.id

    def test_is_closed_and_reopened(self, open_page: Open, row: PartnerQuestion, aisha: Actor) -> None:
        screen = press(open_page("questions", aisha, question=str(row.id)), "Close")
        assert now_of(row).state is QuestionState.CLOSED
        assert "Closed by Aisha" in texts(screen)
        assert {"Send answer", "Close"} & labels(screen) == set()
        press(screen, "Reopen")
        assert now_of(row).state is QuestionState.OPEN

    def test_gets_another_due_time(self, open_page: Open, row: PartnerQuestion, aisha: Actor, clock: Clock) -> None:
        screen = open_page("questions", aisha)
        screen.date_input(key=f"questions.due_day.{row.id}").set_value(row.due_at.date()).run()
        screen.time_input(key=f"questions.due_time.{row.id}").set_value(time(18, 30)).run()
        press(screen, "Change")
        assert now_of(row).due_at.strftime("%H:%M") == "14:30", "half past six in Muscat"

    def test_shows_up_at_its_deal(
        self, open_page: Open, shop: Partner, tariq: Actor, aisha: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("admin_app.intents.queue.grid", lambda **_: ())
        with transaction(aisha) as session:
            deal = make_intent(session, shop)
        asked(tariq, "About this deal?", quote_id=deal.id)
        said = texts(open_page("deal_intents", aisha, deal=str(deal.id)))
        assert "Questions about it" in said
        assert "About this deal" in said


def test_a_partners_questions_stand_on_its_page(
    open_page: Open, row: PartnerQuestion, shop: Partner, tariq: Actor, aisha: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed_up(tariq, row)
    entries: list[Any] = []
    monkeypatch.setattr("admin_app.partner.questions.feed", lambda **told: entries.extend(told["entries"]))
    open_page("partner", aisha, id=str(shop.id), tab="Questions").query_params.update({"id": str(shop.id)})
    screen = open_page("partner", aisha)
    screen.query_params.update({"id": str(shop.id), "tab": "Questions"})
    screen.run()
    assert {(one.title, one.mark) for one in entries} == {("Does it run offline?", "Waiting")}
