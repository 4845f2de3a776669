"""The parts of a text as a list to choose from, each with how much of it is written in which language."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st


def sections(
    *,
    names: Mapping[Any, str],
    written: Mapping[str, Mapping[Any, float]],
    key: str,
    on_change: Callable[..., None],
    args: tuple[Any, ...] = (),
    label: str = "Sections",
) -> None:
    """``names``: section → its name; ``written``: language → section → share written, 0.0 to 1.0."""
    with st.container(key="editor-list"):
        st.radio(
            label,
            list(names),
            format_func=lambda section: names[section],
            captions=[
                " · ".join(_share(lang, shares[section]) for lang, shares in written.items()) for section in names
            ],
            key=key,
            on_change=on_change,
            args=args,
        )


def _share(lang: str, share: float) -> str:
    """How far one language is: a tick, a percentage or "empty"."""
    if share >= 1:
        return f"{lang} :green[:material/check_circle:]"
    return f"{lang} {share:.0%}" if share else f"{lang} empty"
