"""The mails that concern a partner."""

import streamlit as st

from admin_app import shell
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.feed import Entry, feed
from admin_app.widgets.mail_state import word
from core import format as say
from core.actor import Actor
from core.clock import now
from core.mail import queries
from core.mail.models import MailState
from core.mail.queries import MailRow
from core.partners.queries import Record

OPEN = "mails.open"
TONES = {
    MailState.SENT: "good",
    MailState.AMBIGUOUS: "attention",
    MailState.FAILED: "stop",
    MailState.BOUNCED: "stop",
}


def draw(record: Record, me: Actor) -> None:
    """The newest mails; each opens as it went out."""
    if opened := st.session_state.pop(OPEN, None):
        st.switch_page("views/email.py", query_params={"mail": opened})
    page = shell.read(queries.outbox, partner_id=record.id)
    if not page.rows:
        return empty_state(
            "No mail was sent to this partner yet. “Send invitation” mails them their proposal's link.",
            icon=":material/mail:",
        )
    feed(entries=[_entry(row) for row in page.rows], label="Mails", key="mails.feed", on_open=_open)
    if page.total > len(page.rows):
        st.caption(f"The newest {len(page.rows)} of {page.total}.")
    return None


def _entry(row: MailRow) -> Entry:
    at = row.sent_at or row.created_at
    return Entry(
        id=str(row.id),
        mark=word(row.state),
        tone=TONES.get(row.state, ""),
        title=row.subject,
        text=f"to {row.to_address}" + (f"\n{row.last_error}" if row.last_error else ""),
        note=say.ago(at, now()),
        hover=say.instant(at),
        href=f"/email?mail={row.id}",
    )


def _open(mail_id: str) -> None:
    st.session_state[OPEN] = mail_id
