"""Views of a list that one keeps under a name; a small menu beside the filters."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import streamlit as st

from admin_app import shell
from core.deals import queue_views


def draw(page: str, params: dict[str, str]) -> None:
    """The menu. It asks the database only while it is open."""
    menu = st.popover("Views", icon=":material/bookmarks:", key=f"{page}.views", on_change="rerun")
    if not menu.open:
        return
    with menu:
        for one in shell.read(queue_views.views, page=page):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(one.name, key=f"{page}.view.{one.id}", type="tertiary", on_click=_show, args=(one.query,))
                st.button(
                    "", key=f"{page}.drop.{one.id}", type="tertiary", icon=":material/delete:",
                    help=f"Remove the view {one.name}", on_click=_drop, args=(one.id,),
                )  # fmt: skip
        st.text_input(
            "Keep these filters as", key=f"{page}.view_name", max_chars=queue_views.MOST_NAME, placeholder="Large ones"
        )
        st.button("Keep", key=f"{page}.keep", on_click=_keep, args=(page, params))


def _show(query: str) -> None:
    st.query_params.clear()
    st.query_params.update(dict(parse_qsl(query)))


def _keep(page: str, params: dict[str, str]) -> None:
    name = st.session_state[f"{page}.view_name"]
    if shell.act(queue_views.keep, page=page, name=name, query=urlencode(params), done=f"Kept as {name.strip()}"):
        st.session_state[f"{page}.view_name"] = ""


def _drop(view_id: UUID) -> None:
    shell.act(queue_views.drop, view_id, done="The view is gone")
