"""The database: base classes, engines and transactions. Companies are kept apart in ``core.tenancy``."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import (
    JSON,
    Connection,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Numeric,
    TypeDecorator,
    Uuid,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase, Session

from core.actor import Actor
from core.errors import LookingOnly, NotSaved
from core.settings import settings
from core.tenancy import TenantSession

log = structlog.get_logger()
Reads = Session
"""What a query or an operation is given; the apps know it by this name only."""


class Utc(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on every database."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant; SQLite keeps UTC without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the database")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


def choice(kind: type[StrEnum], *, name: str = "", checked: bool = True) -> Enum:
    """A column type for a closed choice, with a CHECK (``name``, or the kind's) behind it in the database.

    ``checked`` False: for words of the product that grow with it, such as kinds of mail, which rule nothing.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=checked,
        length=40,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        UUID: Uuid(),
        datetime: Utc(),
        Decimal: Numeric(18, 3),
        dict[str, Any]: Json,
        list[Any]: Json,
    }


SQLITE_SETTINGS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "cache_size=-16000",
    "mmap_size=1073741824",
)
"""Durable commits, waiting writers; 16 MB of pages a connection, and the file read through the system's own cache."""

_url: str | None = None
_engines: dict[tuple[str, str], Engine] = {}
"""Those in use, by address and how their transactions begin."""


def configure(url: str) -> None:
    """Use another database from now on."""
    global _url
    _url = url


def dispose() -> None:
    """Close every connection, and forget how they were made."""
    while _engines:
        _engines.popitem()[1].dispose()


def url() -> str:
    """The address of the database in use."""
    return _url or settings().database_url


def writer() -> Engine:
    """The engine of transactions that write; on SQLite they take the write lock when they begin."""
    return _kept("BEGIN IMMEDIATE")


def reader() -> Engine:
    """The engine of transactions that only read; on SQLite they never wait for a writer."""
    return _kept("BEGIN")


def _kept(begin: str) -> Engine:
    address = url()
    if (address, begin) not in _engines:
        _engines[address, begin] = _engine(address, begin=begin)
    return _engines[address, begin]


def _engine(address: str, *, begin: str) -> Engine:
    """An engine whose errors never tell the values of a statement: there are links and codes among them."""
    if make_url(address).get_backend_name() != "sqlite":
        return create_engine(address, pool_size=20, max_overflow=20, pool_pre_ping=True, hide_parameters=True)
    if file := make_url(address).database:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, pool_size=20, max_overflow=20, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in SQLITE_SETTINGS:
        cursor.execute("PRAGMA " + setting)
    cursor.close()


@contextmanager
def transaction(actor: Actor) -> Iterator[Session]:
    """One act: everything inside is kept together, or nothing is.

    Raises:
        LookingOnly: the actor is a member of staff who looks as somebody else.
        NotSaved: the database could not be reached or could not write; its error id stands in the log.
    """
    if actor.viewer is not None:
        raise LookingOnly(name=actor.name)
    with _answering(), TenantSession(writer(), info={"actor": actor}, expire_on_commit=False) as session:
        with session.begin():
            yield session


@contextmanager
def reading(actor: Actor) -> Iterator[Session]:
    """A look at the data; whatever tries to write in it is refused.

    Raises:
        NotSaved: the database could not be reached; its error id stands in the log.
    """
    info = {"actor": actor, "read_only": True}
    with _answering(), TenantSession(reader(), info=info, expire_on_commit=False, autoflush=False) as session:
        yield session


_FAILED = (OperationalError, InterfaceError, InternalError, ProgrammingError)
"""What databases answer that are away, locked, full, read-only, damaged, or not as we migrated them.

Each calls it otherwise: a table that is not there is an operational error to SQLite and a wrong program to PostgreSQL.
What a row itself breaks, a key or a check, is a fault of ours and not among these.
"""
_RULE_OF_OURS = "P0"
"""The class of what our own triggers on PostgreSQL refuse: a fault of ours too."""


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except _FAILED as failure:
        if (getattr(failure.orig, "sqlstate", None) or "").startswith(_RULE_OF_OURS):
            raise
        error_id = secrets.token_hex(2).upper()
        kind = type(failure.orig).__name__
        log.error(
            "database.failed", error_id=error_id, kind=kind, reason=str(failure.orig), statement=failure.statement
        )
        raise NotSaved(error_id=error_id) from failure


def lock(session: Session, name: str) -> None:
    """Hold a named lock until the transaction ends. SQLite has one writer at a time, so there it is held already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


@contextmanager
def migrator(address: str) -> Iterator[Connection]:
    """A connection for changing the schema, in one transaction; processes that start together take turns.

    On SQLite foreign keys are off meanwhile, since tables are copied, and checked before anything is kept.
    """
    engine = _engine(address, begin="BEGIN IMMEDIATE")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys=OFF"))
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
            yield connection
            _check_foreign_keys(connection)
    finally:
        engine.dispose()


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise ValueError(f"the migration would leave rows that point to nothing: {broken[:5]}")


_MIGRATING = 7_062_001
