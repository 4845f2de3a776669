"""A colleague in a dialog: what their role is and may be, their sessions, and shutting them out or letting them in."""

import streamlit as st

from admin_app import shell
from admin_app.widgets.picker import close
from admin_app.widgets.plain import plain
from core import format as shown
from core.actor import Act, Actor, Role, allowed
from core.clock import now
from core.companies import service
from core.companies.queries import Member
from core.i18n import t

TABLE = "team.people"
GIVEN = (Role.ADMIN, Role.REVIEWER, Role.ANALYST, Role.MEMBER)
"""The roles a company gives out itself."""
LANGUAGES = {"en": "English", "ar": "العربية"}
_ADDING, _SURE = "team.adding", "team.sure"


def begin_adding() -> None:
    """Open the form for a new colleague; from a callback."""
    close("person", key=TABLE)
    st.session_state[_ADDING] = True


def is_adding() -> bool:
    """Whether the form for a new colleague is open."""
    return bool(st.session_state.get(_ADDING))


def draw_adding() -> None:
    """The form for a new colleague."""
    st.dialog("Add a colleague", icon=":material/person_add:", on_dismiss=_end_adding)(_adding)()


def _adding() -> None:
    if not is_adding():
        st.rerun()
    shell.say_refusal()
    with st.form("team.add", border=False):
        st.text_input("Name", key="team.name", max_chars=200, placeholder="Salma Al Kindi")
        st.text_input("E-mail address", key="team.email", max_chars=254, placeholder="salma@company.om")
        _choose_role("team.role")
        st.radio(
            "Language of their mails", list(LANGUAGES), key="team.language", format_func=_language, horizontal=True
        )
        st.caption("They are mailed at once how to sign in. There is no password.")
        st.form_submit_button("Add and send the mail", type="primary", on_click=_add)


def _language(code: str) -> str:
    return LANGUAGES[code]


def _choose_role(key: str) -> None:
    captions = [t(f"role.{role}.means") for role in GIVEN]
    st.radio("Role", GIVEN, key=key, index=2, format_func=_role, captions=captions)


def _role(role: Role) -> str:
    return t(f"role.{role}")


def _add() -> None:
    name, email = st.session_state["team.name"], st.session_state["team.email"]
    role, language = Role(st.session_state["team.role"]), st.session_state["team.language"]
    done = "Added; the mail is on its way."
    if shell.act(service.add_staff, name=name, email=email, role=role, language=language, done=done) is not None:
        _end_adding()


def _end_adding() -> None:
    st.session_state.pop(_ADDING, None)


def draw(person: Member, *, actor: Actor, zone: str) -> None:
    """The dialog of a colleague; ``actor``: who looks at it."""
    st.dialog(plain(person.name), icon=":material/person:", on_dismiss=_close)(_colleague)(person, actor, zone)


def _colleague(person: Member, actor: Actor, zone: str) -> None:
    if st.query_params.get("person") != str(person.id):
        st.rerun()
    shell.say_refusal()
    st.markdown(f"{plain(person.email)} · **{t(f'role.{person.role}')}** · {_sessions(person)}")
    seen = f"last seen {shown.ago(person.seen_at, now())}" if person.seen_at else "has never signed in"
    st.caption(f"Added {shown.day(person.added_at, zone=zone, year=True)}, {seen}")
    if not allowed(actor, Act.MANAGE_TEAM):
        st.caption(t(f"role.{person.role}.means"))
    elif person.disabled_at:
        _disabled(person, zone)
    else:
        _enabled(person, is_me=person.id == actor.id)


def _disabled(person: Member, zone: str) -> None:
    since = shown.day(person.disabled_at, zone=zone, year=True) if person.disabled_at else ""
    st.info(f"Disabled since {since}. Nothing of what they did is lost.", icon=":material/person_off:")
    st.button(
        "Enable again", type="primary", on_click=_enable, args=(person,), help="They sign in anew by a mailed link."
    )


def _enabled(person: Member, *, is_me: bool) -> None:
    with st.form("team.role_form", border=False):
        key = f"team.role_of.{person.id}"
        if person.role in GIVEN:
            st.session_state.setdefault(key, person.role)
        _choose_role(key)
        st.form_submit_button("Change the role", on_click=_change_role, args=(person, key))
    st.divider()
    if st.session_state.get(_SURE) == person.id:
        _confirm(person, is_me=is_me)
        return
    with st.container(horizontal=True):
        label, tip = f"Sign out everywhere ({person.sessions})", "Their next click asks them to sign in again."
        st.button(label, on_click=_end_sessions, args=(person,), disabled=not person.sessions, help=tip)
        st.button("Disable…", on_click=_ask, args=(person,), icon=":material/person_off:")


def _confirm(person: Member, *, is_me: bool) -> None:
    who = "You are" if is_me else f"{plain(person.name)} is"
    ended = f"{_sessions(person)}: they end at the next click." if person.sessions else "They are not signed in now."
    st.warning(
        f"{who} shut out of the admin app until an admin enables the account again. {ended} "
        "What was done stays in the record, and partners keep their owner.",
        icon=":material/warning:",
    )
    with st.container(horizontal=True):
        st.button(f"Disable {person.name}", type="primary", on_click=_disable, args=(person,))
        st.button("Keep enabled", on_click=_ask, args=(None,))


def _sessions(person: Member) -> str:
    if not person.sessions:
        return "not signed in"
    return f"signed in on {person.sessions} device{'s' if person.sessions > 1 else ''}"


def _ask(person: Member | None) -> None:
    st.session_state[_SURE] = person.id if person else None


def _change_role(person: Member, key: str) -> None:
    role = Role(st.session_state[key])
    done = f"{person.name} is now {t(f'role.{role}').lower()}."
    if shell.act(service.change_role, person.id, role=role, done=done) is not None:
        _close()


def _disable(person: Member) -> None:
    if shell.act(service.disable_staff, person.id, done=f"{person.name} is disabled.") is not None:
        _close()


def _enable(person: Member) -> None:
    if shell.act(service.enable_staff, person.id, done=f"{person.name} may sign in again.") is not None:
        _close()


def _end_sessions(person: Member) -> None:
    if shell.act(service.end_sessions, person.id, done=f"{person.name} is signed out everywhere.") is not None:
        _close()


def _close() -> None:
    close("person", key=TABLE)
    for key in [name for name in st.session_state if str(name).startswith("team.role_of.")] + [_SURE]:
        st.session_state.pop(key, None)
