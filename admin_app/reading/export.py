"""What the Engagement screen shows, as a list to take out; the address' filters and view say which."""

from collections.abc import Mapping

from admin_app.reading.asked import asked
from core.db import Reads
from core.engagement.filters import Filter
from core.engagement.overview import by_partner, choices, over_time, overview
from core.export import Sheet
from core.i18n import t
from core.proposals.content import SECTIONS


def engagement_sheet(session: Reads, params: Mapping[str, str]) -> Sheet:
    """The table behind the view that is named in ``params``."""
    view = {"partners": _partners, "time": _days}.get(params.get("view", ""), _sections)
    return view(session, asked(params, today=choices(session).today))


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else round(ms / 1000, 1)


def _sections(session: Reads, found: Filter) -> Sheet:
    header = ("Section", "Reached by visits", "Reach", "Median (s)", "Mean (s)", "90th percentile (s)", "95th (s)")
    rows = [
        (
            t(f"section.{row.section}"),
            row.reached,
            round(row.reach, 4),
            *(_seconds(ms) for ms in (row.median_ms, row.mean_ms, row.p90_ms, row.p95_ms)),
        )
        for row in overview(session, found).sections.rows
    ]
    return Sheet("Sections", header, rows)


def _partners(session: Reads, found: Filter) -> Sheet:
    names = [t(f"section.{key}") for key in SECTIONS]
    frame = by_partner(session, found).heat
    rows = [
        (row["partner"], int(row["visits"]), *(_seconds(row[key.value]) for key in SECTIONS))
        for row in frame.to_dict("records")
    ]
    return Sheet("Partners", ("Partner", "Visits", *(f"{name} (s a visit)" for name in names)), rows)


def _days(session: Reads, found: Filter) -> Sheet:
    frame = over_time(session, found).days
    rows = [(row["day"], int(row["visits"]), int(row["returned"])) for row in frame.to_dict("records")]
    return Sheet("Days", ("Day", "Visits", "Of them returning"), rows)
