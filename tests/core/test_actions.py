"""Action items and decisions: whose they are, who may mark them done, what stands for good."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from core.actor import Actor, ActorKind
from core.companies.models import Staff
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.mail.messages import Kind as MailKind
from core.meetings import queries
from core.meetings.actions import add_action, change_action, mark_done, mark_own_done
from core.meetings.decisions import AlreadyOverruled, add_decision
from core.meetings.models import ActionItem, Decision, Side
from core.meetings.plans import NewAction
from core.meetings.rows import ActionChanged
from core.meetings.service import add_meeting
from core.partners.models import Partner
from core.timeline.kinds import Kind
from tests.core.meeting_acts import mails, plan, told
from tests.factories import make_partner

TODAY = date(2026, 11, 22)


@pytest.fixture
def salim(partner: Partner) -> Actor:
    """A person of the partner, in its room."""
    return Actor(ActorKind.PARTNER, name="Salim Al Kindi", company=partner.company_id, partner=partner.id)


@pytest.fixture
def theirs(clock, partner: Partner, aisha: Actor) -> ActionItem:
    """An action item on the partner's side."""
    with transaction(aisha) as session:
        action = NewAction(Side.PARTNER, "Name the technical contact", due_on=TODAY)
        return add_action(session, partner.id, action=action, by=aisha)


@pytest.fixture
def ours(clock, partner: Partner, aisha: Actor) -> ActionItem:
    """An action item on our side."""
    with transaction(aisha) as session:
        return add_action(session, partner.id, action=NewAction(Side.OURS, "Send the price list"), by=aisha)


class TestAdd:
    def test_gives_ours_to_the_partners_owner(self, session, ours, partner, aisha):
        (row,) = queries.partner_actions(session, partner.id)
        assert (row.owner_id, row.owner, row.due_on, row.is_late) == (aisha.id, "Aisha Al Balushi", None, False)

    def test_gives_ours_to_whoever_writes_it_when_nobody_owns_the_partner(self, clock, session, aisha, nora):
        nobodys = make_partner(session)
        row = add_action(session, nobodys.id, action=NewAction(Side.OURS, "Call"), by=aisha)
        assert row.owner_id == aisha.id

    def test_gives_theirs_to_nobody_of_us(self, session, theirs, aisha):
        action = NewAction(Side.PARTNER, "Call", owner_id=aisha.id)
        assert add_action(session, theirs.partner_id, action=action, by=aisha).owner_id is None

    @pytest.mark.parametrize(
        ("facts", "why"),
        (
            ({"text": ""}, "Action item is missing"),
            ({"text": "a\nb"}, "line breaks"),
            ({"text": "x" * 501}, "maximum 500"),
            ({"due_on": date(2036, 1, 1)}, "due day"),
            ({"owner_id": uuid4()}, "Choose a colleague"),
        ),
    )
    def test_refuses_what_cannot_be_kept(self, clock, session, partner, aisha, facts, why):
        with pytest.raises(Invalid, match=why):
            add_action(session, partner.id, action=NewAction(**{"side": Side.OURS, "text": "Call"} | facts), by=aisha)

    def test_refuses_an_owner_who_has_left(self, clock, session, partner, aisha, nora):
        session.get_one(Staff, nora.id).disabled_at = clock.now()
        with pytest.raises(Invalid, match="Choose a colleague"):
            add_action(session, partner.id, action=NewAction(Side.OURS, "Call", owner_id=nora.id), by=aisha)

    def test_refuses_the_meeting_of_another_partner(self, clock, session, partner, aisha):
        meeting = add_meeting(session, make_partner(session).id, plan=plan(clock), by=aisha)
        with pytest.raises(NotFound, match="meeting was not found"):
            add_action(session, partner.id, action=NewAction(Side.OURS, "x"), meeting_id=meeting.id, by=aisha)

    def test_is_not_for_those_who_only_read(self, partner, analyst):
        with pytest.raises(NotAllowed), transaction(analyst) as session:
            add_action(session, partner.id, action=NewAction(Side.OURS, "x"), by=analyst)


