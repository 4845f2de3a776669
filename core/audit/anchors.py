"""Copies of each chain's end, kept outside the database, so that a tail cut off and a chain made anew are found."""

import hmac
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.models import AuditHead
from core.clock import now
from core.keys import audit_key
from core.settings import settings


def _file() -> Path:
    return Path(settings().state_dir) / "audit-anchors.jsonl"


def mac(company: str, seq: int, digest: str, *, key: bytes | None = None) -> str:
    """What makes a line ours: its keyed hash, by the audit key in force or by this one."""
    return hmac.digest(key or audit_key(), f"anchor:{company}:{seq}:{digest}".encode(), "sha256").hex()


def keep(session: Session) -> int:
    """Write down where every chain ends now. Returns how many ends were new."""
    heads = session.execute(select(AuditHead.company_id, AuditHead.seq, AuditHead.hash)).all()
    known = {(line["company"], line["seq"]) for line in _lines()}
    fresh = [head for head in heads if head.seq and (head.company_id.hex, head.seq) not in known]
    if fresh:
        _file().parent.mkdir(parents=True, exist_ok=True)
        with _file().open("a") as file:
            file.writelines(_line(head.company_id.hex, head.seq, bytes(head.hash).hex()) for head in fresh)
    return len(fresh)


def _line(company: str, seq: int, digest: str) -> str:
    fields = {"company": company, "seq": seq, "hash": digest, "at": now().isoformat()}
    return json.dumps({**fields, "mac": mac(company, seq, digest)}) + "\n"


def kept(company: UUID) -> dict[int, bytes]:
    """The anchored hashes of a company's chain, by sequence number; lines that are not ours are passed over."""
    lines = (line for line in _lines() if line["company"] == company.hex)
    return {
        line["seq"]: bytes.fromhex(line["hash"])
        for line in lines
        if hmac.compare_digest(line["mac"], mac(line["company"], line["seq"], line["hash"]))
    }


def lines_of(company: UUID) -> list[dict[str, Any]]:
    """A company's anchors as they are kept: ``company``, ``seq``, ``hash``, ``at`` and ``mac``."""
    return [line for line in _lines() if line["company"] == company.hex]


def last_kept(company: UUID) -> tuple[int, datetime] | None:
    """The newest anchor of a company's chain: the sequence number it covers, and when it was taken."""
    hashes = kept(company)
    ours = [line for line in _lines() if line["company"] == company.hex and line["seq"] in hashes]
    if not ours:
        return None
    newest = max(ours, key=lambda line: int(line["seq"]))
    return newest["seq"], datetime.fromisoformat(newest["at"])


def _lines() -> list[dict[str, Any]]:
    if not _file().exists():
        return []
    return [json.loads(line) for line in _file().read_text().splitlines() if line]
