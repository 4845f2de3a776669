"""The signing keys: from the settings, or made once and kept beside the data."""

import contextlib
import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path

from core.settings import KEY_BYTES, settings


def _kept(name: str) -> str:
    """A key kept in the state folder, made on first use, readable by its owner only."""
    path = Path(settings().state_dir) / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        place(path, secrets.token_urlsafe(KEY_BYTES).encode())
    return path.read_text().strip()


def place(path: Path, data: bytes) -> None:
    """Put a whole file in place at once, for its owner's eyes; when two processes do, the first one wins."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    Path(draft).unlink()


@lru_cache(maxsize=1)
def signing_keys() -> dict[str, bytes]:
    """Key id → key, newest first; the first one signs, all of them verify."""
    given = settings().secret_keys.get_secret_value()
    if not given:
        return {"local": _kept("signing.key").encode()}
    pairs = (pair.partition(":") for pair in given.split(",") if pair)
    return {key_id.strip(): key.strip().encode() for key_id, _, key in pairs}


@lru_cache(maxsize=1)
def audit_key() -> bytes:
    """The key of the audit chain."""
    return (settings().audit_key.get_secret_value() or _kept("audit.key")).encode()


def forget() -> None:
    """Read the keys again: for rotation while running, and for tests."""
    signing_keys.cache_clear()
    audit_key.cache_clear()
