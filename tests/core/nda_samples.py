"""A believable signing, its evidence, its text and its sealed PDF, with no database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from core.mail.brand import Brand
from core.nda.certificate import render
from core.nda.evidence import (
    ChainHead,
    Consent,
    Evidence,
    Mailbox,
    Network,
    Party,
    Reading,
    SignedText,
    Signer,
    expiry,
)
from core.nda.law import Both, law_on
from core.nda.seal import Sealed, seal
from core.nda.texts import Agreement, Clause, Words, default_agreement, filled, sha256_of

AT = datetime(2026, 11, 22, 8, 14, 33, 123456, tzinfo=UTC)
COMPANY = Party(name="Dhofar Systems", name_ar="أنظمة ظفار")
PARTNER = Party(name="Salalah Retail", name_ar="صلالة للتجزئة")
PORTAL = "https://partners.dhofar.om"
BRAND = Brand("Dhofar Systems", "#0F5C63")
SHORT = Agreement.model_validate(
    {
        "title_en": "Non-Disclosure Agreement",
        "title_ar": "اتفاقية عدم الإفصاح",
        "clauses": [
            Clause(
                key="purpose",
                en=Words(heading="Purpose", body="{company} and {partner} talk."),
                ar=Words(heading="الغرض", body="تتحدث {company} و{partner}."),
            ).model_dump()
        ],
    }
)
"""A text of one clause: quick to draw."""


def signing(agreement: Agreement | None = None, **facts: Any) -> tuple[Evidence, Agreement]:
    """The evidence of a signing and the text that was signed; say only what the test is about."""
    partner = facts.get("partner", PARTNER)
    text = filled(agreement or SHORT, company=COMPANY, partner=partner)
    at = facts.get("signed_at", AT)
    usual = {
        "reference": "NDA-00001",
        "company": COMPANY,
        "partner": partner,
        "signer": Signer(name="Salim Al Kindi", email="salim@salalah-retail.om", title="Head of Partnerships"),
        "signature": "Salim Al Kindi",
        "invited_name": "Salim Al Kindi",
        "other_name_confirmed": False,
        "language": "en",
        "entered_by": "proposal_link",
        "begun_at": at - timedelta(minutes=9),
        "reading": Reading(
            shown_at=at - timedelta(minutes=8),
            read_at=at - timedelta(minutes=2),
            clause_ms={clause.key: 1_250 * number for number, clause in enumerate(text.clauses, 3)},
        ),
        "text": SignedText(number=3, sha256_en=sha256_of(text, "en"), sha256_ar=sha256_of(text, "ar")),
        "consent": Consent(
            words=Both(en="I agree to sign electronically.", ar="أوافق على التوقيع إلكترونيًا."), given=True
        ),
        "mailbox": Mailbox(verified_at=at - timedelta(minutes=1)),
        "signed_at": at,
        "signed_at_muscat": at,
        "expires_at": expiry(at),
        "session_id": UUID("0197a7a0-0000-7000-8000-000000000001"),
        "device_sha256": "c" * 64,
        "network": Network(
            peer="10.0.0.4", forwarded=("198.51.100.9, 203.0.113.7",), trusted_proxies=1, address="203.0.113.7"
        ),
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0",
        "clock_drift_s": -3,
        "law": law_on(at.date()),
        "chain": ChainHead(seq=412, hash="9f" * 32),
    }
    return Evidence.model_validate(usual | facts), text


def drawn(agreement: Agreement | None = None, **facts: Any) -> bytes:
    """The PDF of a signing, not sealed."""
    evidence, text = signing(agreement, **facts)
    return render(evidence, text, brand=BRAND, portal_url=PORTAL)


def sealed_of(evidence: Evidence, text: Agreement) -> Sealed:
    """The sealed PDF of some evidence."""
    pdf = render(evidence, text, brand=BRAND, portal_url=PORTAL)
    return seal(pdf, reference=evidence.reference, company=evidence.company.name, signed_at=evidence.signed_at)


def long_agreement() -> Agreement:
    """The usual text: fourteen clauses."""
    return default_agreement()
