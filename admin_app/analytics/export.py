"""The comparison of the page about selling, as a list to take out; the address' filters say which."""

from collections.abc import Mapping

from admin_app.analytics.asked import GROUPS, asked, group
from core.db import Reads
from core.deals.analytics import breakdown
from core.export import Sheet


def analytics_sheet(session: Reads, params: Mapping[str, str]) -> Sheet:
    """One row a partner, owner, territory or month."""
    chosen = group(params)
    header = (GROUPS[chosen], "Deals", "Approved", "Won", "Lost", "Win rate", "Invoiced", "Mean wait (h)")
    rows = [
        (line.name, line.deals, line.approved, line.won, line.lost, line.win_rate, line.earned, line.waited_hours)
        for line in breakdown(session, asked(params), group=chosen)
    ]
    return Sheet("Deals", header, rows)
