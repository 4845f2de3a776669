"""The database's schema, step by step. ``upgrade(url)`` brings a database to the newest step."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def config(url: str) -> Config:
    """Alembic's configuration for a database."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    found.attributes["url"] = url
    return found


def upgrade(url: str) -> None:
    """Bring a database to the newest step; one that is there already stays as it is."""
    command.upgrade(config(url), "head")
