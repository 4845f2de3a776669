"""A proposal as a long, calm page that also prints; the partner's page and the admin's preview are this one drawing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

from core.proposals.content import LAYOUTS, SECTIONS, Item, Layout, Section, SectionKey, plain_markdown, plain_text

WORDS = (
    "proposal.prepared_for", "proposal.prepared_by", "proposal.book_meeting", "proposal.sign_nda",
    "proposal.after_nda", "proposal.open_now", "proposal.end",
    *(f"proposal.section.{key}" for key in SECTIONS),
)  # fmt: skip
_style = st.components.v2.component(
    "proposal_style", css=(Path(__file__).parent / "page.css").read_text("utf-8"), isolate_styles=False
)


@dataclass(frozen=True)
class _Page:
    lang: str
    partner: str
    company: str
    booking_url: str | None
    sign: Callable[[], None] | None
    nda_signed: bool
    words: Callable[[str], str]


def proposal(
    *,
    content: Mapping[SectionKey, Section],
    lang: str,
    partner: str,
    company: str,
    booking_url: str | None,
    words: Callable[[str], str],
    sign: Callable[[], None] | None = None,
    nda_signed: bool = False,
) -> None:
    """Draw the written sections, each in a container keyed `section-<key>`.

    `words` gives the page's own phrases by the keys in WORDS, in `lang`. The next step is the booking link, and signing
    the NDA until that is done: `sign` leads there.
    """
    _style(key="proposal-style")
    page = _Page(lang, partner, company, booking_url, sign, nda_signed, words)
    with st.container(key=f"proposal-{lang}", gap=None):
        for key in _written(content):
            with st.container(key=f"section-{key}", gap="small"):
                _DRAWINGS[LAYOUTS[key]](key, content[key], page)
        st.caption(plain_text(f"{words('proposal.end')} · {company} · {partner}"))


def rail(content: Mapping[SectionKey, Section], words: Callable[[str], str]) -> list[tuple[str, str]]:
    """(key, label) of the sections that `proposal` draws, in reading order."""
    return [(key.value, words(f"proposal.section.{key}")) for key in _written(content)]


def _written(content: Mapping[SectionKey, Section]) -> list[SectionKey]:
    return [key for key in SECTIONS if key is SectionKey.HERO or content[key] != Section()]


def _opening(key: str, section: Section, page: _Page) -> None:
    st.markdown(f"{plain_text(page.words('proposal.prepared_for'))}\n\n**{plain_text(page.partner)}**", anchors=False)
    st.title(plain_text(section.heading or page.company), anchor=False)
    _body(section)
    if section.items:
        _grid(key, [_figure(item) for item in section.items], columns=3)
    st.caption(plain_text(f"{page.words('proposal.prepared_by')} {page.company}"))


def _figures(key: str, section: Section, _page: _Page) -> None:
    _head(section)
    _grid(key, [_figure(item) for item in section.items], columns=3)


def _cards(key: str, section: Section, _page: _Page) -> None:
    _head(section)
    _grid(key, [_card(item) for item in section.items], columns=2, narrowest=260)


def _steps(key: str, section: Section, _page: _Page) -> None:
    _head(section)
    with st.container(key=f"items-{key}"):
        st.markdown("\n".join(map(_step, section.items)), anchors=False)


def _call(key: str, section: Section, page: _Page) -> None:
    _head(section)
    if page.booking_url:
        st.link_button(page.words("proposal.book_meeting"), page.booking_url, type="primary", icon=":material/event:")
    _offer_to_sign(key, page, first=not page.booking_url)


def _offer_to_sign(key: str, page: _Page, *, first: bool) -> None:
    kind: Literal["primary", "secondary"] = "primary" if first else "secondary"
    if page.sign is None or page.nda_signed:
        return
    if st.button(page.words("proposal.sign_nda"), key=f"sign-{key}", type=kind, icon=":material/draw:"):
        page.sign()


def _documents(key: str, section: Section, page: _Page) -> None:
    _head(section)
    _grid(key, [_document(item, page) for item in section.items], columns=1)
    if any(item.value == "nda" for item in section.items):
        _offer_to_sign(key, page, first=False)


_DRAWINGS: Mapping[Layout, Callable[[str, Section, _Page], None]] = {
    Layout.OPENING: _opening,
    Layout.FIGURES: _figures,
    Layout.CARDS: _cards,
    Layout.STEPS: _steps,
    Layout.CALL: _call,
    Layout.DOCUMENTS: _documents,
}


def _head(section: Section) -> None:
    if section.heading:
        st.header(plain_text(section.heading), anchor=False)
    _body(section)


def _body(section: Section) -> None:
    if section.body.strip():
        st.markdown(plain_markdown(section.body), anchors=False)


def _grid(key: str, cells: list[str], *, columns: int, narrowest: int = 150) -> None:
    with st.grid(columns, key=f"items-{key}", gap="medium", min_column_width=narrowest):
        for cell in cells:
            st.markdown(cell, anchors=False)


def _figure(item: Item) -> str:
    return _paragraphs(plain_text(item.title), _bold(item.value), plain_markdown(item.text))


def _card(item: Item) -> str:
    return _paragraphs(_title(item), plain_markdown(item.text))


def _step(item: Item) -> str:
    when = f"*{plain_text(item.value)}*" if item.value else ""
    text = _paragraphs(_bold(item.title), when, plain_markdown(item.text))
    return "1. " + text.replace("\n", "\n   ")


def _document(item: Item, page: _Page) -> str:
    locked = item.value == "nda" and not page.nda_signed
    icon, word = ("lock", "proposal.after_nda") if locked else ("check_circle", "proposal.open_now")
    return _paragraphs(_card(item), f":material/{icon}: {plain_text(page.words(word))}")


def _title(item: Item) -> str:
    return f"### {plain_text(item.title)}" if item.title else ""


def _bold(text: str) -> str:
    return f"**{plain_text(text)}**" if text else ""


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))
