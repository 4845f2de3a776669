"""The statements behind what needs somebody; a statement answers one topic, or several that ask for the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from core.deals.models import Quote
from core.deals.states import REVIEW_WITHIN, QuoteStatus
from core.engagement.models import PartnerViews
from core.mail.models import Mail, MailState
from core.meetings.booking import UNMATCHED
from core.meetings.models import ActionItem, BookingReport, Meeting, MeetingState, Side
from core.nda.models import Instrument, Nda
from core.partners.models import Partner
from core.partners.pipeline import LIMIT_DAYS
from core.proposals.models import ProposalVersion, VersionState
from core.questions.models import PartnerQuestion, QuestionState

Rows = Select[*tuple[Any, ...]]
_AGAIN, _PUBLISHED = aliased(Mail), aliased(ProposalVersion)
MOST = 500
"""Rows read at most by a statement that answers several topics; all of them are counted."""
SIGNED_DAYS, EXPIRING_DAYS, BOOKING_DAYS = 7, 90, 14


@dataclass(frozen=True)
class Day:
    """An instant where the company is, and whose day it is: ``owner`` None means everybody's."""

    local: datetime
    owner: UUID | None = None
    name: str = ""

    @property
    def today(self) -> date:
        """The calendar day."""
        return self.local.date()

    def midnight(self, days: int = 0) -> datetime:
        """When the day so many days from today begins."""
        return datetime.combine(self.today + timedelta(days=days), time(), self.local.tzinfo)

    def is_mine(self) -> ColumnElement[bool]:
        """That a partner is looked after by whose day it is, or by nobody."""
        return true() if self.owner is None else or_(Partner.owner_id == self.owner, Partner.owner_id.is_(None))


def day_of(at: datetime, zone: str, *, owner: UUID | None = None, name: str = "") -> Day:
    """The day of an instant in a time zone."""
    return Day(at.astimezone(ZoneInfo(zone)), owner, name)


@dataclass(frozen=True)
class Statement:
    """Rows and the topics they answer.

    A row of one topic has ``since``, ``detail`` and ``total``; of several it has ``is_<topic>``, ``<topic>_since``,
    ``<topic>_detail`` and ``<topic>_total`` of each.
    """

    topics: Sequence[str]
    rows: Rows


def statements(day: Day) -> list[Statement]:
    """Every statement, so few that a page can ask them all."""
    one = {
        "mail": _mails(day),
        "booking": _bookings(day),
        "meeting": _meetings(day),
        "action": _items(day),
        "read": _read(day),
        "draft": _drafts(day),
    }
    counted = [Statement((topic,), rows.add_columns(func.count().over().label("total"))) for topic, rows in one.items()]
    several = {
        ("action", "stuck"): _partners_due(day),
        ("signed", "expiring"): _ndas(day),
        ("late", "question"): _waiting(day),
    }
    return [*counted, *(Statement(topics, rows) for topics, rows in several.items())]


def _mails(day: Day) -> Rows:
    failed = Mail.state.in_((MailState.FAILED, MailState.BOUNCED, MailState.AMBIGUOUS))
    mine = or_(Mail.partner_id.is_(None), Mail.partner_id.in_(select(Partner.id).where(day.is_mine())))
    return (
        select(Mail.id, Mail.subject.label("title"), Mail.created_at.label("since"), Mail.last_error.label("detail"))
        .where(failed, ~select(_AGAIN.id).where(_AGAIN.resend_of == Mail.id).exists())
        .where(mine if day.owner else true())
        .order_by(Mail.created_at.desc())
    )


def _bookings(day: Day) -> Rows:
    return (
        select(BookingReport.id, BookingReport.outcome.label("title"), BookingReport.received_at.label("since"))
        .where(BookingReport.outcome.startswith(UNMATCHED), BookingReport.received_at >= day.midnight(-BOOKING_DAYS))
        .order_by(BookingReport.received_at.desc())
    )


def _meetings(day: Day) -> Rows:
    mine = or_(day.is_mine(), Meeting.organiser_name == day.name) if day.owner else true()
    return (
        _of_partner(Meeting.at)
        .add_columns(Meeting.id.label("item"), Meeting.title.label("detail"))
        .join(Meeting, Meeting.partner_id == Partner.id)
        .where(
            Meeting.state == MeetingState.SCHEDULED,
            Meeting.at >= day.local - timedelta(hours=1),
            Meeting.at < day.midnight(2),
            mine,
        )
        .order_by(Meeting.at)
    )


def _items(day: Day) -> Rows:
    """Our action items from their day on; those of a partner from the day after, since then somebody has to ask."""
    ours = and_(ActionItem.side == Side.OURS, ActionItem.due_on <= day.today)
    theirs = and_(ActionItem.side == Side.PARTNER, ActionItem.due_on < day.today)
    whose = and_(or_(ActionItem.owner_id.is_(None), ActionItem.side == Side.PARTNER), day.is_mine())
    return (
        _of_partner(ActionItem.due_on)
        .add_columns(ActionItem.id.label("item"), ActionItem.text.label("detail"))
        .join(ActionItem, ActionItem.partner_id == Partner.id)
        .where(ActionItem.done_at.is_(None), or_(ours, theirs))
        .where(or_(ActionItem.owner_id == day.owner, whose) if day.owner else true())
        .order_by(ActionItem.due_on)
    )


