"""What a reseller's people do: ask, and write again."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.rows import own_company
from core.db import lock
from core.deals.numbering import Series, reference, take
from core.errors import Conflict
from core.failpoints import reach
from core.questions import letters, searching, ties
from core.questions.due import due
from core.questions.models import PartnerQuestion, PostKind, QuestionState
from core.questions.posting import facts_of, post, pressed_twice, said
from core.questions.rows import get_own_question
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.intake import Taken


class ThreadClosed(Conflict):
    """{reference} is closed, so nothing can be added to it. Ask a new question; you can name {reference} in it."""


@dataclass(frozen=True)
class NewQuestion:
    """A question as typed. ``key``: what makes a second press the same one; without it, all that it says."""

    subject: str
    body: str
    quote_id: UUID | None = None
    document_id: UUID | None = None
    key: str = ""

    @property
    def submitted_key(self) -> str:
        """The same for every press of one form."""
        told = self.key or "\n".join(map(str, (self.subject, self.body, self.quote_id, self.document_id)))
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


@permits(Act.ASK)
def ask(session: Session, *, question: NewQuestion, files: Sequence[Taken] = (), by: Actor) -> PartnerQuestion:
    """Ask; whoever answers is mailed. A second press gives the first one's question.

    Raises:
        NotFound, DocumentNotFound: what it is tied to is not there, or not for this contact.
        Invalid, TooManyFiles: something of it cannot be used; the message names it.
    """
    subject = fields.line(question.subject, name="The question in one line")
    body = said(question.body, name="The question")
    lock(session, f"questions:{by.id}")
    same = (PartnerQuestion.contact_id == by.id, PartnerQuestion.submitted_key == question.submitted_key)
    if (known := session.scalars(select(PartnerQuestion).where(*same)).one_or_none()) is not None:
        return known
    ties.require(session, quote_id=question.quote_id, document_id=question.document_id, by=by)
    row = _numbered(session, question, subject, by=by)
    post(session, row, PostKind.ASKED, body=body, files=files, by=by)
    note_timeline(session, row.partner_id, Kind.QUESTION_ASKED, by=by, reference=row.reference, subject=subject)
    letters.tell_asked(session, row, text=body, files=len(files), by=by)
    tied = {"quote": row.quote_id, "document": row.document_id}
    after = {"subject": subject, **{name: one for name, one in tied.items() if one}, **facts_of(files)}
    record(session, Tag.QUESTION_ASK, by=by, subject=row, after=after)
    return row


@permits(Act.ASK)
def follow_up(
    session: Session, question_id: UUID, *, body: str, files: Sequence[Taken] = (), by: Actor
) -> PartnerQuestion:
    """Write again in a thread; one that was answered waits for an answer once more, and its clock starts anew.

    Raises:
        ThreadClosed: it is closed; what to do instead is said.
        QuestionNotFound: there is none, or it is somebody else's.
        Invalid, TooManyFiles
    """
    body = said(body, name="The message")
    row = get_own_question(session, question_id, by=by)
    _hold_open(session, row)
    if pressed_twice(session, row, PostKind.ASKED, body, by=by):
        return row
    was = row.state
    if was is QuestionState.ANSWERED:
        row.state, row.escalated_at = QuestionState.OPEN, None
        row.due_at = due(now(), zone=own_company(session).time_zone)
    written = post(session, row, PostKind.ASKED, body=body, files=files, by=by)
    note_timeline(session, row.partner_id, Kind.QUESTION_FOLLOWED_UP, by=by, reference=row.reference)
    letters.tell_followed_up(session, row, written, files=len(files), by=by)
    record(
        session, Tag.QUESTION_FOLLOW_UP, by=by, subject=row, before={"state": was},
        after={"state": row.state, **facts_of(files)},
    )  # fmt: skip
    return row


def _numbered(session: Session, question: NewQuestion, subject: str, *, by: Actor) -> PartnerQuestion:
    """The question's row with the next number, and nothing said in it yet."""
    number, at = take(session, Series.QUESTION, by=by), now()
    reach("question:number")
    row = PartnerQuestion(number=number, reference=reference(Series.QUESTION, number), subject=subject)
    row.partner_id, row.contact_id, row.language = by.partner or UUID(int=0), by.id or UUID(int=0), by.language
    row.quote_id, row.document_id, row.submitted_key = question.quote_id, question.document_id, question.submitted_key
    row.state, row.asked_at, row.last_said_at, row.words = QuestionState.OPEN, at, at, searching.kept(subject)
    row.due_at = due(at, zone=own_company(session).time_zone)
    session.add(row)
    session.flush()
    return row


def _hold_open(session: Session, row: PartnerQuestion) -> None:
    """Keep a thread out of everybody else's hands until the transaction ends, if something can be said in it.

    Raises:
        ThreadClosed
    """
    still = update(PartnerQuestion).where(
        PartnerQuestion.id == row.id, PartnerQuestion.state != QuestionState.CLOSED
    )  # fmt: skip
    done = session.execute(
        still.values(version=PartnerQuestion.version + 1), execution_options={"synchronize_session": False}
    )
    session.refresh(row)
    reach("question:seized")
    if not (isinstance(done, CursorResult) and done.rowcount):
        raise ThreadClosed(reference=row.reference)
