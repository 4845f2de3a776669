"""What happens to the documents of a partner's vault. Fetching them is in ``core.vault.fetching``."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import lock
from core.errors import Conflict, Invalid
from core.failpoints import reach
from core.partners.models import Partner
from core.partners.rows import get_partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.filing import add_version, file_away
from core.vault.intake import Taken
from core.vault.models import Document, DocumentVersion, Origin, SpaceLook
from core.vault.rows import find_vault, get_document, get_version, looker, today_in_company

VISIT = timedelta(minutes=30)
"""Looks closer together than this are one visit."""
KEEP_VISIT = timedelta(minutes=5)
"""How stale the end of a visit may get before it is written down."""


class DocumentChanged(Conflict):
    """Somebody changed this document meanwhile. Look at its new state and try again."""


class SameFile(Conflict):
    """This is the same file as version {number}. Nothing was changed."""


class KeptForTheRecord(Conflict):
    """A signed NDA is kept as evidence. It cannot be replaced, changed or removed."""


@permits(Act.MANAGE_VAULT)
def upload(
    session: Session,
    partner_id: UUID,
    *,
    file: Taken,
    title: str,
    title_ar: str = "",
    requires_nda: bool = True,
    expires_on: date | None = None,
    note: str = "",
    by: Actor,
) -> Document:
    """Put a document into a partner's vault, at once to be seen there.

    Raises:
        Invalid: a value cannot be used; the message names it.
    """
    partner, at = get_partner(session, partner_id), now()
    values = _cleaned(session, title, title_ar, expires_on, note, before=None)
    document = file_away(
        session, partner, title=values["title"], title_ar=values["title_ar"], file_name=file.file_name, data=file.data,
        media_type=file.media_type, origin=Origin.UPLOAD, requires_nda=requires_nda, by=by, at=at,
    )  # fmt: skip
    document.expires_on, document.note = values["expires_on"], values["note"]
    note_timeline(session, partner.id, Kind.DOCUMENT_ADDED, by=by, title=document.title)
    after = {"title": document.title, "file_name": file.file_name, "sha256": file.sha256, "requires_nda": requires_nda}
    record(session, Tag.DOCUMENT_UPLOAD, by=by, subject=document, after={**after, "partner": partner.name})
    return document


@permits(Act.MANAGE_VAULT)
def replace(
    session: Session, document_id: UUID, *, file: Taken, version: int, note: str = "", by: Actor
) -> DocumentVersion:
    """Put a new version in place of the newest one. Partners fetch only the new one from now on.

    Raises:
        DocumentChanged: somebody changed the document since ``version``.
        SameFile: these bytes are the newest version already.
        KeptForTheRecord: it is a signed NDA.
    """
    document, partner = _to_change(session, document_id, version)
    newest = get_version(session, document.id, None)
    if newest.sha256 == file.sha256:
        raise SameFile(number=newest.number)
    why = fields.line(note, name="What changed", least=0, most=500)
    added = add_version(
        session, document, file_name=file.file_name, data=file.data, media_type=file.media_type, note=why, by=by,
        at=now(),
    )  # fmt: skip
    note_timeline(
        session, partner.id, Kind.DOCUMENT_REPLACED, by=by, title=document.title, number=str(added.number), reason=why
    )
    before, after = ({"number": each.number, "sha256": each.sha256} for each in (newest, added))
    record(session, Tag.DOCUMENT_CHANGE, by=by, subject=document, before=before, after=after)
    return added


@permits(Act.MANAGE_VAULT)
def change(
    session: Session,
    document_id: UUID,
    *,
    version: int,
    title: str,
    title_ar: str = "",
    requires_nda: bool,
    expires_on: date | None = None,
    note: str = "",
    by: Actor,
) -> Document:
    """Change what is said about a document and who may open it; its file stays.

    Raises:
        DocumentChanged: somebody changed it since ``version``.
        KeptForTheRecord: it is a signed NDA.
    """
    document, _partner = _to_change(session, document_id, version)
    values = _cleaned(session, title, title_ar, expires_on, note, before=document.expires_on)
    values["requires_nda"] = requires_nda
    changed = {name: value for name, value in values.items() if getattr(document, name) != value}
    if changed:
        before = {name: getattr(document, name) for name in changed}
        for name, value in changed.items():
            setattr(document, name, value)
        record(session, Tag.DOCUMENT_CHANGE, by=by, subject=document, before=before, after=changed)
    return document


@permits(Act.MANAGE_VAULT)
def remove(session: Session, document_id: UUID, *, version: int, by: Actor) -> Document:
    """Take a document out of the vault. Its versions, and who fetched them, stay on record.

    Raises:
        DocumentChanged: somebody changed it since ``version``.
        KeptForTheRecord: it is a signed NDA.
    """
    document, partner = _to_change(session, document_id, version)
    document.removed_at = now()
    note_timeline(session, partner.id, Kind.DOCUMENT_REMOVED, by=by, title=document.title)
    record(session, Tag.DOCUMENT_REMOVE, by=by, subject=document, before={"title": document.title})
    return document


def _to_change(session: Session, document_id: UUID, version: int) -> tuple[Document, Partner]:
    lock(session, f"document:{document_id}")
    document, partner = get_document(session, document_id)
    if document.origin is not Origin.UPLOAD:
        raise KeptForTheRecord
    if document.version != version:
        raise DocumentChanged
    return document, partner


def _cleaned(
    session: Session, title: str, title_ar: str, expires_on: date | None, note: str, *, before: date | None
) -> dict[str, Any]:
    if expires_on and expires_on != before and expires_on < today_in_company(session):
        raise Invalid("The last day has passed already. Choose a later one, or remove the document.")
    return {
        "title": fields.line(title, name="Title"),
        "title_ar": fields.line(title_ar, name="Arabic title", least=0),
        "expires_on": expires_on,
        "note": fields.body(note, name="Note", most=2_000),
    }


@permits(Act.USE_ROOM)
def look(session: Session, *, by: Actor) -> None:
    """Note that a partner's person looks at the vault, once a visit, so that what comes next can be marked as new."""
    space = find_vault(session, by.partner)
    if space is None or by.partner is None:
        return
    who, at = looker(session, by), now()
    lock(session, f"look:{space.id}:{who}")
    seen = session.get(SpaceLook, (space.id, who))
    if seen is None:
        session.add(SpaceLook(space_id=space.id, looker=who, at=at))
    elif at - seen.at > VISIT:
        seen.before, seen.at = seen.at, at
    elif at - seen.at > KEEP_VISIT:
        seen.at = at
    reach("vault:look")
