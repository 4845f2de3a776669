"""A colleague as a form: added, or changed; what is typed stays until it was saved."""

import streamlit as st

from core.access import limits
from core.actor import ContactRole
from core.contacts import own_service
from core.contacts.people import ContactRow
from core.contacts.rows import NewContact
from core.i18n import LANGUAGES
from portal_app import shell
from portal_app.deals.page import Page

ADDING, EDITING = "team.adding", "team.editing"
FIELDS = ("name", "email", "title", "role", "language")


def draw_adding(page: Page) -> None:
    """The form for somebody new; the invite goes out when it is sent."""
    with st.form("team.add", border=True):
        st.subheader(page.shown("add"), anchor=False)
        _fields(page, "new")
        st.caption(page.shown("add.help"))
        with st.container(horizontal=True):
            st.form_submit_button(page.say("add.press"), type="primary", on_click=_add, args=(page,))
            st.form_submit_button(page.say("cancel"), on_click=_leave, args=(ADDING,))


def draw_editing(page: Page, row: ContactRow) -> None:
    """The form for somebody who is there, in their place of the list."""
    with st.form(f"team.edit.{row.id}", border=False):
        _fields(page, str(row.id))
        st.caption(page.shown("edit.help"))
        with st.container(horizontal=True):
            st.form_submit_button(page.say("edit.press"), type="primary", on_click=_save, args=(page, row))
            st.form_submit_button(page.say("cancel"), on_click=_leave, args=(EDITING,))


def begin_adding(language: str) -> None:
    """Open the form for somebody new."""
    _fill("new", {"name": "", "email": "", "title": "", "role": ContactRole.SALESPERSON, "language": language})
    st.session_state.pop(EDITING, None)
    st.session_state[ADDING] = True


def begin_editing(row: ContactRow) -> None:
    """Open the form of a colleague, with what is known."""
    _fill(str(row.id), {name: getattr(row, name) for name in FIELDS} | {"version": row.version})
    st.session_state.pop(ADDING, None)
    st.session_state[EDITING] = str(row.id)


def is_editing(row: ContactRow) -> bool:
    """Whether this colleague's form is open."""
    return bool(st.session_state.get(EDITING) == str(row.id))


def _fields(page: Page, who: str) -> None:
    """What is asked of a person; every value stands in the session, so that a refusal loses nothing."""
    st.text_input(page.say("name"), key=_key(who, "name"), max_chars=200, autocomplete="off")
    with st.container(key=f"team-{who}-ltr"):
        st.text_input(page.say("email"), key=_key(who, "email"), max_chars=254, autocomplete="off")
    st.text_input(page.say("job"), key=_key(who, "title"), max_chars=200, autocomplete="off")
    st.selectbox(
        page.say("role"),
        list(ContactRole),
        format_func=lambda role: f"{page.word(f'role.{role}')}: {page.word(f'role.{role}.means')}",
        key=_key(who, "role"),
    )
    st.radio(
        page.say("language"),
        LANGUAGES,
        format_func=lambda language: page.say(f"language.{language}"),
        key=_key(who, "language"),
        horizontal=True,
    )


def _key(who: str, field: str) -> str:
    return f"team.{who}.{field}"


def _fill(who: str, values: dict[str, object]) -> None:
    for field, value in values.items():
        st.session_state[_key(who, field)] = value


def _typed(who: str) -> NewContact:
    return NewContact(**{field: st.session_state[_key(who, field)] for field in FIELDS})


def _add(page: Page) -> None:
    person = _typed("new")
    if not shell.counted(limits.invited_colleague):
        return
    done = page.say("added", email=person.email.strip())
    if shell.attempt(own_service.add_colleague, person=person, done=done) is not None:
        _leave(ADDING)


def _save(page: Page, row: ContactRow) -> None:
    who = str(row.id)
    seen = st.session_state[_key(who, "version")]
    saved = shell.attempt(
        own_service.change_colleague, row.id, person=_typed(who), version=seen, done=page.say("saved", name=row.name)
    )
    if saved is not None:
        _leave(EDITING)


def _leave(which: str) -> None:
    """Close a form."""
    st.session_state.pop(which, None)
