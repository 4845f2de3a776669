"""Changing a table's CHECK, keys or columns: PostgreSQL alters in place, SQLite copies as its documentation says to."""

import re
from collections.abc import Callable

from alembic import op
from sqlalchemy import text


def replace_check(table: str, name: str, condition: str | None) -> None:
    """Give the CHECK ``name`` of a table another condition; None drops it, a CHECK that is not there is added."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        if condition:
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})")
    else:
        _copy(table, lambda made: _with_check(made, name, condition))


def replace_key(table: str, name: str, to: str, definition: str) -> None:
    """Give a table the UNIQUE or PRIMARY KEY constraint ``to`` in the place of the one called ``name``."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {to} {definition}")
    else:
        was = rf"CONSTRAINT {name} (?:UNIQUE|PRIMARY KEY) \([^)]*\)"
        _copy(table, lambda made: re.sub(was, f"CONSTRAINT {to} {definition}", made))


def drop_column(table: str, name: str) -> None:
    """Drop a column that refers to another table; it was added after the table was made."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    else:
        _copy(table, lambda made: re.sub(rf",\s*{name} .*? REFERENCES \w+ \(\w+\)", "", made), without=name)


def _with_check(made: str, name: str, condition: str | None) -> str:
    """The statement that made a table, with another condition in one CHECK of it."""
    without = re.sub(rf",\s*CONSTRAINT {name} CHECK \((?:[^()]|\([^()]*\))*\)", "", made)
    body = without.rstrip().removesuffix(")").rstrip()
    return f"{body},\n\tCONSTRAINT {name} CHECK ({condition})\n)" if condition else f"{body}\n)"


def _copy(table: str, changed: Callable[[str], str], *, without: str = "") -> None:
    """Make a table anew with its rows and indexes. Foreign keys are off while migrating and checked at the end."""
    connection = op.get_bind()
    wanted = text("SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :type AND sql IS NOT NULL")
    made = connection.execute(wanted, {"table": table, "type": "table"}).scalar_one()
    indexes = connection.execute(wanted, {"table": table, "type": "index"}).scalars().all()
    named = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}__new", changed(made))
    connection.exec_driver_sql(named)
    there = connection.exec_driver_sql(f"PRAGMA table_info({table})").all()
    kept = ", ".join(f'"{column[1]}"' for column in there if column[1] != without)
    connection.exec_driver_sql(f"INSERT INTO {table}__new ({kept}) SELECT {kept} FROM {table}")  # noqa: S608 - our own names
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {table}__new RENAME TO {table}")
    for index in indexes:
        connection.exec_driver_sql(index)
