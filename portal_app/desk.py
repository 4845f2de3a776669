"""What stands around every page of a contact: who they are, where they may go, what the device still lacks."""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from core.actor import Actor
from core.contacts.desk import Desk
from core.i18n import is_rtl, t
from core.proposals.content import Language, plain_text
from portal_app import pages, shell, unlocking
from portal_app.pages import Page
from portal_app.widgets.masthead import masthead, viewing


def draw(page: Page, *, run: Callable[[], None], offered: Sequence[StreamlitPage], home: StreamlitPage) -> None:
    """The page inside its frame; or kindly, why it stays closed to this role."""
    reader, here = shell.actor(), shell.desk()
    language = shell.language_chosen(reader.language)
    with st.container(key="desk"):
        if reader.viewer is not None:
            viewing(
                text=said("viewing", language, name=here.person, role=_role(here, language)),
                end=_word("viewing.end", language),
            )
        masthead(
            partner=partner_name(here, language),
            person=here.person,
            role=_role(here, language),
            pages=offered,
            language=language,
            words=lambda key: t(key, language),
            switch_language=shell.switch_language,
        )
        shell.say_what_happened()
        if not pages.is_open(page, reader):
            _refuse(page, here, reader, language, home)
            return
        with st.container():
            if page.has_secrets and here.asks_for_device:
                unlocking.draw(here, language)
        run()


def refuse_visitor(language: Language) -> None:
    """That a page is for resellers' people, to a reader of a proposal or somebody in a room."""
    st.info(_word("closed.reseller", language), icon=":material/storefront:")


def partner_name(here: Desk, language: str) -> str:
    """The reseller's name in the page's language."""
    return here.partner_ar if language == "ar" and here.partner_ar else here.partner


def company_name(here: Desk, language: str) -> str:
    """The name of the company that runs the portal, in the page's language."""
    return here.company_ar if language == "ar" and here.company_ar else here.company


def said(key: str, language: str, /, **values: object) -> str:
    """A phrase around the page, ``portal.<key>``, for where markdown is read: names stay as they were typed."""
    if is_rtl(language):
        values = {name: f"\u2068{value}\u2069" for name, value in values.items()}
    return plain_text(t(f"portal.{key}", language, **values))


def _refuse(page: Page, here: Desk, reader: Actor, language: Language, home: StreamlitPage) -> None:
    key = "closed.role" if page.for_contacts else "closed.link"
    role, partner = _role(here, language), partner_name(here, language)
    facts = {"role": role, "partner": partner} if page.for_contacts else {"role": role}
    st.info(said(key, language, **facts), icon=":material/lock:")
    st.page_link(home, label=_word("closed.home", language), query_params={"lang": language})


def _role(here: Desk, language: str) -> str:
    return t(f"role.{here.role}", language)


def _word(key: str, language: str) -> str:
    return t(f"portal.{key}", language)