class TestOrder:
    def test_has_the_open_ones_by_day_before_the_done_ones(self, clock, session, partner, aisha):
        for text, due in (("Some day", None), ("Later", 30), ("Sooner", 20)):
            due_on = date(2026, 11, due) if due else None
            add_action(session, partner.id, action=NewAction(Side.OURS, text, due_on=due_on), by=aisha)
        done = add_action(session, partner.id, action=NewAction(Side.OURS, "Done"), by=aisha)
        mark_done(session, done.id, done=True, by=aisha)
        rows = queries.partner_actions(session, partner.id)
        assert [(row.text, row.is_late) for row in rows] == [
            ("Sooner", True), ("Later", False), ("Some day", False), ("Done", False),
        ]  # fmt: skip


class TestChange:
    def test_keeps_what_is_new(self, clock, session, ours, aisha, nora):
        action = NewAction(Side.OURS, "Send both lists", owner_id=nora.id, due_on=TODAY)
        row = change_action(session, ours.id, action=action, version=1, by=aisha)
        assert (row.text, row.owner_id, row.due_on, row.version) == ("Send both lists", nora.id, TODAY, 2)

    def test_refuses_what_was_edited_from_an_older_state(self, clock, session, ours, aisha):
        mark_done(session, ours.id, done=True, by=aisha)
        with pytest.raises(ActionChanged):
            change_action(session, ours.id, action=NewAction(Side.OURS, "x"), version=1, by=aisha)

    def test_does_not_reach_another_company(self, ours, outsider):
        with pytest.raises(NotFound), transaction(outsider) as session:
            change_action(session, ours.id, action=NewAction(Side.OURS, "x"), version=1, by=outsider)


class TestMarkDone:
    def test_says_who_and_when(self, clock, session, ours, partner, aisha):
        row = mark_done(session, ours.id, done=True, by=aisha)
        assert (row.done_at, row.done_by) == (clock.now(), "Aisha Al Balushi")
        assert Kind.ACTION_DONE in told(session, partner.id)

    def test_twice_is_once(self, clock, session, ours, partner, aisha):
        first = mark_done(session, ours.id, done=True, by=aisha).done_at
        clock.forward(hours=1)
        assert mark_done(session, ours.id, done=True, by=aisha).done_at == first
        assert told(session, partner.id).count(Kind.ACTION_DONE) == 1

    def test_can_be_taken_back(self, session, ours, partner, aisha):
        mark_done(session, ours.id, done=True, by=aisha)
        row = mark_done(session, ours.id, done=False, by=aisha)
        assert (row.done_at, row.done_by) == (None, "")
        assert Kind.ACTION_REOPENED in told(session, partner.id)

    def test_is_not_for_those_who_only_read(self, ours, analyst):
        with pytest.raises(NotAllowed), transaction(analyst) as session:
            mark_done(session, ours.id, done=True, by=analyst)


class TestMarkOwnDone:
    def test_marks_it_and_tells_the_owner_once(self, theirs, salim, aisha):
        for done in (True, False, True):
            with transaction(salim) as session:
                mark_own_done(session, theirs.id, done=done, by=salim)
        with reading(aisha) as session:
            (row,) = queries.partner_actions(session, theirs.partner_id)
            assert row.done_by == "Salim Al Kindi"
            (letter,) = mails(session, MailKind.ACTION_DONE).values()
            assert letter.to_address == "aisha.al.balushi@dhofar.om"
            assert "Salalah Retail has done: Name the technical contact" in letter.subject

    def test_refuses_our_own_side(self, ours, salim):
        with pytest.raises(NotFound), transaction(salim) as session:
            mark_own_done(session, ours.id, done=True, by=salim)

    def test_refuses_staff_and_readers(self, theirs, salim, aisha):
        for other in (aisha, replace(salim, kind=ActorKind.READER)):
            with pytest.raises(NotAllowed), transaction(other) as session:
                mark_own_done(session, theirs.id, done=True, by=other)

    def test_refuses_another_partner_of_the_same_company(self, clock, theirs, salim, aisha):
        with transaction(aisha) as session:
            other = replace(salim, partner=make_partner(session).id)
        with pytest.raises(NotFound), transaction(other) as session:
            mark_own_done(session, theirs.id, done=True, by=other)

    def test_refuses_a_partner_of_another_company(self, clock, theirs, salim, outsider):
        other = replace(salim, company=outsider.company)
        with pytest.raises(NotFound), transaction(other) as session:
            mark_own_done(session, theirs.id, done=True, by=other)

    def test_finds_nothing_by_a_made_up_id(self, theirs, salim):
        with pytest.raises(NotFound), transaction(salim) as session:
            mark_own_done(session, uuid4(), done=True, by=salim)


