"""What tests are given: databases, a clock, the people of two companies, a browser."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import hypothesis
import pytest
import time_machine
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

import core.db
from core import keys
from core.actor import Actor, Role, system
from core.companies.models import Company
from core.db import transaction
from core.partners.models import Partner
from core.settings import Settings, settings
from tests.browser import launched
from tests.databases import PostgresCluster, PostgresLoan, SqliteTemplate, used
from tests.factories import actor_for, make_company, make_partner, make_staff
from tests.servers import Mailbox

hypothesis.settings.register_profile("steady", deadline=None)
hypothesis.settings.load_profile("steady")

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
"""When the travelled clock starts: noon of a Sunday, the first working day of the week, in Muscat."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that touches the database on both, unless it asks for one of them by name."""
    if "database" not in metafunc.fixturenames:
        return
    named = [kind for kind in ("sqlite", "postgresql") if f"{kind}_database" in metafunc.fixturenames]
    metafunc.parametrize("database", named or ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every setting at its default, whatever the environment and a ``.env`` say; keys in a temporary folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Settings.model_config, "env_file", None)
        for name in [n for n in os.environ if n.lower() in Settings.model_fields]:
            patch.delenv(name)
        patch.setenv("STATE_DIR", str(tmp_path_factory.mktemp("state")))
        settings.cache_clear()
        yield


@pytest.fixture(scope="session", autouse=True)
def _written_soon() -> Iterator[None]:
    """Commits of tests wait for no disk: no test takes the power away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.db, "SQLITE_SETTINGS", (*core.db.SQLITE_SETTINGS, "synchronous=OFF"))
        yield


@pytest.fixture(autouse=True)
def _own_main() -> Iterator[None]:
    """Give ``__main__`` back after each test: AppTest puts its script there, and new processes would run it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def set_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """A function that puts other settings in force for this test: ``set_settings(smtp_host="127.0.0.1")``."""

    def change(**values: Any) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name.upper(), str(value))
        settings.cache_clear()
        keys.forget()

    yield change
    monkeypatch.undo()
    settings.cache_clear()
    keys.forget()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, _nobodys_settings: None) -> SqliteTemplate:
    """The migrated SQLite file."""
    return SqliteTemplate.migrated(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_cluster(testrun_uid: str, _nobodys_settings: None) -> PostgresCluster:
    """The PostgreSQL server of this run; the parallel test processes share it."""
    return PostgresCluster.started(Path(gettempdir()) / f"partnerdesk-{testrun_uid[:12]}")


@pytest.fixture(scope="session")
def postgres_loan(postgres_cluster: PostgresCluster) -> Iterator[PostgresLoan]:
    """The clone that the tests of this process are lent."""
    loan = PostgresLoan(postgres_cluster)
    yield loan
    loan.end()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, migrated, empty database that ``core.db`` uses during the test: SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        fresh = template.copy(template.file.parent)
    else:
        fresh = request.getfixturevalue("postgres_loan").empty()
    with fresh as url, used(url):
        yield url


@pytest.fixture
def sqlite_database(database: str) -> str:
    """The same on SQLite only."""
    return database


@pytest.fixture
def postgresql_database(database: str) -> str:
    """The same on PostgreSQL only."""
    return database


class Clock:
    """The time everything in this process believes it is; it stands still between moves."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def now(self) -> datetime:
        """The instant it is now."""
        return datetime.now(UTC)

    def forward(self, **by: float) -> datetime:
        """Let time pass: ``clock.forward(hours=1, seconds=1)``."""
        self._traveller.shift(timedelta(**by))
        return self.now()

    def at(self, moment: datetime) -> datetime:
        """Go to an instant."""
        self._traveller.move_to(moment, tick=False)
        return self.now()


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock the test moves; it starts at ``START`` and stands still."""
    with time_machine.travel(START, tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real SMTP server that keeps what it is given."""
    with Mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium. Tests of its module cannot run an asyncio loop of their own."""
    with launched() as chromium:
        yield chromium


@pytest.fixture
def company(database: str) -> Company:
    """The company most tests are about; its fixtures are committed, so that any transaction sees them."""
    with transaction(system()) as session:
        return make_company(session, slug="dhofar", name="Dhofar Systems", name_ar="أنظمة ظفار")


@pytest.fixture
def other_company(database: str) -> Company:
    """A company whose rows nobody of ``company`` may see."""
    with transaction(system()) as session:
        return make_company(session, slug="sohar", name="Sohar Networks", name_ar="شبكات صحار")


def _colleague(company: Company, name: str, role: Role) -> Actor:
    with transaction(system()) as session:
        return actor_for(make_staff(session, company, name=name, role=role))


@pytest.fixture
def aisha(company: Company) -> Actor:
    """An admin."""
    return _colleague(company, "Aisha Al Balushi", Role.ADMIN)


@pytest.fixture
def nora(company: Company) -> Actor:
    """The second admin."""
    return _colleague(company, "Nora Al Harthy", Role.ADMIN)


@pytest.fixture
def reviewer(company: Company) -> Actor:
    """A reviewer."""
    return _colleague(company, "Said Al Rawahi", Role.REVIEWER)


@pytest.fixture
def analyst(company: Company) -> Actor:
    """An analyst."""
    return _colleague(company, "Maryam Al Lawati", Role.ANALYST)


@pytest.fixture
def member(company: Company) -> Actor:
    """A member, who may do the least."""
    return _colleague(company, "Khalid Al Amri", Role.MEMBER)


@pytest.fixture
def outsider(other_company: Company) -> Actor:
    """An admin of the other company."""
    return _colleague(other_company, "Layla Al Siyabi", Role.ADMIN)


@pytest.fixture
def partner(aisha: Actor) -> Partner:
    """A draft partner that Aisha looks after."""
    with transaction(aisha) as session:
        return make_partner(session, slug="salalah-retail", name="Salalah Retail", name_ar="صلالة", owner_id=aisha.id)


ARRANGED = ("company", "other_company", "aisha", "nora", "reviewer", "analyst", "member", "outsider", "partner")


@pytest.fixture
def session(request: pytest.FixtureRequest, aisha: Actor) -> Iterator[Session]:
    """An open transaction of Aisha's, kept when the test ends; what fixtures arrange is committed before it."""
    for name in ARRANGED:
        if name in request.fixturenames:
            request.getfixturevalue(name)
    with transaction(aisha) as opened:
        yield opened
