"""What a learner is offered, where they stand in it, and what they hold."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Act, ActorKind, actor_of, permits
from core.clock import now
from core.companies.rows import own_company
from core.errors import NotFound
from core.training.chances import WhyNot, chance
from core.training.held import CertificationRow, certification_rows
from core.training.learning_models import Attempt, Certification
from core.training.models import ModuleKind, QuizImage, TrainingModule
from core.training.rows import whose
from core.training.studying import Offer, changes_asked, offers
from core.training.validity import State, standing


class Where(StrEnum):
    """Where somebody stands in a module."""

    MISSING = "missing"
    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"


@dataclass(frozen=True)
class MyModule:
    """A module as its learner sees it.

    ``questions``: how many an attempt asks. ``changed``: how many questions of a newer version a holder is asked to
    answer; 0: none. ``tries``: finished attempts; ``last_score_pct``: of the last of them. ``why_not`` and
    ``again_at``: why no attempt may begin now, and from when on one may. An open attempt can always be gone on with.
    """

    id: UUID
    name: str
    name_ar: str
    kind: ModuleKind
    is_required: bool
    questions: int
    pass_pct: int
    valid_for_days: int
    where: Where
    days_left: int
    valid_until: date | None
    certification_id: UUID | None
    reference: str
    open_attempt_id: UUID | None
    changed: int
    may_begin: bool
    is_delta: bool
    may_renew: bool
    why_not: WhyNot | None
    again_at: datetime | None
    tries: int
    last_score_pct: Decimal | None

    @property
    def is_due(self) -> bool:
        """Whether there is something to do: it is required and does not count, ends soon, or has changed."""
        is_lacking = self.where in (Where.MISSING, Where.EXPIRED) and (self.is_required or self.where is Where.EXPIRED)
        return is_lacking or self.where is Where.EXPIRING or self.changed > 0


@dataclass(frozen=True)
class Lesson:
    """A module with what it teaches: Markdown without HTML, in both languages; the Arabic may be empty."""

    about: MyModule
    content: str
    content_ar: str


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture of a question."""

    media_type: str
    content: bytes


@permits(Act.LEARN)
def my_modules(session: Session) -> list[MyModule]:
    """What is offered to whoever asks: what is required first, then by name."""
    found = _mine(session)
    return sorted(found, key=lambda one: (not one.is_required, one.name.casefold(), one.id))


@permits(Act.LEARN)
def my_module(session: Session, module_id: UUID) -> Lesson:
    """One module with what it teaches.

    Raises:
        NotFound: none such is offered to whoever asks.
    """
    found = _mine(session, module_id=module_id)
    if not found:
        raise NotFound("This training was not found. Choose one from the list.")
    row = session.get_one(TrainingModule, module_id)
    return Lesson(found[0], row.content, row.content_ar)


@permits(Act.LEARN)
def my_certifications(session: Session) -> list[CertificationRow]:
    """What whoever asks holds and held, the newest first."""
    return certification_rows(session, whose(Certification, actor_of(session)))


@permits(Act.LEARN)
def picture(session: Session, image_id: UUID) -> Picture:
    """A picture: to staff any, to contacts those of the modules they are offered or were asked about.

    Raises:
        NotFound: there is none that they may see.
    """
    by, row = actor_of(session), session.get(QuizImage, image_id)
    if row is None or not (by.kind is ActorKind.STAFF or _is_asked(session, row.module_id)):
        raise NotFound("This picture was not found.")
    return Picture(row.media_type, row.content)


def _is_asked(session: Session, module_id: UUID) -> bool:
    """Whether a module is offered to whoever asks, or was tried by them."""
    by = actor_of(session)
    tried = select(Attempt.id).where(Attempt.module_id == module_id, whose(Attempt, by)).limit(1)
    return session.scalar(tried) is not None or bool(offers(session, by, module_id=module_id))


def _mine(session: Session, *, module_id: UUID | None = None) -> list[MyModule]:
    found = offers(session, actor_of(session), module_id=module_id)
    changed = changes_asked(session, found)
    zone = own_company(session).time_zone if found else ""
    return [_row(one, changed.get(one.module.id, ()), now(), zone) for one in found]


def _row(offer: Offer, changed: tuple[str, ...], at: datetime, zone: str) -> MyModule:
    module, held = offer.module, offer.held
    stands = standing(held, at, zone=zone) if held else None
    allowed = chance(offer, changed, at, zone=zone)
    over = [one for one in offer.attempts if one.finished_at is not None]
    return MyModule(
        id=module.id,
        name=module.name,
        name_ar=module.name_ar,
        kind=module.kind,
        is_required=offer.is_required,
        questions=len(changed)
        if allowed.is_delta
        else min(module.draw or offer.newest.questions, offer.newest.questions),
        pass_pct=module.pass_pct,
        valid_for_days=module.valid_for_days,
        where=where(stands.state if stands else None),
        days_left=stands.days if stands else 0,
        valid_until=held.valid_until if held else None,
        certification_id=held.id if held else None,
        reference=held.reference if held else "",
        open_attempt_id=offer.open.id if offer.open else None,
        changed=len(changed) if stands and stands.counts else 0,
        may_begin=allowed.may_begin or offer.open is not None,
        is_delta=allowed.is_delta,
        may_renew=allowed.may_renew,
        why_not=None if offer.open else allowed.why_not,
        again_at=None if offer.open else allowed.again_at,
        tries=len(over),
        last_score_pct=over[0].score_pct if over else None,
    )


def where(state: State | None) -> Where:
    """Where a holder stands by the state of a certification; what was revoked counts as if it were not there."""
    return Where.MISSING if state in (None, State.REVOKED) else Where(str(state))
