"""Answers that are kept ready."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.db import lock
from core.errors import Conflict, Invalid, NotFound
from core.questions.models import CannedAnswer


class CannedNameTaken(Conflict):
    """There is an answer of this name already. Change that one, or use another name."""


class CannedChanged(Conflict):
    """Somebody saved this answer while you were editing. Your text is still in the form; compare and save again."""


class CannedNotFound(NotFound):
    """This answer was not found. It may have been removed; choose one from the list."""


class CannedEmpty(Invalid):
    """Write the answer in English or in Arabic; it says nothing yet."""


@permits(Act.ANSWER_QUESTIONS)
def save_canned(
    session: Session,
    canned_id: UUID | None,
    *,
    name: str,
    body: str,
    body_ar: str = "",
    version: int | None,
    by: Actor,
) -> CannedAnswer:
    """Keep an answer ready, a new one without ``canned_id`` and ``version``; one language is enough.

    Raises:
        CannedNameTaken, CannedChanged, CannedEmpty, CannedNotFound, Invalid
    """
    values = {"name": fields.line(name, name="Name", most=120)}
    values |= {"body": fields.body(body, name="The answer"), "body_ar": fields.body(body_ar, name="The Arabic answer")}
    if not (values["body"] or values["body_ar"]):
        raise CannedEmpty
    lock(session, f"canned:{by.company}")
    same = select(CannedAnswer.id).where(CannedAnswer.name == values["name"], CannedAnswer.id != canned_id)
    if session.scalar(same.limit(1)) is not None:
        raise CannedNameTaken
    row = _get(session, canned_id) if canned_id else CannedAnswer()
    if canned_id and row.version != version:
        raise CannedChanged
    before = {one: getattr(row, one) for one in values} if canned_id else None
    for one, value in values.items():
        setattr(row, one, value)
    session.add(row)
    try:
        session.flush()
    except StaleDataError:
        raise CannedChanged from None
    record(session, Tag.CANNED_ANSWER_SAVE, by=by, subject=row, before=before, after=values)
    return row


@permits(Act.ANSWER_QUESTIONS)
def remove_canned(session: Session, canned_id: UUID, *, by: Actor) -> None:
    """Keep an answer ready no longer; what was answered with it stays.

    Raises:
        CannedNotFound
    """
    row = _get(session, canned_id)
    record(session, Tag.CANNED_ANSWER_REMOVE, by=by, subject=row, before={"body": row.body, "body_ar": row.body_ar})
    session.delete(row)
    session.flush()


def _get(session: Session, canned_id: UUID) -> CannedAnswer:
    found = session.get(CannedAnswer, canned_id)
    if found is None:
        raise CannedNotFound
    return found
