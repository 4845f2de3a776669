"""What happens to a document wherever it stands; each is part of another act, which has its policy and its own notes.

The records of acts are written here, so that a document of the library and one of a vault leave the same ones.
"""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from core import fields
from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.errors import Conflict, Invalid
from core.vault.filing import add_version
from core.vault.intake import Taken
from core.vault.models import Document, DocumentVersion, Origin
from core.vault.rows import get_version, today_in_company


class DocumentChanged(Conflict):
    """Somebody changed this document meanwhile. Look at its new state and try again."""


class SameFile(Conflict):
    """This is the same file as version {number}. Nothing was changed."""


class KeptForTheRecord(Conflict):
    """A signed NDA is kept as evidence. It cannot be replaced, changed or removed."""


def require_changeable(document: Document, *, version: int) -> None:
    """Go on only with a document that may be changed and is still as it was seen; hold its lock already.

    Raises:
        DocumentChanged, KeptForTheRecord
    """
    if document.origin is not Origin.UPLOAD:
        raise KeptForTheRecord
    if document.version != version:
        raise DocumentChanged


def record_upload(session: Session, document: Document, *, file: Taken, where: dict[str, str], by: Actor) -> None:
    """Record that a document was added. ``where``: what it was added to."""
    facts = {"title": document.title, "file_name": file.file_name, "sha256": file.sha256}
    after = {**facts, "requires_nda": document.requires_nda, **where}
    record(session, Tag.DOCUMENT_UPLOAD, by=by, subject=document, after=after)


def replace_file(session: Session, document: Document, *, file: Taken, note: str, by: Actor) -> DocumentVersion:
    """Put a new version in place of the newest one.

    Raises:
        SameFile: these bytes are the newest version already.
    """
    newest = get_version(session, document.id, None)
    if newest.sha256 == file.sha256:
        raise SameFile(number=newest.number)
    why = fields.line(note, name="What changed", least=0, most=500)
    added = add_version(
        session, document, file_name=file.file_name, data=file.data, media_type=file.media_type, note=why, by=by,
        at=now(),
    )  # fmt: skip
    before, after = ({"number": each.number, "sha256": each.sha256} for each in (newest, added))
    record(session, Tag.DOCUMENT_CHANGE, by=by, subject=document, before=before, after=after)
    return added


def change_facts(session: Session, document: Document, values: dict[str, Any], *, by: Actor) -> None:
    """Change what is said about a document and who may open it; only what differs is written and recorded."""
    changed = {name: value for name, value in values.items() if getattr(document, name) != value}
    if changed:
        before = {name: getattr(document, name) for name in changed}
        for name, value in changed.items():
            setattr(document, name, value)
        record(session, Tag.DOCUMENT_CHANGE, by=by, subject=document, before=before, after=changed)


def take_out(session: Session, document: Document, *, by: Actor) -> None:
    """Take a document out of its space. Its versions, and who fetched them, stay on record."""
    document.removed_at = now()
    record(session, Tag.DOCUMENT_REMOVE, by=by, subject=document, before={"title": document.title})


def cleaned(
    session: Session, *, title: str, title_ar: str, expires_on: date | None, note: str, before: date | None = None
) -> dict[str, Any]:
    """What is said about a document, made safe to keep. ``before``: the last day it had so far.

    Raises:
        Invalid: a value cannot be used; the message names it.
    """
    if expires_on and expires_on != before and expires_on < today_in_company(session):
        raise Invalid("The last day has passed already. Choose a later one, or remove the document.")
    return {
        "title": fields.line(title, name="Title"),
        "title_ar": fields.line(title_ar, name="Arabic title", least=0),
        "expires_on": expires_on,
        "note": fields.body(note, name="Note", most=2_000),
    }
