"""Rows of training, for the operations and reads that need them."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.actor import Actor, ActorKind
from core.errors import NotFound
from core.training.learning_models import Attempt, Certification
from core.training.models import QuizState, QuizVersion, TrainingModule

NOBODY = UUID(int=0)


def get_module(session: Session, module_id: UUID) -> TrainingModule:
    """A module, withdrawn or not.

    Raises:
        NotFound: there is none in this company.
    """
    found = session.get(TrainingModule, module_id)
    if found is None:
        raise NotFound("This training was not found. Choose one from the list.")
    return found


def find_draft(session: Session, module_id: UUID) -> QuizVersion | None:
    """The version of a module's quiz that is being written."""
    drafts = select(QuizVersion).where(QuizVersion.module_id == module_id, QuizVersion.state == QuizState.DRAFT)
    return session.scalars(drafts).one_or_none()


def find_published(session: Session, module_id: UUID) -> QuizVersion | None:
    """The newest published version of a module's quiz: the one that is taken."""
    published = QuizVersion.module_id == module_id, QuizVersion.state == QuizState.PUBLISHED
    newest = select(QuizVersion).where(*published).order_by(QuizVersion.number.desc()).limit(1)
    return session.scalars(newest).one_or_none()


def whose(model: type[Attempt] | type[Certification], by: Actor) -> ColumnElement[bool]:
    """The condition that a row is a learner's own; of whoever is no learner there are none."""
    owner: InstrumentedAttribute[UUID | None] = (
        model.partner_contact_id if by.kind is ActorKind.CONTACT else model.employee_id
    )
    is_learner = by.kind in (ActorKind.CONTACT, ActorKind.STAFF)
    return owner == (by.id if is_learner and by.id else NOBODY)


def owned_by(by: Actor) -> dict[str, UUID | None]:
    """The columns that say whose a new row is."""
    if by.kind is ActorKind.CONTACT:
        return {"partner_contact_id": by.id, "partner_id": by.partner}
    return {"employee_id": by.id}
