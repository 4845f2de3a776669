"""A double press does it once, also when the second press cuts the callback of the first one short.

Streamlit may end a callback at any touch of the session's state when the next press has arrived, so what was done is
noted in a plain dict inside the act's own transaction.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell

SECONDS = 5.0
"""Presses closer together than this are one."""


def act_once(
    key: object, operation: Callable[..., Any], *subject: Any, done: str, **details: Any
) -> UUID | bool | None:
    """``shell.act`` for what one ``key`` stands for: the id of what was made, or True; None when it was refused."""
    spent: dict[object, tuple[float, UUID | bool]] = st.session_state.setdefault("once.spent", {})
    at, made = spent.get(key, (0.0, False))
    if made and monotonic() - at < SECONDS:
        return made

    def marked(session: Any, *given: Any, **more: Any) -> UUID | bool:
        result = operation(session, *given, **more)
        found: UUID | bool = getattr(result, "id", True)
        spent[key] = (monotonic(), found)
        return found

    made_now = shell.act(marked, *subject, done=done, **details)
    if made_now is None:
        spent.pop(key, None)
    return made_now
