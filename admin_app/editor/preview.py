"""The proposal as the partner sees it."""

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.companies.queries import CompanyRow
from core.i18n import t
from core.proposals.content import Content, Language, Section, SectionKey
from core.proposals.queries import Workbench
from proposal_view.draw import proposal

PHONE, DESKTOP = "Phone", "Desktop"
WIDTH = "editor.preview.width"


@dataclass(frozen=True)
class Subject:
    """Whose proposal by whom."""

    bench: Workbench
    company: CompanyRow


def width_switch() -> str:
    """Whether it is looked at as on a phone or on a desktop."""
    chosen = st.segmented_control(
        "Width",
        [DESKTOP, PHONE],
        key=WIDTH,
        required=True,
        default=None if WIDTH in st.session_state else DESKTOP,
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen or DESKTOP


def preview(
    content: Content, subject: Subject, *, lang: Language, width: str, only: SectionKey | None = None, height: int = 720
) -> None:
    """Draw a proposal, or one section of it, at a width."""
    shown = content.read_in(lang)
    if only is not None:
        shown = {key: section if key == only else Section() for key, section in shown.items()}
    part = only is not None and only is not SectionKey.HERO
    with st.container(height=height, border=True, horizontal_alignment="center"):
        with st.container(
            key="editor-preview-part" if part else "editor-preview", width=360 if width == PHONE else "stretch"
        ):
            if part and shown[only or SectionKey.HERO] == Section():
                st.caption("Nothing of this section is written yet; the partner does not see it.")
            _draw(shown, subject, lang)


def _draw(shown: dict[SectionKey, Section], subject: Subject, lang: Language) -> None:
    bench, company = subject.bench, subject.company
    proposal(
        content=shown,
        lang=lang,
        partner=bench.partner_ar if lang == "ar" and bench.partner_ar else bench.partner,
        company=company.name_ar if lang == "ar" and company.name_ar else company.name,
        booking_url=company.booking_url or None,
        words=partial(t, language=lang),
    )
