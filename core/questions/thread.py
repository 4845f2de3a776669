"""What was said in a thread, with its files, as rows to show."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from core.questions import searching
from core.questions.models import PostKind, QuestionDocument, QuestionPost
from core.vault.models import Document, DocumentVersion

OPEN_TO_ALL = (PostKind.ASKED, PostKind.ANSWER)


@dataclass(frozen=True)
class PostFile:
    """A file that came with a post; it is fetched at ``/documents/<id>``. ``size`` in bytes."""

    id: UUID
    file_name: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Post:
    """One thing said, by whom. ``is_own``: by who looks."""

    id: UUID
    kind: PostKind
    author: str
    body: str
    at: datetime
    is_own: bool
    files: list[PostFile] = field(default_factory=list)


def posts_of(session: Session, question_id: UUID, kinds: Collection[PostKind], *, reader: UUID | None) -> list[Post]:
    """What was said of these kinds, the oldest first."""
    said = (QuestionPost.question_id == question_id, QuestionPost.kind.in_(kinds))
    rows = session.scalars(select(QuestionPost).where(*said).order_by(QuestionPost.at, QuestionPost.id)).all()
    files = _files(session, [row.id for row in rows])
    return [
        Post(row.id, row.kind, row.author, row.body, row.at, _is_own(row, reader), files.get(row.id, []))
        for row in rows
    ]


def _is_own(row: QuestionPost, reader: UUID | None) -> bool:
    return reader is not None and reader in (row.contact_id, row.staff_id)


def _files(session: Session, post_ids: list[UUID]) -> dict[UUID, list[PostFile]]:
    found: dict[UUID, list[PostFile]] = defaultdict(list)
    if not post_ids:
        return found
    every = aliased(DocumentVersion)
    newest = select(func.max(every.number)).where(every.document_id == DocumentVersion.document_id)
    rows = session.execute(
        select(QuestionDocument.post_id, Document.id, DocumentVersion)
        .join(Document, Document.id == QuestionDocument.document_id)
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .where(QuestionDocument.post_id.in_(post_ids), Document.removed_at.is_(None))
        .where(DocumentVersion.number == newest.scalar_subquery())
        .order_by(DocumentVersion.file_name, Document.id)
    )
    for post_id, document_id, version in rows:
        found[post_id].append(PostFile(document_id, version.file_name, version.size, version.media_type))
    return found


def matching(words: Any, text: str) -> tuple[ColumnElement[bool], ColumnElement[int]]:
    """That a row has enough of what is searched for among its words, and how much of it."""
    wanted = searching.terms(text)
    has = [words.contains(searching.beginning(term), autoescape=True) for term in wanted]
    score: ColumnElement[int] = sum((case((one, 1), else_=0) for one in has), start=literal(0))
    return score >= searching.enough(wanted), score


def found_by(words: Any, reference: Any, text: str) -> ColumnElement[bool]:
    """That a row is meant by a text: by its reference, or by all of its words."""
    wanted = searching.terms(text)
    all_of_it = and_(*(words.contains(searching.beginning(term), autoescape=True) for term in wanted))
    return or_(reference == text.strip().upper()[:20], all_of_it) if wanted else reference == text.strip().upper()[:20]