def _read(day: Day) -> Rows:
    return (
        _of_partner(PartnerViews.last_read_at)
        .join(PartnerViews, PartnerViews.partner_id == Partner.id)
        .where(PartnerViews.last_read_at >= day.midnight(-1), day.is_mine())
        .order_by(PartnerViews.last_read_at.desc())
    )


def _drafts(day: Day) -> Rows:
    published = (_PUBLISHED.partner_id == Partner.id, _PUBLISHED.state == VersionState.PUBLISHED)
    return (
        _of_partner(ProposalVersion.saved_at)
        .join(ProposalVersion, ProposalVersion.partner_id == Partner.id)
        .where(ProposalVersion.state == VersionState.DRAFT, ~select(_PUBLISHED.id).where(*published).exists())
        .where(day.is_mine())
        .order_by(ProposalVersion.saved_at)
    )


def _waiting(day: Day) -> Rows:
    """What resellers wait for: a decision on a deal, an answer to a question."""
    found = union_all(_late(day), _questions(day)).subquery()
    columns: list[Any] = []
    for topic in ("late", "question"):
        columns += _mark(topic, found.c.topic == topic, found.c.since, found.c.detail)
    return select(found.c.id, found.c.title, found.c.status, found.c.item, *columns).order_by(found.c.since)


def _late(day: Day) -> Rows:
    """Deals that wait for a decision for longer than was promised, whoever looks after the partner."""
    due = day.local - REVIEW_WITHIN
    return (
        _of_partner(Quote.submitted_at)
        .add_columns(Quote.id.label("item"), (Quote.reference + ": " + Quote.customer_name).label("detail"))
        .add_columns(literal("late").label("topic"))
        .join(Quote, Quote.partner_id == Partner.id)
        .where(Quote.status == QuoteStatus.PENDING, Quote.submitted_at <= due)
    )


def _questions(day: Day) -> Rows:
    """Questions to be answered today, or before: one's own, and those of nobody by who looks after the partner."""
    question = PartnerQuestion
    mine = or_(question.assigned_to_id == day.owner, and_(question.assigned_to_id.is_(None), day.is_mine()))
    return (
        _of_partner(question.due_at)
        .add_columns(question.id.label("item"), (question.reference + ": " + question.subject).label("detail"))
        .add_columns(literal("question").label("topic"))
        .join(question, question.partner_id == Partner.id)
        .where(question.state == QuestionState.OPEN, question.due_at < day.midnight(1))
        .where(mine if day.owner else true())
    )


def _partners_due(day: Day) -> Rows:
    """Partners whose next action is due, and those stuck in their stage."""
    due = and_(Partner.next_action != "", Partner.next_action_on <= day.today)
    stuck = _is_stuck(day.local)
    return (
        select(Partner.id, Partner.name.label("title"), Partner.status)
        .add_columns(*_mark("action", due, Partner.next_action_on, Partner.next_action))
        .add_columns(*_mark("stuck", stuck, Partner.status_entered_at))
        .where(or_(due, stuck), day.is_mine())
        .order_by(due.desc(), Partner.next_action_on, Partner.status_entered_at)
    )


def _is_stuck(at: datetime) -> ColumnElement[bool]:
    """The pipeline's own rule, for the database: more whole days than the limit."""
    return or_(
        *(
            and_(Partner.status == status, Partner.status_entered_at <= at - timedelta(days=limit + 1))
            for status, limit in LIMIT_DAYS.items()
        )
    )


def _ndas(day: Day) -> Rows:
    """NDAs in force that were signed in the last days, or expire soon."""
    signed = Nda.signed_at >= day.midnight(-SIGNED_DAYS)
    expiring = and_(Nda.expires_at > day.local, Nda.expires_at <= day.midnight(EXPIRING_DAYS + 1))
    return (
        select(Partner.id, Partner.name.label("title"), Partner.status, Nda.id.label("item"))
        .add_columns(*_mark("signed", signed, Nda.signed_at, Nda.reference))
        .add_columns(*_mark("expiring", expiring, Nda.expires_at, Nda.reference))
        .join(Nda, Nda.partner_id == Partner.id)
        .where(Nda.instrument == Instrument.NDA, Nda.superseded_at.is_(None), or_(signed, expiring), day.is_mine())
        .order_by(Nda.expires_at)
    )


def _mark(topic: str, is_one: ColumnElement[bool], since: Any, detail: Any = None) -> list[Any]:
    """The columns that tell whether a row is of a topic, and how many rows are."""
    told = [detail.label(f"{topic}_detail")] if detail is not None else []
    total = func.count().filter(is_one).over()
    return [is_one.label(f"is_{topic}"), since.label(f"{topic}_since"), total.label(f"{topic}_total"), *told]


def _of_partner(since: Any) -> Rows:
    return select(Partner.id, Partner.name.label("title"), Partner.status, since.label("since"))
