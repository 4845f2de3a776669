"""The pages of the navigation, built once a process: ``st.Page`` resolves the path of its file each time."""

from copy import copy
from functools import lru_cache
from typing import Literal

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from core.i18n import t

Visibility = Literal["visible", "hidden"]


def page(name: str, *, icon: str | None = None, visibility: Visibility = "visible") -> StreamlitPage:
    """A page by the name of its file; a copy, because ``st.navigation`` writes on the pages it is given."""
    return copy(_built(name, icon, visibility))


@lru_cache(maxsize=100)
def _built(name: str, icon: str | None, visibility: Visibility) -> StreamlitPage:
    return st.Page(f"views/{name}.py", title=t(f"page.{name}"), icon=icon, url_path=name, visibility=visibility)
