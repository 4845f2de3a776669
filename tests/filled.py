"""A database that takes long to fill: filled once for each kind and process, and copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import make_url

import core.db
from core.settings import settings
from tests.databases import PostgresCluster, SqliteTemplate, used


@dataclass(frozen=True)
class Filled:
    """What there was when it was kept: the rows, and the documents that a test may remove."""

    copy: Callable[[], AbstractContextManager[str]]
    documents: Path

    @classmethod
    def from_sqlite(cls, folder: Path) -> "Filled":
        """Of the file that ``core.db`` uses."""
        core.db.dispose()
        kept = Path(shutil.copyfile(make_url(core.db.url()).database or "", folder / "filled.db"))
        return cls(partial(SqliteTemplate(kept).copy, folder), _kept_documents(folder))

    @classmethod
    def from_postgres(cls, folder: Path, cluster: PostgresCluster, until: ExitStack) -> "Filled":
        """Of the database that ``core.db`` uses; it is dropped when ``until`` closes."""
        core.db.dispose()
        kept = until.enter_context(cluster.clone(make_url(core.db.url()).database or ""))
        return cls(partial(cluster.clone, make_url(kept).database or ""), _kept_documents(folder))

    @contextmanager
    def used(self) -> Iterator[None]:
        """Have ``core.db`` use a copy."""
        shutil.copytree(self.documents, _documents(), dirs_exist_ok=True)
        with self.copy() as url, used(url):
            yield
        core.db.dispose()


def _kept_documents(folder: Path) -> Path:
    return Path(shutil.copytree(_documents(), folder / "documents"))


def _documents() -> Path:
    return settings().state_dir / "documents"
