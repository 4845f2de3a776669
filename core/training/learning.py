"""Sitting a quiz: begun, answered, finished. The learner is whoever asks, a contact or an employee."""

from collections.abc import Mapping
from random import SystemRandom
from uuid import UUID

from babel.dates import get_timezone_location
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import format
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.rows import own_company
from core.db import lock
from core.errors import Conflict, Invalid, NotFound, TooManyAttempts
from core.failpoints import reach
from core.rows import add_up
from core.training.certifying import certify, find_held
from core.training.chances import Chance, WhyNot, chance
from core.training.grading import Asked, draw, grade, has_passed
from core.training.learning_models import Attempt, Certification, ItemTally
from core.training.models import QuizVersion
from core.training.quiz import from_json, to_json
from core.training.results import Result, Sitting, asked_in, result_of, sitting_of
from core.training.rows import get_module, owned_by, whose
from core.training.statistics import taken
from core.training.studying import Offer, changes_asked, offers


class QuizCoolingDown(TooManyAttempts):
    """Look at the topics again before the next attempt. Try again at {time} ({place})."""


class AttemptsUsedUp(TooManyAttempts):
    """You used your {most} attempts of a day. Try again at {time} ({place})."""


class CertifiedStill(Conflict):
    """You are certified already. You can renew from {day}."""


class AttemptOver(Conflict):
    """This quiz is finished, so this answer was not kept. Look at the result, or take the quiz again."""


class AnswerUnknown(Invalid):
    """This answer is not among the choices. Choose one of those shown."""


@permits(Act.LEARN)
def begin(session: Session, module_id: UUID, *, renews: bool = False, by: Actor) -> UUID:
    """Begin an attempt, or go on with the one that is open. Returns its id.

    ``renews``: the whole quiz for a new certification, where only what changed would be asked.

    Raises:
        NotFound: no such module is offered to whoever asks.
        QuizCoolingDown, AttemptsUsedUp: it is too early; both say until when.
        CertifiedStill: it is too early to renew.
    """
    lock(session, f"learner:{module_id}:{by.id}")
    found = offers(session, by, module_id=module_id)
    if not found:
        raise NotFound("This training was not found. Choose one from the list.")
    if found[0].open is not None:
        return found[0].open.id
    changed = changes_asked(session, found).get(module_id, ())
    allowed = chance(found[0], changed, now(), zone=own_company(session).time_zone)
    _refuse(session, found[0], allowed, by=by)
    is_delta = allowed.is_delta and not (renews and allowed.may_renew)
    return _begun(session, found[0], changed if is_delta else None, by=by).id


@permits(Act.LEARN)
def answer(session: Session, attempt_id: UUID, *, number: int, choice: int, by: Actor) -> None:
    """Keep an answer at once; another one later takes its place. ``number``: the question's; both from 1, as shown.

    Raises:
        AttemptOver: the attempt is finished.
        AnswerUnknown: there is no such question or choice. NotFound: the attempt is somebody else's.
    """
    attempt = _own(session, attempt_id, by)
    if attempt.finished_at is not None:
        raise AttemptOver
    asked = asked_in(attempt)
    if not 1 <= number <= len(asked) or not 1 <= choice <= len(asked[number - 1].choices):
        raise AnswerUnknown
    chosen = asked[number - 1]
    attempt.answers = {**attempt.answers, chosen.key: chosen.choices[choice - 1].key}
    attempt.saved_at = now()
    session.flush()
    reach("attempt:answered")


@permits(Act.LEARN)
def finish(session: Session, attempt_id: UUID, *, by: Actor) -> Result:
    """Grade an attempt; on a pass the certification, its mail and its record are part of it. Again gives the same.

    Raises:
        QuestionsUnanswered: it names them by number. NotFound: the attempt is somebody else's.
    """
    attempt = _own(session, attempt_id, by)
    if attempt.finished_at is None:
        _grade(session, attempt, by=by)
    return result_of(session, attempt)


@permits(Act.LEARN)
def my_attempt(session: Session, attempt_id: UUID) -> Sitting:
    """One's own attempt, as far as it has come.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    return sitting_of(session, _find_own(session, attempt_id, session.info["actor"]))


@permits(Act.LEARN)
def my_result(session: Session, attempt_id: UUID) -> Result | None:
    """What came of one's own attempt; None while it is open.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    attempt = _find_own(session, attempt_id, session.info["actor"])
    return result_of(session, attempt) if attempt.finished_at is not None else None


