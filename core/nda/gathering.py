"""The evidence of a signing, gathered from what is known, and the sealed PDF that holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.kinds import SessionKind
from core.actor import Actor
from core.audit.chain import START
from core.audit.models import AuditHead
from core.companies.service import brand_of
from core.i18n import t
from core.nda import certificate
from core.nda.evidence import (
    MUSCAT,
    ChainHead,
    Consent,
    Evidence,
    Mailbox,
    Network,
    Reading,
    SignedText,
    Signer,
    expiry,
)
from core.nda.instruments import reference
from core.nda.law import Both, law_on
from core.nda.readiness import Ready, Wish
from core.nda.rows import parties
from core.nda.seal import Sealed, seal
from core.nda.steps import same_name
from core.nda.texts import sha256_of
from core.settings import settings


@dataclass(frozen=True)
class Prepared:
    """Evidence for the number that is expected, and the sealed PDF of it."""

    evidence: Evidence
    sealed: Sealed


def evidence_of(ready: Ready, wish: Wish, *, number: int, at: datetime, chain: ChainHead, by: Actor) -> Evidence:
    """Everything that is known of this signing."""
    row, (ours, theirs) = ready.row, parties(ready.company, ready.partner)
    if row.shown_at is None or row.read_at is None or ready.code.verified_at is None:
        raise AssertionError("what is ready was read, and its mailbox proved")
    return Evidence(
        reference=reference(number, ready.instrument),
        company=ours,
        partner=theirs,
        signer=Signer(name=row.name, email=ready.invited.email, title=row.title),
        signature=ready.name,
        invited_name=ready.invited.name,
        other_name_confirmed=bool(ready.invited.name) and not same_name(ready.name, ready.invited.name),
        language="ar" if row.language == "ar" else "en",
        entered_by=_way_in(ready),
        begun_at=row.begun_at,
        reading=Reading(shown_at=row.shown_at, read_at=row.read_at, clause_ms=row.clause_ms),
        text=SignedText(
            number=ready.text.number,
            sha256_en=sha256_of(ready.agreement, "en"),
            sha256_ar=sha256_of(ready.agreement, "ar"),
        ),
        consent=Consent(words=Both(en=t("nda.consent", "en"), ar=t("nda.consent", "ar")), given=True),
        mailbox=Mailbox(verified_at=ready.code.verified_at),
        signed_at=at,
        signed_at_muscat=at,
        expires_at=expiry(at, ready.instrument),
        session_id=ready.access.id,
        device_sha256=ready.access.device_hash.hex() if ready.access.device_hash else None,
        network=network_of(wish.origin, by),
        user_agent=(by.user_agent or "")[:400],
        clock_drift_s=row.clock_drift_s,
        law=law_on(at.astimezone(MUSCAT).date()),
        chain=chain,
    )


def _way_in(ready: Ready) -> Literal["proposal_link", "room_link", "handover_link", "portal"]:
    if ready.invited.is_known:
        return "portal"
    if ready.invited.handover is not None:
        return "handover_link"
    by_proposal = ready.access.link_id is not None or ready.access.kind is SessionKind.READER
    return "proposal_link" if by_proposal else "room_link"


def network_of(origin: Mapping[str, Any] | None, by: Actor) -> Network:
    """Where the request came from, as the gate saw it; without that, what the actor knows, and nothing invented."""
    if origin:
        return Network.model_validate(origin)
    address = by.ip or ""
    return Network(
        peer=address,
        trusted_proxies=settings().trusted_proxies,
        forwarded_is_sound=bool(address),
        address=address,
    )


def chain_head(session: Session) -> ChainHead:
    """Where the company's audit chain ends now."""
    head = session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    return ChainHead(seq=head.seq, hash=head.hash.hex()) if head else ChainHead(seq=0, hash=START.hex())


def certified(ready: Ready, evidence: Evidence) -> Prepared:
    """The sealed PDF of some evidence."""
    company = ready.company
    pdf = certificate.render(evidence, ready.agreement, brand=brand_of(company, "en"), portal_url=settings().portal_url)
    return Prepared(
        evidence, seal(pdf, reference=evidence.reference, company=company.name, signed_at=evidence.signed_at)
    )
