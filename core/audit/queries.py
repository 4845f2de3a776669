"""Reading and verifying the audit log."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.audit import anchors
from core.audit.chain import Link, Verdict, verify
from core.audit.models import AuditEntry, AuditHead
from core.audit.service import HASHED, hashed_texts
from core.errors import NotAllowed
from core.keys import audit_key

PAGE = 50
_TELL_EVERY = 2_000


@dataclass(frozen=True)
class Entry:
    """One line of the audit log."""

    seq: int
    at: datetime
    tag: str
    who: str
    subject: str
    subject_type: str
    before: str
    after: str
    ip: str
    user_agent: str


@permits(Act.READ_AUDIT)
def entries(
    session: Session,
    *,
    tag: str | None = None,
    text: str = "",
    subject_id: UUID | None = None,
    page: int = 1,
    size: int = PAGE,
) -> tuple[list[Entry], int]:
    """One page of the log, newest first, and how many entries there are in all; past the end, the last page."""
    found = select(AuditEntry)
    if tag:
        found = found.where(AuditEntry.tag == tag)
    if subject_id:
        found = found.where(AuditEntry.subject_id == subject_id)
    if text:
        names = (AuditEntry.actor_name, AuditEntry.subject_name, AuditEntry.tag)
        found = found.where(or_(*(name.icontains(text, autoescape=True) for name in names)))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = min(page, max(1, ceil(total / size)))
    rows = session.scalars(found.order_by(AuditEntry.seq.desc()).limit(size).offset((page - 1) * size))
    return [_entry(row) for row in rows], total


@permits(Act.READ_AUDIT)
def find_entry(session: Session, seq: int) -> Entry | None:
    """One line of the log by its number."""
    row = session.scalars(select(AuditEntry).where(AuditEntry.seq == seq)).one_or_none()
    return _entry(row) if row else None


def _entry(row: AuditEntry) -> Entry:
    return Entry(
        seq=row.seq,
        at=row.at,
        tag=row.tag,
        who=row.actor_name,
        subject=row.subject_name,
        subject_type=row.subject_type,
        before=row.before,
        after=row.after,
        ip=row.ip,
        user_agent=row.user_agent,
    )


@dataclass(frozen=True)
class RecordState:
    """How long the log is, and up to which entry its hashes were copied out of the database, and when."""

    entries: int
    anchored_to: int
    anchored_at: datetime | None


@permits(Act.READ_AUDIT)
def record_state(session: Session) -> RecordState:
    """How the actor's company's log stands, without verifying it."""
    company = _company(session, None)
    length = session.scalar(select(AuditHead.seq).where(AuditHead.company_id == company)) or 0
    seq, at = anchors.last_kept(company) or (0, None)
    return RecordState(length, seq, at)


@permits(Act.READ_AUDIT)
def verification(
    session: Session, *, company: UUID | None = None, progress: Callable[[int, int], object] | None = None
) -> Verdict:
    """Recompute every hash of a company's chain; ``company`` is needed only by the product itself.

    ``progress`` is told now and then how many entries were looked at, of how many.
    """
    company = _company(session, company)
    head = session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.company_id == company)).one_or_none()
    end = (head.seq, head.hash) if head else None
    links = _links(session, company)
    if progress is not None:
        links = _telling(links, progress, head.seq if head else 0)
    return verify(links, key=audit_key(), head=end, anchors=anchors.kept(company))


def _company(session: Session, named: UUID | None) -> UUID:
    """The company asked about: somebody of a company asks about their own only."""
    own = actor_of(session).company
    if own is not None and named not in (None, own):
        raise NotAllowed
    company = own or named
    if company is None:
        raise ValueError("which company?")
    return company


def _telling(links: Iterator[Link], progress: Callable[[int, int], object], total: int) -> Iterator[Link]:
    for count, link in enumerate(links, 1):
        if count % _TELL_EVERY == 0:
            progress(count, max(count, total))
        yield link


def _links(session: Session, company: UUID) -> Iterator[Link]:
    columns = (AuditEntry.seq, AuditEntry.at, AuditEntry.hash, *(getattr(AuditEntry, name) for name in HASHED))
    rows = session.execute(
        select(*columns).where(AuditEntry.company_id == company).order_by(AuditEntry.seq),
        execution_options={"yield_per": 5_000},
    )
    return (_link(row, company) for row in rows)


def _link(row: Row[tuple[object, ...]], company: UUID) -> Link:
    return Link(seq=row.seq, at=row.at, company=company, fields=hashed_texts(row), hash=bytes(row.hash))
