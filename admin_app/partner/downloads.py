"""The list of downloads as a file: who fetched what, which bytes, when and from where."""

from collections.abc import Mapping
from uuid import UUID

from core.db import Reads
from core.errors import NotFound
from core.export import MOST_ROWS, Sheet
from core.vault import queries

HEADER = (
    "When (UTC)",
    "Who",
    "Of the partner",
    "Document",
    "Version",
    "File",
    "SHA-256",
    "IP address",
    "Device",
)


def downloads_sheet(session: Reads, params: Mapping[str, str]) -> Sheet:
    """The downloads from one ``partner``'s vault, or from every one's, newest first."""
    partner_id = _id(params["partner"]) if "partner" in params else None
    found, _total = queries.fetches(session, partner_id=partner_id, size=MOST_ROWS)
    rows = [(f.at, f.who, not f.is_staff, f.title, f.number, f.file_name, f.sha256, f.ip, f.device) for f in found]
    return Sheet("Downloads", HEADER, rows)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
