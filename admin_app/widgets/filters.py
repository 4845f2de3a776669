"""Filters that live in the page's address, so that a link carries them; the address is their only owner."""

from typing import Any

import streamlit as st


def tied(param: str, *, key: str, value: Any, closes: str = "") -> dict[str, Any]:
    """Arguments that tie an input to a query parameter: it shows ``value``, and a change is written to the address.

    A change of a filter leads back to the first page, and closes what the parameter ``closes`` names.
    """
    st.session_state[key] = value
    return {"key": key, "on_change": _narrow, "args": (param, key, closes)}


def _narrow(param: str, key: str, closes: str) -> None:
    st.query_params.pop(closes, None)
    write(param, key)


def write(param: str, key: str) -> None:
    """Write a filter's value to the address, and lead back to the first page; from its callback."""
    st.query_params.pop("page", None)
    turn(param, key)


def turn(param: str, key: str) -> None:
    """Write an input's value to the address; from its callback."""
    value = st.session_state[key]
    if value in (None, "", 1):
        st.query_params.pop(param, None)
    else:
        st.query_params[param] = str(value)


def number(param: str, *, default: int = 1) -> int:
    """A whole number above zero from the address, or the default."""
    text = st.query_params.get(param, "")
    is_number = text.isascii() and text.isdecimal() and len(text) < 16
    return max(1, int(text)) if is_number else default
