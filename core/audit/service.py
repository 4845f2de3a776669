"""Recording what was done, in the same transaction as the act."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import db
from core.actor import Actor, actor_of
from core.audit.chain import START, canonical, link_hash
from core.audit.models import AuditEntry, AuditHead
from core.audit.tags import Tag
from core.clock import now
from core.failpoints import reach
from core.keys import audit_key

HASHED = (
    "tag",
    "actor_kind",
    "actor_id",
    "actor_name",
    "subject_type",
    "subject_id",
    "subject_name",
    "before",
    "after",
    "ip",
    "user_agent",
)
"""The columns a hash covers, in this order, besides sequence, instant and company."""


def record(
    session: Session,
    tag: Tag,
    *,
    by: Actor,
    subject: Any = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    company: UUID | None = None,
) -> None:
    """Append an act to its company's chain. ``subject`` is the row it was done to, if there is one."""
    company = company or actor_of(session).company or getattr(subject, "company_id", None)
    if company is None:
        raise ValueError("an act without a company cannot be recorded")
    seq, last = _locked_head(session, company)
    entry = AuditEntry(
        company_id=company,
        seq=seq + 1,
        at=now(),
        tag=tag.value,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_name=by.name[:200],
        subject_type=type(subject).__tablename__ if subject is not None else "",
        subject_id=getattr(subject, "id", None),
        subject_name=str(getattr(subject, "name", "") or "")[:300],
        before=canonical(before),
        after=canonical(after),
        ip=by.ip or "",
        user_agent=(by.user_agent or "")[:400],
    )
    entry.hash = link_hash(audit_key(), last, entry.seq, entry.at, company, hashed_texts(entry))
    session.add(entry)
    session.execute(
        update(AuditHead).where(AuditHead.company_id == company).values(seq=entry.seq, hash=entry.hash),
        execution_options={"synchronize_session": False},
    )
    reach(f"audit:{tag.value}")


def hashed_texts(entry: Any) -> tuple[str, ...]:
    """The hashed columns of an entry, as texts."""
    return tuple("" if value is None else str(value) for value in (getattr(entry, name) for name in HASHED))


def _locked_head(session: Session, company: UUID) -> tuple[int, bytes]:
    """The end of the chain, held until this transaction ends."""
    db.lock(session, f"audit:{company}")
    head = session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.company_id == company)).one_or_none()
    if head is not None:
        return head.seq, head.hash
    session.add(AuditHead(company_id=company, seq=0, hash=START))
    session.flush()
    return 0, START
