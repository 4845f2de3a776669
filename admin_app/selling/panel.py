"""A deal that is sold, opened from the list."""

from uuid import UUID

from admin_app import shell
from admin_app.intents import panel
from core.companies import queries as companies
from core.deals import queries


def draw(quote_id: UUID) -> None:
    """What it is, and what there is to do."""
    zone = shell.read(companies.company).time_zone
    panel.draw(shell.read(queries.intent, quote_id), me=shell.actor(), zone=zone)
