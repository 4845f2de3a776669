"""A partner's draft and published version, for the operations that need them."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
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
    return session.scalars(_published(partner_id)).one_or_none()


def _published(partner_id: UUID) -> Select[ProposalVersion]:
    mine = (ProposalVersion.partner_id == partner_id, ProposalVersion.state == VersionState.PUBLISHED)
    return select(ProposalVersion).where(*mine).order_by(ProposalVersion.number.desc()).limit(1)


def find_readable(session: Session, reader: Actor) -> ProposalVersion | None:
    """The version a partner's person may read now.

    People of the room came in by another link than the proposal's, so theirs closes with the proposal's.
    """
    if reader.partner is None:
        return None
    found = _published(reader.partner)
    if reader.kind is ActorKind.PARTNER:
        found = found.where(_is_offered(reader.partner))
    return session.scalars(found).one_or_none()


def _is_offered(partner_id: UUID) -> ColumnElement[bool]:
    """Whether the link to the proposal was not withdrawn, or one was issued since."""
    last = select(ProposalLink.id).where(ProposalLink.partner_id == partner_id, ProposalLink.replaced_at.is_(None))
    return or_(~last.exists(), last.where(ProposalLink.revoked_at.is_(None)).exists())
