"""A database that is locked, full, read-only or gone: nothing is half written, and the error id stands in the log."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Self

import psycopg
import pytest
from sqlalchemy import delete, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, IntegrityError
from streamlit.testing.v1 import AppTest
from structlog.testing import capture_logs

import core.db
from core import failpoints
from core.access import limits
from core.access.secret import hashed
from core.actor import Actor, system
from core.audit.models import AuditEntry
from core.audit.service import record
from core.audit.tags import Tag
from core.db import transaction
from core.engagement.ingest import Ingest
from core.errors import NotSaved
from tests.conftest import Clock
from tests.core.partner_life import ACTS, Life, left_by, marks, verified
from tests.factories import make_partner
from tests.screens import opener

SAID = "Not saved. Nothing was changed. Try again in a moment; if it happens again, tell your admin: error "


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """New SQLite connections wait a twentieth of a second for a lock; they also run what is put in this list."""
    prepare, also = core.db._prepare_sqlite, ["PRAGMA busy_timeout=50"]

    def prepare_so(connection: DBAPIConnection, record: object) -> None:
        prepare(connection, record)
        with closing(connection.cursor()) as cursor:
            for statement in also:
                cursor.execute(statement)

    monkeypatch.setattr(core.db, "_prepare_sqlite", prepare_so)
    yield also
    core.db.dispose()


def _file(url: str) -> str:
    return str(make_url(url).database)


@contextmanager
def locked(url: str, _also: list[str]) -> Iterator[None]:
    """Somebody else writes, for longer than anybody waits."""
    with closing(sqlite3.connect(_file(url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def read_only(url: str, also: list[str]) -> Iterator[None]:
    """The file may not be written."""
    with _connecting_anew(url, also, "PRAGMA query_only=ON"):
        yield


@contextmanager
def full(url: str, also: list[str]) -> Iterator[None]:
    """The disk has no room for another page, and the file has no room in its own."""
    core.db.dispose()
    with closing(sqlite3.connect(_file(url), isolation_level=None)) as other:
        other.execute("VACUUM")
        pages = other.execute("PRAGMA page_count").fetchone()[0]
    with _connecting_anew(url, also, f"PRAGMA max_page_count={pages}"):
        yield


@contextmanager
def _connecting_anew(url: str, also: list[str], statement: str) -> Iterator[None]:
    also.append(statement)
    core.db.dispose()
    yield
    also.remove(statement)
    core.db.dispose()


def refused(do: Callable[[], Any]) -> NotSaved:
    """Do what cannot be saved: the refusal, whose error id the log knows."""
    with capture_logs() as said, pytest.raises(NotSaved) as refusal:
        do()
    ids = [entry["error_id"] for entry in said if entry["event"] == "database.failed"]
    assert ids == [refusal.value.facts["error_id"]]
    assert refusal.value.message == f"{SAID}{ids[0]}."
    return refusal.value


FAULTS = {"locked": locked, "read only": read_only}
POINTS = {
    "publish": 2,
    "issue a link": 3,
    "invite": 3,
    "open by link": 2,
    "beacon": 3,
    "move": 2,
    "add staff": 2,
    "spend sign-in link": 3,
}
"""How many points an act passes, if more than one."""
BULKY = ("invite", "add staff")
"""Acts with a mail: they need another page of the file, however much room its pages have."""


@pytest.mark.parametrize("fault", tuple(FAULTS))
def test_what_cannot_be_written_leaves_nothing_and_works_afterwards(
    aisha: Actor, clock: Clock, sqlite_database: str, impatient: list[str], fault: str
) -> None:
    core.db.dispose()
    life = Life(aisha, "unlucky")
    for act, do in ACTS.items():
        clock.forward(seconds=10)
        before = marks()
        with FAULTS[fault](sqlite_database, impatient):
            refused(lambda: do(life))  # noqa: B023 - called at once
        assert left_by(before, marks()) == {}, act
        life.kept[act] = do(life)
        assert left_by(before, marks()), act
    assert verified(aisha).intact


def test_a_full_disk_refuses_wholly_what_has_no_room(
    aisha: Actor, clock: Clock, sqlite_database: str, impatient: list[str]
) -> None:
    core.db.dispose()
    life = Life(aisha, "unlucky")
    for act, do in ACTS.items():
        clock.forward(seconds=10)
        if act in BULKY:
            before = marks()
            with full(sqlite_database, impatient):
                refused(lambda: do(life))  # noqa: B023 - called at once
            assert left_by(before, marks()) == {}, act
        life.kept[act] = do(life)
    assert verified(aisha).intact


def test_a_table_that_is_not_there_is_a_failure_of_the_database(aisha: Actor, database: str) -> None:
    with transaction(system()) as session:
        session.execute(text("ALTER TABLE attempt RENAME TO broken"))
    refused(lambda: limits.failed_unlock("203.0.113.9", "salalah-retail"))
    refused(lambda: limits.submitted_nda("203.0.113.9", "salalah-retail"))
    with transaction(system()) as session:
        session.execute(text("ALTER TABLE broken RENAME TO attempt"))
    limits.failed_unlock("203.0.113.9", "salalah-retail")


def test_a_fault_of_ours_is_not_called_a_failure_of_the_database(aisha: Actor, database: str) -> None:
    with capture_logs() as said, pytest.raises(IntegrityError) as fault, transaction(aisha) as session:
        for _ in range(2):
            make_partner(session, slug="twice", name="a secret of theirs")
    assert said == []
    assert "a secret of theirs" not in str(fault.value)


def test_a_rule_in_the_database_is_not_called_a_failure_of_it(aisha: Actor, database: str) -> None:
    with transaction(aisha) as session:
        record(session, Tag.SIGN_OUT, by=aisha)
    with capture_logs() as said, pytest.raises(DatabaseError, match="audit"), transaction(system()) as session:
        session.execute(delete(AuditEntry))
    assert said == []


def test_reading_goes_on_while_somebody_writes(aisha: Actor, sqlite_database: str, impatient: list[str]) -> None:
    core.db.dispose()
    before = marks()
    with locked(sqlite_database, impatient):
        assert marks() == before


def _end_connections(url: str) -> None:
    """What a restart of the server does to everybody who is connected."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as administrator:
        administrator.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}")


