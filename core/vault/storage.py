"""Where the bytes of documents are: in a folder or in S3, each file under its own SHA-256.

A file is kept before the rows that name it are committed, so a row never names bytes that are not there. What no row
names in the end is swept away later; see ``core.vault.sweeping``.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256 as sha256_of
from pathlib import Path
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

import obstore
import structlog
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from core.clock import now
from core.errors import NotFound, NotSaved
from core.failpoints import reach
from core.settings import Settings, settings

log = structlog.get_logger()
CHUNK = 256 * 1024
"""Bytes read at a time."""
INCOMING = "incoming"
"""The folder of files that are being written; what a kill leaves there is swept too."""
YOUNG = timedelta(minutes=30)
"""A file that was kept again this recently is not written again."""
RETRIES: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
"""How long an S3 service that does not answer is asked again."""
_KEY = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})")


class StoreAway(NotSaved):
    """The store of documents cannot be reached. Nothing was changed. Try again; tell your admin: error {error_id}."""


class BytesMissing(NotFound):
    """The file of this document is missing or damaged in the store. Tell your admin."""


@dataclass(frozen=True)
class Blob:
    """A kept file: its SHA-256 in hex (empty: a file that was never finished), its key, and when it was kept last."""

    sha256: str
    key: str
    kept_at: datetime


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes, in hex."""
    return sha256_of(data).hexdigest()


def _key(sha256: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256")
    return f"{sha256[:2]}/{sha256}"


@contextmanager
def _reachable() -> Iterator[None]:
    """Say that the store is away, and nothing about it, when it fails."""
    try:
        yield
    except FileNotFoundError:
        raise BytesMissing from None
    except (BaseError, OSError) as failure:
        error_id = secrets.token_hex(2).upper()
        log.error("storage.failed", error_id=error_id, kind=type(failure).__name__)
        raise StoreAway(error_id=error_id) from None


class BlobStore:
    """Files by their SHA-256. ``folder``: the local folder it stands in; None when it is S3."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Keep a file; when this returns it is durable. Kept again, it only counts as young again.

        Returns:
            Its SHA-256 in hex.

        Raises:
            StoreAway: it could not be kept.
        """
        sha256 = digest(data)
        with _reachable():
            if self._folder is not None:
                _place(self._folder, _key(sha256), data)
            else:
                self._put(_key(sha256), data)
        reach("blob:kept")
        return sha256

    def _put(self, key: str, data: bytes) -> None:
        """Put a file where none is. One that is there and old is put once more, so that it is not swept meanwhile."""
        try:
            obstore.put(self._store, key, data, mode="create", use_multipart=False)
        except AlreadyExistsError:
            if now() - obstore.head(self._store, key)["last_modified"] > YOUNG:
                obstore.put(self._store, key, data, use_multipart=False)

    def read(self, sha256: str) -> bytes:
        """A whole file, checked against its hash.

        Raises:
            BytesMissing: it is not there, or not what it was.
        """
        with _reachable():
            data = bytes(obstore.get(self._store, _key(sha256)).bytes())
        if digest(data) != sha256:
            log.error("storage.damaged", sha256=sha256)
            raise BytesMissing
        return data

    def stream(self, sha256: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to ``end`` (not included) in pieces. It is opened now, and read bit by bit.

        Raises:
            BytesMissing: it is not there.
        """
        with _reachable():
            if self._folder is not None:
                return _Pieces((self._folder / _key(sha256)).open("rb"), start, end)
            part = {"range": {"offset": start} if end is None else (start, end)}
            return map(bytes, obstore.get(self._store, _key(sha256), options=part).stream(min_chunk_size=CHUNK))  # type: ignore[arg-type]

    def exists(self, sha256: str) -> bool:
        """Whether a file is kept."""
        try:
            with _reachable():
                obstore.head(self._store, _key(sha256))
        except BytesMissing:
            return False
        return True

    def blobs(self) -> Iterator[Blob]:
        """Everything there is; files of others in the same bucket are left out."""
        with _reachable():
            for batch in obstore.list(self._store):
                for meta in batch:
                    key, at = meta["path"], meta["last_modified"]
                    if found := _KEY.fullmatch(key):
                        yield Blob(found[1], key, at)
                    elif self._folder is not None and key.startswith(f"{INCOMING}/"):
                        yield Blob("", key, at)

    def forget(self, blob: Blob) -> None:
        """Remove a file for good; one that is gone already is no failure."""
        with _reachable():
            try:
                obstore.delete(self._store, blob.key)
            except FileNotFoundError:
                log.info("storage.gone_already", sha256=blob.sha256)


def _place(folder: Path, key: str, data: bytes) -> None:
    """Put a whole, durable file in place at once."""
    place = folder / key
    for parent in (folder / INCOMING, place.parent):
        parent.mkdir(parents=True, exist_ok=True)
    if _is_young_again(place):
        return
    handle, draft = tempfile.mkstemp(dir=folder / INCOMING)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        reach("blob:written")
        Path(draft).replace(place)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
    for parent in (place.parent, folder):
        _sync(parent)


def _is_young_again(place: Path) -> bool:
    """Whether a file is there already; if so it counts as kept now."""
    try:
        os.utime(place)
    except FileNotFoundError:
        return False
    return True


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class _Pieces:
    """A part of a local file, read piece by piece; faster than through the object store, and closed in any case."""

    def __init__(self, file: BinaryIO, start: int, end: int | None) -> None:
        self._file = file
        self._left = (os.fstat(file.fileno()).st_size if end is None else end) - start
        file.seek(start)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(CHUNK, self._left)) if self._left > 0 else b""
        if not piece:
            self._file.close()
            raise StopIteration
        self._left -= len(piece)
        return piece

    def __del__(self) -> None:
        self._file.close()


@lru_cache(maxsize=4)
def _opened(url: str, folder: Path, given: Settings) -> BlobStore:
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        return BlobStore(LocalStore(folder), folder)
    place = urlsplit(url)
    options: Any = {"region": given.storage_region}
    if given.storage_endpoint:
        options["endpoint"] = given.storage_endpoint
    if given.storage_key_id:
        options["access_key_id"] = given.storage_key_id
        options["secret_access_key"] = given.storage_secret.get_secret_value()
    plain = given.storage_endpoint.startswith("http://")
    store = S3Store(
        place.netloc,
        prefix=place.path.strip("/") or None,
        client_options={"allow_http": plain, "timeout": "60s"},
        retry_config=RETRIES,
        **options,
    )
    return BlobStore(store)


def blobs() -> BlobStore:
    """The store the settings name."""
    given = settings()
    return _opened(given.storage_url, (given.state_dir / "documents").absolute(), given)
