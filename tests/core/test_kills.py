"""A process that is killed in the middle of an act leaves nothing of it behind, and loses nothing it said was done."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, text

import core.db
from core import failpoints
from core.actor import Actor, system
from core.db import reading
from core.mail.brand import Brand
from core.mail.messages import staff_sign_in
from core.mail.models import Mail, MailState
from core.mail.outbox import deliver_due, enqueue
from core.partners.models import Partner
from tests.conftest import Clock
from tests.core.engagement_world import rebuilt_sums, sums
from tests.core.partner_life import ACTS, Life, left_by, marks, verified
from tests.servers import Mailbox

NAMED = "named points"
EVERY = "every statement"
DETAIL = (NAMED, pytest.param(EVERY, marks=pytest.mark.soak))
ROUNDS = (10, pytest.param(200, marks=pytest.mark.soak))
_FORKING = multiprocessing.get_context("fork")


@contextmanager
def child(work: Callable[[Connection], None]) -> Iterator[tuple[ForkProcess, Connection]]:
    """Another process that works on the same database; it holds nothing open of ours."""
    for engine in (core.db.writer(), core.db.reader()):
        engine.dispose()
    ours, theirs = _FORKING.Pipe(duplex=False)
    process = _FORKING.Process(target=work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        ours.close()
        _settled()


def _settled() -> None:
    """Wait until PostgreSQL has noticed that the process is gone."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with core.db.reader().connect() as connection:
        while connection.dialect.name == "postgresql" and connection.scalar(others):
            time.sleep(0.002)
            connection.rollback()


def heard(pipe: Connection) -> list[Any]:
    """Everything that was said before the end."""
    found = []
    try:
        while True:
            found.append(pipe.recv())
    except EOFError:
        return found


class Points:
    """The points passed in this process: the named ones, each COMMIT, and if wanted each statement."""

    def __init__(self, detail: str, *, last: int) -> None:
        self.passed: list[str] = []
        self.last = last
        failpoints.watch(self.passing)
        for engine in (core.db.writer(), core.db.reader()):
            event.listen(engine, "commit", lambda _connection: self.passing("commit"))
            if detail == EVERY:
                event.listen(engine, "after_cursor_execute", lambda _c, _k, sql, *_: self.passing(sql[:40]))

    def passing(self, point: str) -> None:
        """Note a point; the process ends here when it was the last one."""
        self.passed.append(point)
        if len(self.passed) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def attempted(act: Callable[[Life], str], life: Life, detail: str, last: int) -> tuple[str | None, list[str]]:
    """Do an act in a process that is killed at its ``last`` point: what it answered, if it was done, and the points."""

    def work(pipe: Connection) -> None:
        points = Points(detail, last=last)
        answer = act(life)
        pipe.send((answer, points.passed))
        points.passing("acknowledged")

    with child(work) as (process, pipe):
        said = heard(pipe)
        process.join()
    return said[0] if said else (None, [])


def one_life(admin: Actor, clock: Clock, name: str) -> dict[str, dict[tuple[str, ...], int]]:
    """Live it undisturbed: what each act leaves."""
    life, left = Life(admin, name), {}
    for act, do in ACTS.items():
        clock.forward(seconds=10)
        before = marks()
        life.kept[act] = do(life)
        left[act] = left_by(before, marks())
    return left


@pytest.mark.parametrize("detail", DETAIL)
def test_killed_at_any_point_an_act_is_done_wholly_or_not_at_all(aisha: Actor, clock: Clock, detail: str) -> None:
    one_life(aisha, clock, "first")  # The first of all makes rows that later ones only add to.
    whole = one_life(aisha, clock, "undisturbed")
    life = Life(aisha, "disturbed")
    for act, do in ACTS.items():
        clock.forward(seconds=10)
        before, kept = marks(), sums()
        answer, points = None, list[str]()
        for last in count(1):
            answer, points = attempted(do, life, detail, last)
            if answer is not None:
                break
            assert left_by(before, marks()) == {}, (act, last)
            assert sums() == kept, (act, last)
        life.kept[act] = str(answer)
        assert left_by(before, marks()) == whole[act], act
        assert points[-1] == "commit"
        assert len(points) == last - 1
        assert verified(aisha).intact, act
    assert sums() == rebuilt_sums()


