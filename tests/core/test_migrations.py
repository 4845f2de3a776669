"""The migrations make exactly the schema the models describe, on both databases."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, create_engine, inspect, text

from core.migrations import config, upgrade
from core.migrations.__main__ import main
from core.tables import Base


def _checks_wanted() -> dict[str, set[str]]:
    return {
        table.name: {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        for table in Base.metadata.tables.values()
    }


def _checks_there(connection: Connection) -> dict[str, set[str]]:
    looked = inspect(connection)
    return {name: {str(check["name"]) for check in looked.get_check_constraints(name)} for name in Base.metadata.tables}


def test_models_and_migrations_are_equal(database: str) -> None:
    engine = create_engine(database)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert _checks_there(connection) == _checks_wanted()
    engine.dispose()


def test_upgrading_twice_changes_nothing(database: str) -> None:
    upgrade(database)
    engine = create_engine(database)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == ["0006"]
    engine.dispose()


def test_a_database_that_has_the_newer_indexes_already_gets_through(database: str) -> None:
    _stamp_back(database, "0005")
    upgrade(database)
    engine = create_engine(database)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def _stamp_back(database: str, step: str) -> None:
    """Let a database believe it stopped at a step, and leave it as it is."""
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :step"), {"step": step})
    engine.dispose()


def test_every_step_can_be_taken_back(database: str) -> None:
    command.downgrade(config(database), "base")
    engine = create_engine(database)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()
    upgrade(database)


def test_a_step_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/half.db"
    with monkeypatch.context() as broken:
        broken.setattr("alembic.op.create_index", _fail)
        broken.setattr("alembic.op.execute", _fail)
        with pytest.raises(OSError, match="disk full"):
            upgrade(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() in ([], ["alembic_version"])
    engine.dispose()
    upgrade(url)


def _fail(*_args: object, **_options: object) -> None:
    raise OSError("disk full")


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().out
