"""The part of an audit log around one signing, as plain data to hand over, and whether its links hold. Pure."""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core.audit.anchors import mac
from core.audit.chain import Link, link_hash
from core.audit.service import HASHED


def to_data(links: Sequence[Link], *, before: tuple[int, str], anchors: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """As data. ``before``: number and hash (hex) of the entry before the first one. ``anchors``: as they are kept."""
    return {
        "before": {"seq": before[0], "hash": before[1]},
        "entries": [
            {
                "seq": link.seq,
                "at": link.at.isoformat(),
                "company": link.company.hex,
                "fields": dict(zip(HASHED, link.fields, strict=True)),
                "hash": link.hash.hex(),
            }
            for link in links
        ],
        "anchors": [dict(line) for line in anchors],
    }


def broken_order(data: Mapping[str, Any]) -> str:
    """What is wrong with the numbers of the entries; empty when nothing is."""
    numbers = [entry["seq"] for entry in data["entries"]]
    first = data["before"]["seq"] + 1
    return "" if numbers == list(range(first, first + len(numbers))) else "an entry is missing"


def entry_naming(data: Mapping[str, Any], evidence_sha256: str, document_sha256: str) -> int | None:
    """The number of the entry that names both hashes."""
    for entry in data["entries"]:
        after = json.loads(entry["fields"]["after"])
        if (after.get("evidence_sha256"), after.get("pdf_sha256")) == (evidence_sha256, document_sha256):
            return int(entry["seq"])
    return None


def broken_link(data: Mapping[str, Any], key: bytes) -> str:
    """The first entry or anchor that the audit key did not make; empty when it made all of them."""
    last = bytes.fromhex(data["before"]["hash"])
    known = {data["before"]["seq"]: last.hex()}
    for entry in data["entries"]:
        fields = tuple(entry["fields"][name] for name in HASHED)
        at, company = datetime.fromisoformat(entry["at"]), UUID(entry["company"])
        last = link_hash(key, last, entry["seq"], at, company, fields)
        if not hmac.compare_digest(last.hex(), entry["hash"]):
            return f"entry {entry['seq']} was changed, or the key is another one"
        known[entry["seq"]] = last.hex()
    for line in data["anchors"]:
        if not hmac.compare_digest(line["mac"], mac(line["company"], line["seq"], line["hash"], key=key)):
            return f"the anchor of entry {line['seq']} is not genuine"
        if known.get(line["seq"], line["hash"]) != line["hash"]:
            return f"entry {line['seq']} differs from its anchor"
    return ""
