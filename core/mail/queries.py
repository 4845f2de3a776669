"""What the outbox shows: the mails, one mail, and whether mail works at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.clock import now
from core.errors import NotFound
from core.mail.messages import Kind
from core.mail.models import Mail, MailState, WorkerBeat
from core.settings import settings

PAGE = 50
HIDDEN = "••••••••"
_PROVES = (Kind.MAILED_CODE, Kind.STAFF_SIGN_IN)
"""Mails whose secrets prove who somebody is."""
"""What stands where a link that lets somebody in would be."""
_ALIVE = timedelta(minutes=1)


@dataclass(frozen=True)
class MailRow:
    """A mail in a list."""

    id: UUID
    kind: Kind
    to_address: str
    to_name: str
    language: str
    subject: str
    state: MailState
    attempts: int
    next_try_at: datetime
    last_error: str
    created_at: datetime
    sent_at: datetime | None
    partner_id: UUID | None
    resend_of: UUID | None


@dataclass(frozen=True)
class MailPage:
    """One page of the outbox, newest first; ``page`` counts from 1, ``total`` is of all pages."""

    rows: list[MailRow]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class MailDetail(MailRow):
    """One mail with what it says. ``resent_as``: the mail that took its place, if it was sent again."""

    html: str
    text: str
    reply_to: str
    message_id: str
    soft_bounces: int
    tried_at: datetime | None
    resent_as: UUID | None


@dataclass(frozen=True)
class EmailConfig:
    """The mail settings in force and how they fare. ``is_set`` False: mails are kept, none is tried.

    ``worker_seen_at`` None: no worker has ever run; ``worker_is_alive``: one was seen within a minute.
    """

    is_set: bool
    host: str
    port: int
    security: str
    user: str
    password: str
    mail_from: str
    mail_from_name: str
    last_used: datetime | None
    last_error: str
    last_error_at: datetime | None
    counts: dict[MailState, int]
    worker_seen_at: datetime | None
    worker_is_alive: bool


_LIST = (
    Mail.id, Mail.kind, Mail.to_address, Mail.to_name, Mail.language, Mail.subject, Mail.state, Mail.attempts,
    Mail.next_try_at, Mail.last_error, Mail.created_at, Mail.sent_at, Mail.partner_id, Mail.resend_of,
)  # fmt: skip
_BODY = (Mail.html, Mail.text, Mail.reply_to, Mail.message_id, Mail.soft_bounces, Mail.tried_at)


@permits(Act.READ_MAIL)
def outbox(
    session: Session,
    *,
    state: MailState | None = None,
    text: str = "",
    partner_id: UUID | None = None,
    page: int = 1,
) -> MailPage:
    """The mails in a state whose address, name or subject contains a text; a page past the end gives the last one."""
    which = _chosen(state=state, text=text, partner_id=partner_id)
    total = session.scalar(which.with_only_columns(func.count(Mail.id))) or 0
    pages = max(1, ceil(total / PAGE))
    page = min(max(1, page), pages)
    newest = which.order_by(Mail.created_at.desc(), Mail.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    return MailPage([MailRow(*row) for row in session.execute(newest)], total, page, pages)


@permits(Act.READ_MAIL)
def mail(session: Session, mail_id: UUID) -> MailDetail:
    """One mail, its links hidden.

    Raises:
        NotFound: there is none with this id in the company.
    """
    return _detail(session, mail_id, hide_links=True)


@permits(Act.MANAGE_MAIL)
def mail_with_links(session: Session, mail_id: UUID) -> MailDetail:
    """One mail as it is sent, with the links that let somebody in.

    Codes and colleagues' sign-in links stay hidden: they prove that who uses them reads the mailbox. Only while no mail
    server is set, and nobody but the outbox gets them, are they shown.

    Raises:
        NotFound: there is none with this id in the company.
    """
    return _detail(session, mail_id, hide_links=False)


@permits(Act.READ_MAIL)
def email_config(session: Session) -> EmailConfig:
    """The mail settings in force, the password masked, and what became of the company's mails."""
    ours = settings()
    by_state = select(Mail.state, func.count(Mail.id), func.max(Mail.sent_at)).group_by(Mail.state)
    tally = session.execute(by_state).all()
    failed = select(Mail.last_error, Mail.tried_at).where(Mail.last_error != "").order_by(Mail.tried_at.desc())
    error, error_at = session.execute(failed.limit(1)).one_or_none() or ("", None)
    seen = session.scalar(select(func.max(WorkerBeat.at)))
    return EmailConfig(
        is_set=bool(ours.smtp_host),
        host=ours.smtp_host,
        port=ours.smtp_port,
        security=ours.smtp_security,
        user=ours.smtp_user,
        password=masked(ours.smtp_password.get_secret_value()),
        mail_from=ours.mail_from,
        mail_from_name=ours.mail_from_name,
        last_used=max((row[2] for row in tally if row[2]), default=None),
        last_error=error,
        last_error_at=error_at,
        counts=dict.fromkeys(MailState, 0) | {row[0]: row[1] for row in tally},
        worker_seen_at=seen,
        worker_is_alive=seen is not None and now() - seen < _ALIVE,
    )


def masked(password: str) -> str:
    """A password as it may be shown: its last four characters, and of a short one none."""
    return "" if not password else "••••" + (password[-4:] if len(password) >= 12 else "")


def _chosen(*, state: MailState | None, text: str, partner_id: UUID | None) -> Select[*tuple[Any, ...]]:
    which: Select[*tuple[Any, ...]] = select(*_LIST)
    if state is not None:
        which = which.where(Mail.state == state)
    if partner_id is not None:
        which = which.where(Mail.partner_id == partner_id)
    if wanted := text.strip():
        columns = (Mail.to_address, Mail.to_name, Mail.subject)
        which = which.where(or_(*(column.icontains(wanted, autoescape=True) for column in columns)))
    return which


def _detail(session: Session, mail_id: UUID, *, hide_links: bool) -> MailDetail:
    row = session.execute(select(*_LIST, *_BODY, Mail.secrets).where(Mail.id == mail_id)).one_or_none()
    if row is None:
        raise NotFound
    facts = dict(row._mapping)
    proves_somebody = row.kind in _PROVES and bool(settings().smtp_host)
    for secret in facts.pop("secrets"):
        if hide_links or proves_somebody:
            facts["html"] = facts["html"].replace(escape(secret), HIDDEN).replace(secret, HIDDEN)
            facts["text"] = facts["text"].replace(secret, HIDDEN)
    resent_as = session.scalar(select(Mail.id).where(Mail.resend_of == mail_id))
    return MailDetail(**facts, resent_as=resent_as)
