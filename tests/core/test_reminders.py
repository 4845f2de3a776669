"""Reminders of action items: when, to whom, how often."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.companies.models import Company, Staff
from core.db import reading, transaction
from core.mail.messages import Kind as MailKind
from core.mail.models import Mail
from core.meetings.actions import add_action, mark_done
from core.meetings.models import ActionItem, Side
from core.meetings.plans import NewAction
from core.meetings.reminders import key, remind, state
from core.partners.models import Partner
from core.partners.pipeline import HoldReason, Status

DUE = date(2026, 12, 1)
MUSCAT = ZoneInfo("Asia/Muscat")


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An hour in Muscat."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=MUSCAT)


@pytest.fixture
def ours(clock, partner: Partner, aisha: Actor) -> ActionItem:
    """An item of Aisha's."""
    with transaction(aisha) as session:
        return add_action(session, partner.id, action=NewAction(Side.OURS, "Send the price list", due_on=DUE), by=aisha)


@pytest.fixture
def theirs(clock, partner: Partner, aisha: Actor) -> ActionItem:
    """An item of the partner's."""
    with transaction(aisha) as session:
        return add_action(session, partner.id, action=NewAction(Side.PARTNER, "Name the contact", due_on=DUE), by=aisha)


def reminders(aisha: Actor) -> list[tuple[str, str]]:
    """Whom a reminder went to, and its subject, in order."""
    with reading(aisha) as session:
        found = select(Mail).where(Mail.kind == MailKind.ACTION_DUE).order_by(Mail.created_at)
        return [(mail.to_address.partition("@")[0], mail.subject) for mail in session.scalars(found)]


class TestWhen:
    def test_the_day_before_on_the_day_and_weekly_after_it(self, clock, ours, aisha):
        days = []
        for n in range(-3, 30):
            clock.at(at(DUE + timedelta(days=n)))
            before = len(reminders(aisha))
            remind()
            days += [n] * (len(reminders(aisha)) - before)
        assert days == [-1, 0, 7, 14, 21, 28]

    def test_ends_after_some_weeks(self, clock, ours, aisha):
        clock.at(at(DUE + timedelta(days=200)))
        remind()
        assert reminders(aisha) == []

    @pytest.mark.parametrize(
        ("hour", "minute", "sent"), ((0, 30, 0), (7, 59, 0), (8, 0, 1), (17, 59, 1), (18, 0, 0), (23, 0, 0))
    )
    def test_only_at_working_hours_where_the_company_is(self, clock, ours, aisha, hour, minute, sent):
        clock.at(at(DUE, hour, minute))
        remind()
        assert len(reminders(aisha)) == sent

    def test_goes_by_the_companys_own_clock(self, clock, company, ours, aisha):
        with transaction(aisha) as session:
            session.get_one(Company, company.id).time_zone = "America/New_York"
        clock.at(at(DUE, 9))
        remind()
        assert reminders(aisha) == []
        clock.at(datetime(2026, 12, 1, 14, 0, tzinfo=UTC))
        remind()
        assert len(reminders(aisha)) == 1

    def test_once_however_often_it_runs(self, clock, ours, theirs, aisha):
        for minute in range(0, 60, 10):
            clock.at(at(DUE, 9, minute))
            remind()
        assert len(reminders(aisha)) == 2

    def test_is_made_up_for_when_no_worker_ran(self, clock, ours, aisha):
        clock.at(at(DUE + timedelta(days=3)))
        remind()
        assert reminders(aisha) == [("aisha.al.balushi", "Overdue: Send the price list")]

    def test_begins_anew_when_the_day_is_moved(self, clock, ours, aisha):
        clock.at(at(DUE))
        remind()
        with transaction(aisha) as session:
            session.get_one(ActionItem, ours.id).due_on = DUE + timedelta(days=5)
        clock.at(at(DUE + timedelta(days=5)))
        remind()
        assert len(reminders(aisha)) == 2

    def test_leaves_alone_what_was_written_down_today(self, clock, partner, aisha):
        clock.at(at(DUE, 8, 30))
        with transaction(aisha) as session:
            add_action(session, partner.id, action=NewAction(Side.OURS, "Call", due_on=DUE), by=aisha)
        remind()
        assert reminders(aisha) == []


class TestWhom:
    def test_the_colleague_with_the_partners_page(self, clock, ours, aisha):
        clock.at(at(DUE - timedelta(days=1)))
        remind()
        assert reminders(aisha) == [("aisha.al.balushi", "Due tomorrow: Send the price list")]
        with reading(aisha) as session:
            mail = session.scalars(select(Mail)).one()
        assert f"/partner?id={ours.partner_id}&tab=Meetings" in mail.text
        assert mail.partner_id == ours.partner_id

    def test_the_partners_contact_who_can_answer_the_owner(self, clock, theirs, aisha):
        clock.at(at(DUE))
        remind()
        ((to, subject),) = reminders(aisha)
        assert (to, subject) == ("salim", "Due today: Name the contact")
        with reading(aisha) as session:
            mail = session.scalars(select(Mail)).one()
        assert mail.reply_to == "aisha.al.balushi@dhofar.om"
        assert "/partner?id=" not in mail.text

    def test_in_the_partners_language(self, clock, theirs, aisha):
        with transaction(aisha) as session:
            session.get_one(Partner, theirs.partner_id).language = "ar"
        clock.at(at(DUE))
        remind()
        assert reminders(aisha)[0][1] == "تستحق اليوم: Name the contact"

    def test_the_partners_owner_when_the_colleague_is_not_named(self, clock, ours, nora, aisha):
        with transaction(aisha) as session:
            session.get_one(ActionItem, ours.id).owner_id = None
            session.get_one(Partner, ours.partner_id).owner_id = nora.id
        clock.at(at(DUE))
        remind()
        assert [to for to, _ in reminders(aisha)] == ["nora.al.harthy"]

    def test_nobody_who_has_left(self, clock, ours, aisha, nora):
        with transaction(nora) as session:
            session.get_one(Staff, aisha.id).disabled_at = clock.now()
        clock.at(at(DUE))
        remind()
        assert reminders(nora) == []

    def test_nobody_without_an_address(self, clock, theirs, aisha):
        with transaction(aisha) as session:
            session.get_one(Partner, theirs.partner_id).contact_email = ""
        clock.at(at(DUE))
        remind()
        assert reminders(aisha) == []

    def test_nobody_once_it_is_done(self, clock, ours, aisha):
        with transaction(aisha) as session:
            mark_done(session, ours.id, done=True, by=aisha)
        clock.at(at(DUE))
        remind()
        assert reminders(aisha) == []

    def test_only_our_side_while_the_partner_is_on_hold(self, clock, ours, theirs, aisha):
        with transaction(aisha) as session:
            partner = session.get_one(Partner, ours.partner_id)
            partner.status, partner.stage_left, partner.hold_reason = Status.ON_HOLD, Status.DRAFT, HoldReason.STALLED
        clock.at(at(DUE))
        remind()
        assert [to for to, _ in reminders(aisha)] == ["aisha.al.balushi"]


@pytest.mark.parametrize(
    ("days", "week", "called"),
    ((-1, -1, "tomorrow"), (0, 0, "today"), (1, 0, "late"), (6, 0, "late"), (7, 1, "late"), (15, 2, "late")),
)
def test_a_reminder_is_known_by_its_week(ours, days, week, called):
    today = DUE + timedelta(days=days)
    assert key(ours.id, DUE, today) == f"action-due:{ours.id}:2026-12-01:{week}"
    assert state(DUE, today) == called
