"""A database that is lent to one test after the other is as good as fresh."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import DatabaseError

from core import db
from core.actor import system
from core.audit.service import record
from core.audit.tags import Tag
from tests.databases import PostgresCluster, PostgresLoan
from tests.factories import make_company

BEAT = "INSERT INTO worker_beat VALUES ('one', now())"
FULL = "2"
COUNT = "SELECT count(*) FROM worker_beat"


@pytest.fixture
def loan(postgres_cluster: PostgresCluster) -> Iterator[PostgresLoan]:
    found = PostgresLoan(postgres_cluster)
    yield found
    found.end()


def told(url: str, *statements: str) -> object:
    """What the last of some statements answers."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        answers = [connection.execute(text(each)) for each in statements]
        return answers[-1].scalar() if answers[-1].returns_rows else None


def test_commits_of_the_product_wait_for_the_disk(tmp_path: Path) -> None:
    """Tests alone do not: another process has the setting as everybody has it."""
    ask = "from core import db; print(db.writer().connect().exec_driver_sql('PRAGMA synchronous').scalar())"
    settings = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}"}
    answer = subprocess.run([sys.executable, "-c", ask], env=settings, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == FULL


def test_keeps_the_clone_and_leaves_no_row(loan: PostgresLoan) -> None:
    with loan.empty() as first:
        told(first, BEAT)
        assert told(first, COUNT) == 1
    with loan.empty() as second:
        assert (second, told(second, COUNT)) == (first, 0)
        assert told(second, "SELECT count(*) FROM alembic_version") == 1


def test_a_touched_schema_is_not_lent_again(loan: PostgresLoan) -> None:
    with loan.empty() as first:
        told(first, "ALTER TABLE worker_beat RENAME TO gone")
    with loan.empty() as second:
        assert second != first
        assert told(second, COUNT) == 0


def test_a_trigger_that_was_switched_off_counts_as_touched(loan: PostgresLoan) -> None:
    with loan.empty() as first:
        told(first, "ALTER TABLE audit_log DISABLE TRIGGER ALL")
    with loan.empty() as second:
        assert second != first


def test_rows_that_nobody_may_delete_are_gone_too(loan: PostgresLoan) -> None:
    with loan.empty() as first:
        db.configure(first)
        with db.transaction(system()) as session:
            company = make_company(session)
        with db.transaction(system(company.id)) as session:
            record(session, Tag.SIGN_IN, by=system(company.id), subject=company)
        db.dispose()
        with pytest.raises(DatabaseError, match="append-only"):
            told(first, "DELETE FROM audit_log")
    with loan.empty() as second:
        assert (second, told(second, "SELECT count(*) FROM audit_log")) == (first, 0)


def test_whoever_still_holds_a_lock_is_let_go(loan: PostgresLoan) -> None:
    with loan.empty() as first:
        holding = psycopg.connect(first.replace("+psycopg", "", 1))
        holding.execute(BEAT)
        holding.execute("LOCK TABLE worker_beat IN ACCESS EXCLUSIVE MODE")
    with loan.empty() as second:
        assert told(second, COUNT) == 0
    holding.close()
