"""Putting something into a thread; each is part of another act, which has its policy and its entries."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Actor, ActorKind
from core.clock import now
from core.errors import Invalid
from core.failpoints import reach
from core.questions import searching
from core.questions.models import PartnerQuestion, PostKind, QuestionDocument, QuestionPost
from core.questions.rows import partner_of
from core.vault.filing import file_away
from core.vault.intake import Taken
from core.vault.models import Origin, SpaceKind

MOST_FILES = 5
MOST_WORDS = 100_000
ONCE_WITHIN = timedelta(minutes=1)
"""How long the same words from the same person are taken for a second press."""


class TooManyFiles(Invalid):
    """At most {most} files go with a message. Put some of them together, or write again."""


def said(text: str, *, name: str) -> str:
    """What somebody typed, made safe to keep.

    Raises:
        Invalid: it is missing, too long or cannot be stored.
    """
    return fields.body(text, name=name, least=1)


def post(
    session: Session,
    question: PartnerQuestion,
    kind: PostKind,
    *,
    body: str,
    files: Sequence[Taken] = (),
    by: Actor,
) -> QuestionPost:
    """One thing said in a thread, with its files. Notes leave no trace that a partner could see.

    Nothing is said at the same instant as what was said before, so that the order stands whatever the clock does.

    Raises:
        TooManyFiles
    """
    if len(files) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    at = max(now(), question.last_said_at + timedelta(microseconds=1))
    row = QuestionPost(question_id=question.id, kind=kind, author=by.name[:200], body=body, at=at)
    row.contact_id = by.id if by.kind is ActorKind.CONTACT else None
    row.staff_id = by.id if by.kind is ActorKind.STAFF else None
    session.add(row)
    if kind is not PostKind.NOTE:
        question.last_said_at = at
        question.words = (question.words + searching.kept(body))[:MOST_WORDS]
    session.flush()
    reach("question:post")
    for file in files:
        _attach(session, question, row, file, by=by, at=at)
    return row


def _attach(
    session: Session, question: PartnerQuestion, row: QuestionPost, file: Taken, *, by: Actor, at: datetime
) -> None:
    document = file_away(
        session, partner_of(session, question), title=PurePath(file.file_name).stem, file_name=file.file_name,
        data=file.data, media_type=file.media_type, origin=Origin.UPLOAD, kind=SpaceKind.QUESTIONS, by=by, at=at,
    )  # fmt: skip
    session.add(QuestionDocument(post_id=row.id, document_id=document.id))
    session.flush()
    reach("question:document")


def newest(session: Session, question: PartnerQuestion) -> QuestionPost | None:
    """What was said last for a partner to read."""
    open_to_all = (QuestionPost.question_id == question.id, QuestionPost.kind != PostKind.NOTE)
    last = select(QuestionPost).where(*open_to_all).order_by(QuestionPost.at.desc(), QuestionPost.id.desc())
    return session.scalars(last.limit(1)).one_or_none()


def pressed_twice(session: Session, question: PartnerQuestion, kind: PostKind, body: str, *, by: Actor) -> bool:
    """Whether this very message is the last one of the thread, said a moment ago."""
    last = newest(session, question)
    if last is None or (last.kind, last.body) != (kind, body) or last.at <= now() - ONCE_WITHIN:
        return False
    return by.id in (last.contact_id, last.staff_id)


def facts_of(files: Sequence[Taken]) -> dict[str, list[dict[str, str]]]:
    """What the record of acts keeps of files."""
    return {"files": [{"file_name": one.file_name, "sha256": one.sha256} for one in files]} if files else {}
