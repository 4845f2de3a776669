"""A partner's draft and published version, for the operations that need them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.proposals.models import ProposalVersion, VersionState


def find_draft(session: Session, partner_id: UUID) -> ProposalVersion | None:
    """The version being written, if there is one."""
    mine = (ProposalVersion.partner_id == partner_id, ProposalVersion.state == VersionState.DRAFT)
    return session.scalars(select(ProposalVersion).where(*mine)).one_or_none()


def find_published(session: Session, partner_id: UUID) -> ProposalVersion | None:
    """The version partners read now, if there is one."""
    mine = (ProposalVersion.partner_id == partner_id, ProposalVersion.state == VersionState.PUBLISHED)
    newest = select(ProposalVersion).where(*mine).order_by(ProposalVersion.number.desc())
    return session.scalars(newest.limit(1)).one_or_none()
