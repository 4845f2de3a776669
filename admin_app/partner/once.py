"""A double press does it once; the same act after another one is no double press.

When a press arrives while the callback of the one before is still running, Streamlit starts the new callback beside the
old one, and ends the old one at its next touch of the session's state. So a press waits for the one before it, and what
was done is noted in a plain dict inside the act's own transaction.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell

SECONDS = 5.0
"""Presses closer together than this are one."""
_TURNS = [Lock() for _ in range(64)]


def act_once(
    key: object, operation: Callable[..., Any], *subject: Any, done: str, **details: Any
) -> UUID | bool | None:
    """``shell.act`` for what one ``key`` stands for: the id of what was made, or True; None when it was refused."""
    with _TURNS[hash(key) % len(_TURNS)]:
        spent: dict[object, tuple[float, UUID | bool]] = st.session_state.setdefault("once.spent", {})
        at, made = spent.get(key, (0.0, False))
        if made and monotonic() - at < SECONDS:
            return made
        made_now = shell.act(_marking(operation, spent, key), *subject, done=done, **details)
        if made_now is None:
            spent.pop(key, None)
        return made_now


def _marking(
    operation: Callable[..., Any], spent: dict[object, tuple[float, UUID | bool]], key: object
) -> Callable[..., UUID | bool]:
    """The operation, which notes under a key that it was the last thing done."""

    def marked(session: Any, *subject: Any, **details: Any) -> UUID | bool:
        found: UUID | bool = getattr(operation(session, *subject, **details), "id", True)
        spent.clear()
        spent[key] = (monotonic(), found)
        return found

    return marked