def _refuse(session: Session, offer: Offer, allowed: Chance, *, by: Actor) -> None:
    """Go on only where an attempt may begin."""
    if allowed.may_begin or allowed.again_at is None:
        return
    zone = own_company(session).time_zone
    if allowed.why_not is WhyNot.CERTIFIED:
        raise CertifiedStill(day=format.day(allowed.again_at, zone=zone, language=by.language, year=True))
    time = format.instant(allowed.again_at, zone=zone, language=by.language)
    if format.day(allowed.again_at, zone=zone) == format.day(now(), zone=zone):
        time = format.clock_time(allowed.again_at, zone=zone)
    facts = {"time": time, "place": get_timezone_location(zone, return_city=True, locale=by.language)}
    if allowed.why_not is WhyNot.COOLING_DOWN:
        raise QuizCoolingDown(retry_at=allowed.again_at, **facts)
    raise AttemptsUsedUp(retry_at=allowed.again_at, most=offer.module.attempts_per_day, **facts)


def _begun(session: Session, offer: Offer, only: tuple[str, ...] | None, *, by: Actor) -> Attempt:
    """A new attempt at the newest version: drawn from all its questions, or from ``only`` some, by their keys."""
    module, at = offer.module, now()
    bank = from_json(session.get_one(QuizVersion, offer.newest.id).questions)
    if only is not None:
        bank = tuple(one for one in bank if one.key in only)
    asked = draw(bank, None if only is not None else module.draw, module.shuffles, SystemRandom())
    number = session.scalar(select(func.max(Attempt.number)).where(Attempt.module_id == module.id, whose(Attempt, by)))
    row = Attempt(module_id=module.id, quiz_version_id=offer.newest.id, number=(number or 0) + 1, **owned_by(by))
    row.is_delta, row.asked, row.answers, row.pass_pct = only is not None, to_json(asked), {}, module.pass_pct
    row.begun_at = row.saved_at = at
    session.add(row)
    session.flush()
    reach("attempt:begun")
    after = {"number": row.number, "questions": len(asked), "changes_only": row.is_delta}
    record(session, Tag.ATTEMPT_BEGIN, by=by, subject=module, after=after)
    return row


def _grade(session: Session, attempt: Attempt, *, by: Actor) -> None:
    """Put down what an attempt is worth, and everything that follows from it."""
    asked, at, module = asked_in(attempt), now(), get_module(session, attempt.module_id)
    graded = grade(asked, attempt.answers)
    is_first = not attempt.is_delta and _is_first(session, attempt, by)
    attempt.score_pct, attempt.passed = graded.score_pct, has_passed(graded.score_pct, attempt.pass_pct)
    attempt.finished_at = attempt.saved_at = at
    session.flush()
    reach("attempt:graded")
    if is_first:
        _count(session, attempt, asked)
    after = {"number": attempt.number, "score": str(attempt.score_pct), "passed": attempt.passed}
    record(session, Tag.ATTEMPT_FINISH, by=by, subject=module, after=after)
    held = find_held(session, module.id, by=by)
    if attempt.passed and _leads_on(attempt, held):
        certify(session, attempt, held, at=at, by=by)


def _leads_on(attempt: Attempt, held: Certification | None) -> bool:
    """Whether a pass gives a certification: answering only what changed does while the one it builds on counts."""
    return not attempt.is_delta or (held is not None and held.expires_at > now())


def _is_first(session: Session, attempt: Attempt, by: Actor) -> bool:
    """Whether the learner finished no attempt at this version before."""
    same = (Attempt.quiz_version_id == attempt.quiz_version_id, Attempt.finished_at.is_not(None))
    return session.scalar(select(Attempt.id).where(*same, whose(Attempt, by)).limit(1)) is None


def _count(session: Session, attempt: Attempt, asked: tuple[Asked, ...]) -> None:
    """Add a first attempt to what is known of each question."""
    answers: Mapping[str, str] = {key: str(value) for key, value in attempt.answers.items()}
    rows = [
        {
            "quiz_version_id": attempt.quiz_version_id,
            "question": one.question,
            "choice": one.choice,
            "times": 1,
            "rest_sum": one.rest,
            "rest_squares": one.rest * one.rest,
        }
        for one in sorted(taken(asked, answers), key=lambda one: one.question)
    ]
    add_up(session, ItemTally, rows, key=("quiz_version_id", "question", "choice"))


def _own(session: Session, attempt_id: UUID, by: Actor) -> Attempt:
    """One's own attempt, in nobody else's hands until the transaction ends."""
    lock(session, f"attempt:{attempt_id}")
    return _find_own(session, attempt_id, by)


def _find_own(session: Session, attempt_id: UUID, by: Actor) -> Attempt:
    mine = select(Attempt).where(Attempt.id == attempt_id, whose(Attempt, by))
    found = session.scalars(mine).one_or_none()
    if found is None:
        raise NotFound("This quiz was not found. Choose the training from the list.")
    return found
