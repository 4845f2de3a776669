"""What needs somebody now, across the company or of one's own partners, and the search over everything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, allowed, permits
from core.clock import now
from core.companies.rows import own_company
from core.nda.models import Nda
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.today import lists
from core.vault.models import Document, DocumentSpace, SpaceKind

SHOWN = 50
"""How many of each topic are listed; all of them are counted."""


class Topic(StrEnum):
    """Why something needs somebody, the most urgent first."""

    MAIL = "mail"
    """A mail that failed, bounced, or may not have arrived."""
    LATE = "late"
    """A deal waits for a decision for longer than was promised."""
    QUESTION = "question"
    """A question should be answered today, or should have been."""
    BOOKING = "booking"
    """A booking that matched no partner."""
    MEETING = "meeting"
    """A meeting today or tomorrow."""
    ACTION = "action"
    """A partner's next action, or an action item, is due."""
    SIGNED = "signed"
    """An NDA was signed in the last days."""
    READ = "read"
    """A partner read its proposal today or yesterday."""
    STUCK = "stuck"
    """A partner has been in its stage for longer than the stage's limit."""
    EXPIRING = "expiring"
    """An NDA expires soon."""
    DRAFT = "draft"
    """A proposal was written and never published."""


@dataclass(frozen=True)
class Need:
    """One thing to look at. ``subject``: the partner, or the mail of a ``Topic.MAIL``.

    ``since``: the instant it began to need somebody, when a meeting begins, or the day of what is due. ``detail``: what
    is to be done, why a mail failed, who signed; ``status``: where a partner stands. ``item``: the meeting, the action
    item, the NDA, the deal or the question itself.
    """

    topic: Topic
    subject: UUID
    title: str
    since: datetime | date
    detail: str = ""
    status: Status | None = None
    item: UUID | None = None


@dataclass(frozen=True)
class Overview:
    """How much there is of each topic this person may see, and the list, most urgent first."""

    counts: dict[Topic, int]
    needs: list[Need]
    zone: str = field(default="Asia/Muscat", compare=False)
    """The company's time zone, for telling when."""
    is_new: bool = field(default=False, compare=False)
    """Whether the company has no partner yet."""


@dataclass(frozen=True)
class Found:
    """A partner that was searched for."""

    id: UUID
    name: str
    contact_name: str
    status: Status


@dataclass(frozen=True)
class Record:
    """An NDA or a document that was searched for, and whose it is."""

    id: UUID
    is_nda: bool
    title: str
    partner_id: UUID
    partner: str


_NEEDED = {
    Topic.MAIL: Act.READ_MAIL,
    Topic.LATE: Act.DECIDE_DEALS,
    Topic.QUESTION: Act.ANSWER_QUESTIONS,
    Topic.READ: Act.READ_ENGAGEMENT,
    Topic.DRAFT: Act.READ_PROPOSALS,
    Topic.SIGNED: Act.READ_NDA,
    Topic.EXPIRING: Act.READ_NDA,
}


OF_RESELLERS = (Topic.LATE, Topic.QUESTION)
"""What there is only where the partner portal is switched on."""


@permits(Act.READ_PIPELINE)
def overview(session: Session, *, mine: bool = False) -> Overview:
    """What needs somebody now; ``mine``: only what concerns one's own partners, and those nobody looks after."""
    me = actor_of(session)
    company = own_company(session)
    zone, resells = company.time_zone, company.module_partner_portal_enabled
    day = lists.day_of(now(), zone, owner=me.id if mine else None, name=me.name if mine else "")
    seen = [topic for topic in Topic if resells or topic not in OF_RESELLERS]
    listed = {topic: _Listed() for topic in seen if allowed(me, _NEEDED.get(topic, Act.READ_PIPELINE))}
    for statement in lists.statements(day):
        if topics := [Topic(name) for name in statement.topics if name in listed]:
            rows = session.execute(statement.rows.limit(lists.MOST if len(statement.topics) > 1 else SHOWN)).all()
            for topic in topics:
                listed[topic].take(topic, rows, alone=len(statement.topics) == 1)
    counts = {topic: found.count for topic, found in listed.items()}
    needs = [need for topic, found in listed.items() for need in found.first(topic)]
    return Overview(counts, needs, zone, is_new=not needs and session.scalar(select(Partner.id).limit(1)) is None)


class _Listed:
    """What was found of one topic so far."""

    def __init__(self) -> None:
        self.count = 0
        self.needs: list[Need] = []

    def take(self, topic: Topic, rows: Sequence[Any], *, alone: bool) -> None:
        """Take over the rows of a statement that are of this topic; ``alone``: all of them are."""
        self.count += getattr(rows[0], "total" if alone else f"{topic}_total") if rows else 0
        self.needs += [_need(topic, row._mapping) for row in rows] if alone else _of_topic(topic, rows)

    def first(self, topic: Topic) -> list[Need]:
        """The most urgent ones; of what two statements found, or one found for two topics, the oldest."""
        mixed = topic in (Topic.ACTION, Topic.STUCK)
        return (sorted(self.needs, key=lambda need: str(need.since)) if mixed else self.needs)[:SHOWN]


def _of_topic(topic: Topic, rows: Iterable[Any]) -> list[Need]:
    """The rows of a statement that belong to one of its topics."""
    chosen = [row._mapping for row in rows if getattr(row, f"is_{topic}")]
    return [
        _need(topic, {**row, "since": row[f"{topic}_since"], "detail": row.get(f"{topic}_detail") or ""})
        for row in chosen
    ]


def _need(topic: Topic, row: Any) -> Need:
    return Need(
        topic, row["id"], row["title"], row["since"], row.get("detail") or "", row.get("status"), row.get("item")
    )


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


@permits(Act.READ_PIPELINE)
def search_records(session: Session, *, text: str, most: int = 8) -> list[Record]:
    """The NDAs whose reference or signer, and the documents whose titles contain a text."""
    if not (wanted := text.strip()):
        return []
    found = []
    if allowed(actor_of(session), Act.READ_NDA):
        found += _ndas(session, wanted, most)
    if allowed(actor_of(session), Act.READ_VAULT):
        found += _documents(session, wanted, most)
    return found


def _ndas(session: Session, wanted: str, most: int) -> list[Record]:
    places = (Nda.reference, Nda.signer_name)
    rows = session.execute(
        select(Nda.id, Nda.reference, Nda.signer_name, Partner.id.label("partner_id"), Partner.name)
        .join(Partner, Partner.id == Nda.partner_id)
        .where(or_(*(place.icontains(wanted, autoescape=True) for place in places)))
        .order_by(Nda.number.desc())
        .limit(most)
    )
    return [Record(row.id, True, f"{row.reference}, {row.signer_name}", row.partner_id, row.name) for row in rows]


def _documents(session: Session, wanted: str, most: int) -> list[Record]:
    places = (Document.title, Document.title_ar)
    rows = session.execute(
        select(Document.id, Document.title, Partner.id.label("partner_id"), Partner.name)
        .join(DocumentSpace, DocumentSpace.id == Document.space_id)
        .join(Partner, Partner.id == DocumentSpace.partner_visible_to_id)
        .where(DocumentSpace.kind == SpaceKind.VAULT, Document.removed_at.is_(None))
        .where(or_(*(place.icontains(wanted, autoescape=True) for place in places)))
        .order_by(Document.title)
        .limit(most)
    )
    return [Record(row.id, False, row.title, row.partner_id, row.name) for row in rows]
