"""Whether somebody at a reseller is certified: what other domains ask before they let it do something."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.contacts.models import Contact
from core.training.learning_models import Certification
from core.training.models import TrainingModule


def lacking(session: Session, partner_id: UUID | None, module_ids: Iterable[UUID | None]) -> dict[UUID, TrainingModule]:
    """Those of some modules in which nobody enabled at a reseller is certified now; withdrawn ones are let be."""
    wanted = {one for one in module_ids if one is not None}
    if not wanted:
        return {}
    held = select(Certification.module_id).join(Contact, Contact.id == Certification.partner_contact_id)
    counts = (Certification.revoked_at.is_(None), Certification.expires_at > now(), Contact.disabled_at.is_(None))
    theirs = (Certification.partner_id == partner_id, Certification.module_id.in_(wanted))
    there = set(session.scalars(held.where(*theirs, *counts).distinct()))
    asked = (TrainingModule.id.in_(wanted - there), TrainingModule.withdrawn_at.is_(None))
    return {row.id: row for row in session.scalars(select(TrainingModule).where(*asked))}
