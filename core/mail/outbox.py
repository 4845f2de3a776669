"""The outbox: mails are kept with the act that asks for them, and delivered afterwards.

A worker takes one mail at a time on a lease, and signs off only what it still holds. When the server says it will take
the body, that moment is stored first: a mail whose worker dies before it is sent again, one whose worker dies after it
may have arrived and is left for a person to judge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any, cast
from uuid import UUID

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from core.actor import system
from core.clock import now
from core.db import reading, transaction
from core.failpoints import reach
from core.mail import transport
from core.mail.messages import Attachment, Message
from core.mail.models import Mail, MailAttachment, MailState
from core.mail.transport import MAYBE, Envelope, Fate, Undelivered
from core.settings import settings

LEASE = timedelta(minutes=5)
"""Longer than any sending can take; at least a minute."""
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32, 60, 60)]
"""How long to wait after each failed try; after the last one the mail is given up."""
SOFT_BOUNCES = 5
"""How often the recipient's side may put a mail off."""
_KILLED_TOO_OFTEN = "Given up: the worker was stopped each time it tried to send this mail."
WITH_FILES = selectinload(Mail.attachments)
log = structlog.get_logger()


class LeaseLost(Exception):
    """Another worker has this mail now."""


@dataclass(frozen=True)
class Held:
    """A mail this worker holds: which try of whose it is, and what to send."""

    id: UUID
    worker: str
    attempts: int
    soft_bounces: int
    envelope: Envelope


def enqueue(session: Session, message: Message, *, key: str, partner_id: UUID | None = None) -> Mail:
    """Keep a mail in the transaction of the act that asks for it. The same key gives the mail that is kept already."""
    same = select(Mail).where(Mail.key == key)
    if (known := session.scalars(same).one_or_none()) is not None:
        return known
    mail = mail_of(message, key=key, partner_id=partner_id)
    try:
        with session.begin_nested():
            session.add(mail)
    except IntegrityError:
        if (known := session.scalars(same).one_or_none()) is None:
            raise
        return known
    reach(f"mail:{message.kind.value}")
    return mail


def mail_of(message: Message, *, key: str, partner_id: UUID | None) -> Mail:
    """A fresh row for a message."""
    return Mail(
        partner_id=partner_id,
        key=key,
        kind=message.kind,
        to_address=message.to,
        to_name=message.to_name,
        from_name=message.from_name,
        reply_to=message.reply_to,
        language=message.language,
        subject=message.subject,
        html=message.html,
        text=message.text,
        secrets=list(message.secrets),
        thread=message.thread,
        message_id=make_msgid(domain=settings().mail_from.partition("@")[2] or None),
        created_at=now(),
        attachments=attachment_rows(message.attachments),
    )


def attachment_rows(attachments: Sequence[Attachment]) -> list[MailAttachment]:
    """Fresh rows for the files of a mail."""
    return [
        MailAttachment(position=n, name=file.name, media_type=file.media_type, content=file.content)
        for n, file in enumerate(attachments)
    ]


def envelope_of(mail: Mail) -> Envelope:
    """What is sent of a row."""
    return Envelope(
        to_address=mail.to_address,
        to_name=mail.to_name,
        from_name=mail.from_name,
        reply_to=mail.reply_to,
        language=mail.language,
        subject=mail.subject,
        html=mail.html,
        text=mail.text,
        message_id=mail.message_id,
        thread=mail.thread,
        created_at=mail.created_at,
        attachments=attachments_of(mail),
    )


def attachments_of(mail: Mail) -> tuple[Attachment, ...]:
    """The files of a row that was read with them."""
    return tuple(Attachment(file.name, file.media_type, file.content) for file in mail.attachments)


def deliver_due(worker: str, *, most: int = 100) -> int:
    """Try the mails that are due, up to ``most``; how many were tried. Without a mail server nothing is tried.

    Stops early when the mail server cannot be reached, since the next mail would fare no better.
    """
    if not settings().smtp_host:
        return 0
    recover()
    tried = 0
    for held in _due(worker, most):
        tried += 1
        if not _deliver(held):
            break
    return tried


