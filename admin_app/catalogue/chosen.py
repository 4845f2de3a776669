"""Which row a dialog of the catalogue is about, and what stands in its inputs while it is open."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

import streamlit as st


class Listed(Protocol):
    """A row that a link can name."""

    @property
    def id(self) -> UUID:
        """Its id."""


Row = TypeVar("Row", bound=Listed)
_GONE = object()


def chosen(rows: Sequence[Row], param: str) -> Row | None:
    """The row whose id the address names."""
    wanted = st.query_params.get(param, "")
    return next((row for row in rows if str(row.id) == wanted), None)


def prefill(prefix: str, values: Mapping[str, Any]) -> None:
    """Put values in inputs that hold nothing yet: what was typed, and the version it was typed on, stay."""
    for name, value in values.items():
        st.session_state.setdefault(f"{prefix}{name}", value)


def typed(prefix: str, *names: str) -> dict[str, Any] | None:
    """What stands in the inputs; None once they were emptied, as for the second half of a double press."""
    found = {name: st.session_state.get(f"{prefix}{name}", _GONE) for name in names}
    return None if _GONE in found.values() else found


def forget(prefix: str, *keys: str) -> None:
    """Empty the inputs of a form; from a callback. ``keys``: what else is over."""
    for key in [str(one) for one in st.session_state if str(one).startswith(prefix)] + list(keys):
        st.session_state.pop(key, None)
