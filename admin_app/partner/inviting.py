"""Sending a partner its invitation: whom it goes to, what will happen, and the mail as it went out."""

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.partner.profile_form import LANGUAGES
from admin_app.widgets.plain import plain
from core.actor import Act, allowed
from core.mail import queries as mails
from core.mail.messages import Kind
from core.partners.queries import Record
from core.proposals import service

OPEN, SENT = "inviting.open", "inviting.sent"


def begin(record: Record) -> None:
    """Open the dialog; from a callback."""
    st.session_state.pop(SENT, None)
    st.session_state[OPEN] = record.id
    st.session_state["inviting.language"] = record.profile.language


def ask_when_open(record: Record) -> None:
    """Show the dialog while it is open for this partner; at the end of a page."""
    if st.session_state.get(OPEN) == record.id:
        st.dialog("Send invitation", on_dismiss=_close)(_show)(record)


def _show(record: Record) -> None:
    if OPEN not in st.session_state:
        st.rerun()
    if sent_to := st.session_state.get(SENT):
        return _say_sent(record, sent_to)
    shell.say_refusal()
    person = record.profile
    address = f"{plain(person.contact_name)} {plain(person.contact_email)}".strip()
    st.markdown(f"To **{address}**" if person.contact_email else "No e-mail address is known for this partner.")
    st.segmented_control(
        "Language of the mail",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="inviting.language",
        required=True,
    )
    st.caption(
        "A new personal link to the published proposal is mailed with your booking link. It works for 30 days; a link "
        "sent earlier stops working. A draft partner moves on to Proposal sent."
    )
    st.button("Send invitation", type="primary", icon=":material/send:", on_click=_send, args=(record,))
    return None


def _send(record: Record) -> None:
    if st.session_state.get(SENT):
        return
    language, to = st.session_state["inviting.language"], record.profile.contact_email
    done = f"Invitation on its way to {plain(to)}"
    if act_once(("invite", record.id), service.send_invitation, record.id, language=language, done=done):
        st.session_state[SENT] = to


def _say_sent(record: Record, to: str) -> None:
    st.success(f"The invitation is on its way to {plain(to)}.", icon=":material/mark_email_read:")
    if allowed(shell.actor(), Act.READ_MAIL):
        rows = shell.read(mails.outbox, partner_id=record.id).rows
        newest = next(row for row in rows if row.kind is Kind.INVITATION)
        st.page_link(
            "views/email.py",
            label="See the mail as it went out",
            icon=":material/mail:",
            query_params={"mail": str(newest.id)},
        )
    st.button("Done", on_click=_close)


def _close() -> None:
    st.session_state.pop(OPEN, None)
    st.session_state.pop(SENT, None)
