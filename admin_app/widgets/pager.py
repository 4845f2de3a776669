"""Which part of a long list this is, out of how many, and the way to the others."""

import streamlit as st

from admin_app.widgets.filters import turn
from core import format as shown


def pager(
    *,
    page: int,
    pages: int,
    size: int,
    total: int,
    noun: str,
    key: str,
    hint: str = "tick a row to open it",
    is_more: bool = False,
    param: str = "page",
) -> None:
    """Say "51–100 of 1,204 mails" and offer the other pages; the page stands in the address as ``?page=``.

    ``param``: its name there, where a page has a second list. ``noun``: what the rows are, in the plural. ``is_more``:
    there are more than ``total``, and at least one page more.
    """
    if is_more:
        pages = max(pages, page + 1)
        told = f"{extent(page=page, size=size, total=max(total, page * size + 1), noun=noun)} · {hint}"
        told = told.replace(" of ", " of more than ", 1)
    else:
        told = f"{extent(page=page, size=size, total=total, noun=noun)} · {hint}"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(told, width="content")
        if pages > 1:
            _choice(page, pages, key=f"{key}.{total}", param=param)


def _choice(page: int, pages: int, *, key: str, param: str) -> None:
    """The pages to choose from. A choice of another list of pages, by its ``key``, has no say in this one."""
    if st.session_state.get(key, page) != page:
        st.session_state[key] = page
    st.pagination(pages, default=page, max_visible_pages=5, key=key, on_change=turn, args=(param, key))


def extent(*, page: int, size: int, total: int, noun: str) -> str:
    """Which rows of how many a page shows, in words."""
    if total <= size:
        return f"{shown.number(total)} {noun if total != 1 else noun.removesuffix('s')}"
    first, last = (page - 1) * size + 1, min(page * size, total)
    return f"{shown.number(first)}–{shown.number(last)} of {shown.number(total)} {noun}"
