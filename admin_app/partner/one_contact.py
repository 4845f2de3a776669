"""One contact of a reseller, in a dialog: added, changed, invited again, looked at, let out, shut out, seen through."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from admin_app import shell
from admin_app.partner import contact_form
from admin_app.partner.once import act_once
from admin_app.widgets.picker import close
from admin_app.widgets.plain import plain
from core import format as say
from core.access.queries import OpenSession
from core.actor import Act, Actor, ContactRole, allowed
from core.clock import now
from core.contacts import service
from core.contacts.people import ContactRow, ContactState
from core.engagement.devices import device_text
from core.partners.queries import Record
from core.settings import settings

PARAM, TABLE = "contact", "contacts.table"
ADDING, SURE, VIEW = "contact.adding", "contact.sure", "contact.view"


def state(row: ContactRow, zone: str) -> str:
    """Whether they are in, in a few words."""
    if row.state is ContactState.DISABLED:
        return f"Disabled {say.day(row.disabled_at, zone=zone)}" if row.disabled_at else "Disabled"
    if row.state is ContactState.INVITED:
        return f"Invited until {say.day(row.invite_until, zone=zone)}" if row.invite_until else "Invited"
    return "In" if row.state is ContactState.ACTIVE else "Link expired"


def add(record: Record) -> None:
    """Open the form for a new contact, empty; from a callback."""
    _begin({"name": "", "email": "", "title": "", "role": ContactRole.SALESPERSON, "language": record.profile.language})


def add_first(record: Record) -> None:
    """Open the form for the first contact, with the one of the profile as principal; from a callback."""
    who = record.profile
    known = {"name": who.contact_name, "email": who.contact_email, "title": who.contact_title}
    _begin({**known, "role": ContactRole.PRINCIPAL, "language": who.language})


def _begin(values: dict[str, Any]) -> None:
    _close()
    contact_form.fill(values, anew=True)
    st.session_state[ADDING] = True


def ask_what_is_open(
    record: Record, people: Sequence[ContactRow], sessions: Sequence[OpenSession], *, me: Actor, zone: str
) -> None:
    """Show the dialog that is open, if there is one; at the end of the tab."""
    row = next((one for one in people if str(one.id) == st.query_params.get(PARAM)), None)
    if st.session_state.get(ADDING) and allowed(me, Act.MANAGE_RESELLERS):
        st.dialog("Add a contact", icon=":material/person_add:", on_dismiss=_close)(_adding)(record)
    elif row:
        title = plain(row.name)
        st.dialog(title, icon=":material/person:", width="medium", on_dismiss=_close)(_one)(row, sessions, me, zone)


def _adding(record: Record) -> None:
    if not st.session_state.get(ADDING):
        st.rerun()
    shell.say_refusal()
    with st.form("contact.add", border=False):
        contact_form.draw()
        st.caption("The invite is mailed at once. It works once, for 7 days; there is no password.")
        st.form_submit_button("Add and send the invite", type="primary", on_click=_add, args=(record,))


def _add(record: Record) -> None:
    person = contact_form.filled()
    if person is None:
        return
    done = f"{plain(person.name)} is added; the invite is on its way to {plain(person.email)}"
    if act_once(("contact", record.id, person), service.add, record.id, person=person, done=done):
        _close()


def _one(row: ContactRow, sessions: Sequence[OpenSession], me: Actor, zone: str) -> None:
    if st.query_params.get(PARAM) != str(row.id):
        st.rerun()
    shell.say_refusal()
    title = f"{plain(row.title)} · " if row.title else ""
    st.markdown(f"{title}{plain(row.email)} · **{contact_form.role_word(row.role)}** · {state(row, zone)}")
    came = f"came in first {say.day(row.entered_at, zone=zone)}" if row.entered_at else "has not come in yet"
    st.caption(f"Added {say.day(row.added_at, zone=zone, year=True)} by {plain(row.added_by)}, {came}")
    manages = allowed(me, Act.MANAGE_RESELLERS)
    if manages and st.session_state.get(SURE) == row.id:
        _confirm(row)
        return
    if st.session_state.get(VIEW):
        _look_as(row)
        return
    _actions(row, manages=manages, looks=allowed(me, Act.VIEW_AS))
    _sessions(row, sessions, manages=manages)
    if manages and row.disabled_at is None:
        _change_form(row)


def _actions(row: ContactRow, *, manages: bool, looks: bool) -> None:
    with st.container(horizontal=True):
        if row.disabled_at is None:
            if manages:
                waits = row.state is not ContactState.ACTIVE
                tip = "A new link, for 7 days; one sent earlier stops working."
                label = "Send the invite again"
                st.button(
                    label, icon=":material/send:", type="primary" if waits else "secondary", on_click=_resend,
                    args=(row,), help=tip,
                )  # fmt: skip
            if looks:
                tip = "See the portal as they see it. You can change nothing, and it is recorded."
                st.button("View as", icon=":material/visibility:", on_click=_view_as, args=(row,), help=tip)
            if manages:
                st.button("Disable…", icon=":material/person_off:", on_click=_ask, args=(row,))
        elif manages:
            tip = "They come in by a link that is mailed from now on; send the invite again for one."
            st.button("Enable again", type="primary", on_click=_enable, args=(row,), help=tip)


def _sessions(row: ContactRow, sessions: Sequence[OpenSession], *, manages: bool) -> None:
    st.markdown("**Where they are signed in**")
    if not sessions:
        st.caption("On no device now.")
        return
    st.dataframe(
        {
            "Device": [device_text(one.user_agent) for one in sessions],
            "Last used": [say.ago(one.last_used_at, now()) for one in sessions],
            "Since": [say.instant(one.opened_at) for one in sessions],
            "Address": [one.ip for one in sessions],
        },
        hide_index=True,
        height="content",
        alt=f"Sessions of {row.name}: device, last used, since when, address",
    )
    if manages:
        many = f"End their sessions ({len(sessions)})" if len(sessions) > 1 else "End this session"
        st.button(many, icon=":material/logout:", on_click=_end, args=(row,), help="They come in again by a new link.")


def _change_form(row: ContactRow) -> None:
    facts = {name: getattr(row, name) for name in (*contact_form.FIELDS, "version")}
    contact_form.fill(facts, anew=False)
    st.divider()
    with st.form("contact.change", border=False):
        contact_form.draw()
        st.caption(
            "A new role counts from the next click. A new address is mailed an invite, and lets the old one out."
        )
        st.form_submit_button("Save", type="primary", on_click=_change, args=(row,))


def _change(row: ContactRow) -> None:
    person, version = contact_form.filled(), st.session_state.get(f"{contact_form.PREFIX}version")
    if person is None:
        return
    is_new = person.email.strip().lower() != row.email
    done = f"{plain(person.name)} is saved" + (f"; an invite is on its way to {plain(person.email)}" if is_new else "")
    key = ("contact", row.id, version, person)
    if act_once(key, service.change, row.id, person=person, version=version, done=done):
        _close()


def _confirm(row: ContactRow) -> None:
    st.warning(
        f"{plain(row.name)} is let out at the next click and comes in by no link until enabled again. "
        "Their deals stay with the partner.",
        icon=":material/warning:",
    )
    with st.container(horizontal=True):
        st.button(f"Disable {row.name}", type="primary", on_click=_disable, args=(row,))
        st.button("Keep enabled", on_click=_ask, args=(None,))


def _look_as(row: ContactRow) -> None:
    st.info(
        f"You see the portal as {plain(row.name)} sees it. You can change nothing there, and that you looked is "
        "recorded. The link works once, within 5 minutes, for you.",
        icon=":material/visibility:",
    )
    with st.container(horizontal=True):
        address, label = str(st.session_state[VIEW]), f"Open the portal as {row.name}"
        st.link_button(label, address, type="primary", icon=":material/open_in_new:")
        st.button("Done", on_click=_close)


def _view_as(row: ContactRow) -> None:
    path = shell.act(service.view_as, row.id, done="")
    if path:
        st.session_state[VIEW] = f"{settings().portal_url}{path}"


def _resend(row: ContactRow) -> None:
    done = f"A new invite is on its way to {plain(row.email)}"
    if act_once(("invite", row.id), service.resend, row.id, done=done):
        _close()


def _end(row: ContactRow) -> None:
    if act_once(("end", row.id), service.end_sessions, row.id, done=f"{plain(row.name)} is let out everywhere"):
        _close()


def _disable(row: ContactRow) -> None:
    if act_once(("disable", row.id), service.disable, row.id, done=f"{plain(row.name)} is disabled"):
        _close()


def _enable(row: ContactRow) -> None:
    if act_once(("enable", row.id), service.enable, row.id, done=f"{plain(row.name)} may come in again"):
        _close()


def _ask(row: ContactRow | None) -> None:
    st.session_state[SURE] = row.id if row else None


def _close() -> None:
    close(PARAM, key=TABLE)
    contact_form.forget()
