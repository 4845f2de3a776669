"""No mail is lost and none arrives twice, whatever the mail server does and however often a worker is killed."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Lock
from time import sleep
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.actor import system
from core.db import reading, transaction
from core.mail.brand import Brand
from core.mail.messages import test_message as message_to
from core.mail.models import Mail, MailState
from core.mail.outbox import enqueue
from tests.factories import make_company
from tests.fake_smtp import Fault, RawServer
from tests.servers import default_environment, wait_until

ROOT = Path(__file__).parents[2]
WORKERS = 2
IN_A_HURRY = """
import sys
from datetime import timedelta
from core import worker
from core.mail import outbox
outbox.LEASE = timedelta(seconds=3)
outbox.PAUSES = [timedelta(seconds=0.2)] * 8
worker.IDLE_SECONDS = 0.1
worker.main(sys.argv[1:])
"""
"""A worker whose minutes are fractions of a second."""
PASSING = (
    Fault.PUT_OFF,
    Fault.PUT_OFF_BODY,
    Fault.DROP_AT_DATA,
    Fault.DROP_IN_BODY,
    Fault.DROP_AFTER_BODY,
    Fault.STALL_AFTER_BODY,
)
OPEN_ENDED = {MailState.QUEUED, MailState.SENDING}


class Weather:
    """Which fault meets which mail: about one try in three, at most two for the same mail; some addresses are gone."""

    def __init__(self, seed: int) -> None:
        self._random, self._lock = Random(seed), Lock()
        self._met: Counter[str] = Counter()

    def fault(self, recipient: str) -> Fault:
        """The next fault; without a recipient, of the greeting."""
        with self._lock:
            if recipient.startswith("gone"):
                return Fault.REFUSE
            luck = self._random.random()
            if not recipient:
                return Fault.DROP_AT_GREETING if luck < 0.05 else Fault.NONE
            if luck > 0.35 or self._met[recipient] == 2:
                return Fault.NONE
            self._met[recipient] += 1
            return self._random.choice(PASSING)


@dataclass
class Crew:
    """Workers in processes of their own, each replaced when it is killed."""

    environment: dict[str, str]
    random: Random

    def __post_init__(self) -> None:
        self.members = [self._hired() for _ in range(WORKERS)]

    def _hired(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", IN_A_HURRY]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL)

    def lose_one(self) -> None:
        """Kill a worker wherever it is in its work."""
        place = self.random.randrange(WORKERS)
        self.members[place].kill()
        self.members[place].wait()
        self.members[place] = self._hired()

    def dismiss(self) -> None:
        """Ask all to end; whoever was not asked in time is killed."""
        for member in self.members:
            member.terminate()
        for member in self.members:
            member.wait(30)


@contextmanager
def working(database: str, tmp_path: Path, server: RawServer, random: Random) -> Iterator[Crew]:
    given = {"database_url": database, "state_dir": tmp_path} | server.smtp
    crew = Crew(os.environ | default_environment() | {name.upper(): str(v) for name, v in given.items()}, random)
    with ExitStack() as stack:
        stack.callback(crew.dismiss)
        yield crew


def keep(count: int) -> dict[str, UUID]:
    """Keep mails, one in twenty to an address that is gone; their ids by address."""
    with transaction(system()) as session:
        company = make_company(session).id
    with transaction(system(company)) as session:
        addresses = [f"{'gone' if number % 20 == 7 else 'person'}{number}@bank.om" for number in range(count)]
        return {to: enqueue(session, message_to(Brand("SmartPRO"), to, "en"), key=to).id for to in addresses}


def still_open() -> int:
    with reading(system()) as session:
        return session.scalar(select(func.count(Mail.id)).where(Mail.state.in_(OPEN_ENDED))) or 0


@pytest.mark.parametrize(("mails", "kills"), ((40, 6), pytest.param(500, 50, marks=pytest.mark.soak)))
def test_no_mail_is_lost_and_none_arrives_twice(database, tmp_path, mails, kills):
    random = Random(mails)
    kept = keep(mails)
    with RawServer(Weather(mails).fault, slowness=0.03) as server:
        with working(database, tmp_path, server, random) as crew:
            for number in range(kills):
                enough = number * mails * 0.7 / kills
                wait_until(lambda: len(server.received) > enough, what="a mail", seconds=60)  # noqa: B023
                sleep(random.random() * 0.3)
                crew.lose_one()
            wait_until(lambda: still_open() == 0, what="the last mail", seconds=60 + mails)
        arrivals = Counter(mail["Message-ID"] for mail in server.received)

    with reading(system()) as session:
        rows = session.scalars(select(Mail)).all()
    assert {row.to_address: row.id for row in rows} == kept
    for row in rows:
        expected = {MailState.SENT: {1}, MailState.AMBIGUOUS: {0, 1}, MailState.BOUNCED: {0}}
        assert arrivals[row.message_id] in expected[row.state], (row.to_address, row.state, row.last_error)
        assert (row.state is MailState.BOUNCED) == row.to_address.startswith("gone")
        assert row.last_error or row.state is MailState.SENT
    states = Counter(row.state for row in rows)
    assert states[MailState.SENT] > mails / 2
    assert states[MailState.AMBIGUOUS] > 0
    assert set(arrivals) <= {row.message_id for row in rows}
