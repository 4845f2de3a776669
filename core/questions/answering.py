"""What whoever answers does with a question. Whoever comes first answers; the second reads who did, and may go on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Staff
from core.companies.rows import get_staff, own_company
from core.errors import Conflict, DomainError, Invalid
from core.failpoints import reach
from core.format import ago
from core.questions import letters
from core.questions.due import due
from core.questions.models import PartnerQuestion, PostKind, QuestionPost, QuestionState
from core.questions.posting import facts_of, newest, post, pressed_twice, said
from core.questions.rows import get_question, may_answer
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.intake import Taken

_UNSYNCED = {"synchronize_session": False}


class AnsweredMeanwhile(Conflict):
    """{who} answered this {ago}. Your text is still here: read the answer, then send yours or leave it."""


class WroteAgainMeanwhile(Conflict):
    """{who} wrote again {ago}. Your text is still here: read what is new, then send it."""


class ClosedMeanwhile(Conflict):
    """{who} closed this question {ago}. Reopen it to go on; your text is still here."""


class NotClosed(Conflict):
    """This question is open already. Nothing was changed."""


class AssignedMeanwhile(Conflict):
    """{who} has this question now. Nothing was changed; look again and assign it anew if you must."""


class AnswersNothing(Invalid):
    """{who} cannot answer questions. Choose an admin or a reviewer who is still here."""


class DueInThePast(Invalid):
    """This time is over already. Choose one that is still to come."""


class NotWaiting(Conflict):
    """This question waits for no answer now, so it has no due time to change."""


@permits(Act.ANSWER_QUESTIONS)
def answer(
    session: Session,
    question_id: UUID,
    *,
    body: str,
    closes: bool = False,
    files: Sequence[Taken] = (),
    version: int,
    by: Actor,
) -> PartnerQuestion:
    """Answer, as the thread was seen at ``version``; the contact is mailed. Nobody's question is now whoever answers's.

    Raises:
        AnsweredMeanwhile, WroteAgainMeanwhile, ClosedMeanwhile: the thread went on since.
        QuestionNotFound, Invalid, TooManyFiles
    """
    body = said(body, name="The answer")
    row = get_question(session, question_id)
    if pressed_twice(session, row, PostKind.ANSWER, body, by=by):
        return row
    _seize(session, row, version)
    if row.state is QuestionState.CLOSED:
        raise _meanwhile(session, row)
    was, at = row.state, now()
    written = post(session, row, PostKind.ANSWER, body=body, files=files, by=by)
    row.first_answered_at, row.assigned_to_id = row.first_answered_at or at, row.assigned_to_id or by.id
    row.state = QuestionState.ANSWERED
    if closes:
        _end(row, at, by=by)
    session.flush()
    reach("question:answered")
    note_timeline(session, row.partner_id, Kind.QUESTION_ANSWERED, by=by, reference=row.reference)
    letters.tell_answered(session, row, written, files=len(files), by=by)
    record(
        session, Tag.QUESTION_ANSWER, by=by, subject=row, before={"state": was},
        after={"state": row.state, **facts_of(files)},
    )  # fmt: skip
    return row


@permits(Act.ANSWER_QUESTIONS)
def note(session: Session, question_id: UUID, *, body: str, by: Actor) -> QuestionPost:
    """Say something to colleagues; partners never see it, nor that it was said.

    Raises:
        QuestionNotFound, Invalid
    """
    row = get_question(session, question_id)
    written = post(session, row, PostKind.NOTE, body=said(body, name="The note"), by=by)
    record(session, Tag.QUESTION_NOTE, by=by, subject=row)
    return written


@permits(Act.ANSWER_QUESTIONS)
def assign(
    session: Session, question_id: UUID, *, staff_id: UUID | None, instead_of: UUID | None, by: Actor
) -> PartnerQuestion:
    """Give a question to a colleague, who is mailed, or to nobody. ``instead_of``: whose it was when it was seen.

    Raises:
        AssignedMeanwhile: it is somebody else's by now.
        AnswersNothing: the colleague is gone, or the role does not answer.
        QuestionNotFound, NotFound
    """
    row = get_question(session, question_id)
    colleague = get_staff(session, staff_id) if staff_id else None
    if colleague is not None and not may_answer(colleague):
        raise AnswersNothing(who=colleague.name)
    as_seen = update(PartnerQuestion).where(
        PartnerQuestion.id == question_id, PartnerQuestion.assigned_to_id.is_not_distinct_from(instead_of)
    )
    if not _done(session, row, as_seen.values(assigned_to_id=staff_id)):
        now_with = session.get(Staff, row.assigned_to_id) if row.assigned_to_id else None
        raise AssignedMeanwhile(who=now_with.name if now_with else "Nobody")
    if staff_id != instead_of:
        if colleague is not None and colleague.id != by.id:
            letters.tell_assigned(session, row, colleague, by=by)
        before, after = ({"assigned_to": str(one) if one else ""} for one in (instead_of, staff_id))
        record(session, Tag.QUESTION_ASSIGN, by=by, subject=row, before=before, after=after)
    return row


@permits(Act.ANSWER_QUESTIONS)
def set_due(session: Session, question_id: UUID, *, due_at: datetime, by: Actor) -> PartnerQuestion:
    """Say by when a question should be answered; past it, whoever looks after it is told once more.

    Raises:
        DueInThePast, NotWaiting, QuestionNotFound
    """
    if due_at <= now():
        raise DueInThePast
    row = get_question(session, question_id)
    before = {"due_at": row.due_at}
    waits = update(PartnerQuestion).where(
        PartnerQuestion.id == question_id, PartnerQuestion.state == QuestionState.OPEN
    )  # fmt: skip
    if not _done(session, row, waits.values(due_at=due_at, escalated_at=None)):
        raise NotWaiting
    record(session, Tag.QUESTION_SET_DUE, by=by, subject=row, before=before, after={"due_at": due_at})
    return row


@permits(Act.ANSWER_QUESTIONS)
def close(session: Session, question_id: UUID, *, version: int, by: Actor) -> PartnerQuestion:
    """End a thread; the contact is mailed where it was never answered.

    Raises:
        AnsweredMeanwhile, WroteAgainMeanwhile, ClosedMeanwhile: the thread went on since.
        QuestionNotFound
    """
    row = get_question(session, question_id)
    _seize(session, row, version)
    if row.state is QuestionState.CLOSED:
        raise _meanwhile(session, row)
    was = row.state
    _end(row, now(), by=by)
    session.flush()
    note_timeline(session, row.partner_id, Kind.QUESTION_CLOSED, by=by, reference=row.reference)
    if was is QuestionState.OPEN:
        letters.tell_closed(session, row, by=by)
    record(session, Tag.QUESTION_CLOSE, by=by, subject=row, before={"state": was})
    return row


@permits(Act.ANSWER_QUESTIONS)
def reopen(session: Session, question_id: UUID, *, version: int, by: Actor) -> PartnerQuestion:
    """Take a thread up again, where it stood: answered, or waiting with a clock that starts anew.

    Raises:
        NotClosed, AnsweredMeanwhile, WroteAgainMeanwhile, QuestionNotFound
    """
    row = get_question(session, question_id)
    if row.state is not QuestionState.CLOSED:
        raise NotClosed
    _seize(session, row, version)
    last = newest(session, row)
    row.closed_at, row.closed_by = None, ""
    row.state = QuestionState.ANSWERED if last and last.kind is PostKind.ANSWER else QuestionState.OPEN
    row.escalated_at, row.due_at = None, due(now(), zone=own_company(session).time_zone)
    session.flush()
    record(session, Tag.QUESTION_REOPEN, by=by, subject=row, after={"state": row.state})
    return row


def _end(row: PartnerQuestion, at: datetime, *, by: Actor) -> None:
    row.state, row.closed_at, row.closed_by = QuestionState.CLOSED, at, by.name[:200]


def _seize(session: Session, row: PartnerQuestion, version: int) -> None:
    """Take a thread out of everybody else's hands until the transaction ends, while it stands as it was seen."""
    as_seen = update(PartnerQuestion).where(PartnerQuestion.id == row.id, PartnerQuestion.version == version)
    taken = _done(session, row, as_seen.values(version=PartnerQuestion.version + 1))
    reach("question:seized")
    if not taken:
        raise _meanwhile(session, row)


def _done(session: Session, row: PartnerQuestion, change: object) -> bool:
    """Whether a change met the row; which is as the database has it now."""
    done = session.execute(change, execution_options=_UNSYNCED)  # type: ignore[call-overload]
    session.refresh(row)
    return isinstance(done, CursorResult) and bool(done.rowcount)


def _meanwhile(session: Session, row: PartnerQuestion) -> DomainError:
    """What became of a thread since it was seen: who did it, and when."""
    if row.state is QuestionState.CLOSED and row.closed_at:
        return ClosedMeanwhile(who=row.closed_by, ago=_ago(row.closed_at))
    last = newest(session, row)
    if last is None:
        return Conflict()
    refusal = AnsweredMeanwhile if last.kind is PostKind.ANSWER else WroteAgainMeanwhile
    return refusal(who=last.author, ago=_ago(last.at))


def _ago(at: datetime) -> str:
    return ago(at, now())
