"""Importing a table: rehearsed first, then carried out, a part of the lines at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.db import transaction
from core.errors import DomainError
from core.imports.columns import Match, What, match
from core.imports.tables import Line, Table
from core.imports.taking import TAKERS, Choices

AT_ONCE = 25
"""Lines in one transaction: few enough that nobody else waits long."""


class Fate(StrEnum):
    """What became of a line, or would become."""

    ADDED = "added"
    THERE = "there"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """One line's fate; ``why`` it was refused, and what it is called."""

    line: int
    name: str
    fate: Fate
    why: str = ""


class _Rehearsed(Exception):
    """Everything was tried, and nothing is kept."""


@permits(Act.IMPORT)
def take(
    session: Session, what: What, lines: Sequence[Line], *, columns: Match, chosen: Choices, by: Actor
) -> list[Result]:
    """Take some lines in; a refused one leaves nothing, and the others are not hindered."""
    results = [_take(session, what, line, columns.facts(line.cells), chosen, by=by) for line in lines]
    added = sum(result.fate is Fate.ADDED for result in results)
    if added:
        after = {"what": what.value, "added": added, "lines": f"{lines[0].number}–{lines[-1].number}"}
        record(session, Tag.IMPORT, by=by, after=after)
    return results


def _take(session: Session, what: What, line: Line, facts: dict[str, str], chosen: Choices, *, by: Actor) -> Result:
    named = facts.get("customer") or facts.get("email") or facts.get("name") or ""
    try:
        with session.begin_nested():
            added = TAKERS[what](session, facts, chosen, by=by)
    except DomainError as refusal:
        return Result(line.number, named[:80], Fate.REFUSED, refusal.message)
    return Result(line.number, named[:80], Fate.ADDED if added else Fate.THERE)


def rehearse(what: What, table: Table, *, chosen: Choices, by: Actor) -> Iterator[list[Result]]:
    """Try every line and keep nothing; a part of the lines at a time, with what would become of each.

    Raises:
        ColumnMissing, NotAllowed
    """
    columns, seen = match(what, table.header), set[str]()
    for part in _parts(table):
        results: list[Result] = []
        try:
            with transaction(by) as session:
                results = take(session, what, part, columns=columns, chosen=chosen, by=by)
                raise _Rehearsed
        except _Rehearsed:
            yield [_unless_seen(what, result, seen) for result in results]


def _unless_seen(what: What, result: Result, seen: set[str]) -> Result:
    """A line's fate, told as being there where an earlier part of the file, of which nothing was kept, has it."""
    key = result.name.casefold()
    if what is What.DEALS or result.fate is not Fate.ADDED:
        return result
    if key in seen:
        return replace(result, fate=Fate.THERE)
    seen.add(key)
    return result


def carry_out(what: What, table: Table, *, chosen: Choices, by: Actor) -> Iterator[list[Result]]:
    """Take every line in, a part in a transaction. Stopped in between, what was taken in stays; again, it is there.

    Raises:
        ColumnMissing, NotAllowed
    """
    columns = match(what, table.header)
    for part in _parts(table):
        with transaction(by) as session:
            results = take(session, what, part, columns=columns, chosen=chosen, by=by)
        yield results


def _parts(table: Table) -> Iterator[Sequence[Line]]:
    for start in range(0, len(table.lines), AT_ONCE):
        yield table.lines[start : start + AT_ONCE]
