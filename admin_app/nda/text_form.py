"""Writing the NDA's text clause by clause: the list of clauses, and the open one in both languages."""

import streamlit as st

from admin_app.nda.text_desk import TITLE, TONGUES, Desk
from admin_app.widgets.plain import plain
from admin_app.widgets.sections import sections
from core.nda.texts import LANGUAGES, MOST_CLAUSES, Language

LIST, NEW = "nda_text.list", "nda_text.new"


def draw(desk: Desk) -> None:
    """The list beside the form of the open clause."""
    at_left, at_right = st.columns([1, 3], gap="medium")
    with at_left:
        _list(desk)
    with at_right:
        with st.container():
            for complaint in desk.complaints():
                st.error(plain(complaint), icon=":material/error:")
        _clause(desk)
        lacking(desk)


def _list(desk: Desk) -> None:
    st.session_state[LIST] = desk.chosen
    sections(
        names={row.key: name_of(desk, at) for at, row in enumerate(desk.rows)},
        written={lang.upper(): {row.key: row.share(lang) for row in desk.rows} for lang in LANGUAGES},
        key=LIST,
        on_change=_open,
        args=(desk,),
        label="Clauses",
    )
    if len(desk.rows) <= MOST_CLAUSES:
        with st.popover("Add a clause", icon=":material/add:"), st.form("nda_text.add", border=False):
            st.text_input("Heading in English", key=NEW, max_chars=200)
            st.form_submit_button("Add it after the open one", on_click=_add, args=(desk,))


def name_of(desk: Desk, at: int) -> str:
    """A row of the list: the title, or a clause with its number."""
    row = desk.rows[at]
    if row.key == TITLE:
        return "Title"
    return f"{at}. {plain(row.en_heading or row.ar_heading) or 'No heading yet'}"


def _clause(desk: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(name_of(desk, desk.at), anchor=False, width="content")
        if desk.chosen != TITLE:
            _placing(desk)
    with st.grid(2, min_column_width=300, gap="medium"):
        for language in LANGUAGES:
            with st.container(key="editor-arabic" if language == "ar" else "editor-english"):
                _words(desk, language)
    if desk.chosen != TITLE:
        st.caption(
            "Plain text; an empty line begins a paragraph. \\{company\\} and \\{partner\\} stand for the two parties."
        )


def _placing(desk: Desk) -> None:
    at, last = desk.at, len(desk.rows) - 1
    with st.container(horizontal=True, width="content", gap="xsmall"):
        st.button("Up", icon=":material/arrow_upward:", on_click=desk.move, args=(-1,), disabled=at <= 1)
        st.button("Down", icon=":material/arrow_downward:", on_click=desk.move, args=(1,), disabled=at >= last)
        st.button(
            "Remove",
            icon=":material/delete:",
            on_click=_remove,
            args=(desk,),
            help="From this draft only; versions that were published keep it.",
        )


def _words(desk: Desk, language: Language) -> None:
    row, tongue = desk.rows[desk.at], TONGUES[language]
    heading, body = desk.key(f"{language}_heading"), desk.key(f"{language}_body")
    st.session_state.setdefault(heading, getattr(row, f"{language}_heading"))
    if desk.chosen == TITLE:
        st.text_input(f"Title, {tongue}", key=heading, max_chars=200)
        return
    st.session_state.setdefault(body, getattr(row, f"{language}_body"))
    st.text_input(f"Heading, {tongue}", key=heading, max_chars=200)
    st.text_area(f"Text, {tongue}", key=body, height=320, max_chars=10_000)


def lacking(desk: Desk) -> None:
    """What cannot be published yet, because it lacks its twin."""
    found = desk.lacking()
    if not found:
        st.caption(":green[:material/check_circle:] Every clause is written in both languages.")
        return
    st.warning(
        f"Before it can be published, {len(found)} {'part needs its' if len(found) == 1 else 'parts need their'} twin: "
        + "; ".join(plain(one) for one in found),
        icon=":material/translate:",
    )


def _open(desk: Desk) -> None:
    desk.read_form()
    desk.chosen = st.session_state[LIST]


def _add(desk: Desk) -> None:
    desk.read_form()
    desk.add(" ".join(st.session_state[NEW].split()))
    st.session_state[NEW] = ""


def _remove(desk: Desk) -> None:
    desk.read_form()
    desk.remove()
