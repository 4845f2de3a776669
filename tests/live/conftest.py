"""A real portal and a real admin app, and two partners who may read."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from core.access import tokens
from core.actor import Actor, system
from core.db import Base, reading, transaction
from core.partners.models import Partner
from tests.core.proposal_acts import invite, publish, written
from tests.factories import make_partner
from tests.servers import Stack

CANARY = "Canary of the first partner"
PLACE = "/partnership/salalah-retail"


@dataclass(frozen=True)
class Portal:
    """A running portal with two partners who may read."""

    stack: Stack
    token: str
    other_token: str

    @property
    def url(self) -> str:
        """Its address."""
        return self.stack.portal_url

    def cookie(self, place: str, token: str) -> str:
        """The cookie of a new reader."""
        headers = {"Origin": self.url}
        with httpx.Client(base_url=self.url, trust_env=False, headers=headers) as client:
            answer = client.post(place, data={"token": token, "measured": "no"})
        assert answer.status_code == 303
        return f"pd_portal={answer.cookies['pd_portal']}"


@pytest.fixture
def apps() -> tuple[str, ...]:
    """What runs; a file whose tests want more says so."""
    return ("portal",)


@pytest.fixture
def portal(
    sqlite_database: str, tmp_path: Path, aisha: Actor, partner: Partner, apps: tuple[str, ...]
) -> Iterator[Portal]:
    """The real portal, and links to the proposals of two partners."""
    with transaction(aisha) as session:
        other = make_partner(session, slug="nizwa-dates", name="Nizwa Dates", owner_id=aisha.id)
    publish(aisha, partner, written(CANARY))
    publish(aisha, other, written("Another proposal"))
    links = [tokens.spell(invite(aisha, someone)) for someone in (partner, other)]
    with Stack(
        database_url=sqlite_database, folder=tmp_path / "run", apps=apps, state_dir=os.environ["STATE_DIR"]
    ) as s:
        yield Portal(s, *links)
        said = s.logs()
    assert not any(link in said for link in links)
    assert "GET /" not in said
    assert not re.search(r"pd_portal=[\w-]{20}", said)


def count(model: type[Base], *conditions: object) -> int:
    """How many rows there are."""
    with reading(system()) as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]
