"""The proposal, as a partner reads it."""

import streamlit as st

from core.engagement.reading import resume
from core.i18n import t
from core.proposals import queries
from portal_app import shell
from portal_app.widgets.section_tracker import section_tracker
from proposal_view.draw import proposal, rail

reading = shell.read(queries.reading)
language = shell.language_chosen(reading.language)


def words(key: str) -> str:
    """A phrase of the page, in its language."""
    return t(key, language)


def sign() -> None:
    """Go on to the NDA."""
    st.switch_page("views/nda.py", query_params={"lang": language})


content = reading.content.read_in(language)


if "proposal.visit" not in st.session_state:
    st.session_state["proposal.visit"] = shell.act(resume, language=language)
opened = st.session_state["proposal.visit"]

section_tracker(visit=opened.visit, sections=rail(content, words), measured=opened.measured, lang=language)

proposal(
    content=content,
    lang=language,
    partner=reading.partner_ar if language == "ar" and reading.partner_ar else reading.partner,
    company=reading.company_ar if language == "ar" and reading.company_ar else reading.company,
    booking_url=reading.booking_url or None,
    words=words,
    sign=sign,
    nda_signed=reading.nda_is_settled,
)