class Restart:
    """The server restarts when an act reaches its ``last`` point."""

    def __init__(self, url: str, last: int) -> None:
        self.url, self.last, self.passed = url, last, 0

    def __enter__(self) -> Self:
        failpoints.watch(self._passing)
        return self

    def __exit__(self, *_: object) -> None:
        failpoints.watch(None)

    def _passing(self, _point: str) -> None:
        self.passed += 1
        if self.passed == self.last:
            _end_connections(self.url)


@pytest.mark.parametrize("most", (1, pytest.param(100, marks=pytest.mark.soak)))
def test_an_act_whose_connection_is_ended_leaves_nothing_and_works_afterwards(
    aisha: Actor, clock: Clock, postgresql_database: str, most: int
) -> None:
    life, restarts = Life(aisha, "unlucky"), 0
    for act, do in ACTS.items():
        clock.forward(seconds=10)
        before, points = marks(), POINTS.get(act, 1)
        for last in range(1, min(points, most) + 1):
            with Restart(postgresql_database, last) as restart:
                refused(lambda: do(life))  # noqa: B023 - called at once
            restarts += restart.passed == last
            assert left_by(before, marks()) == {}, act
        life.kept[act] = do(life)
        assert left_by(before, marks()), act
    assert verified(aisha).intact
    assert restarts >= len(ACTS)


def test_connections_that_were_ended_between_two_acts_are_not_noticed(
    aisha: Actor, clock: Clock, postgresql_database: str
) -> None:
    life = Life(aisha, "lucky")
    for act, do in ACTS.items():
        clock.forward(seconds=10)
        _end_connections(postgresql_database)
        life.kept[act] = do(life)


def test_a_reader_is_not_told_that_times_were_kept_when_they_were_not(
    aisha: Actor, clock: Clock, sqlite_database: str, impatient: list[str]
) -> None:
    core.db.dispose()
    life = Life(aisha, "read")
    for act in ("add partner", "write", "publish", "invite", "open by link", "read"):
        life.kept[act] = ACTS[act](life)
    clock.forward(seconds=30)
    beacon = {"v": life.kept["read"], "n": 1, "ms": {"hero": 2_000}, "at": "hero", "human": True}
    sent, secret = json.dumps(beacon).encode(), hashed(life.kept["open by link"])

    async def send() -> str:
        ingest = Ingest()
        ingest.start()
        try:
            return await ingest.receive(sent, secret)
        finally:
            await ingest.stop()

    before = marks()
    with locked(sqlite_database, impatient):
        refused(lambda: asyncio.run(send()))
    assert left_by(before, marks()) == {}
    assert asyncio.run(send()) == "kept"
    assert left_by(before, marks())[("visit", "ms_hero", "sum")] == 2_000


class TestScreen:
    """What a person sees."""

    @pytest.fixture
    def screen(
        self, aisha: Actor, sqlite_database: str, impatient: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> AppTest:
        """The team's page with a colleague typed in."""
        core.db.dispose()
        screen = opener(monkeypatch)("team", aisha)
        self._press(screen, "Add a colleague")
        screen.text_input(key="team.name").set_value("Huda Al Said")
        screen.text_input(key="team.email").set_value("huda@dhofar.om")
        return screen

    def _press(self, screen: AppTest, label: str) -> None:
        next(button for button in screen.button if button.label == label).click().run()

    def test_says_so_keeps_what_was_typed_and_works_at_the_next_press(
        self, screen: AppTest, sqlite_database: str, impatient: list[str]
    ) -> None:
        before = marks()
        with locked(sqlite_database, impatient), capture_logs() as said:
            self._press(screen, "Add and send the mail")
        error_id = next(entry["error_id"] for entry in said if entry["event"] == "database.failed")
        assert [error.value for error in screen.error] == [f"{SAID}{error_id}."]
        assert not screen.exception
        assert screen.text_input(key="team.name").value == "Huda Al Said"
        assert screen.text_input(key="team.email").value == "huda@dhofar.om"
        assert left_by(before, marks()) == {}
        self._press(screen, "Add and send the mail")
        assert not screen.error
        assert left_by(before, marks())["staff",] == 1
