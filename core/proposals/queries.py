"""Reading proposals: as the partner sees them, and as the team works on them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.access import tokens
from core.access.models import AccessSession, ProposalLink
from core.actor import Act, actor_of, allowed, permits
from core.clock import now
from core.companies.models import Company
from core.errors import NotFound
from core.meetings.links import booking_link
from core.partners.gate import nda_is_settled
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.partners.rows import get_partner
from core.proposals.content import Content, blank
from core.proposals.models import ProposalVersion, VersionState
from core.proposals.rows import find_draft, find_published, find_readable
from core.proposals.service import link_address


@dataclass(frozen=True)
class Reading:
    """The proposal a reader was let in to."""

    partner_id: UUID
    partner: str
    partner_ar: str
    company: str
    company_ar: str
    colour: str
    booking_url: str
    language: str
    version_id: UUID
    version_number: int
    link_id: UUID | None
    device_hash: bytes | None
    measured: bool
    nda_is_settled: bool
    """Whether there is nothing to sign: the NDA is valid, or the partner active."""
    content: Content


@dataclass(frozen=True)
class Workbench:
    """What a writer works on: the draft (or what it would start from) and what is published."""

    partner_id: UUID
    partner: str
    partner_ar: str
    language: str
    status: Status
    contact_name: str
    contact_email: str
    content: Content
    draft_number: int | None
    draft_version: int | None
    saved_at: datetime | None
    saved_by: str
    published: Content | None
    published_number: int | None
    published_at: datetime | None


@dataclass(frozen=True)
class VersionRow:
    """One version in the list of a partner's versions."""

    number: int
    state: VersionState
    saved_at: datetime
    saved_by: str
    published_at: datetime | None
    published_by: str


@dataclass(frozen=True)
class LinkRow:
    """One link that was issued; ``address`` only while it is in force, and only for those who may send it."""

    id: UUID
    issued_at: datetime
    expires_at: datetime
    issued_by: str
    state: str
    opened: int
    address: str


@dataclass(frozen=True)
class ProposalRow:
    """One partner in the list of proposals."""

    partner_id: UUID
    partner: str
    status: Status
    owner_id: UUID | None
    published_number: int | None
    published_at: datetime | None
    draft_saved_at: datetime | None
    link_until: datetime | None


@permits(Act.READ_OWN_PROPOSAL)
def reading(session: Session) -> Reading:
    """The published proposal of the reader's own partner.

    Raises:
        NotFound: nothing is published any more, or the session ended.
    """
    actor = actor_of(session)
    partner = session.get(Partner, actor.partner or UUID(int=0))
    visit = session.get(AccessSession, actor.session or UUID(int=0))
    version = find_readable(session, actor) if partner else None
    if partner is None or visit is None or version is None:
        raise NotFound("This proposal cannot be read at the moment. Ask its sender.")
    company = session.get_one(Company, partner.company_id)
    return Reading(
        partner_id=partner.id,
        partner=partner.name,
        partner_ar=partner.name_ar,
        company=company.name,
        company_ar=company.name_ar,
        colour=company.colour,
        booking_url=booking_link(company.booking_url, partner.slug),
        language=partner.language,
        version_id=version.id,
        version_number=version.number,
        link_id=visit.link_id,
        device_hash=visit.device_hash,
        measured=visit.measured,
        nda_is_settled=nda_is_settled(partner.status, partner.nda_expires_at, now()),
        content=Content.model_validate(version.content),
    )


@permits(Act.READ_OWN_PROPOSAL)
def has_reading(session: Session) -> bool:
    """Whether the actor's own partner has a proposal to read."""
    return find_readable(session, actor_of(session)) is not None


@permits(Act.READ_PROPOSALS)
def workbench(session: Session, partner_id: UUID) -> Workbench:
    """What there is to work on for a partner."""
    partner = get_partner(session, partner_id)
    draft, published = find_draft(session, partner_id), find_published(session, partner_id)
    start = draft or published
    return Workbench(
        partner_id=partner.id,
        partner=partner.name,
        partner_ar=partner.name_ar,
        language=partner.language,
        status=partner.status,
        contact_name=partner.contact_name,
        contact_email=partner.contact_email,
        content=Content.model_validate(start.content) if start else blank(),
        draft_number=draft.number if draft else None,
        draft_version=draft.version if draft else None,
        saved_at=draft.saved_at if draft else None,
        saved_by=draft.saved_by if draft else "",
        published=Content.model_validate(published.content) if published else None,
        published_number=published.number if published else None,
        published_at=published.published_at if published else None,
    )


