"""What whoever looks after training does with its modules, and taking a certification back. Quizzes: ``authoring``."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import lock
from core.errors import Conflict, Invalid, NotFound
from core.failpoints import reach
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.training import letters
from core.training.audience import joined
from core.training.learning_models import Certification
from core.training.models import ModuleKind, TrainingModule
from core.training.rows import get_module

MOST_OF_CONTENT = 100_000
"""Characters that a module's content may have."""


class TrainingChanged(Conflict):
    """Somebody saved this training while you were editing. Your text is still in the form; compare and save again."""


class TrainingKnown(Conflict):
    """There is a training called {name} already. Change that one, or choose another name."""


class RevokedBefore(Conflict):
    """{reference} was revoked already. Nothing changed."""


@dataclass(frozen=True)
class NewModule:
    """A module as it was typed. ``required_roles``: roles of contacts, and ``employee`` for staff.

    ``content``: Markdown. ``draw``: how many questions an attempt asks, None: all. ``cool_down_minutes``: how long
    after a fail the next attempt waits. ``attempts_per_day``: None: as many as one likes.
    """

    name: str
    name_ar: str = ""
    kind: ModuleKind = ModuleKind.SALES
    required_roles: tuple[str, ...] = ()
    content: str = ""
    content_ar: str = ""
    pass_pct: int = 80
    valid_for_days: int = 365
    draw: int | None = None
    shuffles: bool = True
    cool_down_minutes: int = 0
    attempts_per_day: int | None = None

    def cleaned(self) -> dict[str, Any]:
        """The values, made safe to keep.

        Raises:
            Invalid: one of them cannot be used; the message says which.
        """
        return {
            "name": fields.line(self.name, name="Name"),
            "name_ar": fields.line(self.name_ar, name="Arabic name", least=0),
            "kind": ModuleKind(self.kind),
            "required_roles": joined(self.required_roles),
            "content": fields.body(self.content, name="Content", most=MOST_OF_CONTENT),
            "content_ar": fields.body(self.content_ar, name="Arabic content", most=MOST_OF_CONTENT),
            "pass_pct": _within(self.pass_pct, 1, 100, "The pass mark"),
            "valid_for_days": _within(self.valid_for_days, 1, 3650, "The validity in days"),
            "draw": None if self.draw is None else _within(self.draw, 1, 500, "The number of questions drawn"),
            "shuffles": bool(self.shuffles),
            "cool_down_minutes": _within(self.cool_down_minutes, 0, 43_200, "The wait after a fail in minutes"),
            "attempts_per_day": None
            if self.attempts_per_day is None
            else _within(self.attempts_per_day, 1, 100, "The attempts a day"),
        }


def _within(value: int, least: int, most: int, name: str) -> int:
    if not least <= value <= most:
        raise Invalid("{name} must be from {least} to {most}.", name=name, least=f"{least:,}", most=f"{most:,}")
    return value


@permits(Act.WRITE_TRAINING)
def add_module(session: Session, *, module: NewModule, by: Actor) -> TrainingModule:
    """Add a module; learners see it once its quiz is published.

    Raises:
        TrainingKnown, Invalid
    """
    values = module.cleaned()
    _require_free(session, values["name"], None, by=by)
    row = TrainingModule(**values, added_at=now(), added_by=by.name)
    session.add(row)
    session.flush()
    record(session, Tag.TRAINING_ADD, by=by, subject=row, after=_told(values))
    return row


@permits(Act.WRITE_TRAINING)
def change_module(session: Session, module_id: UUID, *, module: NewModule, version: int, by: Actor) -> TrainingModule:
    """Save a module as edited from ``version``. Certifications that are there keep the day they end on.

    Raises:
        TrainingChanged: it was saved by somebody else since.
        TrainingKnown, Invalid, NotFound
    """
    row, values = get_module(session, module_id), module.cleaned()
    if row.version != version:
        raise TrainingChanged
    _require_free(session, values["name"], module_id, by=by)
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if changed:
        before = {name: getattr(row, name) for name in changed}
        _assign(session, row, changed)
        record(session, Tag.TRAINING_CHANGE, by=by, subject=row, before=_told(before), after=_told(changed))
    return row