def test_every_act_passes_a_point_between_its_writes(aisha: Actor, clock: Clock) -> None:
    life, passed = Life(aisha, "watched"), list[str]()
    for act, do in ACTS.items():
        clock.forward(seconds=10)
        passed.clear()
        failpoints.watch(passed.append)
        try:
            life.kept[act] = do(life)
        finally:
            failpoints.watch(None)
        assert passed, act


@pytest.mark.parametrize("rounds", ROUNDS)
def test_killed_at_any_moment_nothing_acknowledged_is_lost(aisha: Actor, clock: Clock, rounds: int) -> None:
    one_life(aisha, clock, "first")
    whole = one_life(aisha, clock, "undisturbed")
    chance = random.Random(20_261_122)
    for number in range(rounds):
        clock.forward(seconds=1)
        before, least = marks(), chance.randrange(2 * len(ACTS))
        acknowledged = _lived_until_killed(aisha, clock, f"round-{number}", least, chance.uniform(0, 0.02))
        assert len(acknowledged) >= least
        _check_present(before, acknowledged, whole)
        assert verified(aisha).intact
    assert sums() == rebuilt_sums()


def _lived_until_killed(admin: Actor, clock: Clock, name: str, least: int, seconds: float) -> list[str]:
    """Live life after life in a process that is killed some time after so many acts: those it said were done."""

    def work(pipe: Connection) -> None:
        for number in count():
            life = Life(admin, f"{name}-{number}")
            for act, do in ACTS.items():
                clock.forward(seconds=10)
                life.kept[act] = do(life)
                pipe.send(act)

    with child(work) as (process, pipe):
        said = [pipe.recv() for _ in range(least)]
        time.sleep(seconds)
        process.kill()
        said += heard(pipe)
    return said


def _check_present(before: Any, acknowledged: list[str], whole: dict[str, dict[tuple[str, ...], int]]) -> None:
    """Everything acknowledged is there, and at most the one act after it, wholly."""
    after = marks()
    expected = before.copy()
    for act in acknowledged:
        expected.update(whole[act])
    following = list(ACTS)[len(acknowledged) % len(ACTS)]
    assert left_by(expected, after) in ({}, whole[following]), (acknowledged[-1:], following)


@pytest.mark.parametrize("detail", DETAIL)
def test_a_mail_is_lost_by_no_kill_and_sent_twice_by_none(
    aisha: Actor, clock: Clock, mailbox: Mailbox, set_settings: Callable[..., None], detail: str
) -> None:
    set_settings(**mailbox.smtp)
    message = staff_sign_in(Brand("Dhofar"), "nora@dhofar.om", "Nora", "https://a.example/x", 15, "en")
    states = []
    for last in count(1):
        mail = _enqueued(aisha, message, last)
        _answer, points = attempted(lambda _life: str(deliver_due("doomed")), Life(aisha, ""), detail, last)
        clock.forward(minutes=6)
        while deliver_due("next"):
            clock.forward(minutes=6)
        states.append(_state(aisha, mail))
        copies = sum(message["Message-ID"] == _message_id(aisha, mail) for message in mailbox.messages)
        assert copies == 1 if states[-1] is MailState.SENT else copies <= 1, last
        if points:
            break
    assert set(states) == {MailState.SENT, MailState.AMBIGUOUS}
    assert states[-1] is MailState.SENT


def _enqueued(actor: Actor, message: Any, number: int) -> UUID:
    with core.db.transaction(actor) as session:
        return enqueue(session, message, key=f"mail {number}").id


def _state(actor: Actor, mail: UUID) -> MailState:
    with reading(actor) as session:
        return session.get_one(Mail, mail).state


def _message_id(actor: Actor, mail: UUID) -> str:
    with reading(actor) as session:
        return session.get_one(Mail, mail).message_id


def test_a_child_that_is_not_killed_does_the_act(aisha: Actor, clock: Clock) -> None:
    life = Life(aisha, "calm")
    answer, points = attempted(ACTS["add partner"], life, NAMED, 1_000)
    assert answer is not None
    assert points == ["audit:admin:partner:create", "commit"]
    with reading(system()) as session:
        assert session.scalars(select(Partner.name)).one() == "calm"
