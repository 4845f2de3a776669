"""E-mail: does mail work, and what did not arrive?"""

from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.mails import one_mail, state_of_mail
from admin_app.widgets import mail_state
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number, tied
from admin_app.widgets.heading import heading
from admin_app.widgets.pager import pager
from admin_app.widgets.picker import picker
from core import format as shown
from core.actor import Act, Actor, actor_of, allowed
from core.companies import queries as companies
from core.companies.queries import CompanyRow
from core.db import Reads
from core.errors import NotFound
from core.i18n import t
from core.mail import queries, service
from core.mail.brand import Brand
from core.mail.models import MailState
from core.mail.queries import EmailConfig, MailDetail, MailPage

ORDER = (
    MailState.FAILED,
    MailState.BOUNCED,
    MailState.AMBIGUOUS,
    MailState.QUEUED,
    MailState.SENDING,
    MailState.SENT,
)


@dataclass(frozen=True)
class Found:
    """Everything this page shows."""

    actor: Actor
    company: CompanyRow
    config: EmailConfig
    mails: MailPage
    opened: MailDetail | None


def _page(session: Reads, state: MailState | None, text: str, page: int, mail_id: UUID | None) -> Found:
    return Found(
        actor=actor_of(session),
        company=companies.company(session),
        config=queries.email_config(session),
        mails=queries.outbox(session, state=state, text=text, page=page),
        opened=_opened(session, mail_id) if mail_id else None,
    )


def _opened(session: Reads, mail_id: UUID) -> MailDetail | None:
    """The mail that the address names; a link to one that is gone opens the list."""
    read = queries.mail_with_links if allowed(actor_of(session), Act.MANAGE_MAIL) else queries.mail
    try:
        return read(session, mail_id)
    except NotFound:
        return None


def _state() -> MailState | None:
    given = st.query_params.get("state", "")
    return MailState(given) if given in set(MailState) else None


def _mail_id() -> UUID | None:
    try:
        return UUID(st.query_params.get(one_mail.PARAM, ""))
    except ValueError:
        return None


def _send_test(brand: Brand) -> None:
    to = shell.read(companies.own_address)
    shell.act(service.send_test, to, brand=brand, done=f"The mail server took it. Look in the inbox of {to}.")


def _clear() -> None:
    st.query_params.clear()


state, text = _state(), st.query_params.get("text", "")
found = shell.read(_page, state, text, number("page"), _mail_id())
manages, config, mails = allowed(found.actor, Act.MANAGE_MAIL), found.config, found.mails
heading(
    "E-mail",
    facts=state_of_mail.facts(config),
    action="Send test mail" if manages else "",
    icon=":material/outgoing_mail:",
    on_click=lambda: _send_test(Brand(found.company.name, found.company.colour)),
    disabled=not config.is_set,
    why="To your own address, right now" if config.is_set else "No mail server is set yet.",
)
state_of_mail.draw(config)

total = sum(config.counts.values())
offered = ["", *(one.value for one in ORDER if config.counts[one] or one is state)]
labels = {"": f"All {shown.number(total)}"} | {
    one.value: f"{mail_state.word(one)} {shown.number(config.counts[one])}" for one in ORDER
}
if total:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Find", placeholder="Address, name or subject", width=280, **tied("text", key="email.text", value=text)
        )
        st.pills(
            "What became of them",
            offered,
            format_func=labels.__getitem__,
            wrap=True,
            **tied("state", key="email.state", value=state.value if state else ""),
        )

if mails.rows:
    picker(
        columns={
            "State": [mail_state.word(row.state) for row in mails.rows],
            "To": [row.to_name for row in mails.rows],
            "Address": [row.to_address for row in mails.rows],
            "Subject": [row.subject for row in mails.rows],
            "Kind": [t(f"mail_kind.{row.kind}") for row in mails.rows],
            "Written": [row.created_at for row in mails.rows],
            "Sent": [row.sent_at for row in mails.rows],
            "Tries": [row.attempts for row in mails.rows],
            "Last error": [row.last_error for row in mails.rows],
        },
        ids=[str(row.id) for row in mails.rows],
        param=one_mail.PARAM,
        key=one_mail.TABLE,
        config={
            name: st.column_config.DatetimeColumn(format="D MMM, HH:mm", timezone=found.company.time_zone, width=115)
            for name in ("Written", "Sent")
        }
        | {
            "Tries": st.column_config.NumberColumn(width="small"),
            "Subject": st.column_config.TextColumn(width="large"),
        },
        alt="Mails, newest first: state, to whom, address, subject, kind, when written, when sent, error",
    )
    pager(page=mails.page, pages=mails.pages, size=queries.PAGE, total=mails.total, noun="mails", key="email.page")
elif total:
    empty_state("No mail is like this.", action="Show all mails", on_click=_clear, icon=":material/filter_alt_off:")
else:
    empty_state(
        "No mail was written yet. Invitations, sign-in links and alerts are listed here.", icon=":material/mail:"
    )

if found.opened:
    one_mail.draw(found.opened, zone=found.company.time_zone, manages=manages)
