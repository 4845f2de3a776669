"""What became of a mail: one sign and one word each, and what the word means."""

import streamlit as st

from core.i18n import t
from core.mail.models import MailState

SIGNS = {
    MailState.QUEUED: ("hourglass_empty", "gray"),
    MailState.SENDING: ("sync", "gray"),
    MailState.SENT: ("check", "green"),
    MailState.AMBIGUOUS: ("help", "orange"),
    MailState.FAILED: ("error", "red"),
    MailState.BOUNCED: ("block", "red"),
}
MEANS = {
    MailState.QUEUED: "It is sent as soon as the worker gets to it, or tried again later.",
    MailState.SENDING: "The worker is sending it now.",
    MailState.SENT: "The mail server took it.",
    MailState.AMBIGUOUS: "The connection broke while the server took it. It may have arrived, so it is not sent again.",
    MailState.FAILED: "It was tried for hours and given up.",
    MailState.BOUNCED: "The server refused it for good.",
}


def word(state: MailState) -> str:
    """The state in a word."""
    return t(f"mail_state.{state}")


def badge(state: MailState) -> None:
    """The state with its sign."""
    icon, colour = SIGNS[state]
    st.badge(word(state), icon=f":material/{icon}:", color=colour, help=MEANS[state])  # type: ignore[arg-type]
