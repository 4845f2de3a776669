"""What a person does about mail: try the settings, send a mail again."""

from email.utils import make_msgid
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.mail import messages, transport
from core.mail.brand import Brand
from core.mail.models import Mail, MailState
from core.mail.outbox import WITH_FILES, attachment_rows, attachments_of, envelope_of, mail_of
from core.mail.transport import Undelivered
from core.settings import settings

_SAID = (
    "partner_id", "kind", "to_address", "to_name", "from_name", "reply_to", "language", "subject", "html", "text",
    "secrets", "thread",
)  # fmt: skip


class NoMailServer(Invalid):
    """No mail server is set, so nothing can be sent. Set SMTP_HOST and restart the product."""


class StillWaiting(Conflict):
    """This mail is still waiting to be sent. Nothing was added."""


@permits(Act.MANAGE_MAIL)
def send_test(session: Session, to: str, *, brand: Brand, by: Actor) -> UUID:
    """Send a test mail now, in this process, and keep it as sent; its id.

    It is sent before anything is asked of the database, so a slow mail server holds up nobody else.

    Raises:
        NoMailServer: there is nowhere to send it to.
        Invalid: the address is none, or the mail server refused; the message names the cause.
    """
    if not settings().smtp_host:
        raise NoMailServer
    mail = mail_of(messages.test_message(brand, to, by.language), key=f"test:{new_id()}", partner_id=None)
    try:
        transport.send(envelope_of(mail))
    except Undelivered as refusal:
        raise Invalid(refusal.reason) from refusal
    mail.state, mail.attempts, mail.sent_at, mail.tried_at = MailState.SENT, 1, now(), now()
    session.add(mail)
    session.flush()
    record(session, Tag.MAIL_TEST, subject=mail, by=by, after={"to": mail.to_address})
    return mail.id


@permits(Act.MANAGE_MAIL)
def resend(session: Session, mail_id: UUID, *, by: Actor) -> UUID:
    """Send a mail again as a new one linked to it; the new one's id. Asking twice gives the same new mail.

    Raises:
        NotFound: there is none with this id in the company.
        StillWaiting: it has not been tried to the end yet.
    """
    old = session.get(Mail, mail_id, options=[WITH_FILES])
    if old is None:
        raise NotFound
    if old.state in (MailState.QUEUED, MailState.SENDING):
        raise StillWaiting
    key = f"resend:{old.id}"
    if (known := session.scalar(select(Mail.id).where(Mail.key == key))) is not None:
        return known
    new = _copy(old, key)
    session.add(new)
    session.flush()
    record(session, Tag.MAIL_RESEND, subject=new, by=by, after={"resend_of": str(old.id), "to": new.to_address})
    return new.id


def _copy(old: Mail, key: str) -> Mail:
    """The same mail as a fresh one, with a Message-ID of its own."""
    domain = old.message_id.rstrip(">").partition("@")[2]
    return Mail(
        key=key,
        resend_of=old.id,
        message_id=make_msgid(domain=domain),
        created_at=now(),
        attachments=attachment_rows(attachments_of(old)),
        **{name: getattr(old, name) for name in _SAID},
    )
