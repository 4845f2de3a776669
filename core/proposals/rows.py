"""A partner's draft and published version, for the operations that need them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.models import ProposalLink
from core.actor import Actor, ActorKind
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


def find_readable(session: Session, reader: Actor) -> ProposalVersion | None:
    """The version a partner's person may read now.

    People of the room came in by another link than the proposal's, so theirs closes with the proposal's.
    """
    if reader.partner is None or (reader.kind is ActorKind.PARTNER and _is_withdrawn(session, reader.partner)):
        return None
    return find_published(session, reader.partner)


def _is_withdrawn(session: Session, partner_id: UUID) -> bool:
    """Whether the link to the proposal was withdrawn and none was issued since."""
    mine = select(ProposalLink.revoked_at).where(
        ProposalLink.partner_id == partner_id, ProposalLink.replaced_at.is_(None)
    )
    return session.scalar(mine.order_by(ProposalLink.revoked_at.is_not(None)).limit(1)) is not None
