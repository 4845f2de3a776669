"""The evidence as a person reads it: facts under headings. Labels are words by key; values suit both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.i18n import t
from core.nda.evidence import MUSCAT, Evidence, PaperEvidence, Party


@dataclass(frozen=True)
class Fact:
    """One fact. Its label is ``t(f"nda.fact.{key}", language)``; ``is_code``: a hash or a key, drawn as such."""

    key: str
    value: str
    is_code: bool = False


@dataclass(frozen=True)
class Section:
    """Facts that belong together. Its heading is ``t(f"nda.facts.{key}", language)``."""

    key: str
    facts: tuple[Fact, ...]


def sections(evidence: Evidence) -> tuple[Section, ...]:
    """All that is known of an electronic signing, but for the consent and the reading of each clause."""
    return (
        Section("agreement", tuple(_agreement(evidence))),
        Section("signer", tuple(_signer(evidence))),
        Section("signing", tuple(_signing(evidence))),
        Section("connection", tuple(_connection(evidence))),
        Section("record", tuple(_record(evidence))),
    )


def paper_sections(evidence: PaperEvidence) -> tuple[Section, ...]:
    """All that is known of an NDA signed on paper."""
    record = (
        Fact("signature_kind", "handwritten, on paper"),
        Fact("scan", evidence.scan_sha256, is_code=True),
        Fact("recorded_by", evidence.recorded_by),
        Fact("recorded_at", _utc(evidence.recorded_at)),
        Fact("chain", str(evidence.chain.seq)),
        Fact("chain_hash", evidence.chain.hash, is_code=True),
    )
    signer = _filled(
        Fact("signer_name", evidence.signer.name),
        Fact("signer_title", evidence.signer.title),
        Fact("signer_email", evidence.signer.email),
        Fact("signed_at_muscat", _muscat(evidence.signed_at)),
        Fact("expires_at", _muscat(evidence.expires_at)),
    )
    return (
        Section("agreement", tuple(_parties(evidence))),
        Section("signer", tuple(signer)),
        Section("record", record),
    )


def _parties(evidence: Evidence | PaperEvidence) -> Iterator[Fact]:
    yield Fact("reference", evidence.reference)
    yield Fact("company", _both_names(evidence.company))
    yield Fact("partner", _both_names(evidence.partner))


def _agreement(evidence: Evidence) -> Iterator[Fact]:
    yield from _parties(evidence)
    yield Fact("text_number", str(evidence.text.number))
    yield Fact("sha256_en", evidence.text.sha256_en, is_code=True)
    yield Fact("sha256_ar", evidence.text.sha256_ar, is_code=True)


def _signer(evidence: Evidence) -> Iterator[Fact]:
    yield Fact("signer_name", evidence.signer.name)
    yield from _filled(Fact("signer_title", evidence.signer.title))
    yield Fact("signer_email", evidence.signer.email)
    yield Fact("mailbox", _utc(evidence.mailbox.verified_at))
    yield Fact("signature", evidence.signature)
    yield from _filled(Fact("invited_name", evidence.invited_name))
    yield Fact("other_name", _in_both("nda.yes" if evidence.other_name_confirmed else "nda.no"))


def _signing(evidence: Evidence) -> Iterator[Fact]:
    yield Fact("language", _in_both(f"nda.language.{evidence.language}"))
    yield Fact("begun_at", _utc(evidence.begun_at))
    yield Fact("shown_at", _utc(evidence.reading.shown_at))
    yield Fact("read_at", _utc(evidence.reading.read_at))
    yield Fact("signed_at", _utc(evidence.signed_at))
    yield Fact("signed_at_muscat", _muscat(evidence.signed_at_muscat))
    yield Fact("expires_at", _muscat(evidence.expires_at))
    yield Fact("law", f"{evidence.law.name.en}\n{evidence.law.name.ar}")


def _connection(evidence: Evidence) -> Iterator[Fact]:
    network, drift = evidence.network, evidence.clock_drift_s
    yield Fact("address", network.origin, is_code=True)
    yield Fact("peer", network.peer or _in_both("nda.unknown"), is_code=bool(network.peer))
    yield from _filled(Fact("forwarded", "\n".join(network.forwarded), is_code=True))
    yield Fact("trusted_proxies", str(network.trusted_proxies))
    yield Fact("user_agent", evidence.user_agent or _in_both("nda.unknown"))
    yield Fact("device", evidence.device_sha256 or _in_both("nda.unknown"), is_code=bool(evidence.device_sha256))
    yield Fact("clock_drift", _in_both("nda.unknown") if drift is None else f"{drift:+d} s")
    yield Fact("session", str(evidence.session_id), is_code=True)
    yield Fact("entered_by", _in_both(f"nda.came_by.{evidence.entered_by}"))


def _record(evidence: Evidence) -> Iterator[Fact]:
    yield Fact("chain", str(evidence.chain.seq))
    yield Fact("chain_hash", evidence.chain.hash, is_code=True)
    yield Fact("evidence_sha256", evidence.sha256(), is_code=True)
    yield Fact("check_code", evidence.check_code(), is_code=True)


def _filled(*facts: Fact) -> Iterator[Fact]:
    return (fact for fact in facts if fact.value)


def _both_names(party: Party) -> str:
    return "\n".join(name for name in (party.name, party.name_ar) if name)


def _in_both(key: str) -> str:
    return f"{t(key)} · {t(key, 'ar')}"


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _muscat(at: datetime) -> str:
    return f"{at.astimezone(MUSCAT):%Y-%m-%d %H:%M:%S} +04:00"
