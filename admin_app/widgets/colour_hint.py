"""How well an accent colour can be read, in words."""

import streamlit as st

GOOD, ENOUGH_FOR_LARGE = 4.5, 3.0
"""Contrast ratios that WCAG 2 asks of text and of large text."""


def colour_hint(*, on_white: float, of_label: float, label: str) -> None:
    """Say what a colour is good for. ``label``: "white" or "black", the words we put on it; the rest are contrasts."""
    if on_white >= GOOD:
        st.caption(
            f":green[:material/check:] Good: {label} on it {of_label:.1f} : 1, as text on white {on_white:.1f} : 1"
        )
    elif on_white >= ENOUGH_FOR_LARGE:
        st.caption(
            f":orange[:material/info:] Light: buttons are fine ({label} on it), links in mails are drawn in black."
        )
    else:
        st.caption(
            f":orange[:material/warning:] Very light: it hardly shows on white ({on_white:.1f} : 1). Take a darker one."
        )
