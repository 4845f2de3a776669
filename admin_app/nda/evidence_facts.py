"""The evidence of one NDA: facts under headings, what was agreed to, and how long each clause was on screen."""

from collections.abc import Mapping

import streamlit as st

from admin_app.widgets.plain import plain
from core import format as say
from core.i18n import t
from core.nda.evidence import Evidence, PaperEvidence
from core.nda.facts import Fact, Section, paper_sections, sections


def draw(evidence: Evidence | PaperEvidence) -> None:
    """Every fact there is."""
    found = sections(evidence) if isinstance(evidence, Evidence) else paper_sections(evidence)
    with st.grid(2, min_column_width=260, gap="medium"):
        for section in found:
            _section(section)
        if isinstance(evidence, Evidence):
            _reading(evidence.reading.clause_ms)
    if isinstance(evidence, Evidence):
        _consent(evidence)


def _section(section: Section) -> None:
    with st.container(gap="xsmall"):
        st.markdown(f"**{t(f'nda.facts.{section.key}')}**")
        st.markdown("\n\n".join(told(fact) for fact in section.facts))


def told(fact: Fact) -> str:
    """A fact as markdown: its label, small, and its value below, line by line."""
    lines = fact.value.split("\n")
    values = [f"`{one.replace('`', ' ')}`" if fact.is_code else plain(one) for one in lines]
    return f":small[:gray[{t(f'nda.fact.{fact.key}')}]]  \n" + "  \n".join(values)


def _reading(clause_ms: Mapping[str, int]) -> None:
    with st.container(gap="xsmall"):
        st.markdown(f"**{t('nda.pdf.reading')}**")
        if not clause_ms:
            st.caption("The browser told of no clause.")
            return
        st.dataframe(
            {
                "Clause": [key.replace("_", " ").capitalize() for key in clause_ms],
                "On screen": [say.duration(spent) for spent in clause_ms.values()],
            },
            hide_index=True,
            height="content",
            alt="How long each clause was on screen",
        )


def _consent(evidence: Evidence) -> None:
    words = evidence.consent.words
    st.markdown(f"**{t('nda.pdf.consent')}**")
    st.markdown(f"“{plain(words.ar if evidence.language == 'ar' else words.en)}”")
