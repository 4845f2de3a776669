"""Where something stands on its way: the steps behind it, the one it is at, those ahead."""

from collections.abc import Sequence

import streamlit as st


def stepper(*, steps: Sequence[str], at: int, aside: str = "") -> None:
    """Show the names of steps, the one at index ``at`` stressed. ``aside``: it was taken off the way, and how."""
    steps = [name.replace(" ", "\N{NO-BREAK SPACE}") for name in steps]
    parts = [f":green[✓]\N{NO-BREAK SPACE}{name}" for name in steps[:at]]
    here = f":gray-badge[{steps[at]}]" if aside else f":primary-badge[**{steps[at]}**]"
    parts += [here, *(f":gray[{name}]" for name in steps[at + 1 :])]
    way = " :gray[:material/chevron_right:] ".join(parts)
    st.markdown(f"{way} :orange-badge[:material/pause_circle: {aside}]" if aside else way)
