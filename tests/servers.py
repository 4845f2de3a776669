"""The real processes for the journeys: admin, portal and worker on free ports, and a real SMTP server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

from core.settings import Settings

ROOT = Path(__file__).parent.parent
SERVE = (
    "--loop",
    "uvloop",
    "--http",
    "httptools",
    "--no-access-log",
    "--no-server-header",
    "--no-proxy-headers",
    "--log-level",
    "warning",
)
ALL = ("admin", "portal", "worker")
START_SECONDS = 40.0
STOP_SECONDS = 8.0


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(happened: Callable[[], object], *, what: str, seconds: float = 10.0) -> None:
    """Return once something has happened.

    Raises:
        TimeoutError: it did not happen in time.
    """
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {seconds:g} s")
        time.sleep(0.05)


def default_environment() -> dict[str, str]:
    """Every setting at its default, as environment variables, so that no ``.env`` of a developer is felt."""
    values = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    return {n: v.get_secret_value() if isinstance(v, SecretStr) else str(v) for n, v in values.items()}


class Process:
    """One process of the product, its output in a log file."""

    def __init__(self, name: str, command: list[str], *, environment: dict[str, str], log: Path) -> None:
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its output is added to the log."""
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    def stop(self) -> None:
        """Ask it to end, and end it when it does not."""
        if self.running is None:
            return
        self.running.terminate()
        try:
            self.running.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self.running = None

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()
            self.running = None

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.running is not None and self.running.poll() is None


class Stack:
    """Processes of the product over one database; started on entry, stopped on exit.

    ``settings`` are named like the fields of ``core.settings.Settings``; ports and public addresses are chosen here.
    """

    def __init__(self, *, database_url: str, folder: Path, apps: Iterable[str] = ALL, **settings: Any) -> None:
        self.folder = folder
        admin_port, portal_port = free_port(), free_port()
        self.admin_url, self.portal_url = f"http://127.0.0.1:{admin_port}", f"http://127.0.0.1:{portal_port}"
        given = {"database_url": database_url, "admin_url": self.admin_url, "portal_url": self.portal_url}
        given |= {"state_dir": folder / "state"} | settings
        self.environment = os.environ | default_environment() | {n.upper(): str(v) for n, v in given.items()}
        self.admin = self._process("admin", ["uvicorn", "admin_app.asgi:app", "--port", str(admin_port), *SERVE])
        self.portal = self._process("portal", ["uvicorn", "portal_app.asgi:app", "--port", str(portal_port), *SERVE])
        self.worker = self._process("worker", ["core.worker"])
        self._processes = [process for process in (self.admin, self.portal, self.worker) if process.name in apps]

    def _process(self, name: str, module: list[str]) -> Process:
        command = [sys.executable, "-m", *module]
        return Process(name, command, environment=self.environment, log=self.folder / f"{name}.log")

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            for process in self._processes:
                process.start()
            self.wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop every process."""
        for process in reversed(self._processes):
            process.stop()

    def move_clock(self, *, days: int) -> None:
        """Start every process again with its clock so many days ahead of the machine's."""
        self.stop()
        for process in self._processes:
            python, _m, *module = process.command
            process.command = [python, "-m", "tests.later", str(days), *module]
            process.start()
        self.wait_until_healthy()

    def wait_until_healthy(self) -> None:
        """Return once the apps answer ``/healthz``.

        Raises:
            RuntimeError: a process ended instead; its log is in the message.
            TimeoutError: an app did not answer in time.
        """
        for process, url in ((self.admin, self.admin_url), (self.portal, self.portal_url)):
            if process in self._processes:
                wait_until(partial(self._answers, url), what=f"{url}/healthz", seconds=START_SECONDS)

    def _answers(self, url: str) -> bool:
        for process in self._processes:
            if not process.is_alive():
                raise RuntimeError(f"{process.name} ended:\n{process.log.read_text()[-4000:]}")
        try:
            with httpx.Client(trust_env=False, timeout=2) as client:
                return client.get(f"{url}/healthz").is_success
        except httpx.TransportError:
            return False

    def logs(self) -> str:
        """What the processes have said so far."""
        return "\n".join(p.log.read_text() for p in self._processes if p.log.exists())


class Mailbox:
    """A real SMTP server that keeps every mail it was given, for the settings ``smtp`` names."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def smtp(self) -> dict[str, Any]:
        """The settings that send to this server."""
        return {"smtp_host": "127.0.0.1", "smtp_port": self._controller.port, "smtp_security": "none"}

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one mail; aiosmtpd calls this."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.messages.append(message_from_bytes(content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"

    def wait_for(self, address: str, *, subject: str = "", seconds: float = 15.0) -> EmailMessage:
        """The newest mail to an address whose subject contains some words.

        Raises:
            TimeoutError: none came in time.
        """
        wait_until(lambda: self.to(address, subject=subject), what=f"a mail to {address}", seconds=seconds)
        return self.to(address, subject=subject)[-1]

    def to(self, address: str, *, subject: str = "") -> list[EmailMessage]:
        """The mails to an address whose subject contains some words, oldest first."""
        pairs = zip(self.messages, self.recipients, strict=False)
        return [m for m, people in pairs if address in people and subject in str(m["Subject"])]

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()
