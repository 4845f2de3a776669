"""Who is certified as a file: everybody who passes the filters of the page."""

from collections.abc import Mapping

from admin_app.training_team import wording
from admin_app.training_team.asked import asked
from core.db import Reads
from core.export import MOST_ROWS, Sheet
from core.training import team_queries
from core.training.my_modules import Where

HEADER = (
    "Name", "E-mail", "Company", "Role", "Training", "Required", "State", "Valid until", "Days left", "Certificate",
)  # fmt: skip


def certifications_sheet(session: Reads, params: Mapping[str, str]) -> Sheet:
    """A row for each person and training, by ``partner``, ``role``, ``module``, ``standing`` and ``text``."""
    found = team_queries.everybody(session, **asked(params).filters, size=MOST_ROWS)
    rows = [
        (
            row.name, row.email, row.organisation, wording.role(row.role), row.module,
            "Yes" if row.is_required else "No", wording.STANDINGS[row.where], row.valid_until,
            row.days_left if row.where in (Where.VALID, Where.EXPIRING) else None, row.reference,
        )
        for row in found
    ]  # fmt: skip
    return Sheet("Certifications", HEADER, rows)
