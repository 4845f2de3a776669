"""What a reseller's person finds in the library: the spaces for their role, and what is new in them."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.access.devices import needs_code
from core.actor import Act, Actor, actor_of, permits
from core.clock import now
from core.library.rows import looker, newest_of_each, reaches, reaching, spaces_for
from core.partners.models import Partner
from core.partners.rows import get_partner
from core.questions.searching import beginning, kept, terms
from core.vault.models import Document, DocumentSpace, DocumentVersion, SpaceLook
from core.vault.rows import today_in_company
from core.vault.visibility import State, has_expired, state_of

MOST_NOTES = 3
"""How many versions' notes stand with a document at most, the newest first."""


@dataclass(frozen=True)
class Note:
    """What changed with a version."""

    number: int
    at: datetime
    text: str


@dataclass(frozen=True)
class MyDocument:
    """A document of the library. ``is_new``: its newest version came after the visit before this one."""

    id: UUID
    title: str
    title_ar: str
    file_name: str
    size: int
    changed_at: datetime
    expires_on: date | None
    number: int
    is_new: bool
    state: State
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class MySpace:
    """A space and its documents, the newest first, those past their last day at the end.

    ``is_locked``: it holds prices, and this device was not confirmed, so that nothing of it is told.
    """

    id: UUID
    name: str
    name_ar: str
    holds_prices: bool
    is_locked: bool
    documents: tuple[MyDocument, ...]


@dataclass(frozen=True)
class MyLibrary:
    """The spaces for whoever asks, by name. ``total`` and ``new``: of all their documents, whatever was searched for.

    ``time_zone``: where the company is.
    """

    spaces: tuple[MySpace, ...]
    total: int
    new: int


@permits(Act.USE_LIBRARY)
def my_library(session: Session, *, text: str = "") -> MyLibrary:
    """The library as whoever asks may see it now. ``text``: only documents with these words, in either language."""
    by = actor_of(session)
    rows = spaces_for(session, by)
    locked = {row.id for row in rows if row.holds_prices} if needs_code(session, by=by) else set()
    documents = _documents(session, by, [row.id for row in rows if row.id not in locked])
    everything = [one for some in documents.values() for one in some]
    wanted = terms(text)
    shown = [
        MySpace(
            row.id, row.name, row.name_ar, row.holds_prices, row.id in locked,
            tuple(one for one in documents.get(row.id, ()) if _has(one, row, wanted)),
        )
        for row in rows
    ]  # fmt: skip
    new = sum(one.is_new and one.state is not State.EXPIRED for one in everything)
    return MyLibrary(tuple(one for one in shown if one.documents or not wanted), len(everything), new)


@permits(Act.USE_LIBRARY)
def new_documents(session: Session) -> int:
    """How many documents came or changed since whoever asks looked at the library last."""
    by = actor_of(session)
    looked = select(SpaceLook.at).where(SpaceLook.space_id == Document.space_id, SpaceLook.looker == looker(by))
    at = looked.scalar_subquery()
    since = (Document.removed_at.is_(None), or_(at.is_(None), Document.changed_at > at))
    rows = session.execute(reaching(by).join(Document).add_columns(Document.expires_on).where(*since)).all()
    reached = [(space.holds_prices, day) for space, day in rows if reaches(space, by)]
    locked = any(holds_prices for holds_prices, _ in reached) and needs_code(session, by=by)
    mine = [day for holds_prices, day in reached if not (locked and holds_prices)]
    today = today_in_company(session) if any(mine) else date.min
    return sum(not has_expired(day, today=today) for day in mine)


def _documents(session: Session, by: Actor, space_ids: list[UUID]) -> dict[UUID, list[MyDocument]]:
    """By space. What came since the visit before this one is new; on a first visit all is."""
    if not space_ids or by.partner is None:
        return {}
    partner, today, at = get_partner(session, by.partner), today_in_company(session), now()
    looked = select(SpaceLook.before).where(SpaceLook.space_id == Document.space_id, SpaceLook.looker == looker(by))
    newest = newest_of_each().where(Document.space_id.in_(space_ids))
    found: dict[UUID, list[MyDocument]] = {}
    for row in session.execute(newest.add_columns(looked.scalar_subquery().label("before"))):
        found.setdefault(row.Document.space_id, []).append(_document(row, partner, at, today))
    notes = _notes(session, [one.id for some in found.values() for one in some if one.number > 1])
    return {
        space_id: sorted(
            (replace(one, notes=notes.get(one.id, ())) for one in some), key=lambda one: one.state is State.EXPIRED
        )
        for space_id, some in found.items()
    }


def _document(row: Any, partner: Partner, at: datetime, today: date) -> MyDocument:
    document, version = row.Document, row.DocumentVersion
    state = state_of(
        requires_nda=document.requires_nda, expires_on=document.expires_on, status=partner.status,
        nda_expires_at=partner.nda_expires_at, at=at, today=today,
    )  # fmt: skip
    return MyDocument(
        id=document.id,
        title=document.title,
        title_ar=document.title_ar,
        file_name=version.file_name,
        size=version.size,
        changed_at=document.changed_at,
        expires_on=document.expires_on,
        number=version.number,
        is_new=row.before is None or document.changed_at > row.before,
        state=state,
    )


def _notes(session: Session, document_ids: list[UUID]) -> dict[UUID, tuple[Note, ...]]:
    if not document_ids:
        return {}
    told = (DocumentVersion.document_id.in_(document_ids), DocumentVersion.note != "", DocumentVersion.number > 1)
    found: dict[UUID, tuple[Note, ...]] = {}
    for row in session.scalars(select(DocumentVersion).where(*told).order_by(DocumentVersion.number.desc())):
        have = found.get(row.document_id, ())
        if len(have) < MOST_NOTES:
            found[row.document_id] = (*have, Note(row.number, row.added_at, row.note))
    return found


def _has(one: MyDocument, space: DocumentSpace, wanted: list[str]) -> bool:
    """Whether a document, or the space it stands in, has a word that begins with each of those wanted."""
    said = kept(one.title, one.title_ar, one.file_name, space.name, space.name_ar, *(note.text for note in one.notes))
    return all(beginning(word) in said for word in wanted)
