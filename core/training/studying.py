"""What decides whether somebody may take a quiz now: the module, its newest version, what is held, what was tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from core.actor import Actor, ActorKind
from core.training.audience import EMPLOYEE, is_for, is_required
from core.training.changes import changed_keys
from core.training.learning_models import Attempt, Certification
from core.training.models import QuizState, QuizVersion, TrainingModule
from core.training.quiz import from_json
from core.training.rows import whose


@dataclass(frozen=True)
class Newest:
    """The version that is taken. ``asks_since``: the newest number whose change holders are asked about; 0: none."""

    id: UUID
    number: int
    questions: int
    asks_since: int


@dataclass(frozen=True)
class Past:
    """An attempt of before, or the one that is open."""

    id: UUID
    begun_at: datetime
    finished_at: datetime | None
    passed: bool | None
    is_delta: bool
    score_pct: Decimal | None


@dataclass(frozen=True)
class Offer:
    """A module that is offered to somebody. ``attempts``: the newest first. ``held``: what tells where they stand.

    ``held_version``: the number of the quiz's version that was passed.
    """

    module: TrainingModule
    newest: Newest
    is_required: bool
    held: Certification | None
    held_version: int
    attempts: tuple[Past, ...]

    @property
    def open(self) -> Past | None:
        """The attempt that was not finished."""
        return next((one for one in self.attempts if one.finished_at is None), None)


def role_of(by: Actor) -> str:
    """What a learner is, as modules name it."""
    if by.kind is ActorKind.CONTACT:
        return str(by.contact_role or "")
    return EMPLOYEE if by.kind is ActorKind.STAFF else ""


def offers(session: Session, by: Actor, *, module_id: UUID | None = None) -> list[Offer]:
    """The modules offered to a learner, without what they teach; of one of them only, when it is named."""
    role = role_of(by)
    only = [TrainingModule.id == module_id] if module_id else []
    offered = select(TrainingModule).where(
        TrainingModule.published_at.is_not(None), TrainingModule.withdrawn_at.is_(None), *only
    )
    if module_id is None:
        offered = offered.options(defer(TrainingModule.content), defer(TrainingModule.content_ar))
    mine = [one for one in session.scalars(offered) if role and is_for(one.kind, one.required_roles, role)]
    if not mine:
        return []
    newest, held, tried = _newest(session, module_id), _held(session, by, module_id), _tried(session, by, module_id)
    return [
        Offer(
            module=one,
            newest=newest[one.id],
            is_required=is_required(one.required_roles, role),
            held=held[one.id][0] if one.id in held else None,
            held_version=held[one.id][1] if one.id in held else 0,
            attempts=tuple(tried.get(one.id, ())),
        )
        for one in mine
        if one.id in newest
    ]


def changes_asked(session: Session, found: Sequence[Offer]) -> dict[UUID, tuple[str, ...]]:
    """Which questions of the newest version ask something else than what holders passed, where they are to answer."""
    due = [one for one in found if one.held is not None and one.newest.asks_since > one.held_version]
    if not due:
        return {}
    ids = {one.newest.id for one in due} | {one.held.quiz_version_id for one in due if one.held}
    rows = session.execute(select(QuizVersion.id, QuizVersion.questions).where(QuizVersion.id.in_(ids)))
    asked = {row.id: from_json(row.questions) for row in rows}
    keys = {
        one.module.id: changed_keys(asked[one.held.quiz_version_id], asked[one.newest.id]) for one in due if one.held
    }
    return {module_id: found for module_id, found in keys.items() if found}


def count_of_questions(session: Session) -> Any:
    """How many questions a version has, counted by the database."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return (func.json_array_length if is_sqlite else func.jsonb_array_length)(QuizVersion.questions)


def _newest(session: Session, module_id: UUID | None) -> Mapping[UUID, Newest]:
    only = [QuizVersion.module_id == module_id] if module_id else []
    published = (QuizVersion.state == QuizState.PUBLISHED, *only)
    asking = func.max(QuizVersion.number).filter(QuizVersion.asks_holders)
    last = (
        select(QuizVersion.module_id, func.max(QuizVersion.number).label("number"), asking.label("asks_since"))
        .where(*published)
        .group_by(QuizVersion.module_id)
        .subquery()
    )
    found = select(
        QuizVersion.module_id, QuizVersion.id, QuizVersion.number, count_of_questions(session), last.c.asks_since
    ).join(last, (last.c.module_id == QuizVersion.module_id) & (last.c.number == QuizVersion.number))
    return {row[0]: Newest(row[1], row[2], row[3], row[4] or 0) for row in session.execute(found)}


def _held(session: Session, by: Actor, module_id: UUID | None) -> Mapping[UUID, tuple[Certification, int]]:
    only = [Certification.module_id == module_id] if module_id else []
    current = (
        select(Certification, QuizVersion.number)
        .join(QuizVersion, QuizVersion.id == Certification.quiz_version_id)
        .where(whose(Certification, by), Certification.is_current, *only)
    )
    return {row[0].module_id: (row[0], row[1]) for row in session.execute(current)}


def _tried(session: Session, by: Actor, module_id: UUID | None) -> Mapping[UUID, list[Past]]:
    only = [Attempt.module_id == module_id] if module_id else []
    told = (
        Attempt.module_id, Attempt.id, Attempt.begun_at, Attempt.finished_at, Attempt.passed, Attempt.is_delta,
        Attempt.score_pct,
    )  # fmt: skip
    found: dict[UUID, list[Past]] = {}
    newest_first = (Attempt.begun_at.desc(), Attempt.number.desc())
    for row in session.execute(select(*told).where(whose(Attempt, by), *only).order_by(*newest_first)):
        found.setdefault(row[0], []).append(Past(*row[1:]))
    return found