class TestRoom:
    def test_sees_both_sides_and_which_is_its_own(self, theirs, ours, salim):
        with reading(salim) as session:
            rows = queries.room_actions(session)
        assert {(row.text, row.is_ours, row.owner) for row in rows} == {
            ("Name the technical contact", True, ""),
            ("Send the price list", False, "Aisha Al Balushi"),
        }

    def test_sees_meetings_without_our_notes(self, clock, partner, salim, aisha):
        with transaction(aisha) as session:
            add_meeting(session, partner.id, plan=plan(clock), by=aisha).notes = "They are nervous"
        with reading(salim) as session:
            (row,) = queries.room_meetings(session)
        assert (row.title, row.is_over, row.is_cancelled) == ("تعارف ونطاق العمل", False, False)
        assert "nervous" not in str(row)

    def test_sees_nothing_of_other_partners(self, clock, theirs, salim, aisha):
        with transaction(aisha) as session:
            other = replace(salim, partner=make_partner(session).id)
            add_decision(session, theirs.partner_id, text="Agreed", decided_on=TODAY, by=aisha)
        with reading(other) as session:
            assert queries.room_actions(session) == []
            assert queries.room_meetings(session) == []
            assert queries.room_decisions(session) == []

    def test_is_not_for_staff(self, theirs, aisha):
        for read in (queries.room_actions, queries.room_meetings, queries.room_decisions):
            with pytest.raises(NotAllowed), reading(aisha) as session:
                read(session)


class TestDecisions:
    def decide(self, session: Session, partner: Partner, by: Actor, **facts: Any) -> Decision:
        said: dict[str, Any] = {"text": "20 % margin", "decided_on": TODAY}
        return add_decision(session, partner.id, **said | facts, by=by)

    def test_are_kept_with_what_they_overrule(self, clock, session, partner, aisha, salim):
        first = self.decide(session, partner, aisha, decided_on=TODAY - timedelta(days=9))
        self.decide(session, partner, aisha, text="22 % margin", replaces_id=first.id)
        rows = queries.partner_decisions(session, partner.id)
        assert [(row.text, row.replaces, row.overruled) for row in rows] == [
            ("22 % margin", "20 % margin", False),
            ("20 % margin", "", True),
        ]
        assert told(session, partner.id) == [Kind.DECISION, Kind.DECISION]

    def test_name_the_meeting_they_came_out_of(self, clock, session, partner, aisha):
        meeting = add_meeting(session, partner.id, plan=plan(clock), by=aisha)
        self.decide(session, partner, aisha, meeting_id=meeting.id)
        assert queries.partner_decisions(session, partner.id)[0].meeting == "تعارف ونطاق العمل"

    def test_are_overruled_once(self, clock, session, partner, aisha):
        first = self.decide(session, partner, aisha)
        self.decide(session, partner, aisha, replaces_id=first.id)
        with pytest.raises(AlreadyOverruled):
            self.decide(session, partner, aisha, replaces_id=first.id)

    def test_do_not_overrule_another_partners(self, clock, session, partner, aisha):
        foreign = self.decide(session, make_partner(session), aisha)
        with pytest.raises(NotFound, match="earlier decision"):
            self.decide(session, partner, aisha, replaces_id=foreign.id)

    @pytest.mark.parametrize(
        ("facts", "why"), (({"text": " "}, "is missing"), ({"decided_on": date(2026, 11, 23)}, "a day to come"))
    )
    def test_refuse_what_cannot_be_kept(self, clock, session, partner, aisha, facts, why):
        with pytest.raises(Invalid, match=why):
            self.decide(session, partner, aisha, **facts)

    @pytest.mark.parametrize("change", (update(Decision).values(text="30 % margin"), delete(Decision)))
    def test_cannot_be_changed_in_the_database(self, clock, partner, aisha, change):
        with transaction(aisha) as session:
            self.decide(session, partner, aisha)
        with pytest.raises(DatabaseError, match="a decision is never changed"), transaction(aisha) as session:
            session.execute(change)
        with reading(aisha) as session:
            assert session.scalar(select(func.count()).select_from(Decision)) == 1
