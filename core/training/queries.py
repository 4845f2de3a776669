"""Reading about training, for staff: the modules and their quizzes, the people, and what the answers tell."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Act, actor_of, allowed, permits
from core.errors import NotFound
from core.training import gift, source_json, team_figures
from core.training.audience import roles_of
from core.training.authoring import Form
from core.training.changes import Change, changed
from core.training.held import CertificationRow, certification_rows
from core.training.learning_models import Attempt, Certification, ItemTally
from core.training.models import ModuleKind, QuizImage, QuizState, QuizVersion, TrainingModule
from core.training.quiz import Question, from_json
from core.training.rows import find_draft, find_published, get_module
from core.training.statistics import Item, Tally, item
from core.training.studying import count_of_questions
from core.training.unmarked import unmarked


@dataclass(frozen=True)
class ModuleRow:
    """A module in the list. ``published``: the number of the quiz that is taken, None: none yet; ``questions``: how
    many it has, or its draft where none is published. ``certified``: how many hold it, of them ``expiring`` soon;
    ``attempts``: how many were finished."""

    id: UUID
    name: str
    name_ar: str
    kind: ModuleKind
    required_roles: tuple[str, ...]
    pass_pct: int
    valid_for_days: int
    published: int | None
    questions: int
    has_draft: bool
    certified: int
    expiring: int
    attempts: int
    withdrawn_at: datetime | None
    version: int


@dataclass(frozen=True)
class ModuleDetail:
    """A module with its settings and its quiz. ``version``: the module's own, for ``change_module``.

    ``draft``: the questions being written, () where there is no draft; ``draft_version``: for the next save, None:
    there is no draft. ``published``: the questions that are taken, with ``published_number``, None: none yet.
    Right answers and explanations come to whoever writes training; to others they are empty.
    """

    id: UUID
    name: str
    name_ar: str
    kind: ModuleKind
    required_roles: tuple[str, ...]
    content: str
    content_ar: str
    pass_pct: int
    valid_for_days: int
    draw: int | None
    shuffles: bool
    cool_down_minutes: int
    attempts_per_day: int | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    version: int
    draft: tuple[Question, ...]
    draft_version: int | None
    draft_saved_at: datetime | None
    draft_saved_by: str
    published: tuple[Question, ...]
    published_number: int | None


@dataclass(frozen=True)
class VersionRow:
    """A published version of a quiz. ``asks_holders``: who was certified by an earlier one is asked what changed."""

    number: int
    questions: int
    published_at: datetime
    published_by: str
    asks_holders: bool


@permits(Act.READ_TRAINING)
def modules(session: Session) -> list[ModuleRow]:
    """Every module, those that are offered first, by name."""
    newest, drafts = _versions_of_all(session, QuizState.PUBLISHED), _versions_of_all(session, QuizState.DRAFT)
    held, tried = team_figures.by_module(session), _attempts(session)
    told = [getattr(TrainingModule, name) for name in _LISTED]
    order = (TrainingModule.withdrawn_at.is_not(None), func.lower(TrainingModule.name))
    return [
        ModuleRow(
            **{name: getattr(row, name) for name in _LISTED if name != "required_roles"},
            required_roles=roles_of(row.required_roles),
            published=newest[row.id][0] if row.id in newest else None,
            questions=newest.get(row.id, drafts.get(row.id, (0, 0)))[1],
            has_draft=row.id in drafts,
            certified=held.get(row.id, (0, 0))[0],
            expiring=held.get(row.id, (0, 0))[1],
            attempts=tried.get(row.id, 0),
        )
        for row in session.execute(select(*told).order_by(*order))
    ]


_LISTED = (
    "id", "name", "name_ar", "kind", "required_roles", "pass_pct", "valid_for_days", "withdrawn_at", "version",
)  # fmt: skip


@permits(Act.READ_TRAINING)
def module(session: Session, module_id: UUID) -> ModuleDetail:
    """One module.

    Raises:
        NotFound: there is none in this company.
    """
    row, draft, published = (
        get_module(session, module_id),
        find_draft(session, module_id),
        find_published(session, module_id),
    )
    return ModuleDetail(
        **{name: getattr(row, name) for name in _SETTINGS},
        required_roles=roles_of(row.required_roles),
        draft=_questions(session, draft),
        draft_version=draft.version if draft else None,
        draft_saved_at=draft.saved_at if draft else None,
        draft_saved_by=draft.saved_by if draft else "",
        published=_questions(session, published),
        published_number=published.number if published else None,
    )


_SETTINGS = (
    "id", "name", "name_ar", "kind", "content", "content_ar", "pass_pct", "valid_for_days", "draw", "shuffles",
    "cool_down_minutes", "attempts_per_day", "published_at", "withdrawn_at", "version",
)  # fmt: skip


@permits(Act.READ_TRAINING)
def pictures(session: Session, module_id: UUID) -> dict[str, str]:
    """The pictures there are for a module's questions: their ids, as questions name them, and their files' names."""
    kept = select(QuizImage.id, QuizImage.file_name).where(QuizImage.module_id == get_module(session, module_id).id)
    return {str(found): name for found, name in session.execute(kept.order_by(QuizImage.added_at))}


@permits(Act.READ_TRAINING)
def versions(session: Session, module_id: UUID) -> list[VersionRow]:
    """The published versions of a module's quiz, the newest first."""
    told = (QuizVersion.number, count_of_questions(session), QuizVersion.published_at, QuizVersion.published_by)
    mine = (QuizVersion.module_id == get_module(session, module_id).id, QuizVersion.state == QuizState.PUBLISHED)
    found = select(*told, QuizVersion.asks_holders).where(*mine).order_by(QuizVersion.number.desc())
    return [VersionRow(*row) for row in session.execute(found)]


