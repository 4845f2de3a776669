"""What the team reads about the library: spaces, whom they reach, what was fetched, and who could see what when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Act, ContactRole, permits
from core.clock import now
from core.companies.rows import own_company
from core.contacts.models import Contact
from core.errors import Invalid
from core.library.history import Rule, day_of
from core.library.rows import get_space, newest_of_each
from core.library.seen import rules_of
from core.library.seers import Seer, partners_named, seers
from core.library.spaces import NewSpace
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.vault.models import Document, DocumentFetch, DocumentSpace, SpaceKind
from core.vault.queries import DocumentRow, document_row
from core.vault.rows import DocumentNotFound, audience_of, today_in_company
from core.vault.trail import PAGE, FetchRow, VersionRow, downloads, versions_of
from core.vault.visibility import Audience, Reach, State, has_expired

MOST_REMOVED = 50


class DayToCome(Invalid):
    """Choose today or a day before it: nothing has happened yet on a day to come."""


@dataclass(frozen=True)
class Reached:
    """Whom a space reaches now: how many people of how many resellers, and how many have each role."""

    people: int
    resellers: int
    roles: dict[ContactRole, int]


@dataclass(frozen=True)
class SpaceRow:
    """A space of the library. ``partner``: the one reseller it is for, or nothing; ``audience``: as it stands in the
    rule, also when the space was withdrawn; ``fetched``: by resellers' people; ``version``: the lock to change it."""

    id: UUID
    name: str
    name_ar: str
    audience: Audience
    partner: str
    reached: Reached
    documents: int
    fetched: int
    fetched_at: datetime | None
    changed_at: datetime | None
    withdrawn_at: datetime | None
    version: int


@dataclass(frozen=True)
class Removed:
    """A document that was taken out."""

    id: UUID
    title: str
    removed_at: datetime


@dataclass(frozen=True)
class SpacePage:
    """A space, its documents, those removed last and the rules it has had, each the newest first.

    ``partners``: the names that the rules mention.
    """

    space: SpaceRow
    documents: list[DocumentRow]
    removed: list[Removed]
    rules: list[Rule]
    partners: dict[UUID, str]
    time_zone: str


@dataclass(frozen=True)
class SeenOn:
    """Who could see a document on a day: who could stands first. ``partners``: the names that the rules mention."""

    document: str
    space: str
    space_id: UUID
    day: date
    seers: list[Seer]
    partners: dict[UUID, str]
    time_zone: str


@permits(Act.READ_LIBRARY)
def spaces(session: Session) -> list[SpaceRow]:
    """Every space, by name, the withdrawn ones last."""
    return _spaces(session)


def _spaces(session: Session, *which: Any) -> list[SpaceRow]:
    mine = (Document.space_id == DocumentSpace.id, Document.removed_at.is_(None))
    by_people = (Document.space_id == DocumentSpace.id, DocumentFetch.partner_id.is_not(None))
    fetched = select(func.count()).select_from(DocumentFetch).join(Document).where(*by_people)
    rows = session.execute(
        select(
            DocumentSpace,
            Partner.name.label("partner"),
            select(func.count()).select_from(Document).where(*mine).scalar_subquery().label("documents"),
            select(func.max(Document.changed_at)).where(*mine).scalar_subquery().label("changed_at"),
            fetched.scalar_subquery().label("fetched"),
            select(func.max(DocumentFetch.at)).join(Document).where(*by_people).scalar_subquery().label("fetched_at"),
        )
        .outerjoin(Partner, Partner.id == DocumentSpace.partner_visible_to_id)
        .where(DocumentSpace.kind == SpaceKind.LIBRARY, *which)
        .order_by(DocumentSpace.withdrawn_at.is_not(None), func.lower(DocumentSpace.name), DocumentSpace.id)
    ).all()
    people = _people(session)
    return [_space_row(row, people) for row in rows]


def _space_row(row: Any, people: "People") -> SpaceRow:
    space = row.DocumentSpace
    partner_id, for_all = space.partner_visible_to_id, space.visible_to_all_partners
    return SpaceRow(
        id=space.id,
        name=space.name,
        name_ar=space.name_ar,
        audience=Audience(partner_id, for_all, space.partner_role_visibility, space.holds_prices),
        partner=row.partner or "",
        reached=_reached(audience_of(space), people),
        documents=row.documents,
        fetched=row.fetched,
        fetched_at=row.fetched_at,
        changed_at=row.changed_at,
        withdrawn_at=space.withdrawn_at,
        version=space.version,
    )


People = list[tuple[UUID, ContactRole, int]]
"""How many of a reseller have a role."""


def _people(session: Session) -> People:
    let_in = select(Contact.partner_id, Contact.role, func.count()).where(Contact.disabled_at.is_(None))
    rows = session.execute(let_in.group_by(Contact.partner_id, Contact.role))
    return [(partner, role, count) for partner, role, count in rows]


def _reached(audience: Audience, people: People) -> Reached:
    found = [one for one in people if audience.reach(partner_id=one[0], role=one[1]) is Reach.SEES]
    roles = {role: sum(n for _, its, n in found if its is role) for role in ContactRole}
    some = {role: count for role, count in roles.items() if count}
    return Reached(sum(some.values()), len({partner for partner, _, _ in found}), some)


