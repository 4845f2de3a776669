"""Reading and verifying the audit log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, permits
from core.audit import anchors
from core.audit.chain import Link, Verdict, verify
from core.audit.models import AuditEntry, AuditHead
from core.audit.service import HASHED, hashed_texts
from core.keys import audit_key

PAGE = 50


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
    """One page of the log, newest first, and how many entries there are in all."""
    found = select(AuditEntry)
    if tag:
        found = found.where(AuditEntry.tag == tag)
    if subject_id:
        found = found.where(AuditEntry.subject_id == subject_id)
    if text:
        names = (AuditEntry.actor_name, AuditEntry.subject_name, AuditEntry.tag)
        found = found.where(or_(*(name.icontains(text, autoescape=True) for name in names)))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = session.scalars(found.order_by(AuditEntry.seq.desc()).limit(size).offset((page - 1) * size))
    return [_entry(row) for row in rows], total


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


@permits(Act.READ_AUDIT)
def verification(session: Session, *, company: UUID | None = None) -> Verdict:
    """Recompute every hash of a company's chain; ``company`` is needed only by the product itself."""
    company = company or actor_of(session).company
    if company is None:
        raise ValueError("which company?")
    head = session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.company_id == company)).one_or_none()
    end = (head.seq, head.hash) if head else None
    return verify(_links(session, company), key=audit_key(), head=end, anchors=anchors.kept(company))


def _links(session: Session, company: UUID) -> Iterator[Link]:
    columns = (AuditEntry.seq, AuditEntry.at, AuditEntry.hash, *(getattr(AuditEntry, name) for name in HASHED))
    rows = session.execute(
        select(*columns).where(AuditEntry.company_id == company).order_by(AuditEntry.seq),
        execution_options={"yield_per": 5_000},
    )
    return (_link(row, company) for row in rows)


def _link(row: Row[tuple[object, ...]], company: UUID) -> Link:
    return Link(seq=row.seq, at=row.at, company=company, fields=hashed_texts(row), hash=bytes(row.hash))
