"""The page's language and reading direction, told to the browser, where links within the portal stay in their tab."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_direction = st.components.v2.component(
    "direction",
    css=(_HERE / "direction.css").read_text("utf-8"),
    js=(_HERE / "direction.js").read_text("utf-8"),
    isolate_styles=False,
)


def direction(*, lang: str, rtl: bool, key: str = "direction") -> None:
    """Set the whole document's `lang` and `dir`; Streamlit's layout mirrors itself, the rest is in direction.css."""
    _direction(key=key, data={"lang": lang, "dir": "rtl" if rtl else "ltr"})
