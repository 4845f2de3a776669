"""The form of one section: heading, text and items, a language beside the other."""

import streamlit as st

from admin_app.editor.desk import TONGUES, Desk, next_number
from admin_app.widgets.items_table import items_table
from core.proposals.content import LANGUAGES, LAYOUTS, Language, Layout, word_count

HINTS = {
    Layout.OPENING: "Up to three facts, shown under the partner's name.",
    Layout.FIGURES: "Figures, shown large with their label and a note.",
    Layout.CARDS: "Cards, two in a row.",
    Layout.STEPS: "Steps, in this order.",
    Layout.CALL: "The button leads to your company's booking link; without one, to the NDA.",
    Layout.DOCUMENTS: "Documents, and when each of them opens.",
}
MARKDOWN = "**bold**, *italic*, - list, 1. numbered list, [text](https://…)"


def form(desk: Desk, *, languages: tuple[Language, ...] = LANGUAGES) -> None:
    """Draw the inputs of the section on the desk."""
    layout = LAYOUTS[desk.section]
    with st.grid(len(languages), min_column_width=300, gap="medium"):
        for lang in languages:
            with st.container(key="editor-arabic" if lang == "ar" else "editor-english"):
                _prose(desk, lang)
    st.caption(HINTS[layout])
    if layout is not Layout.CALL:
        with st.grid(len(languages), min_column_width=480, gap="medium"):
            for lang in languages:
                with st.container(gap="xsmall"):
                    _items(desk, lang, layout)


def _prose(desk: Desk, lang: Language) -> None:
    text, tongue = desk.text[lang], TONGUES[lang]
    _fill(desk.key(lang, "heading"), text.heading)
    _fill(desk.key(lang, "body"), text.body)
    st.text_input(f"Heading, {tongue}", key=desk.key(lang, "heading"))
    st.text_area(f"Text, {tongue}", key=desk.key(lang, "body"), height=190, help=f"Markdown: {MARKDOWN}")
    st.caption(_count(desk, lang))


def _fill(key: str, value: str) -> None:
    """Give an input its text when it is drawn anew."""
    if key not in st.session_state:
        st.session_state[key] = value


def _count(desk: Desk, lang: Language) -> str:
    words = word_count(desk.best().read_in(lang)[desk.section])
    return f"{words:,} word{'s' * (words != 1)}" if words else "Nothing written yet"


def _items(desk: Desk, lang: Language, layout: Layout) -> None:
    # A table that was out of sight has forgotten its edits: it begins anew, from the rows as they were left.
    if lang not in desk.tables or desk.tables[lang][0] not in st.session_state:
        desk.tables[lang] = (f"editor.table.{next_number()}", desk.text[lang].items)
    key, rows = desk.tables[lang]
    st.markdown(f"**{TONGUES[lang]}**")
    items_table(rows=rows, layout=layout, label=f"Items, {TONGUES[lang]}", key=key)
