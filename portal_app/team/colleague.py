"""One colleague in the list: who, in which role, how far they have come, and what may be done about them."""

from functools import partial

import streamlit as st

from core import format as say
from core.access import limits
from core.contacts import own_service
from core.contacts.desk import Desk
from core.contacts.people import ContactRow, ContactState
from core.proposals.content import plain_text
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.desk import company_name
from portal_app.team import form

COLOURS = {
    ContactState.ACTIVE: "green",
    ContactState.INVITED: "blue",
    ContactState.INVITE_EXPIRED: "orange",
    ContactState.DISABLED: "gray",
}
ASKED = "team.disabling"


def draw(page: Page, row: ContactRow, *, here: Desk) -> None:
    """The line; under it the form or the question that was opened."""
    is_me = row.id == page.by.id
    with st.container(border=True, gap="xsmall", key=f"team-{row.id}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"team-head-{row.id}"):
            st.markdown(_heading(page, row, here.time_zone, is_me=is_me), width="stretch")
            if page.by.viewer is None and row.state is not ContactState.DISABLED:
                _menu(page, row)
        st.text(row.email)
        if facts := _facts(page, row, here.time_zone):
            st.text(facts)
        if form.is_editing(row):
            form.draw_editing(page, row)
        if st.session_state.get(ASKED) == str(row.id):
            _ask(page, row, here, is_me=is_me)


def _heading(page: Page, row: ContactRow, zone: str, *, is_me: bool) -> str:
    mine = f" ({page.shown('you')})" if is_me else ""
    state = f":{COLOURS[row.state]}-badge[{_state(page, row, zone)}]"
    return f"**{plain_text(row.name)}**{mine} · {page.word(f'role.{row.role}')} {state}"


def _facts(page: Page, row: ContactRow, zone: str) -> str:
    seen = say.day(row.last_used_at, zone=zone, language=page.language, year=True) if row.last_used_at else ""
    return page.joined(row.title, page.say("seen", day=seen) if seen else "")


def _state(page: Page, row: ContactRow, zone: str) -> str:
    if row.state is ContactState.INVITED and row.invite_until:
        return page.shown("state.invited", day=say.day(row.invite_until, zone=zone, language=page.language))
    return page.shown(f"state.{row.state}")


def _menu(page: Page, row: ContactRow) -> None:
    doing = {"edit": partial(form.begin_editing, row), "disable": partial(_begin_disabling, row)}
    if row.state is not ContactState.ACTIVE:
        doing = {"resend": partial(_resend, page, row)} | doing
    key = f"team.menu.{row.id}"
    st.menu_button(
        page.say("more"),
        list(doing),
        key=key,
        format_func=page.say,
        type="tertiary",
        icon=":material/more_horiz:",
        on_click=lambda: doing[st.session_state[key]](),
    )


def _resend(page: Page, row: ContactRow) -> None:
    if shell.counted(limits.invited_colleague):
        shell.attempt(own_service.resend_invite, row.id, done=page.say("resent", email=row.email))


def _begin_disabling(row: ContactRow) -> None:
    st.session_state.pop(form.EDITING, None)
    st.session_state[ASKED] = str(row.id)


def _ask(page: Page, row: ContactRow, here: Desk, *, is_me: bool) -> None:
    """What will happen, before it does."""
    company = company_name(here, page.language)
    with st.container(key=f"team-ask-{row.id}"):
        text = page.shown("disable.self" if is_me else "disable.text", name=row.name, company=company)
        st.warning(text, icon=":material/person_off:")
        with st.container(horizontal=True):
            st.button(page.say("disable.press"), key=f"team.disable.{row.id}", on_click=_disable, args=(page, row))
            st.button(page.say("keep"), key=f"team.keep.{row.id}", on_click=_keep, type="tertiary")


def _disable(page: Page, row: ContactRow) -> None:
    shell.attempt(own_service.disable_colleague, row.id, done=page.say("disabled", name=row.name))
    _keep()


def _keep() -> None:
    st.session_state.pop(ASKED, None)
