"""Statements run a hundred times a second: compiled once, then handed to the driver with values in its own form.

SQLAlchemy would look at every value of every row again, which costs more than the database's own work.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable

from core.engagement.stored import FORMS, Form

Row = Sequence[Any]


@dataclass(frozen=True)
class _Prepared:
    sql: str
    take: Callable[[Row], Any]
    """A row as the driver wants it."""


_prepared: dict[tuple[str, Executable], _Prepared] = {}


class Driver:
    """Runs statements on a bare connection. Values, given and found, are in the driver's form: see ``form``."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.form: Form = FORMS[self.dialect]

    def find(self, statement: Executable, names: Sequence[str], values: Row) -> Sequence[Any]:
        """The rows a statement finds; ``names`` are those of its parameters, in the order of ``values``."""
        ready = self._ready(statement, names)
        return self.connection.exec_driver_sql(ready.sql, ready.take(values)).fetchall()

    def run(self, statement: Executable, names: Sequence[str], rows: Sequence[Row]) -> int:
        """Execute a statement for many rows; how many rows it changed."""
        ready = self._ready(statement, names)
        return self.connection.exec_driver_sql(ready.sql, [ready.take(row) for row in rows]).rowcount

    def _ready(self, statement: Executable, names: Sequence[str]) -> _Prepared:
        found = _prepared.get((self.dialect, statement))
        if found is None:
            found = _prepare(self.connection.dialect, statement, names)
            _prepared[self.dialect, statement] = found
        return found


def _prepare(dialect: Dialect, statement: Any, names: Sequence[str]) -> _Prepared:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    if not compiled.positional:
        return _Prepared(str(compiled), lambda row: dict(zip(names, row, strict=True)))
    order = [names.index(name) for name in compiled.positiontup]
    if len(order) == 1:
        return _Prepared(str(compiled), tuple)
    return _Prepared(str(compiled), itemgetter(*order))
