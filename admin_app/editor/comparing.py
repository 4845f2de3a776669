"""What the draft says otherwise than the published version, section by section."""

from collections.abc import Iterator

import streamlit as st

from admin_app.editor.desk import TONGUES
from admin_app.widgets.compare import Difference, difference, legend
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.items_table import OPENS
from core.i18n import t
from core.proposals.content import LANGUAGES, LAYOUTS, SECTIONS, Content, Language, Layout, Section, SectionKey


def said(section: Section, key: SectionKey) -> str:
    """A section as lines of text."""
    values = OPENS if LAYOUTS[key] is Layout.DOCUMENTS else {}
    items = (" — ".join(filter(None, (one.title, values.get(one.value, one.value), one.text))) for one in section.items)
    return "\n".join(filter(None, (section.heading, section.body.strip(), *items)))


def changed(old: Content, new: Content) -> Iterator[tuple[SectionKey, Language, Difference]]:
    """The sections that differ, in reading order, per language."""
    for key in SECTIONS:
        for lang in LANGUAGES:
            was, is_now = old.read_in(lang)[key], new.read_in(lang)[key]
            if was != is_now:
                yield key, lang, difference(said(was, key), said(is_now, key))


def named(old: Content, new: Content) -> str:
    """The changed sections in one line: "Terms (English, Arabic), Why us (English)"."""
    found: dict[SectionKey, list[str]] = {}
    for key, lang, _ in changed(old, new):
        found.setdefault(key, []).append(TONGUES[lang])
    return ", ".join(f"{t(f'section.{key}', 'en')} ({', '.join(tongues)})" for key, tongues in found.items())


def compare(old: Content, new: Content, *, nothing: str) -> None:
    """Draw the differences; ``nothing``: what to say when there are none."""
    found = list(changed(old, new))
    if not found:
        empty_state(nothing, icon=":material/done_all:")
        return
    legend()
    for key, lang, change in found:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{t(f'section.{key}', 'en')}** · {TONGUES[lang]} · {change.summary}")
            with st.container(key=f"editor-compare-{lang}-{key}"):
                st.markdown(change.marked or "Only line breaks or spaces changed.")
