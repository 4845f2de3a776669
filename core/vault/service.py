"""What happens to the documents of a partner's vault. Fetching them is in ``core.vault.fetching``."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.clock import now
from core.db import lock
from core.partners.models import Partner
from core.partners.rows import get_partner
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.filing import file_away
from core.vault.intake import Taken
from core.vault.keeping import change_facts, cleaned, record_upload, replace_file, require_changeable, take_out
from core.vault.looking import note_look
from core.vault.models import Document, DocumentVersion, Origin
from core.vault.rows import find_vault, get_document, looker


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
    values = cleaned(session, title=title, title_ar=title_ar, expires_on=expires_on, note=note)
    document = file_away(
        session, partner, title=values["title"], title_ar=values["title_ar"], file_name=file.file_name, data=file.data,
        media_type=file.media_type, origin=Origin.UPLOAD, requires_nda=requires_nda, by=by, at=at,
    )  # fmt: skip
    document.expires_on, document.note = values["expires_on"], values["note"]
    note_timeline(session, partner.id, Kind.DOCUMENT_ADDED, by=by, title=document.title)
    record_upload(session, document, file=file, where={"partner": partner.name}, by=by)
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
    added = replace_file(session, document, file=file, note=note, by=by)
    note_timeline(
        session, partner.id, Kind.DOCUMENT_REPLACED, by=by, title=document.title, number=str(added.number),
        reason=added.note,
    )  # fmt: skip
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
    values = cleaned(
        session, title=title, title_ar=title_ar, expires_on=expires_on, note=note, before=document.expires_on
    )
    change_facts(session, document, {**values, "requires_nda": requires_nda}, by=by)
    return document


@permits(Act.MANAGE_VAULT)
def remove(session: Session, document_id: UUID, *, version: int, by: Actor) -> Document:
    """Take a document out of the vault. Its versions, and who fetched them, stay on record.

    Raises:
        DocumentChanged: somebody changed it since ``version``.
        KeptForTheRecord: it is a signed NDA.
    """
    document, partner = _to_change(session, document_id, version)
    note_timeline(session, partner.id, Kind.DOCUMENT_REMOVED, by=by, title=document.title)
    take_out(session, document, by=by)
    return document


def _to_change(session: Session, document_id: UUID, version: int) -> tuple[Document, Partner]:
    lock(session, f"document:{document_id}")
    document, partner = get_document(session, document_id)
    require_changeable(document, version=version)
    return document, partner


@permits(Act.USE_ROOM)
def look(session: Session, *, by: Actor) -> None:
    """Note that a partner's person looks at the vault, once a visit, so that what comes next can be marked as new."""
    space = find_vault(session, by.partner)
    if space is None or by.partner is None:
        return
    note_look(session, space.id, who=looker(session, by))
