"""The worker: delivers the outbox and runs what is due by the clock. ``python -m core.worker [--once]``.

Any number may run. Asked to stop (SIGTERM, SIGINT), it finishes the mail in its hands and ends.
"""

import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from typing import Any

import structlog

import core.tables  # noqa: F401 - relations between tables are known only once every table is
from core.actor import system
from core.audit import anchors
from core.clock import now
from core.db import dispose, reading, transaction
from core.deals import lateness, turns
from core.deals.expiry import expire
from core.errors import DomainError
from core.mail.models import WorkerBeat
from core.mail.outbox import deliver_due
from core.meetings.reminders import remind
from core.nda import renewals
from core.nda.models import Nda
from core.questions import lateness as late_questions
from core.settings import settings
from core.training import notices
from core.vault.models import DocumentVersion
from core.vault.sweeping import sweep

IDLE_SECONDS = 1.0
BEAT = timedelta(seconds=15)
log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """Something to do again and again, ``every`` so often, the first time at the start."""

    name: str
    every: timedelta
    run: Callable[[], object]


def _keep_anchors() -> None:
    """Copy the ends of the audit chains out of the database."""
    with reading(system()) as session:
        anchors.keep(session)


def _sweep_files() -> None:
    """Remove kept files that no row names."""
    sweep(HOLD_FILES)


HOLD_FILES = (DocumentVersion.sha256, Nda.pdf_sha256)
"""Every column that names a kept file; what none of them names is swept away."""
JOBS = [
    Job("anchors", timedelta(hours=1), _keep_anchors),
    Job("files", timedelta(hours=1), _sweep_files),
    Job("action reminders", timedelta(minutes=10), remind),
    Job("nda renewals", timedelta(minutes=10), renewals.remind),
    Job("quotes", timedelta(minutes=10), expire),
    Job("late deals", timedelta(minutes=10), lateness.escalate),
    Job("late questions", timedelta(minutes=10), late_questions.escalate),
    Job("protections", timedelta(minutes=10), turns.watch),
    Job("certifications", timedelta(minutes=10), notices.remind),
]
"""Every periodic job."""


def own_name() -> str:
    """A name no other worker has: host, process, and a little chance."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"


def beat(worker: str) -> None:
    """Say that this worker is alive, and forget those unseen for a day."""
    with transaction(system()) as session:
        session.merge(WorkerBeat(worker=worker, at=now()))
        session.query(WorkerBeat).where(WorkerBeat.at < now() - timedelta(days=1)).delete()


def run(stop: Event, *, jobs: Sequence[Job] | None = None, worker: str | None = None) -> None:
    """Work until ``stop`` is set."""
    name = worker or own_name()
    log.info("worker.started", worker=name)
    clockwork = _Clockwork([Job("beat", BEAT, lambda: beat(name)), *(JOBS if jobs is None else jobs)])
    while not stop.is_set():
        clockwork.run_due()
        if not _attempt("mail", lambda: deliver_due(name, most=1)):
            stop.wait(IDLE_SECONDS)
    log.info("worker.stopped", worker=name)


def run_once(*, jobs: Sequence[Job] | None = None) -> None:
    """Do everything that is due now, once."""
    name = own_name()
    beat(name)
    for job in JOBS if jobs is None else jobs:
        _attempt(job.name, job.run)
    while deliver_due(name):
        pass


class _Clockwork:
    """The jobs and when each is due next."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._due = [(job, time.monotonic()) for job in jobs]

    def run_due(self) -> None:
        """Run each job whose time has come."""
        self._due = [(job, self._after(job, due)) for job, due in self._due]

    @staticmethod
    def _after(job: Job, due: float) -> float:
        if time.monotonic() < due:
            return due
        _attempt(job.name, job.run)
        return time.monotonic() + job.every.total_seconds()


def _attempt(name: str, work: Callable[[], object]) -> Any:
    """Do a piece of work; a refusal, such as a database that is away, is noted and tried again at the next turn."""
    try:
        return work()
    except DomainError as refusal:
        log.error("worker.refused", job=name, reason=refusal.message)
        return None


def _log_as_json() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings().log_level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def main(arguments: Sequence[str]) -> None:
    """The process: until it is asked to stop, or with ``--once`` until nothing is due."""
    _log_as_json()
    stop = Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stop.set())
    if "--once" in arguments:
        run_once()
    else:
        run(stop)
    dispose()


if __name__ == "__main__":
    main(sys.argv[1:])
