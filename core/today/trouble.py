"""What may be wrong between us and one partner: each symptom with its cause, so that a page can offer the fix."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core.access.limits import failed_unlock_key
from core.access.models import AccessSession, Attempt, ProposalLink
from core.actor import Act, actor_of, allowed, permits
from core.clock import now
from core.mail.messages import Kind
from core.mail.models import Mail, MailState
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.partners.rows import get_partner
from core.settings import settings

HOUR, RECENT = timedelta(hours=1), timedelta(days=90)
READING = (Status.PROPOSAL_SENT, Status.MEETING_SCHEDULED)
"""The stages in which a partner should be able to open its proposal."""
TO_PARTNER = (
    Kind.INVITATION, Kind.LINK_REISSUED, Kind.ROOM_ACCESS, Kind.MEETING_AGENDA, Kind.NDA_SIGNED_RECORD,
    Kind.NDA_RENEWAL, Kind.AGREEMENT_SIGNED_RECORD, Kind.AGREEMENT_RENEWAL,
)  # fmt: skip
_AGAIN = aliased(Mail)


class Symptom(StrEnum):
    """What somebody notices."""

    LINK_EXPIRED = "link_expired"
    UNLOCK_BLOCKED = "unlock_blocked"
    UNLOCK_FAILED = "unlock_failed"
    CODE_ENDED = "code_ended"
    MAIL_FAILED = "mail_failed"
    MAIL_WAITS = "mail_waits"


@dataclass(frozen=True)
class Trouble:
    """One symptom. ``at``: since when, or until when a limit holds; ``detail``: the cause where only a text tells it.

    ``count``: failed tries of the last hour; ``mail``: the mail it is about.
    """

    symptom: Symptom
    at: datetime | None = None
    detail: str = ""
    count: int = 0
    mail: UUID | None = None
    kind: Kind | None = None


@permits(Act.READ_PIPELINE)
def troubles(session: Session, partner_id: UUID) -> list[Trouble]:
    """What may be wrong, the most pressing first; usually nothing.

    Raises:
        NotFound: there is no such partner in this company.
    """
    partner = get_partner(session, partner_id)
    found = _mail(session, partner) if allowed(actor_of(session), Act.READ_MAIL) else []
    if partner.status in READING:
        found += _link(session, partner)
        found += _unlocks(session, partner)
    return found


def _mail(session: Session, partner: Partner) -> list[Trouble]:
    """The newest mail to the partner that did not arrive, or waits for too long."""
    sent_again = select(_AGAIN.id).where(_AGAIN.resend_of == Mail.id).exists()
    row = session.scalars(
        select(Mail)
        .where(Mail.partner_id == partner.id, Mail.kind.in_(TO_PARTNER), ~sent_again)
        .order_by(Mail.created_at.desc())
        .limit(1)
    ).first()
    if row is None:
        return []
    if row.state in (MailState.FAILED, MailState.BOUNCED, MailState.AMBIGUOUS):
        return [Trouble(Symptom.MAIL_FAILED, row.created_at, row.last_error, mail=row.id, kind=row.kind)]
    if row.state is MailState.QUEUED and row.created_at < now() - HOUR:
        why = row.last_error if settings().smtp_host else "No mail server is set."
        return [Trouble(Symptom.MAIL_WAITS, row.created_at, why, mail=row.id, kind=row.kind)]
    return []


def _link(session: Session, partner: Partner) -> list[Trouble]:
    """A link that ran out while nobody issued another one; a code that is not accepted any more."""
    newest = session.scalars(
        select(ProposalLink)
        .where(ProposalLink.partner_id == partner.id)
        .order_by(ProposalLink.issued_at.desc())
        .limit(1)
    ).first()
    if newest is not None and newest.revoked_at is None and newest.expires_at <= now():
        return [Trouble(Symptom.LINK_EXPIRED, newest.expires_at)]
    if newest is None and partner.legacy_code_hash and not settings().legacy_proposal_codes_accepted:
        return [Trouble(Symptom.CODE_ENDED)]
    return []


def _unlocks(session: Session, partner: Partner) -> list[Trouble]:
    """Failed unlocks from addresses that this partner's people were let in from before.

    Attempts are kept under keyed hashes, so that no others can be told apart.
    """
    addresses = session.scalars(
        select(AccessSession.ip)
        .where(AccessSession.partner_id == partner.id, AccessSession.opened_at > now() - RECENT, AccessSession.ip != "")
        .distinct()
        .limit(50)
    )
    keys = [failed_unlock_key(ip, partner.slug) for ip in addresses]
    if not keys:
        return []
    row = session.execute(
        select(func.count(), func.min(Attempt.at))
        .where(Attempt.key_hash.in_(keys), Attempt.at > now() - HOUR)
        .group_by(Attempt.key_hash)
        .order_by(func.count().desc())
        .limit(1)
    ).first()
    if row is None:
        return []
    count, first = row
    blocked = count >= settings().unlock_failures_per_partner
    symptom = Symptom.UNLOCK_BLOCKED if blocked else Symptom.UNLOCK_FAILED
    return [Trouble(symptom, first + HOUR, count=count)]
