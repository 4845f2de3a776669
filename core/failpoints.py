"""Points where a test may stop a process, to prove that half an act is never left behind; inert in production."""

from collections.abc import Callable

_reached: Callable[[str], None] | None = None


def reach(point: str) -> None:
    """Pass a named point of an act."""
    if _reached is not None:
        _reached(point)


def watch(callback: Callable[[str], None] | None) -> None:
    """Call this at each point (None: stop watching)."""
    global _reached
    _reached = callback