def recover() -> int:
    """Take back mails whose worker is gone; how many."""
    lost = (Mail.state == MailState.SENDING) & (Mail.leased_until < now())
    with reading(system()) as session:
        if session.scalar(select(Mail.id).where(lost).limit(1)) is None:
            return 0
    begun, worn_out = Mail.handed_over_at.is_not(None), Mail.attempts > len(PAUSES)
    maybe = {"state": MailState.AMBIGUOUS, "last_error": MAYBE, "tried_at": now()}
    given_up = {"state": MailState.FAILED, "last_error": _KILLED_TOO_OFTEN, "tried_at": now()}
    with transaction(system()) as session:
        return (
            _change(session, lost & begun, **maybe)
            + _change(session, lost & ~begun & worn_out, **given_up)
            + _change(session, lost & ~begun & ~worn_out, state=MailState.QUEUED, next_try_at=now(), worker="")
        )


def _due(worker: str, most: int) -> Iterator[Held]:
    for _ in range(most):
        held = _claim(worker)
        if held is None:
            return
        yield held


def _claim(worker: str) -> Held | None:
    """Take the mail that has waited longest."""
    due = (Mail.state == MailState.QUEUED) & (Mail.next_try_at <= now())
    first = select(Mail).where(due).order_by(Mail.next_try_at, Mail.id).limit(1)
    with reading(system()) as session:
        if session.scalar(select(Mail.id).where(due).limit(1)) is None:
            return None
    with transaction(system()) as session:
        mail = session.scalars(first.with_for_update(skip_locked=True).options(WITH_FILES)).one_or_none()
        if mail is None:
            return None
        mail.state, mail.worker, mail.attempts = MailState.SENDING, worker, mail.attempts + 1
        mail.leased_until, mail.handed_over_at = now() + LEASE, None
        return Held(mail.id, worker, mail.attempts, mail.soft_bounces, envelope_of(mail))


def _deliver(held: Held) -> bool:
    """Send a held mail and write down what came of it; whether to go on with the next one."""
    try:
        transport.send(held.envelope, before_body=lambda: _mark_handed_over(held))
    except LeaseLost:
        log.warning("mail.lease_lost", mail=str(held.id), attempt=held.attempts)
        return True
    except Undelivered as refusal:
        _sign_off(held, **_outcome(held, refusal))
        log.warning("mail.undelivered", mail=str(held.id), attempt=held.attempts, fate=refusal.fate.value)
        return refusal.fate is not Fate.RETRY
    _sign_off(held, state=MailState.SENT, sent_at=now(), last_error="")
    log.info("mail.sent", mail=str(held.id), attempt=held.attempts)
    return True


def _mark_handed_over(held: Held) -> None:
    """Store that the server is about to take the body, if the mail is still ours.

    Raises:
        LeaseLost: it is not; nothing has been handed over.
    """
    ours = _still(held, MailState.SENDING) & (Mail.leased_until > now())
    with transaction(system()) as session:
        if not _change(session, ours, handed_over_at=now(), leased_until=now() + LEASE):
            raise LeaseLost
    reach("mail:handed_over")


def _sign_off(held: Held, **what: Any) -> None:
    """Write down an outcome, unless another worker has taken the mail since."""
    with transaction(system()) as session:
        ours = _still(held, MailState.SENDING, MailState.AMBIGUOUS)
        if not _change(session, ours, tried_at=now(), leased_until=None, **what):
            log.warning("mail.outcome_dropped", mail=str(held.id), attempt=held.attempts)


def _still(held: Held, *states: MailState) -> Any:
    """That a mail is in this very try."""
    return (
        (Mail.id == held.id) & (Mail.worker == held.worker) & (Mail.attempts == held.attempts) & Mail.state.in_(states)
    )


def _change(session: Session, which: Any, **values: Any) -> int:
    statement = update(Mail).where(which).values(**values)
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], result).rowcount


def _outcome(held: Held, refusal: Undelivered) -> dict[str, Any]:
    """What a failed try makes of a mail: values of its columns."""
    said: dict[str, Any] = {"last_error": refusal.reason}
    if refusal.fate is Fate.HARD:
        return said | {"state": MailState.BOUNCED}
    if refusal.fate is Fate.AMBIGUOUS:
        return said | {"state": MailState.AMBIGUOUS}
    soft = held.soft_bounces + (refusal.fate is Fate.SOFT)
    if soft > SOFT_BOUNCES or held.attempts > len(PAUSES):
        return said | {"state": MailState.FAILED, "soft_bounces": soft}
    return said | {"state": MailState.QUEUED, "soft_bounces": soft, "next_try_at": _next_try(held.attempts)}


def _next_try(attempts: int) -> datetime:
    return now() + PAUSES[attempts - 1]