@permits(Act.READ_PROPOSALS)
def versions(session: Session, partner_id: UUID) -> list[VersionRow]:
    """A partner's versions, newest first."""
    rows = session.scalars(
        select(ProposalVersion)
        .where(ProposalVersion.partner_id == partner_id)
        .order_by(ProposalVersion.number.desc())
        .limit(50)
    )
    return [
        VersionRow(row.number, row.state, row.saved_at, row.saved_by, row.published_at, row.published_by)
        for row in rows
    ]


@permits(Act.READ_PROPOSALS)
def version_content(session: Session, partner_id: UUID, number: int) -> Content:
    """What one version says.

    Raises:
        NotFound: there is no such version.
    """
    mine = (ProposalVersion.partner_id == partner_id, ProposalVersion.number == number)
    row = session.scalars(select(ProposalVersion).where(*mine)).one_or_none()
    if row is None:
        raise NotFound("This version was not found. Choose another one from the list.")
    return Content.model_validate(row.content)


@permits(Act.READ_PROPOSALS)
def links(session: Session, partner_id: UUID) -> list[LinkRow]:
    """The links issued for a partner, newest first, with how many sessions each opened."""
    partner = get_partner(session, partner_id)
    opened = (
        select(func.count()).where(AccessSession.link_id == ProposalLink.id).correlate(ProposalLink).scalar_subquery()
    )
    rows = session.execute(
        select(ProposalLink, opened)
        .where(ProposalLink.partner_id == partner_id)
        .order_by(ProposalLink.issued_at.desc(), ProposalLink.id.desc())
        .limit(20)
    )
    return [_link_row(session, partner, link, count) for link, count in rows]


def _link_row(session: Session, partner: Partner, link: ProposalLink, opened: int) -> LinkRow:
    in_force = tokens.is_in_force(link, now())
    shown = in_force and allowed(actor_of(session), Act.WRITE_PROPOSALS)
    return LinkRow(
        id=link.id,
        issued_at=link.issued_at,
        expires_at=link.expires_at,
        issued_by=link.issued_by,
        state=_link_state(link),
        opened=opened,
        address=link_address(partner, link) if shown else "",
    )


def _link_state(link: ProposalLink) -> str:
    """One of ``in_force``, ``revoked``, ``replaced``, ``expired``."""
    if tokens.is_in_force(link, now()):
        return "in_force"
    return "revoked" if link.revoked_at else "replaced" if link.replaced_at else "expired"


@permits(Act.READ_PROPOSALS)
def proposals(
    session: Session, *, text: str = "", owner_id: UUID | None = None, page: int = 1, size: int = 50
) -> tuple[list[ProposalRow], int]:
    """One page of partners with the state of their proposals, and how many partners there are in all."""
    found = select(Partner.id)
    if text:
        found = found.where(Partner.name.icontains(text, autoescape=True))
    if owner_id:
        found = found.where(Partner.owner_id == owner_id)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = session.execute(
        _with_states().where(Partner.id.in_(found)).order_by(Partner.name).limit(size).offset((page - 1) * size)
    )
    return [_proposal_row(*row) for row in rows], total


def _with_states() -> Select[Partner, int | None, datetime | None, datetime | None, datetime | None]:
    """Partners, each with its newest published version, its draft and its link in force."""
    mine = ProposalVersion.partner_id == Partner.id
    published = (mine, ProposalVersion.state == VersionState.PUBLISHED)
    in_force = (ProposalLink.partner_id == Partner.id, ProposalLink.revoked_at.is_(None))
    return select(
        Partner,
        select(func.max(ProposalVersion.number)).where(*published).scalar_subquery(),
        select(func.max(ProposalVersion.published_at)).where(*published).scalar_subquery(),
        select(func.max(ProposalVersion.saved_at))
        .where(mine, ProposalVersion.state == VersionState.DRAFT)
        .scalar_subquery(),
        select(func.max(ProposalLink.expires_at))
        .where(*in_force, ProposalLink.replaced_at.is_(None))
        .scalar_subquery(),
    )


def _proposal_row(
    partner: Partner,
    number: int | None,
    published_at: datetime | None,
    draft_saved_at: datetime | None,
    link_until: datetime | None,
) -> ProposalRow:
    return ProposalRow(
        partner_id=partner.id,
        partner=partner.name,
        status=partner.status,
        owner_id=partner.owner_id,
        published_number=number,
        published_at=published_at,
        draft_saved_at=draft_saved_at,
        link_until=link_until,
    )
