"""The room's page: what is mine to do, what opens, what was agreed; for its people, and closed to readers."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.access import devices
from core.actor import Actor
from core.clock import now, today
from core.db import reading, transaction
from core.ids import new_id
from core.meetings import actions, decisions, queries
from core.meetings import service as meetings
from core.meetings.models import Side
from core.meetings.plans import MeetingPlan, NewAction
from core.partners.models import Partner
from core.partners.service import add_note
from core.vault.filing import file_away
from core.vault.models import Origin
from portal_app.room import agreements, coming, documents, history, todo
from portal_app.widgets.ledger import Line
from tests.core.proposal_acts import let_in
from tests.core.room_acts import guest, mailed_code, person, send
from tests.core.today_world import statements
from tests.screens import ROOT, texts

Open = Callable[..., AppTest]
CANARY = "canary-9d41"


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Line]]:
    """What the lists of the page showed last, by key."""
    shown: dict[str, list[Line]] = {}

    def draw(*, lines: Any, key: str, **_: Any) -> None:
        shown[key] = list(lines)

    for module in (agreements, coming, documents, history, todo):
        monkeypatch.setattr(module, "ledger", draw)
    return shown


@pytest.fixture
def open_room(monkeypatch: pytest.MonkeyPatch, lists: dict[str, list[Line]]) -> Open:
    """Opens the room as somebody: ``open_room(salim, lang="ar")``."""

    def open_page(actor: Actor | None, **query: str) -> AppTest:
        monkeypatch.setattr("portal_app.shell.find_actor", lambda: actor)
        screen = AppTest.from_file(str(Path(ROOT) / "portal_app" / "main.py"), default_timeout=20)
        for key, value in query.items():
            screen.query_params[key] = value
        screen.run()
        screen.switch_page("views/room.py")
        for key, value in query.items():
            screen.query_params[key] = value
        screen.run()
        assert not screen.exception
        return screen

    return open_page


@pytest.fixture
def salim(sqlite_database: str, aisha: Actor, partner: Partner) -> Actor:
    """Somebody of the partner, on a device nobody knows."""
    return guest(send(aisha, partner))


@pytest.fixture
def known(salim: Actor, partner: Partner) -> Actor:
    """The same person, on a device where the mailbox was proved."""
    with transaction(salim) as session:
        devices.trust(session, partner.id, devices.device_of(session, salim) or b"", address="salim@acme.om")
    return salim


@pytest.fixture
def full(aisha: Actor, partner: Partner, salim: Actor) -> None:
    """A room in which something of everything happened; what is internal carries a canary."""
    day = today("Asia/Muscat")
    todo = [
        NewAction(side=Side.PARTNER, text="Send the *list* of branches", due_on=day + timedelta(days=3)),
        NewAction(side=Side.OURS, text="Prepare the test accounts"),
    ]
    plan = MeetingPlan(
        title="Pilot review", at=now() + timedelta(days=2), place="https://meet.example.om/1", agenda="Go"
    )
    with transaction(aisha) as session:
        meeting = meetings.add_meeting(session, partner.id, plan=plan, actions=todo, by=aisha)
        meeting.notes = CANARY
        decisions.add_decision(session, partner.id, text="Two branches first", decided_on=day, by=aisha)
        add_note(session, partner.id, text=CANARY, by=aisha)
        own = session.get_one(Partner, partner.id)
        own.summary = own.next_action = CANARY
        for title, gated in (("Price list", False), ("Integration guide", True)):
            facts: dict[str, Any] = {"title": title, "file_name": f"{title}.pdf", "data": title.encode()}
            facts |= {"media_type": "application/pdf", "origin": Origin.UPLOAD, "requires_nda": gated}
            file_away(session, own, **facts, by=aisha, at=now())


def press(screen: AppTest, label: str) -> AppTest:
    """Press the button of that name."""
    return next(button for button in screen.button if button.label == label).click().run()


class TestEmpty:
    @pytest.mark.parametrize(
        ("lang", "title", "nothing"),
        (
            ("en", "Your room with Dhofar Systems", "Nothing is waiting for you"),
            ("ar", "مساحتك المشتركة مع \u2068أنظمة ظفار\u2069", "لا شيء بانتظارك"),
        ),
    )
    def test_says_what_will_stand_here(
        self, open_room: Open, salim: Actor, lang: str, title: str, nothing: str
    ) -> None:
        screen = open_room(salim, lang=lang)
        assert screen.title[0].value == title
        assert len(screen.header) == 6
        assert texts(screen).count(nothing) == 2
        assert len(screen.caption) == 7

    def test_asks_for_no_code_where_nothing_could_be_opened(self, open_room: Open, salim: Actor) -> None:
        assert "Confirm this device" not in texts(open_room(salim))


@pytest.mark.usefixtures("full")
class TestFull:
    def test_begins_with_what_is_mine_to_do(self, open_room: Open, known: Actor, lists: Any) -> None:
        screen = open_room(known)
        assert [header.value for header in screen.header] == [
            "For you to do", "Documents", "Your NDA", "Next meetings", "What we agreed", "What happened so far"
        ]  # fmt: skip
        assert [box.label.split(" :")[0] for box in screen.checkbox] == [r"Send the \*list\* of branches"]
        assert [line.title for line in lists["room-theirs"]] == ["Prepare the test accounts"]
        assert "1 for you to do" in screen.caption[0].value

    def test_an_item_is_done_and_taken_back(self, open_room: Open, known: Actor) -> None:
        screen = open_room(known)
        screen.checkbox[0].check().run()
        assert "Nothing is waiting for you" in texts(screen)
        assert [box.value for box in screen.checkbox] == [True]
        with reading(known) as session:
            assert queries.room_actions(session)[-1].done_by == known.name
        screen.checkbox[0].uncheck().run()
        assert [box.value for box in screen.checkbox] == [False]

    def test_an_item_that_is_gone_says_so_and_the_box_tells_the_truth(
        self, open_room: Open, known: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mark = todo._mark
        monkeypatch.setattr(todo, "_mark", lambda _id, key, language: mark(new_id(), key, language))
        screen = open_room(known)
        screen.checkbox[0].check().run()
        assert "not found" in screen.error[0].value
        assert [box.value for box in screen.checkbox] == [False]

    def test_open_documents_can_be_fetched_and_gated_ones_say_why_not(
        self, open_room: Open, known: Actor, lists: Any
    ) -> None:
        open_room(known)
        found = {line.title: line for line in lists["room-documents"]}
        assert found["Price list"].href.startswith("/documents/")
        assert (found["Price list"].mark, found["Price list"].tone) == ("New", "news")
        assert (found["Integration guide"].href, found["Integration guide"].mark) == ("", "Opens after the NDA")

    def test_the_rest_is_told_in_the_partners_words(self, open_room: Open, known: Actor, lists: Any) -> None:
        screen = open_room(known, lang="ar")
        assert (lists["room-meetings"][0].link, lists["room-meetings"][0].note) == ("انضمام", "Go")
        assert lists["room-decisions"][0].title == "Two branches first"
        assert any(line.title.startswith("حُدّد اجتماع") for line in lists["room-timeline"])
        assert [button.label for button in screen.button][:1] == ["English"]

    def test_nothing_internal_is_shown(self, open_room: Open, known: Actor, lists: Any) -> None:
        for lang in ("en", "ar"):
            screen = open_room(known, lang=lang)
            assert CANARY not in texts(screen) + repr(lists) + repr(screen.main)

    def test_earlier_entries_are_a_press_away(
        self, open_room: Open, known: Actor, aisha: Actor, partner: Partner, lists: Any
    ) -> None:
        with transaction(aisha) as session:
            for number in range(20):
                action = NewAction(side=Side.OURS, text=f"Task {number}")
                actions.add_action(session, partner.id, action=action, by=aisha)
        screen = open_room(known)
        assert len(lists["room-timeline"]) == history.FIRST
        press(screen, "Show earlier")
        assert len(lists["room-timeline"]) == 24

    def test_asks_the_database_little(self, full, known, open_room):
        screen = open_room(known)
        with statements() as asked:
            screen.run()
        assert len(asked) <= 10


@pytest.mark.usefixtures("full")
class TestDevice:
    def test_nothing_can_be_fetched_before_a_code(self, open_room: Open, salim: Actor, lists: Any) -> None:
        screen = open_room(salim)
        assert "Confirm this device" in texts(screen)
        assert {line.href for line in lists["room-documents"]} == {""}

    @pytest.mark.parametrize("lang", ("en", "ar"))
    def test_is_confirmed_by_the_mailed_code(self, open_room: Open, salim: Actor, lists: Any, lang: str) -> None:
        screen = open_room(salim, lang=lang, unlock="1")
        press(screen, {"en": "Send me a code", "ar": "أرسل لي رمزًا"}[lang])
        assert "s•••@" in texts(screen)
        assert {"en": "Enter it within 10 minutes", "ar": "خلال 10 دقائق"}[lang] in texts(screen)
        screen.text_input[0].input("12")
        press(screen, {"en": "Confirm", "ar": "تأكيد"}[lang])
        assert "4" in screen.error[0].value
        screen.text_input[0].input(mailed_code(salim))
        press(screen, {"en": "Confirm", "ar": "تأكيد"}[lang])
        assert not screen.text_input
        assert any(line.href for line in lists["room-documents"])
        assert "unlock" not in screen.query_params

    def test_too_many_wrong_tries_ask_for_a_new_code(self, open_room: Open, salim: Actor) -> None:
        screen = open_room(salim)
        press(screen, "Send me a code")
        for _ in range(5):
            screen.text_input[0].input("1")
            press(screen, "Confirm")
        assert screen.error[0].value == "Too many tries. Request a new code."
        press(screen, "Send me a code")
        assert screen.text_input

    def test_too_many_codes_are_told_when_to_try_again(self, open_room: Open, salim: Actor, set_settings: Any) -> None:
        set_settings(mailed_codes_per_partner=1)
        screen = open_room(salim)
        press(screen, "Send me a code")
        press(screen, "Send a new code")
        assert "Try again at" in screen.error[0].value

    def test_without_an_address_says_whom_to_ask(
        self, open_room: Open, salim: Actor, aisha: Actor, partner: Partner
    ) -> None:
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).contact_email = ""
        assert "Ask Aisha Al Balushi to add it" in texts(open_room(salim))


class TestClosed:
    def test_a_reader_is_told_where_the_rooms_link_is(
        self, open_room: Open, aisha: Actor, partner: Partner, sqlite_database: str, lists: Any
    ) -> None:
        reader = person(let_in(aisha, partner))
        screen = open_room(reader)
        assert "The room opens by its own link" in screen.info[0].value
        assert not screen.title
        assert lists == {}
        assert "ar" not in screen.query_params
        assert "رابط خاص بها" in open_room(reader, lang="ar").info[0].value

    def test_who_was_let_out_sees_nothing_but_that(self, open_room: Open, salim: Actor, lists: Any) -> None:
        assert "Your access ended" in open_room(None).error[0].value
        assert lists == {}
