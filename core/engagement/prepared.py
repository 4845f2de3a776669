"""Statements run for many rows a hundred times a second: compiled once, then handed to the driver with plain values.

SQLAlchemy would look at every value of every row again; here only those that need a conversion are touched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable

Row = dict[str, Any]


@dataclass(frozen=True)
class _Prepared:
    sql: str
    take: Callable[[Row], Any]
    """A row as the driver wants it."""
    convert: list[tuple[str, Callable[[Any], Any]]]


_prepared: dict[tuple[str, Executable], _Prepared] = {}


def run(connection: Connection, statement: Executable, rows: list[Row]) -> None:
    """Execute a statement for many rows, whose names are all of its parameters; the rows are used up."""
    key = (connection.dialect.name, statement)
    found = _prepared.get(key)
    if found is None:
        found = _prepared[key] = _prepare(connection.dialect, statement, list(rows[0]))
    for name, convert in found.convert:
        for row in rows:
            row[name] = convert(row[name])
    connection.exec_driver_sql(found.sql, [found.take(row) for row in rows])


def _prepare(dialect: Dialect, statement: Any, names: list[str]) -> _Prepared:
    compiled = statement.compile(dialect=dialect, column_keys=names)
    processors = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()
    }
    convert = [(name, processor) for name, processor in processors.items() if processor is not None]
    take = itemgetter(*compiled.positiontup) if compiled.positional else dict
    return _Prepared(str(compiled), take, convert)
