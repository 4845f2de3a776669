"""Attempts in our database, in the shape the ``limits`` library counts with."""

from datetime import timedelta
from typing import Any

from limits.storage import MovingWindowSupport, Storage
from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from core import db
from core.access.models import Attempt
from core.actor import system
from core.clock import now


class AttemptStorage(Storage, MovingWindowSupport):
    """Moving windows over the table ``attempt``; counting and adding are one locked step."""

    STORAGE_SCHEME = ["partnerdesk"]

    def __init__(self, uri: str | None = None, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=False, **options)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong while counting."""
        return SQLAlchemyError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count ``amount`` attempts, unless the window is full."""
        at, digest = now(), bytes.fromhex(key.split("/")[1])
        with db.transaction(system()) as session:
            db.lock(session, f"attempt:{key}")
            session.execute(delete(Attempt).where(Attempt.until < at))
            in_window = Attempt.key_hash == digest, Attempt.at > at - timedelta(seconds=expiry)
            used = session.scalar(select(func.count()).select_from(Attempt).where(*in_window)) or 0
            if used + amount > limit:
                return False
            until = at + timedelta(seconds=expiry)
            session.add_all(Attempt(key_hash=digest, at=at, until=until) for _ in range(amount))
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """The oldest counted instant (epoch seconds) and how many are counted."""
        digest, since = bytes.fromhex(key.split("/")[1]), now() - timedelta(seconds=expiry)
        with db.reading(system()) as session:
            found = select(Attempt.at).where(Attempt.key_hash == digest, Attempt.at > since).order_by(Attempt.at.desc())
            times = list(session.scalars(found.limit(limit)))
        return (times[-1] if times else now()).timestamp(), len(times)

    def check(self) -> bool:
        """Whether attempts can be counted now."""
        with db.reading(system()) as session:
            return session.scalar(select(func.count()).select_from(Attempt)) is not None

    def get(self, key: str) -> int:
        """Not used by moving windows: how many attempts were ever counted for a key and not yet forgotten."""
        digest = bytes.fromhex(key.split("/")[1])
        with db.reading(system()) as session:
            return session.scalar(select(func.count()).where(Attempt.key_hash == digest)) or 0

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Fixed windows are not counted here."""
        raise NotImplementedError("only moving windows are counted")

    def get_expiry(self, key: str) -> float:
        """Fixed windows are not counted here."""
        raise NotImplementedError("only moving windows are counted")

    def reset(self) -> int | None:
        """Forget every attempt."""
        with db.transaction(system()) as session:
            return int(session.execute(delete(Attempt)).rowcount)  # type: ignore[attr-defined]

    def clear(self, key: str) -> None:
        """Forget the attempts of one key."""
        digest = bytes.fromhex(key.split("/")[1])
        with db.transaction(system()) as session:
            session.execute(delete(Attempt).where(Attempt.key_hash == digest))
