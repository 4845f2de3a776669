"""What needs somebody now, across the company, and the search over its partners."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.actor import Act, actor_of, allowed, permits
from core.clock import now
from core.companies.rows import own_company
from core.engagement.models import PartnerViews
from core.mail.models import Mail, MailState
from core.partners.models import Partner
from core.partners.pipeline import LIMIT_DAYS, Status
from core.proposals.models import ProposalVersion, VersionState

Rows = Select[*tuple[Any, ...]]
_AGAIN, _PUBLISHED = aliased(Mail), aliased(ProposalVersion)
SHOWN = 50
"""How many of each topic are listed; all of them are counted."""


class Topic(StrEnum):
    """Why something needs somebody, the most urgent first."""

    MAIL = "mail"
    """A mail that failed, bounced, or may not have arrived."""
    ACTION = "action"
    """A partner's next action is due."""
    READ = "read"
    """A partner read its proposal today or yesterday."""
    STUCK = "stuck"
    """A partner has been in its stage for longer than the stage's limit."""
    DRAFT = "draft"
    """A proposal was written and never published."""


@dataclass(frozen=True)
class Need:
    """One thing to look at. ``subject``: the partner, or the mail of a ``Topic.MAIL``.

    ``since``: the instant it began to need somebody, or the day for a ``Topic.ACTION``. ``detail``: the next action,
    why a mail failed; ``status``: where a partner stands.
    """

    topic: Topic
    subject: UUID
    title: str
    since: datetime | date
    detail: str = ""
    status: Status | None = None


@dataclass(frozen=True)
class Overview:
    """How much there is of each topic this person may see, and the list, most urgent first."""

    counts: dict[Topic, int]
    needs: list[Need]


@dataclass(frozen=True)
class Found:
    """A partner that was searched for."""

    id: UUID
    name: str
    contact_name: str
    status: Status


_NEEDED = {Topic.MAIL: Act.READ_MAIL, Topic.READ: Act.READ_ENGAGEMENT, Topic.DRAFT: Act.READ_PROPOSALS}


@permits(Act.READ_PIPELINE)
def overview(session: Session) -> Overview:
    """What needs somebody now."""
    today = now().astimezone(ZoneInfo(own_company(session).time_zone))
    lists: dict[Topic, Rows] = {
        Topic.MAIL: _mails(),
        Topic.ACTION: _actions(today.date()),
        Topic.READ: _read(today.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)),
        Topic.STUCK: _stuck(now()),
        Topic.DRAFT: _drafts(),
    }
    counts, needs = {}, []
    for topic, wanted in lists.items():
        if allowed(actor_of(session), _NEEDED.get(topic, Act.READ_PIPELINE)):
            rows = session.execute(wanted.add_columns(func.count().over().label("total")).limit(SHOWN)).all()
            counts[topic] = rows[0].total if rows else 0
            needs += [_need(topic, row._mapping) for row in rows]
    return Overview(counts, needs)


def _need(topic: Topic, row: Any) -> Need:
    since = row["since"]
    return Need(topic, row["id"], row["title"], since, row.get("detail") or "", row.get("status"))


def _mails() -> Rows:
    failed = Mail.state.in_((MailState.FAILED, MailState.BOUNCED, MailState.AMBIGUOUS))
    return (
        select(Mail.id, Mail.subject.label("title"), Mail.created_at.label("since"), Mail.last_error.label("detail"))
        .where(failed, ~select(_AGAIN.id).where(_AGAIN.resend_of == Mail.id).exists())
        .order_by(Mail.created_at.desc())
    )


def _actions(today: date) -> Rows:
    return (
        _partners(Partner.next_action_on)
        .add_columns(Partner.next_action.label("detail"))
        .where(Partner.next_action != "", Partner.next_action_on <= today)
        .order_by(Partner.next_action_on, Partner.name)
    )


def _read(since: datetime) -> Rows:
    return (
        _partners(PartnerViews.last_read_at)
        .join(PartnerViews, PartnerViews.partner_id == Partner.id)
        .where(PartnerViews.last_read_at >= since)
        .order_by(PartnerViews.last_read_at.desc())
    )


def _stuck(at: datetime) -> Rows:
    return _partners(Partner.status_entered_at).where(_is_stuck(at)).order_by(Partner.status_entered_at)


def _is_stuck(at: datetime) -> ColumnElement[bool]:
    """The pipeline's own rule, for the database: more whole days than the limit."""
    return or_(
        *(
            and_(Partner.status == status, Partner.status_entered_at <= at - timedelta(days=limit + 1))
            for status, limit in LIMIT_DAYS.items()
        )
    )


def _drafts() -> Rows:
    mine = (_PUBLISHED.partner_id == Partner.id, _PUBLISHED.state == VersionState.PUBLISHED)
    return (
        _partners(ProposalVersion.saved_at)
        .join(ProposalVersion, ProposalVersion.partner_id == Partner.id)
        .where(ProposalVersion.state == VersionState.DRAFT, ~select(_PUBLISHED.id).where(*mine).exists())
        .order_by(ProposalVersion.saved_at)
    )


def _partners(since: Any) -> Rows:
    return select(Partner.id, Partner.name.label("title"), Partner.status, since.label("since"))


@permits(Act.READ_PIPELINE)
def search(session: Session, *, text: str, most: int = 8) -> list[Found]:
    """The partners whose names, contact or web name contain a text, by name; none for an empty text."""
    if not (wanted := text.strip()):
        return []
    places = (Partner.name, Partner.name_ar, Partner.contact_name, Partner.contact_email, Partner.slug)
    rows = session.execute(
        select(Partner.id, Partner.name, Partner.contact_name, Partner.status)
        .where(or_(*(place.icontains(wanted, autoescape=True) for place in places)))
        .order_by(Partner.name)
        .limit(most)
    )
    return [Found(*row) for row in rows]


@permits(Act.READ_PIPELINE)
def find_by_slug(session: Session, slug: str) -> UUID | None:
    """The partner with a web name; mails link to partners by it."""
    return session.scalar(select(Partner.id).where(Partner.slug == slug))
