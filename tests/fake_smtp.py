"""Mail servers that answer as told: a real one with TLS and sign-in, and a raw one that breaks off where it hurts."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.servers import free_port

USER, PASSWORD = "mailer@smartpro.om", "correct-horse-battery"


def certificate(folder: Path, name: str = "localhost") -> Path:
    """A PEM file with a fresh key and a certificate for a host name and 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


class Server:
    """A real SMTP server. Each mail takes the next of its ``answers`` (to RCPT, or to DATA); then it says 250."""

    def __init__(self, *, pem: Path | None = None, implicit_tls: bool = False, sign_in: bool = False) -> None:
        self.messages: list[EmailMessage] = []
        self.sign_ins: list[bool] = []
        self.mail_answers: list[str] = []
        self.rcpt_answers: list[str] = []
        self.data_answers: list[str] = []
        options: dict[str, Any] = {}
        if sign_in:
            # aiosmtpd does not count a connection that is encrypted from the start as encrypted.
            after_starttls = pem is not None and not implicit_tls
            options = {"authenticator": self._authenticate}
            options |= {"auth_required": after_starttls, "auth_require_tls": after_starttls}
        if pem:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            options |= {"ssl_context": context} if implicit_tls else {"tls_context": context}
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), **options)
        security = "ssl" if implicit_tls else "starttls" if pem else "none"
        self.smtp: dict[str, Any] = {
            "smtp_host": "127.0.0.1",
            "smtp_port": self._controller.port,
            "smtp_security": security,
            "smtp_timeout": 5,
        }

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: Any) -> AuthResult:
        right = isinstance(said, LoginPassword) and (said.login, said.password) == (USER.encode(), PASSWORD.encode())
        self.sign_ins.append(right)
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a sender."""
        if self.mail_answers:
            return self.mail_answers.pop(0)
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep or refuse a mail."""
        if self.data_answers:
            return self.data_answers.pop(0)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()


class Fault(StrEnum):
    """What the raw server does to one mail. Any sign-in it does not drop, it refuses, echoing what it was told."""

    NONE = "none"
    DROP_AT_GREETING = "drop_at_greeting"
    STALL_AT_GREETING = "stall_at_greeting"
    NOT_SMTP = "not_smtp"
    DROP_AT_SIGN_IN = "drop_at_sign_in"
    PUT_OFF = "put_off"
    REFUSE = "refuse"
    DROP_AT_DATA = "drop_at_data"
    PUT_OFF_BODY = "put_off_body"
    DROP_IN_BODY = "drop_in_body"
    DROP_AFTER_BODY = "drop_after_body"
    STALL_AFTER_BODY = "stall_after_body"


class RawServer:
    """An SMTP server on a bare socket; ``choose(recipient)`` names the fault of each mail.

    ``received`` holds each body that arrived in full, whether or not that was answered. A fault that comes before the
    recipient is known is chosen with an empty one; ``Fault.NONE`` then lets the conversation go on.
    """

    def __init__(self, choose: Callable[[str], Fault], *, slowness: float = 0.0) -> None:
        self.choose, self.slowness = choose, slowness
        self.received: list[EmailMessage] = []
        self.over = threading.Event()
        self._server = _Listener(("127.0.0.1", 0), _Conversation)
        self._server.book = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.smtp: dict[str, Any] = {
            "smtp_host": "127.0.0.1",
            "smtp_port": self._server.server_address[1],
            "smtp_security": "none",
            "smtp_timeout": 0.5,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 64
    book: RawServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients here are killed on purpose; their broken pipes are no news."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Listener

    def handle(self) -> None:
        """Talk until the client or a fault ends it."""
        self.recipient = ""
        opening = self.server.book.choose("")
        match opening:
            case Fault.STALL_AT_GREETING:
                self.server.book.over.wait()
            case Fault.NOT_SMTP:
                self._say("HTTP/1.1 400 Bad Request")
            case Fault.DROP_AT_GREETING:
                return
            case _:
                self._say("220 raw")
                self._converse(opening)

    def _converse(self, opening: Fault) -> None:
        while line := self.rfile.readline().decode("latin-1").strip():
            verb = line.split()[0].upper()
            if verb == "AUTH" and opening is Fault.DROP_AT_SIGN_IN:
                return
            if verb == "RCPT" and not self._recipient(line):
                continue
            if verb == "DATA":
                if self._take_body():
                    continue
                return
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb != "RCPT":
                self._say(self._usual(verb, line))

    @staticmethod
    def _usual(verb: str, line: str) -> str:
        if verb == "EHLO":
            return "250-raw\r\n250 AUTH PLAIN"
        if verb == "AUTH":
            return f"535 5.7.8 no such credentials: {line}"
        return "250 OK"

    def _recipient(self, line: str) -> bool:
        self.recipient = line.partition("<")[2].partition(">")[0]
        self.fault = self.server.book.choose(self.recipient)
        answers = {Fault.PUT_OFF: "451 4.3.0 try later", Fault.REFUSE: "550 5.1.1 no such user"}
        self._say(answers.get(self.fault, "250 OK"))
        return self.fault not in answers

    def _take_body(self) -> bool:
        """Read the body and answer it; False: hang up."""
        if self.fault is Fault.DROP_AT_DATA:
            return False
        self._say("354 go ahead")
        if self.fault is Fault.DROP_IN_BODY:
            self.rfile.readline()
            return False
        body = self._body()
        if body is None:
            return False
        if self.fault is Fault.PUT_OFF_BODY:
            self._say("452 4.3.1 no room now")
            return True
        book = self.server.book
        book.received.append(message_from_bytes(body, policy=policy.default))
        book.over.wait(book.slowness)
        if self.fault is Fault.STALL_AFTER_BODY:
            book.over.wait()
        if self.fault in (Fault.DROP_AFTER_BODY, Fault.STALL_AFTER_BODY):
            return False
        self._say("250 kept")
        return True

    def _body(self) -> bytes | None:
        """The body up to its final dot; None when the client was gone before it."""
        lines: list[bytes] = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line.removeprefix(b"."))
        return None

    def _say(self, text: str) -> None:
        with suppress(ConnectionError):
            self.wfile.write(f"{text}\r\n".encode())


def closed_port() -> int:
    """A port of this machine where nothing answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
