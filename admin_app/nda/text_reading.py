"""Looking at the NDA's text: a version in both languages, two versions compared, and as a partner sees it."""

from collections.abc import Callable, Sequence

import streamlit as st

from admin_app.nda.text_desk import TONGUES
from admin_app.widgets.compare import difference, legend
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.plain import plain
from core.i18n import t
from core.nda.evidence import Party
from core.nda.texts import LANGUAGES, Agreement, Change, Clause, ClauseChange, Language, compare, filled
from proposal_view.agreement import WORDS, Read, Shown
from proposal_view.agreement import agreement as drawn

CHANGES = {Change.ADDED: "added", Change.REMOVED: "removed", Change.CHANGED: "changed", Change.MOVED: "moved"}


def both(agreement: Agreement) -> None:
    """A version, clause by clause, English beside Arabic."""
    _pair("title", lambda language: f"**{plain(agreement.title_in(language)) or '–'}**")
    for number, clause in enumerate(agreement.clauses, 1):
        _pair(clause.key, lambda language, n=number, one=clause: _said(one, language, n))  # type: ignore[misc]


def _pair(key: str, said: Callable[[Language], str]) -> None:
    with st.grid(2, min_column_width=300, gap="medium"):
        for language in LANGUAGES:
            with st.container(key=f"editor-compare-{language}-{key}"):
                st.markdown(said(language))


def _said(clause: Clause, language: Language, number: int) -> str:
    words = clause.read_in(language)
    paragraphs = [plain(one) for one in words.body.split("\n\n")]
    return "\n\n".join([f"**{number}. {plain(words.heading) or '–'}**", *paragraphs])


def compared(old: Agreement, new: Agreement) -> None:
    """What a version says otherwise than another."""
    found = compare(old, new)
    titles = [language for language in LANGUAGES if old.title_in(language) != new.title_in(language)]
    if not found and not titles:
        empty_state("Both say the same, word by word.", icon=":material/done_all:")
        return
    legend()
    for language in titles:
        _difference(f"Title · {TONGUES[language]}", language, old.title_in(language), new.title_in(language), "title")
    for change in found:
        _change(change)


def name_of(change: ClauseChange) -> str:
    """A changed clause in a few words: "Purpose (changed)"."""
    clause = change.new or change.old
    heading = (clause.en.heading or clause.ar.heading or clause.key) if clause else change.key
    return f"{heading} ({CHANGES[change.change]})"


def _change(change: ClauseChange) -> None:
    if change.change is Change.MOVED:
        with st.container(border=True):
            st.markdown(f"**{plain(name_of(change))}** · the same words in another place")
        return
    for language in LANGUAGES:
        old, new = (_text(one, language) for one in (change.old, change.new))
        if old != new:
            _difference(f"{name_of(change)} · {TONGUES[language]}", language, old, new, change.key)


def _text(clause: Clause | None, language: Language) -> str:
    words = clause.read_in(language) if clause else None
    return f"{words.heading}\n{words.body}" if words else ""


def _difference(title: str, language: Language, old: str, new: str, key: str) -> None:
    found = difference(old, new)
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{plain(title)}** · {found.summary}")
        with st.container(key=f"editor-compare-{language}-{key}"):
            st.markdown(found.marked or "Only line breaks or spaces changed.")


def preview(agreement: Agreement, *, company: Party, partner: Party, before: Agreement | None) -> None:
    """As a partner reads it; what differs from the version ``before`` is marked, as for who read that one."""
    text = filled(agreement, company=company, partner=partner)
    changed = {one.key for one in compare(before, agreement)} if before else set()
    with st.container(height=640, border=True):
        drawn(
            clauses=_shown(text, changed),
            version=f"preview:{hash(text)}",
            lead="en",
            words={word: t(f"nda.read.{word}") for word in WORDS},
            on_read=_read,
            key="nda_text.preview",
        )


def _shown(text: Agreement, changed: set[str]) -> Sequence[Shown]:
    return [
        Shown(
            clause.key, f"{number}. {clause.en.heading}", clause.en.body, f"{number}. {clause.ar.heading}",
            clause.ar.body, clause.key in changed,
        )
        for number, clause in enumerate(text.clauses, 1)
    ]  # fmt: skip


def _read(_read: Read) -> None:
    st.toast("Here the partner goes on to the signature.", icon=":material/draw:")
