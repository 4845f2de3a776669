"""What the Engagement screen's address asks about."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from core.engagement.filters import Filter
from core.partners.pipeline import Status

PERIODS = {7: "Last 7 days", 30: "Last 30 days", 90: "Last 90 days", 365: "Last 12 months", 0: "Choose days…"}
USUAL = 90


def asked(params: Mapping[str, str], *, today: date) -> Filter:
    """What the parameters ask about; what they cannot mean is left out."""
    owner, partner = _id(params.get("owner")), _id(params.get("partner"))
    since, until = today - timedelta(days=(period(params) or USUAL) - 1), today
    if period(params) == 0:
        since, until = sorted((_day(params.get("since"), since), _day(params.get("until"), until)))
    stage, version = params.get("stage"), params.get("version", "")
    return Filter(
        since=since,
        until=until,
        owner_id=owner,
        partner_ids=(partner,) if partner else None,
        stage=Status(stage) if stage in set(Status) else None,
        version=int(version) if partner and version.isascii() and version.isdecimal() and len(version) < 6 else None,
    )


def period(params: Mapping[str, str]) -> int:
    """How many days back are asked about; 0: two chosen days."""
    text = params.get("days", str(USUAL))
    return int(text) if text in {str(days) for days in PERIODS} else USUAL


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _day(text: str | None, usual: date) -> date:
    try:
        return date.fromisoformat(text) if text else usual
    except ValueError:
        return usual
