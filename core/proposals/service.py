"""Writing, publishing and sending a partner's proposal."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.access import sessions, tokens
from core.access.models import ProposalLink
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.db import lock
from core.errors import Conflict, Invalid
from core.failpoints import reach
from core.i18n import t
from core.mail import messages
from core.mail.outbox import enqueue
from core.meetings.links import booking_link
from core.partners.models import Partner
from core.partners.moves import proposal_was_sent
from core.partners.rows import NoContact, get_partner
from core.proposals.content import Content, Language
from core.proposals.models import ProposalVersion, VersionState
from core.proposals.rows import find_draft, find_published
from core.settings import settings
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class DraftChanged(Conflict):
    """{who} saved this draft while you were writing. Your text is still in the form; compare and save again."""


class NothingToPublish(Conflict):
    """There is no draft to publish. Change something first."""


class NotPublished(Conflict):
    """Publish the proposal before you send it."""


class NoLink(Conflict):
    """No link is in force. Issue one first."""


@permits(Act.WRITE_PROPOSALS)
def save_draft(
    session: Session, partner_id: UUID, *, content: Content, version: int | None, by: Actor
) -> ProposalVersion:
    """Keep what was written. ``version``: the draft's as it was read; None when there was no draft.

    Raises:
        DraftChanged: somebody else saved it since.
    """
    lock(session, f"proposal:{partner_id}")
    partner, at = get_partner(session, partner_id), now()
    draft = find_draft(session, partner_id)
    if (draft.version if draft else None) != version:
        raise DraftChanged(who=draft.saved_by if draft else "A colleague")
    if draft is None:
        draft = ProposalVersion(partner_id=partner_id, number=_next_number(session, partner_id), created_at=at)
        draft.state, draft.version = VersionState.DRAFT, 0
        session.add(draft)
    draft.content, draft.saved_at, draft.saved_by = content.model_dump(mode="json"), at, by.name
    draft.version += 1
    session.flush()
    record(session, Tag.PROPOSAL_SAVE, by=by, subject=partner, after={"number": draft.number, "save": draft.version})
    return draft


def _next_number(session: Session, partner_id: UUID) -> int:
    highest = select(func.max(ProposalVersion.number)).where(ProposalVersion.partner_id == partner_id)
    return (session.scalar(highest) or 0) + 1


@permits(Act.WRITE_PROPOSALS)
def discard_draft(session: Session, partner_id: UUID, *, version: int, by: Actor) -> None:
    """Throw the draft away; what is published stays.

    Raises:
        DraftChanged: somebody else saved it since.
    """
    lock(session, f"proposal:{partner_id}")
    partner, draft = get_partner(session, partner_id), find_draft(session, partner_id)
    if draft is None or draft.version != version:
        raise DraftChanged(who=draft.saved_by if draft else "A colleague")
    session.delete(draft)
    record(session, Tag.PROPOSAL_SAVE, by=by, subject=partner, before={"number": draft.number}, after={"draft": None})


@permits(Act.WRITE_PROPOSALS)
def publish(session: Session, partner_id: UUID, *, version: int, by: Actor) -> ProposalVersion:
    """Let the partner read the draft from now on.

    Raises:
        NothingToPublish: there is no draft.
        DraftChanged: it was saved since it was read.
        Invalid: a section has no heading in the partner's language.
    """
    lock(session, f"proposal:{partner_id}")
    partner, draft = get_partner(session, partner_id), find_draft(session, partner_id)
    if draft is None:
        raise NothingToPublish
    if draft.version != version:
        raise DraftChanged(who=draft.saved_by)
    _check_readable(draft, "ar" if partner.language == "ar" else "en")
    draft.state, draft.published_at, draft.published_by = VersionState.PUBLISHED, now(), by.name
    reach("publish:state")
    note_timeline(session, partner.id, Kind.PROPOSAL_PUBLISHED, by=by, number=str(draft.number))
    record(session, Tag.PROPOSAL_PUBLISH, by=by, subject=partner, after={"number": draft.number})
    return draft


def _check_readable(draft: ProposalVersion, language: Language) -> None:
    sections = Content.model_validate(draft.content).read_in(language)
    empty = [t(f"section.{key}", "en") for key, section in sections.items() if not section.heading]
    if empty:
        tongue = "Arabic" if language == "ar" else "English"
        raise Invalid(
            "Give these sections a heading in {tongue} first: {sections}.", tongue=tongue, sections=", ".join(empty)
        )


@permits(Act.WRITE_PROPOSALS)
def issue_proposal_token(session: Session, partner_id: UUID, *, by: Actor) -> ProposalLink:
    """Issue a 30-day link to the published proposal; the link before it stops working.

    Raises:
        NotPublished: there is nothing to read yet.
    """
    lock(session, f"proposal:{partner_id}")
    partner = get_partner(session, partner_id)
    if find_published(session, partner_id) is None:
        raise NotPublished
    link = tokens.issue(session, partner_id, by=by)
    proposal_was_sent(session, partner, by=by)
    until = link.expires_at.date().isoformat()
    note_timeline(session, partner_id, Kind.LINK_ISSUED, by=by, until=until)
    record(session, Tag.LINK_ISSUE, by=by, subject=partner, after={"link": link.id, "until": until})
    return link


@permits(Act.WRITE_PROPOSALS)
def send_invitation(session: Session, partner_id: UUID, *, language: str, by: Actor) -> ProposalLink:
    """Issue a link and mail it, with the booking link, to the partner's contact.

    Raises:
        NotPublished, NoContact: something is missing first.
    """
    partner, company = get_partner(session, partner_id), own_company(session)
    if not partner.contact_email:
        raise NoContact
    link = issue_proposal_token(session, partner_id, by=by)
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    message = messages.invitation(
        brand_of(company, language),
        partner.contact_email,
        partner.contact_name,
        display_name(partner, language),
        link_address(partner, link),
        booking_link(company.booking_url, partner.slug) or None,
        local_day(company, link),
        owner.name if owner else by.name,
        language,
        reply_to=owner.email if owner else "",
    )
    enqueue(session, message, key=f"invitation:{link.id}", partner_id=partner_id)
    note_timeline(session, partner_id, Kind.INVITATION_SENT, by=by, to=partner.contact_email, language=language)
    record(session, Tag.INVITATION_SEND, by=by, subject=partner, after={"to": partner.contact_email, "link": link.id})
    return link


@permits(Act.WRITE_PROPOSALS)
def revoke_link(session: Session, partner_id: UUID, *, by: Actor) -> int:
    """Withdraw access: the link dies and whoever is reading is let out. Returns how many sessions ended.

    Sessions that came in by this link end even when signing made them sessions of the room. Those that came in by the
    room's link stay, without the proposal: that link is replaced on its own, by ``core.partners.room_service.rotate``.

    Raises:
        NoLink: none is in force.
    """
    lock(session, f"proposal:{partner_id}")
    partner, at = get_partner(session, partner_id), now()
    in_force = (ProposalLink.revoked_at.is_(None), ProposalLink.replaced_at.is_(None))
    done = session.execute(
        update(ProposalLink).where(ProposalLink.partner_id == partner_id, *in_force).values(revoked_at=at)
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        raise NoLink
    ended = sessions.revoke_readers(session, partner_id)
    note_timeline(session, partner_id, Kind.LINK_REVOKED, by=by)
    record(session, Tag.LINK_REVOKE, by=by, subject=partner, after={"sessions_ended": ended})
    return ended


def link_address(partner: Partner, link: ProposalLink) -> str:
    """The address that opens a partner's proposal."""
    return f"{settings().portal_url}/partnership/{partner.slug}?token={tokens.spell(link)}"


def local_day(company: Company, link: ProposalLink) -> date:
    """The last day of a link, where the company is."""
    return link.expires_at.astimezone(ZoneInfo(company.time_zone)).date()


def display_name(partner: Partner, language: str) -> str:
    """A partner's name in a language, or the one there is."""
    return partner.name_ar if language == "ar" and partner.name_ar else partner.name
