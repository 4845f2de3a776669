"""The reseller agreement: asked for while none is in force, else how it stands."""

import streamlit as st

from core import format as say
from core.actor import Act
from core.nda.agreement_queries import Standing
from core.proposals.content import plain_text
from portal_app.deals.page import Page


def is_asked(page: Page, agreement: Standing | None) -> bool:
    """Whether whoever looks is asked to sign: it may, and nothing is in force, or ends soon."""
    return page.may(Act.SIGN_AGREEMENT) and (agreement is None or agreement.wants_signature)


def draw(page: Page, agreement: Standing | None, *, zone: str) -> None:
    """One calm card that leads to signing."""
    with st.container(
        border=True,
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        key="home-agreement",
    ):
        with st.container(width=500, gap="xsmall"):
            st.markdown(f"**{plain_text(page.word('agreement.card.title'))}**")
            st.caption(plain_text(_why(page, agreement, zone)))
        press = page.word("agreement.card.press")
        st.link_button(press, page.address("agreement"), icon=":material/draw:", width="content")


def _why(page: Page, agreement: Standing | None, zone: str) -> str:
    if agreement is None:
        return page.word("agreement.card.text")
    until = say.day(agreement.expires_at, zone=zone, language=page.language, year=True)
    key = "agreement.card.renew" if agreement.is_in_force else "agreement.card.ended"
    return page.word(key, reference=agreement.reference, until=until)


def state(page: Page, agreement: Standing | None, zone: str) -> str:
    """How it stands, in a few words."""
    if agreement is None:
        return page.word("agreement.state.none")
    at = agreement.signed_at if agreement.is_in_force else agreement.expires_at
    day = say.day(at, zone=zone, language=page.language, year=True)
    return page.word("agreement.state.signed" if agreement.is_in_force else "agreement.state.expired", day=day)
