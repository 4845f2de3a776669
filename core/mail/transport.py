"""The way a mail leaves: one sign-in, one ``sendmail``, never a second try by itself.

yagmail connects and signs in; it builds and sends nothing, since it attaches files named in texts and sends again
after a lost connection.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from socket import socket
from typing import Any, cast

import yagmail
from email_validator import validate_email

from core.mail.explain import AddressNotSupported, SignInRefused, explain
from core.mail.messages import Attachment
from core.settings import Settings, settings

_GO_AHEAD = 354
MAYBE = "The connection ended while the server was taking this mail: it may have arrived. Ask before sending it again."
_POLICY = SMTP.clone(cte_type="7bit")
_GOODBYE_SECONDS = 2.0


class Fate(StrEnum):
    """What a failed sending means for the mail."""

    RETRY = "retry"
    """Nothing was handed over; the fault is not the mail's."""
    SOFT = "soft"
    """The recipient's side put it off."""
    HARD = "hard"
    """The recipient's side refused it for good."""
    AMBIGUOUS = "ambiguous"
    """The connection was lost while the server took the mail."""


class Undelivered(Exception):
    """A sending that did not end with the server's yes; ``reason`` is for people and holds no secret."""

    def __init__(self, fate: Fate, reason: str) -> None:
        super().__init__(reason)
        self.fate, self.reason = fate, reason


@dataclass(frozen=True)
class Envelope:
    """What is sent, as values."""

    to_address: str
    to_name: str
    from_name: str
    reply_to: str
    language: str
    subject: str
    html: str
    text: str
    message_id: str
    created_at: datetime
    attachments: tuple[Attachment, ...] = ()
    thread: str = ""
    """The message id that mails of one conversation refer to."""


class _Talk(smtplib.SMTP):
    """A conversation that tells when the server begins to take the body, and why a sign-in ended."""

    before_body: Callable[[], None] | None = None
    body_begun = False
    refusal: tuple[int, bytes] = (0, b"")

    def getreply(self) -> tuple[int, bytes]:
        """Read one answer; at the server's "go ahead", ask whether to."""
        code, said = super().getreply()
        if code == _GO_AHEAD:
            if self.before_body:
                self.before_body()
            self.body_begun = True
        elif code >= 500:
            self.refusal = (code, said)
        return code, said

    def login(self, user: str, password: str, *, initial_response_ok: bool = True) -> tuple[int, bytes]:
        """Sign in; a server that hangs up instead of answering has refused."""
        self.refusal = (0, b"")
        try:
            return super().login(user, password, initial_response_ok=initial_response_ok)
        except smtplib.SMTPServerDisconnected as dropped:
            raise SignInRefused(*self.refusal) from dropped


class _SecureTalk(_Talk, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class _Client(yagmail.SMTP):  # type: ignore[misc]
    """yagmail, for connecting and signing in only."""

    @property
    def connection(self) -> type[_Talk]:
        """The conversation yagmail opens."""
        return _SecureTalk if self.ssl else _Talk


def compose(envelope: Envelope) -> EmailMessage:
    """The finished mail: text, HTML, and the files that go with it.

    Raises:
        AddressNotSupported: the address has letters that mail servers in general do not take.
    """
    ours = settings()
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Address(ours.mail_from_name or envelope.from_name, addr_spec=ours.mail_from)
    mail["To"] = Address(envelope.to_name, addr_spec=_ascii(envelope.to_address))
    if envelope.reply_to:
        mail["Reply-To"] = _ascii(envelope.reply_to)
    else:
        mail["Auto-Submitted"] = "auto-generated"
    mail["Subject"] = envelope.subject
    mail["Date"] = envelope.created_at
    mail["Message-ID"] = envelope.message_id
    if envelope.thread:
        mail["In-Reply-To"] = mail["References"] = envelope.thread
    mail.set_content(envelope.text)
    mail.add_alternative(envelope.html, subtype="html")
    for file in envelope.attachments:
        main, _, sub = file.media_type.partition("/")
        mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    mail["Content-Language"] = envelope.language
    return mail


def _ascii(address: str) -> str:
    known = validate_email(address, check_deliverability=False, test_environment=True).ascii_email
    if known is None:
        raise AddressNotSupported(address)
    return known


def send(envelope: Envelope, *, before_body: Callable[[], None] | None = None) -> None:
    """Send one mail, once. ``before_body`` runs when the server has said it will take it, and may still raise.

    Raises:
        Undelivered: with what it means for the mail, and the reason in words.
    """
    ours, body_begun = settings(), False
    try:
        mail = compose(envelope)
        with _signed_in(ours) as talk:
            talk.before_body = before_body
            try:
                talk.sendmail(ours.mail_from, [mail["To"].addresses[0].addr_spec], mail.as_bytes())
            finally:
                body_begun = talk.body_begun
    except (OSError, smtplib.SMTPException, AddressNotSupported) as failure:
        fate = _fate(failure, body_begun=body_begun)
        raise Undelivered(fate, MAYBE if fate is Fate.AMBIGUOUS else explain(failure, ours)) from failure


@contextmanager
def _signed_in(ours: Settings) -> Iterator[_Talk]:
    client = _client(ours)
    try:
        client.login()
        talk: _Talk = client.smtp
        yield talk
        with suppress(OSError, smtplib.SMTPException):
            cast(socket, talk.sock).settimeout(_GOODBYE_SECONDS)
            talk.quit()
    finally:
        client.is_closed = True
        if client.smtp is not None:
            client.smtp.close()


def _client(ours: Settings) -> _Client:
    """A client that checks certificates, waits no longer than the settings say, and signs in if there is a user."""
    tls, options = ssl.create_default_context(), {"timeout": ours.smtp_timeout}
    secured: dict[str, Any] = options | {"context": tls} if ours.smtp_security == "ssl" else options
    client = _Client(
        user=ours.smtp_user,
        password=ours.smtp_password.get_secret_value(),
        host=ours.smtp_host,
        port=ours.smtp_port,
        smtp_ssl=ours.smtp_security == "ssl",
        smtp_starttls={"context": tls} if ours.smtp_security == "starttls" else False,
        smtp_skip_login=not ours.smtp_user,
        soft_email_validation=False,
        **secured,
    )
    client.user = ours.smtp_user  # yagmail appends @gmail.com to a user name without a domain
    return client


def _fate(failure: Exception, *, body_begun: bool) -> Fate:
    if isinstance(failure, AddressNotSupported):
        return Fate.HARD
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code, _said = next(iter(failure.recipients.values()))
        return Fate.HARD if code >= 500 else Fate.SOFT
    if isinstance(failure, smtplib.SMTPDataError):
        return Fate.HARD if failure.smtp_code >= 500 else Fate.SOFT
    return Fate.AMBIGUOUS if body_begun else Fate.RETRY
