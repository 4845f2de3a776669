"""The Meetings tab of a partner's page, its dialogs, and what may be wrong."""

from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from admin_app.partner import meetings as tab
from admin_app.partner import plan_form, who
from core.access.tokens import issue
from core.actor import Actor
from core.db import reading, transaction
from core.meetings import queries
from core.meetings.models import Side
from core.meetings.plans import NewAction
from core.meetings.queries import Notebook
from core.meetings.service import add_meeting
from core.partners.models import Partner
from core.partners.pipeline import Status
from tests.core.meeting_acts import plan
from tests.factories import make_partner
from tests.screens import texts

pytestmark = pytest.mark.usefixtures("sqlite_database")


def press(screen: AppTest, label: str) -> AppTest:
    """Press a button; of several with one label the last, which is a dialog's."""
    return [button for button in screen.button if button.label == label][-1].click().run()


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


def book(partner: Partner, by: Actor) -> Notebook:
    with reading(by) as session:
        return queries.notebook(session, partner.id)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the lists of the tab showed last, by key."""
    lists: dict[str, Any] = {}
    monkeypatch.setattr(tab, "feed", lambda *, entries, key, **_: lists.update({key: entries}))
    monkeypatch.setattr(tab, "checklist", lambda *, items, key, **more: lists.update({key: items, f"{key}+": more}))
    return lists


class TestTab:
    def test_says_when_there_is_nothing(self, partner, aisha, open_partner, shown):
        said = texts(open_partner(partner, aisha, "Meetings"))
        assert "No meeting is planned." in said

    def test_has_what_comes_first(self, clock, partner, aisha, open_partner, shown):
        with transaction(aisha) as session:
            todo = [NewAction(Side.OURS, "Late", due_on=date(2026, 11, 20)), NewAction(Side.PARTNER, "Theirs")]
            add_meeting(session, partner.id, plan=plan(clock), actions=todo, by=aisha)
            add_meeting(session, partner.id, plan=plan(clock, at=clock.now() - timedelta(days=9)), by=aisha)
        open_partner(partner, aisha, "Meetings")
        assert [(line.mark, line.title) for line in shown["meetings.coming"]] == [("24 Nov", "تعارف ونطاق العمل")]
        assert [(item.title, item.note, item.tone) for item in shown["meetings.ours"]] == [
            ("Late", "due 20 Nov, late", "attention")
        ]
        assert [item.title for item in shown["meetings.theirs"]] == ["Theirs"]
        assert [(line.mark, line.text) for line in shown["meetings.past"]] == [("Held", "No notes yet")]

    def test_ticks_an_item(self, clock, partner, aisha, open_partner, shown, monkeypatch):
        with transaction(aisha) as session:
            add_meeting(session, partner.id, plan=plan(clock), actions=[NewAction(Side.OURS, "x")], by=aisha)
        open_partner(partner, aisha, "Meetings")
        assert shown["meetings.ours+"]["on_tick"] is not None

    def test_lets_those_who_only_read_change_nothing(self, clock, partner, aisha, analyst, open_partner, shown):
        with transaction(aisha) as session:
            add_meeting(session, partner.id, plan=plan(clock), actions=[NewAction(Side.OURS, "x")], by=aisha)
        screen = open_partner(partner, analyst, "Meetings")
        assert shown["meetings.ours+"]["on_tick"] is None
        assert not {"Add meeting", "Add action item", "Record decision"} & labels(screen)


class TestAddMeeting:
    def test_is_planned_with_its_items(self, partner, aisha, open_partner, shown):
        screen = press(open_partner(partner, aisha, "Meetings"), "Add meeting")
        assert "salim@" in (screen.text_area(key="plan.attendees").value or "")
        screen.text_input(key="plan.title").input("Kick-off")
        screen.text_input(key="plan.what0").input("Send the list")
        press(screen, "Add meeting")
        found = book(partner, aisha)
        assert [row.title for row in found.meetings] == ["Kick-off"]
        assert [(row.text, row.owner) for row in found.actions] == [("Send the list", "Aisha Al Balushi")]

    def test_keeps_what_was_typed_when_it_is_refused(self, partner, aisha, open_partner, shown):
        screen = press(open_partner(partner, aisha, "Meetings"), "Add meeting")
        screen.text_input(key="plan.place").input("Al Khuwair")
        screen = press(screen, "Add meeting")
        assert "Title is missing" in texts(screen)
        assert screen.text_input(key="plan.place").value == "Al Khuwair"
        assert book(partner, aisha).meetings == []

    def test_is_done_once_by_a_double_press(self, partner, aisha, open_partner, shown):
        screen = press(open_partner(partner, aisha, "Meetings"), "Add meeting")
        screen.text_input(key="plan.title").input("Kick-off")
        press(screen, "Add meeting")
        assert len(book(partner, aisha).meetings) == 1


class TestOneMeeting:
    @pytest.fixture
    def meeting(self, clock, partner, aisha) -> Any:
        with transaction(aisha) as session:
            return add_meeting(session, partner.id, plan=plan(clock), by=aisha)

    def test_opens_by_its_address_and_takes_notes(self, partner, aisha, open_partner, shown, meeting):
        screen = open_partner(partner, aisha, "Meetings")
        screen.query_params["meeting"] = str(meeting.id)
        screen.run()
        assert "Scope" in texts(screen)
        screen.text_area(key=f"planning.notes.{meeting.id}").input("They agreed")
        press(screen, "Save notes")
        assert book(partner, aisha).meetings[0].notes == "They agreed"

    def test_is_cancelled_after_a_question(self, partner, aisha, open_partner, shown, meeting):
        screen = open_partner(partner, aisha, "Meetings")
        screen.query_params["meeting"] = str(meeting.id)
        screen = press(screen.run(), "Cancel meeting")
        assert "will not take place" in texts(screen)
        press(screen, "Cancel meeting")
        assert book(partner, aisha).meetings[0].is_cancelled

    def test_of_another_partner_is_not_shown(self, partner, aisha, open_partner, shown, meeting):
        with transaction(aisha) as session:
            other = make_partner(session)
        screen = open_partner(other, aisha, "Meetings")
        screen.query_params["meeting"] = str(meeting.id)
        assert "This meeting was not found" in texts(screen.run())


class TestAgreed:
    def test_takes_an_action_item(self, partner, aisha, open_partner, shown):
        screen = press(open_partner(partner, aisha, "Meetings"), "Add action item")
        screen.text_input(key="agreeing.text").input("Name the contact")
        screen.selectbox(key="agreeing.who").set_value(who.THEIRS)
        press(screen, "Add action item")
        assert [(row.text, row.side) for row in book(partner, aisha).actions] == [("Name the contact", Side.PARTNER)]

    def test_takes_a_decision(self, partner, aisha, open_partner, shown):
        screen = press(open_partner(partner, aisha, "Meetings"), "Record decision")
        screen = press(screen, "Record decision")
        assert "The decision is missing" in texts(screen)
        screen.text_area(key="agreeing.text").input("20 % margin")
        press(screen, "Record decision")
        assert [row.text for row in book(partner, aisha).decisions] == ["20 % margin"]


class TestTrouble:
    def test_names_the_cause_and_offers_the_fix(self, clock, partner, aisha, open_partner):
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).status = Status.PROPOSAL_SENT
            issue(session, partner.id, by=aisha)
        clock.forward(days=31)
        screen = open_partner(partner, aisha)
        assert "expired on 22 Dec 2026" in texts(screen)
        press(screen, "Send a new link")
        assert "Language of the mail" in {one.label for one in screen.button_group}

    def test_is_not_there_when_all_is_well(self, partner, aisha, open_partner):
        assert "Send a new link" not in labels(open_partner(partner, aisha))


class TestDemo:
    def test_reset_is_offered_for_demo_partners_only(self, partner, aisha, open_partner):
        assert "Reset demo" not in labels(open_partner(partner, aisha))
        with transaction(aisha) as session:
            demo = make_partner(session, is_demo=True)
        screen = press(open_partner(demo, aisha), "Reset demo")
        assert "This cannot be undone" in texts(screen)
        assert "This is not a demo partner" in texts(press(screen, "Reset demo partner"))


@pytest.mark.parametrize(("minutes", "said"), ((15, "15 min"), (60, "1 h"), (90, "1 h 30 min")))
def test_lengths_are_said_shortly(minutes, said):
    assert plan_form._length(minutes) == said