@permits(Act.WRITE_TRAINING)
def withdraw_module(session: Session, module_id: UUID, *, by: Actor) -> TrainingModule:
    """Offer a module to nobody any more. What is begun may be finished, and certifications go on counting."""
    row = get_module(session, module_id)
    if row.withdrawn_at is None:
        _assign(session, row, {"withdrawn_at": now()})
        record(session, Tag.TRAINING_CHANGE, by=by, subject=row, after={"withdrawn": True})
    return row


@permits(Act.WRITE_TRAINING)
def offer_again(session: Session, module_id: UUID, *, by: Actor) -> TrainingModule:
    """Offer a withdrawn module again."""
    row = get_module(session, module_id)
    if row.withdrawn_at is not None:
        _assign(session, row, {"withdrawn_at": None})
        record(session, Tag.TRAINING_CHANGE, by=by, subject=row, after={"withdrawn": False})
    return row


@permits(Act.WRITE_TRAINING)
def revoke(session: Session, certification_id: UUID, *, reason: str, by: Actor) -> Certification:
    """Take a certification back: it counts no more, nor does an older one of the same holder in the same module.

    Raises:
        RevokedBefore: it was revoked already.
        Invalid: no reason is given. NotFound
    """
    why = fields.line(reason, name="The reason", most=500)
    row = session.get(Certification, certification_id)
    if row is None:
        raise NotFound("This certification was not found. Choose one from the list.")
    lock(session, f"learner:{row.module_id}:{row.partner_contact_id or row.employee_id}")
    session.refresh(row)
    if row.revoked_at is not None:
        raise RevokedBefore(reference=row.reference)
    for one in [row, *_others_that_count(session, row)]:
        one.revoked_at, one.revoked_by, one.reason, one.is_current = now(), by.name, why, False
        session.flush()
        record(session, Tag.CERTIFICATION_REVOKE, by=by, subject=one, after={"holder": one.holder, "reason": why})
    reach("certification:revoked")
    _tell_revoked(session, row, by=by)
    return row


def _others_that_count(session: Session, row: Certification) -> list[Certification]:
    """The holder's other certifications in the module that have neither ended nor been revoked."""
    same = (Certification.module_id == row.module_id, Certification.id != row.id, Certification.revoked_at.is_(None))
    owner = Certification.partner_contact_id == row.partner_contact_id
    if row.partner_contact_id is None:
        owner = Certification.employee_id == row.employee_id
    unended = Certification.is_current | (Certification.expires_at > now())
    return list(session.scalars(select(Certification).where(*same, owner, unended)))


def _tell_revoked(session: Session, row: Certification, *, by: Actor) -> None:
    module = get_module(session, row.module_id)
    if row.partner_id is not None:
        note = partial(note_timeline, session, row.partner_id, Kind.CERTIFICATION_REVOKED, by=by)
        note(name=row.holder, module=module.name, reference=row.reference, reason=row.reason)
    letters.tell_revoked(session, row, module)


def _require_free(session: Session, name: str, module_id: UUID | None, *, by: Actor) -> None:
    lock(session, f"training:{by.company}")
    same = select(TrainingModule).where(func.lower(TrainingModule.name) == name.lower(), TrainingModule.id != module_id)
    if other := session.scalars(same).first():
        raise TrainingKnown(name=other.name)


def _assign(session: Session, row: TrainingModule, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    try:
        session.flush()
    except StaleDataError:
        raise TrainingChanged from None


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """What the record of acts says: of long texts how long they are."""
    return {name: len(value) if name.startswith("content") else value for name, value in values.items()}
