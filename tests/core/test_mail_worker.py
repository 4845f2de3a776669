"""The worker: what it does by the clock, and how it ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest
import structlog
from sqlalchemy import select

from core import worker
from core.actor import system
from core.audit.anchors import kept
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import reading, transaction
from core.errors import NotSaved
from core.mail.brand import Brand
from core.mail.messages import staff_sign_in
from core.mail.models import Mail, MailState, WorkerBeat
from core.mail.outbox import enqueue
from core.worker import Job, run, run_once
from tests.factories import make_company
from tests.fake_smtp import Fault, RawServer, Server
from tests.servers import default_environment, wait_until

ROOT = Path(__file__).parents[2]
LINK = "https://a.example/sign-in?token=very-secret"


@pytest.fixture
def mail_id(database: str) -> UUID:
    """A mail that is kept."""
    with transaction(system()) as session:
        company = make_company(session).id
    with transaction(system(company)) as session:
        mail = staff_sign_in(Brand("SmartPRO"), "nora@smartpro.om", "Nora", LINK, 15, "en")
        return enqueue(session, mail, key="k").id


def state(mail_id: UUID) -> MailState:
    with reading(system()) as session:
        return session.scalars(select(Mail.state).where(Mail.id == mail_id)).one()


def beats() -> list[str]:
    with reading(system()) as session:
        return list(session.scalars(select(WorkerBeat.worker)))


class TestOnce:
    def test_does_what_is_due_and_says_it_was_there(self, mail_id, set_settings):
        done: list[str] = []
        with Server() as server:
            set_settings(**server.smtp)
            run_once(jobs=[Job("tidy", timedelta(days=1), lambda: done.append("tidy"))])
        assert (state(mail_id), done, len(beats())) == (MailState.SENT, ["tidy"], 1)

    def test_forgets_workers_unseen_for_a_day(self, database, clock):
        with transaction(system()) as session:
            session.add(WorkerBeat(worker="old", at=now()))
        clock.forward(days=1, seconds=1)
        worker.beat("new")
        assert beats() == ["new"]

    def test_runs_the_jobs_that_were_added(self, database, monkeypatch):
        done: list[str] = []
        monkeypatch.setattr(worker, "JOBS", [Job("tidy", timedelta(days=1), lambda: done.append("tidy"))])
        run_once()
        assert done == ["tidy"]


class TestRun:
    def test_repeats_its_jobs_and_ends_when_asked(self, database):
        done: list[str] = []
        stop = Event()

        def often() -> None:
            done.append("often")
            if len(done) > 3:
                stop.set()

        jobs = [Job("often", timedelta(0), often), Job("seldom", timedelta(days=1), lambda: done.insert(0, "seldom"))]
        thread = Thread(target=run, args=(stop,), kwargs={"jobs": jobs, "worker": "w"})
        thread.start()
        thread.join(30)
        assert not thread.is_alive()
        assert (done.count("seldom"), done.count("often"), beats()) == (1, 3, ["w"])

    def test_delivers_between_its_jobs(self, mail_id, set_settings):
        stop = Event()

        def end_once_sent() -> None:
            if state(mail_id) is MailState.SENT:
                stop.set()

        jobs = [Job("watch", timedelta(0), end_once_sent)]
        with Server() as server:
            set_settings(**server.smtp)
            run(stop, jobs=jobs, worker="w")
        assert len(server.messages) == 1

    def test_goes_on_after_a_refusal(self, database):
        stop = Event()
        tries: list[int] = []

        def refused() -> None:
            tries.append(1)
            if len(tries) == 2:
                stop.set()
            raise NotSaved(error_id="7F3A")

        run(stop, jobs=[Job("refused", timedelta(0), refused)], worker="w")
        assert len(tries) == 2


class TestMain:
    """The process's own frame, without a process."""

    @pytest.fixture(autouse=True)
    def _left_as_found(self) -> Iterator[None]:
        handlers = {asked: signal.getsignal(asked) for asked in (signal.SIGTERM, signal.SIGINT)}
        yield
        for asked, handler in handlers.items():
            signal.signal(asked, handler)
        structlog.reset_defaults()

    def test_ends_when_it_is_asked_to(self, database, monkeypatch, capfd):
        done: list[str] = []

        def asked() -> None:
            done.append("asked")
            os.kill(os.getpid(), signal.SIGTERM)

        monkeypatch.setattr(worker, "JOBS", [Job("asked", timedelta(days=1), asked)])
        worker.main([])
        assert done == ["asked"]
        assert [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()] == [
            "worker.started",
            "worker.stopped",
        ]

    def test_does_its_work_once(self, mail_id, set_settings):
        with Server() as server:
            set_settings(**server.smtp)
            worker.main(["--once"])
        assert state(mail_id) is MailState.SENT

    def test_keeps_the_ends_of_the_audit_chains(self, database):
        with transaction(system()) as session:
            company = make_company(session).id
            record(session, Tag.COMPANY_CREATE, by=system(), company=company)
        run_once()
        assert list(kept(company)) == [1]


class TestProcess:
    """The process as it is served: ``python -m core.worker``."""

    def start(self, database: str, tmp_path: Path, smtp: dict[str, object], *arguments: str) -> subprocess.Popen[str]:
        given = {"database_url": database, "state_dir": tmp_path, "smtp_password": "very-secret-too"} | smtp
        environment = os.environ | default_environment() | {name.upper(): str(value) for name, value in given.items()}
        return subprocess.Popen(
            [sys.executable, "-m", "core.worker", *arguments],
            cwd=ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def test_does_its_work_once(self, mail_id, database, tmp_path):
        with Server() as server:
            process = self.start(database, tmp_path, server.smtp, "--once")
            noise, said = process.communicate(timeout=60)
        assert (process.returncode, noise, len(server.messages)) == (0, "", 1), said
        assert [json.loads(line)["event"] for line in said.splitlines()] == ["mail.sent"]
        assert "secret" not in said
        assert "nora@" not in said

    def test_finishes_the_mail_in_its_hands_when_asked_to_end(self, mail_id, database, tmp_path):
        with RawServer(lambda _: Fault.NONE, slowness=1.5) as server:
            process = self.start(database, tmp_path, server.smtp | {"smtp_timeout": 20})
            wait_until(lambda: server.received, what="the mail", seconds=30)
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=30)[1]
        assert (process.returncode, state(mail_id)) == (0, MailState.SENT)
        assert said.splitlines()[-1].count("worker.stopped") == 1
