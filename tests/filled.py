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
    def of(cls, folder: Path, cluster: PostgresCluster | None, until: ExitStack) -> "Filled":
        """Of the database that ``core.db`` uses: of a cluster, there dropped when ``until`` closes, or a file."""
        core.db.dispose()
        name = make_url(core.db.url()).database or ""
        if cluster is None:
            copy = partial(SqliteTemplate(Path(shutil.copyfile(name, folder / "filled.db"))).copy, folder)
        else:
            copy = partial(cluster.clone, make_url(until.enter_context(cluster.clone(name))).database or "")
        return cls(copy, _kept_documents(folder))

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
