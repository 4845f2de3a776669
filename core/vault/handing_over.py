"""What every download has in common, whichever space the document stands in: a session in force, and a record."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.models import AccessSession
from core.access.sessions import in_force
from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.errors import NotAllowed
from core.failpoints import reach
from core.partners.models import Partner
from core.vault.models import Document, DocumentFetch, DocumentVersion


class SessionEnded(NotAllowed):
    """Your session ended. Open the link in your e-mail again."""

    status = 401


@dataclass(frozen=True)
class File:
    """A file on its way to somebody who may have it."""

    sha256: str
    size: int
    media_type: str
    file_name: str


def require_session(session: Session, *, by: Actor) -> None:
    """Look once more in this very transaction: nothing leaves after access was withdrawn.

    Raises:
        SessionEnded: the actor's session is not in force any more.
    """
    row = session.scalars(
        select(AccessSession).where(AccessSession.id == by.session).with_for_update(read=True)
    ).one_or_none()
    if row is None or not in_force(row, now()):
        raise SessionEnded


def hand_over(
    session: Session, document: Document, version: DocumentVersion, *, partner: Partner | None, by: Actor
) -> File:
    """The file of a version, once its download is on record. ``partner``: whose person fetches it; None for staff."""
    fetched = DocumentFetch(document_id=document.id, version_id=version.id, at=now(), sha256=version.sha256)
    fetched.partner_id, fetched.session_id = partner.id if partner else None, by.session
    fetched.actor_kind, fetched.actor_name = by.kind.value, by.name[:200]
    fetched.ip, fetched.user_agent = by.ip or "", (by.user_agent or "")[:400]
    session.add(fetched)
    reach("document:fetch")
    after = {"title": document.title, "number": version.number, "sha256": version.sha256}
    record(session, Tag.DOCUMENT_FETCH, by=by, subject=document, after=after)
    return File(version.sha256, version.size, version.media_type, version.file_name)
