"""The evidence of one signing: what is known of who signed what, when and how, as one canonical JSON text.

It calls itself a simple electronic signature and claims no more. Nothing in it is guessed: what was not known is
empty, and an address that could not be believed is not filled in.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator

from core.nda.instruments import YEARS, Instrument
from core.nda.law import Both, Law

VERSION: Literal[1] = 1
MUSCAT = ZoneInfo("Asia/Muscat")

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[StrictInt, Field(ge=0)]
InUtc = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
InMuscat = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(MUSCAT))]


def expiry(signed_at: datetime, instrument: Instrument = Instrument.NDA) -> datetime:
    """When an agreement ends: its years later on Muscat's calendar; of a 29 February, on the 28th. In UTC."""
    there = signed_at.astimezone(MUSCAT)
    day = 28 if (there.month, there.day) == (2, 29) else there.day
    return there.replace(year=there.year + YEARS[instrument], day=day).astimezone(UTC)


def check_code_of(evidence_sha256: str) -> str:
    """The check code of an evidence's SHA-256: its first sixteen digits, in fours."""
    return "-".join(evidence_sha256[at : at + 4] for at in range(0, 16, 4))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Party(_Part):
    """A company or a partner, by its names; ``name_ar`` may be empty."""

    name: str
    name_ar: str = ""


class Signer(_Part):
    """Who signed, as typed; ``title`` may be empty."""

    name: str
    email: str
    title: str = ""


class SignedText(_Part):
    """The version of the agreement and the SHA-256 of its canonical text in both languages."""

    number: Annotated[StrictInt, Field(ge=1)]
    sha256_en: Sha256
    sha256_ar: Sha256


class Reading(_Part):
    """When the text was shown, when its end was reached, and how long each clause was visible (ms, by its key)."""

    shown_at: InUtc
    read_at: InUtc
    clause_ms: dict[str, Count]


class Consent(_Part):
    """The words agreed to, as shown, and that they were."""

    words: Both
    given: Literal[True]


class Mailbox(_Part):
    """How and when it was proved that the signer reads the mailbox."""

    verified_at: InUtc
    verified_by: Literal["mailed_code"] = "mailed_code"


class Network(_Part):
    """Where the signer's request came from.

    ``peer``: the address of the connection. ``forwarded``: the forwarded headers as received. ``trusted_proxies``:
    how many of our own proxies stood before us. ``address``: the signer's, by that rule; empty when the header was
    not sound.
    """

    peer: str
    forwarded: tuple[str, ...] = ()
    trusted_proxies: Count = 0
    forwarded_is_sound: StrictBool = True
    address: str

    @model_validator(mode="after")
    def _nothing_invented(self) -> Self:
        if self.address and not self.forwarded_is_sound:
            raise ValueError("an address that could not be believed was filled in")
        return self

    @property
    def origin(self) -> str:
        """The address, or that it is not known."""
        return self.address or f"peer {self.peer or 'unknown'}, forwarded header invalid"


class ChainHead(_Part):
    """Where the company's audit chain ended just before the signing was recorded; ``hash`` in hexadecimal."""

    seq: Count
    hash: Sha256


class _Sealed(_Part):
    """What both forms of evidence have: one canonical text and its hash."""

    def canonical(self) -> str:
        """The one JSON text of this evidence: sorted keys, ISO instants, no floats, no spaces."""
        values = self.model_dump(mode="json")
        return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    def sha256(self) -> str:
        """The SHA-256 of the canonical text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def check_code(self) -> str:
        """What a person types to have a reference confirmed; see ``check_code_of``."""
        return check_code_of(self.sha256())


class Evidence(_Sealed):
    """Everything known of an electronic signing."""

    schema_version: Literal[1] = VERSION
    signature_kind: Literal["simple electronic signature"] = "simple electronic signature"
    reference: str
    company: Party
    partner: Party
    signer: Signer
    signature: str
    """As typed."""
    invited_name: str
    """Whom the invitation named; may be empty."""
    other_name_confirmed: StrictBool
    """Whether the signer confirmed to sign under another name than the invited one."""
    language: Literal["en", "ar"]
    entered_by: Literal["proposal_link", "room_link", "handover_link", "portal"]
    begun_at: InUtc
    reading: Reading
    text: SignedText
    consent: Consent
    mailbox: Mailbox
    signed_at: InUtc
    signed_at_muscat: InMuscat
    expires_at: InUtc
    session_id: UUID
    device_sha256: Sha256 | None
    """Of the browser's device cookie; None: it had none."""
    network: Network
    user_agent: str
    clock_drift_s: StrictInt | None
    """The signer's clock against ours (s), where the browser told."""
    law: Law
    chain: ChainHead

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.signed_at_muscat != self.signed_at:
            raise ValueError("the two times of signing differ")
        if self.expires_at <= self.signed_at:
            raise ValueError("it expires before it is signed")
        return self


class PaperEvidence(_Sealed):
    """What is known of an NDA that was signed on paper: the scan, and who recorded it."""

    schema_version: Literal[1] = VERSION
    signature_kind: Literal["handwritten, on paper"] = "handwritten, on paper"
    reference: str
    company: Party
    partner: Party
    signer: Signer
    signed_at: InUtc
    expires_at: InUtc
    scan_sha256: Sha256
    recorded_by: str
    recorded_at: InUtc
    chain: ChainHead
