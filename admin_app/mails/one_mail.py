"""One mail as it went out, and sending it again."""

import streamlit as st

from admin_app import shell
from admin_app.widgets import mail_state
from admin_app.widgets.picker import close
from admin_app.widgets.plain import plain
from core import format as shown
from core.i18n import is_rtl
from core.mail import service
from core.mail.models import MailState
from core.mail.queries import MailDetail

TABLE, PARAM = "email.mails", "mail"
_SURE = "email.sure"
LANGUAGES = {"en": "English", "ar": "Arabic"}
CONSEQUENCES = {
    MailState.SENT: "{to} has this mail already and gets it a second time.",
    MailState.AMBIGUOUS: "It may have arrived the first time: {to} may get it twice.",
    MailState.BOUNCED: "The server refused this address for good; it will refuse it again unless that was put right.",
    MailState.FAILED: "It is tried again from the start, to {to}.",
}


def draw(mail: MailDetail, *, zone: str, manages: bool) -> None:
    """The dialog of a mail; ``manages``: whether the person here may send it again and see its links."""
    st.dialog(plain(mail.subject) or "No subject", width="medium", on_dismiss=_close)(_mail)(mail, zone, manages)


def _mail(mail: MailDetail, zone: str, manages: bool) -> None:
    if st.query_params.get(PARAM) != str(mail.id):
        st.rerun()
    shell.say_refusal()
    with st.container(horizontal=True, vertical_alignment="center"):
        mail_state.badge(mail.state)
        st.markdown(f"to **{plain(mail.to_name)}** {plain(mail.to_address)}", width="content")
    st.caption(" · ".join(_facts(mail, zone)))
    if mail.last_error:
        st.warning(plain(mail.last_error), icon=":material/warning:")
    st.code(_in_reading_order(mail), language=None, wrap_lines=True)
    if not manages:
        st.caption("Links that let somebody in are hidden.")
    if mail.resent_as:
        st.caption(":material/redo: It was sent again as a new mail.")
    if mail.resend_of:
        st.caption(":material/redo: This is a mail that was sent again.")
    _actions(mail, manages=manages)


def _in_reading_order(mail: MailDetail) -> str:
    """The text as it is read: lines of a mail from right to left are marked so; addresses stay as they are."""
    if not is_rtl(mail.language):
        return mail.text
    lines = mail.text.split("\n")
    return "\n".join(line if "://" in line or not line else f"\u2067{line}\u2069" for line in lines)


def _facts(mail: MailDetail, zone: str) -> list[str]:
    tries = f"{mail.attempts} {'try' if mail.attempts == 1 else 'tries'}"
    found = [f"written {shown.instant(mail.created_at, zone=zone)}"]
    if mail.sent_at:
        found.append(f"sent {shown.instant(mail.sent_at, zone=zone)}")
    elif mail.state is MailState.QUEUED and mail.attempts:
        found.append(f"next try {shown.instant(mail.next_try_at, zone=zone)}")
    found += [tries, f"in {LANGUAGES.get(mail.language, mail.language)}"]
    return found + ([f"answers go to {plain(mail.reply_to)}"] if mail.reply_to else [])


def _actions(mail: MailDetail, *, manages: bool) -> None:
    if st.session_state.get(_SURE) == mail.id:
        st.warning(CONSEQUENCES[mail.state].format(to=plain(mail.to_address)), icon=":material/forward_to_inbox:")
        with st.container(horizontal=True):
            st.button("Send it again", type="primary", on_click=_resend, args=(mail,))
            st.button("Do not send", on_click=_ask, args=(None,))
        return
    with st.container(horizontal=True):
        st.link_button("Open as it looks", f"/mail/{mail.id}", icon=":material/open_in_new:")
        if manages and mail.state in CONSEQUENCES:
            st.button("Send again…", on_click=_ask, args=(mail,), disabled=mail.resent_as is not None)


def _ask(mail: MailDetail | None) -> None:
    st.session_state[_SURE] = mail.id if mail else None


def _resend(mail: MailDetail) -> None:
    if shell.act(service.resend, mail.id, done=f"It is on its way to {mail.to_address} again.") is not None:
        _close()


def _close() -> None:
    close(PARAM, key=TABLE)
    st.session_state.pop(_SURE, None)
