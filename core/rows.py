"""Many rows at once, inside the company: inserts and upserts that the unit of work would be too slow for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.db import Base
from core.tenancy import IN_COMPANY, stamped


def insert_rows(session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, each stamped with the session's company."""
    if marked := stamped(session, rows):
        session.execute(insert(model), marked, execution_options={IN_COMPANY: True})


def upsert(
    session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]], *, key: Sequence[str], change: Sequence[str]
) -> None:
    """Insert rows, or overwrite the columns ``change`` of those whose ``key`` columns exist already."""
    marked = stamped(session, rows)
    if not marked:
        return
    fresh = sqlite.insert(model) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(model)
    overwritten = {name: fresh.excluded[name] for name in change}
    statement = fresh.on_conflict_do_update(index_elements=list(key), set_=overwritten)
    session.execute(statement, marked, execution_options={IN_COMPANY: True})


def add_up(session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]], *, key: Sequence[str]) -> None:
    """Insert rows, or add their other columns to those of the rows whose ``key`` columns exist already."""
    marked = stamped(session, rows)
    if not marked:
        return
    fresh = sqlite.insert(model) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(model)
    columns, added = model.__table__.columns, set(marked[0]) - {*key, "company_id"}
    raised = {name: columns[name] + fresh.excluded[name] for name in sorted(added)}
    statement = fresh.on_conflict_do_update(index_elements=list(key), set_=raised)
    session.execute(statement, marked, execution_options={IN_COMPANY: True})