@permits(Act.READ_LIBRARY)
def space(session: Session, space_id: UUID) -> SpacePage:
    """One space with its documents.

    Raises:
        SpaceNotFound: there is none in this company.
    """
    row = get_space(session, space_id)
    (found,) = _spaces(session, DocumentSpace.id == row.id)
    rules = rules_of(session, row.id)[::-1]
    zone = own_company(session).time_zone
    documents, removed = _documents(session, row.id), _removed(session, row.id)
    return SpacePage(found, documents, removed, rules, partners_named(session, rules), zone)


def _documents(session: Session, space_id: UUID) -> list[DocumentRow]:
    theirs = (DocumentFetch.document_id == Document.id, DocumentFetch.partner_id.is_not(None))
    often = select(func.count()).select_from(DocumentFetch).where(*theirs).scalar_subquery()
    last = select(func.max(DocumentFetch.at)).where(*theirs).scalar_subquery()
    newest = newest_of_each().where(Document.space_id == space_id)
    today = today_in_company(session)
    rows = session.execute(newest.add_columns(often.label("fetched"), last.label("fetched_at")))
    return [document_row(row, _state(row.Document, today)) for row in rows]


def _removed(session: Session, space_id: UUID) -> list[Removed]:
    gone = select(Document.id, Document.title, Document.removed_at).where(Document.space_id == space_id)
    newest = gone.where(Document.removed_at.is_not(None)).order_by(Document.removed_at.desc(), Document.id.desc())
    rows = session.execute(newest.limit(MOST_REMOVED))
    return [Removed(row.id, row.title, row.removed_at) for row in rows if row.removed_at]


def _state(document: Document, today: date) -> State:
    """As the team sees it: for whom an NDA is asked depends on each reseller."""
    if has_expired(document.expires_on, today=today):
        return State.EXPIRED
    return State.GATED if document.requires_nda else State.OPEN


@permits(Act.READ_LIBRARY)
def versions(session: Session, document_id: UUID) -> list[VersionRow]:
    """Every version of a document of the library, newest first; none where there is no such document."""
    return versions_of(session, document_id) if _is_shared(session, document_id) else []


def _is_shared(session: Session, document_id: UUID) -> bool:
    of_library = (Document.id == document_id, DocumentSpace.kind == SpaceKind.LIBRARY)
    return session.scalar(select(Document.id).join(DocumentSpace).where(*of_library)) is not None


@permits(Act.READ_LIBRARY)
def fetches(
    session: Session,
    *,
    space_id: UUID | None = None,
    document_id: UUID | None = None,
    page: int = 1,
    size: int = PAGE,
) -> tuple[list[FetchRow], int]:
    """One page of downloads from the library, a space or of one document, newest first, and how many there are.

    Downloads of documents that were removed since are among them, and those of our own staff.
    """
    which = [DocumentSpace.kind == SpaceKind.LIBRARY]
    if space_id is not None:
        which.append(DocumentSpace.id == space_id)
    if document_id is not None:
        which.append(DocumentFetch.document_id == document_id)
    return downloads(session, *which, page=page, size=size)


@permits(Act.READ_LIBRARY)
def would_reach(
    session: Session, *, partner_id: UUID | None, roles: Iterable[ContactRole], holds_prices: bool
) -> Reached:
    """Whom a space would reach now with this rule. ``partner_id`` None: of all resellers; no ``roles``: every one.

    Raises:
        RoleWithoutLibrary, RoleWithoutPrices
    """
    asked = NewSpace("", partner_id=partner_id, roles=tuple(roles), holds_prices=holds_prices)
    rule = Audience(partner_id, partner_id is None, asked.role_rule(), holds_prices)
    return _reached(rule, _people(session))


@permits(Act.READ_LIBRARY)
def active_resellers(session: Session) -> dict[UUID, str]:
    """The resellers that a space may be opened for, by name."""
    mine = (Partner.reseller_since.is_not(None), Partner.status == Status.ACTIVE)
    rows = session.execute(select(Partner.id, Partner.name).where(*mine).order_by(func.lower(Partner.name), Partner.id))
    return {row.id: row.name for row in rows}


@permits(Act.READ_LIBRARY)
def who_could_see(session: Session, document_id: UUID, *, day: date) -> SeenOn:
    """Who could see a document of the library on a day where the company is, removed documents too.

    People of resellers whom no rule of that day was for are left out.

    Raises:
        DocumentNotFound: there never was one.
        DayToCome
    """
    document = session.get(Document, document_id) if _is_shared(session, document_id) else None
    if document is None:
        raise DocumentNotFound
    zone = own_company(session).time_zone
    since, end = day_of(day, zone)
    until = min(end, now() + timedelta(microseconds=1))
    if until <= since:
        raise DayToCome
    rules = rules_of(session, document.space_id)
    where = get_space(session, document.space_id)
    answers = seers(session, document, rules, since=since, until=until, zone=zone)
    return SeenOn(document.title, where.name, where.id, day, answers, partners_named(session, rules), zone)
