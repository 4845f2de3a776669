"""A certificate to save: for its holder, for a principal of the holder's company, and for staff."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, Actor, ActorKind, allowed, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.companies.rows import own_company
from core.errors import NotFound
from core.training.certificate_page import MEDIA_TYPE
from core.training.certifying import drawn
from core.training.learning_models import Certification
from core.training.rows import get_module


@dataclass(frozen=True, repr=False)
class CertificateFile:
    """A certificate as a file."""

    name: str
    media_type: str
    content: bytes


@permits(Act.LEARN)
def fetch(session: Session, certification_id: UUID, *, by: Actor) -> CertificateFile:
    """The certificate, drawn from what was certified: the same bytes each time. That it was taken is on record.

    Raises:
        NotFound: there is none that whoever asks may see, or it was revoked.
    """
    row = session.get(Certification, certification_id)
    if row is None or row.revoked_at is not None or not _may_see(row, by):
        raise NotFound("This certificate was not found. Choose one from the list.")
    content = drawn(row, get_module(session, row.module_id), own_company(session))
    record(session, Tag.CERTIFICATION_FETCH, by=by, subject=row, after={"reference": row.reference})
    return CertificateFile(f"{row.reference}.pdf", MEDIA_TYPE, content)


def _may_see(row: Certification, by: Actor) -> bool:
    if by.kind is ActorKind.CONTACT:
        is_of_team = row.partner_id == by.partner and allowed(by, Act.SEE_TEAM_TRAINING)
        return row.partner_contact_id == by.id or is_of_team
    return row.employee_id == by.id or allowed(by, Act.READ_TRAINING)