@permits(Act.WRITE_TRAINING)
def difference(session: Session, module_id: UUID, *, old: int, new: int | None = None) -> list[Change]:
    """What differs between two versions of a quiz, by their numbers; ``new`` None: the draft. ``old`` 0: nothing.

    Raises:
        NotFound: there is no such version.
    """
    return changed(_version(session, module_id, old) if old else (), _version(session, module_id, new))


@permits(Act.WRITE_TRAINING)
def item_statistics(session: Session, module_id: UUID) -> list[Item]:
    """What first attempts tell about the questions that are taken now, in their order; [] while none is published."""
    published = find_published(session, get_module(session, module_id).id)
    if published is None:
        return []
    told = (ItemTally.question, ItemTally.choice, ItemTally.times, ItemTally.rest_sum, ItemTally.rest_squares)
    tallies: dict[str, list[Tally]] = {}
    for row in session.execute(select(*told).where(ItemTally.quiz_version_id == published.id)):
        tallies.setdefault(row[0], []).append(Tally(*row[1:]))
    return [item(one, tallies.get(one.key, ())) for one in from_json(published.questions)]


@permits(Act.WRITE_TRAINING)
def export_quiz(session: Session, module_id: UUID, *, form: Form) -> str:
    """A module's questions as a file: the draft's, or the published ones where there is no draft.

    Raises:
        QuizRefused: the form cannot hold one of them; the faults name it.
    """
    row = find_draft(session, get_module(session, module_id).id) or find_published(session, module_id)
    questions = from_json(row.questions) if row else ()
    return source_json.write(questions) if form == "json" else gift.write(questions)


@permits(Act.READ_TRAINING)
def certifications_of(
    session: Session, *, contact_id: UUID | None = None, staff_id: UUID | None = None, partner_id: UUID | None = None
) -> list[CertificationRow]:
    """What somebody, or everybody of a partner, holds and held, revoked ones too, the newest first."""
    owners = {Certification.partner_contact_id: contact_id, Certification.employee_id: staff_id}
    whose = [column == value for column, value in (owners | {Certification.partner_id: partner_id}).items() if value]
    return certification_rows(session, *whose) if whose else []


def _questions(session: Session, row: QuizVersion | None) -> tuple[Question, ...]:
    """The questions of a version, marked for whoever writes training."""
    questions = from_json(row.questions) if row else ()
    return questions if allowed(actor_of(session), Act.WRITE_TRAINING) else tuple(map(unmarked, questions))


def _version(session: Session, module_id: UUID, number: int | None) -> tuple[Question, ...]:
    of_module = QuizVersion.module_id == get_module(session, module_id).id
    which = QuizVersion.number == number if number is not None else QuizVersion.state == QuizState.DRAFT
    found = session.scalars(select(QuizVersion).where(of_module, which)).one_or_none()
    if found is None:
        raise NotFound("This version of the quiz was not found. Choose one from the list.")
    return from_json(found.questions)


def _versions_of_all(session: Session, state: QuizState) -> dict[UUID, tuple[int, int]]:
    """The number and the questions of each module's newest version in a state."""
    last = (
        select(QuizVersion.module_id, func.max(QuizVersion.number).label("number"))
        .where(QuizVersion.state == state)
        .group_by(QuizVersion.module_id)
        .subquery()
    )
    told: Any = select(QuizVersion.module_id, QuizVersion.number, count_of_questions(session))
    same = (last.c.module_id == QuizVersion.module_id) & (last.c.number == QuizVersion.number)
    return {row[0]: (row[1], row[2]) for row in session.execute(told.join(last, same))}


def _attempts(session: Session) -> dict[UUID, int]:
    """How many attempts at each module were finished."""
    over = select(Attempt.module_id, func.count()).where(Attempt.finished_at.is_not(None))
    return {row[0]: row[1] for row in session.execute(over.group_by(Attempt.module_id))}
