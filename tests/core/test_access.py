"""Sessions and counted attempts."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from core.access import attempts, limits, service, sessions
from core.access.kinds import SessionKind
from core.access.limits import TryAgainAt
from core.access.models import AccessSession, Attempt
from core.access.queries import own_sessions
from core.access.secret import hashed, new_secret
from core.access.sessions import Live
from core.actor import Actor, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.companies import sign_in
from core.db import configure, dispose, reading, transaction, url, writer
from core.errors import NotSaved
from tests.conftest import START, Clock


def _open(actor: Actor) -> str:
    with transaction(actor) as session:
        return sessions.open_session(session, kind=SessionKind.STAFF, staff_id=actor.id, by=actor)


def _live(secret: str, kind: SessionKind = SessionKind.STAFF) -> Live | None:
    with reading(system()) as session:
        return sessions.find_live(session, secret, kinds=[kind])


def _use(secret: str) -> None:
    live = _live(secret)
    assert live
    with transaction(system()) as session:
        sessions.touch(session, live.id)


def _in_session(actor: Actor, secret: str) -> Actor:
    with reading(system()) as session:
        found = sign_in.who(session, secret)
    assert found
    return found


class TestSessions:
    def test_only_the_hash_of_the_secret_is_kept(self, aisha: Actor) -> None:
        secret = _open(aisha)
        with reading(system()) as session:
            row = session.scalars(select(AccessSession)).one()
        assert row.secret_hash == hashed(secret)
        assert (row.ip, row.user_agent) == (aisha.ip, aisha.user_agent)
        assert len({new_secret() for _ in range(1_000)}) == 1_000
        assert len(secret) >= 43

    def test_unused_for_thirty_days_it_ends(self, aisha: Actor, clock: Clock) -> None:
        secret = _open(aisha)
        clock.at(START + sessions.IDLE - timedelta(seconds=1))
        assert _live(secret)
        clock.forward(seconds=1)
        assert _live(secret) is None

    def test_used_every_week_it_ends_after_ninety_days(self, aisha: Actor, clock: Clock) -> None:
        secret = _open(aisha)
        for _ in range(12):
            clock.forward(days=7)
            _use(secret)
        clock.at(START + sessions.LONGEST - timedelta(seconds=1))
        assert _live(secret)
        clock.forward(seconds=1)
        assert _live(secret) is None

    def test_a_use_is_written_down_every_few_minutes(self, aisha: Actor, clock: Clock) -> None:
        secret = _open(aisha)
        clock.forward(minutes=5)
        assert (live := _live(secret)) is not None
        assert not sessions.needs_touch(live)
        clock.forward(seconds=1)
        assert sessions.needs_touch(live)

    @pytest.mark.parametrize("secret", ("", "wrong", "x" * 10_000, "\ud800"))
    def test_no_other_secret_opens_it(self, aisha: Actor, secret: str) -> None:
        own = _open(aisha)
        assert _live(secret) is None
        assert _live(own[:-1]) is None
        assert _live(own + "=") is None
        assert _live(own, SessionKind.READER) is None

    def test_leaving_ends_it(self, aisha: Actor) -> None:
        secret, other = _open(aisha), _open(aisha)
        with transaction(system()) as session:
            sessions.close(session, secret)
            sessions.close(session, "never was")
        assert _live(secret) is None
        assert _live(other)

    def test_revoking_ends_those_of_one_person_only(self, aisha: Actor, nora: Actor) -> None:
        hers, theirs = [_open(aisha) for _ in range(3)], _open(nora)
        with transaction(system()) as session:
            assert sessions.revoke(session, staff_id=aisha.id) == 3
            assert sessions.revoke(session, staff_id=aisha.id) == 0
            with pytest.raises(ValueError, match="whose sessions"):
                sessions.revoke(session)
        assert [_live(secret) for secret in hers] == [None] * 3
        assert _live(theirs)

    def test_one_sees_ones_own_and_ends_the_others(self, aisha: Actor, nora: Actor, clock: Clock) -> None:
        secrets = []
        for _ in range(3):
            secrets.append(_open(aisha))
            clock.forward(minutes=1)
        theirs, me = _open(nora), _in_session(aisha, secrets[1])
        with reading(me) as session:
            found = own_sessions(session)
        assert [one.is_this for one in found] == [False, True, False]
        assert found[0].opened_at > found[2].opened_at
        with transaction(me) as session:
            assert service.end_other_sessions(session, by=me) == 2
        assert [bool(_live(secret)) for secret in [*secrets, theirs]] == [False, True, False, True]
        with reading(aisha) as session:
            assert session.scalars(select(AuditEntry.tag)).all() == [Tag.SESSION_REVOKE]

    def test_the_product_itself_has_none(self, company: Any) -> None:
        with reading(system(company.id)) as session:
            assert own_sessions(session) == []

    def test_a_revoked_session_answers_nobody_from_the_commit_on(self, aisha: Actor) -> None:
        secret = _open(aisha)
        with transaction(system()) as session:
            sessions.revoke(session, staff_id=aisha.id)
        with ThreadPoolExecutor(8) as pool:
            assert not any(pool.map(lambda _: _live(secret), range(200)))

    def test_a_session_taken_up_elsewhere_is_noted(self, aisha: Actor) -> None:
        me = _in_session(aisha, _open(aisha))
        with transaction(me) as session:
            service.report_mismatch(session, by=me)
        with reading(aisha) as session:
            assert session.scalars(select(AuditEntry.tag)).one() == Tag.SESSION_MISMATCH


HIT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from core.access import limits
def hit(_):
    try:
        limits.failed_unlock("203.0.113.9", "partner")
    except limits.TryAgainAt:
        return 0
    return 1
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(hit, range(30))))
"""


def _hits(times: int, ip: str = "203.0.113.9", partner: str = "p") -> int:
    passed = 0
    for _ in range(times):
        try:
            limits.failed_unlock(ip, partner)
        except TryAgainAt:
            continue
        passed += 1
    return passed


class TestLimits:
    def test_of_sixty_at_once_in_two_processes_five_count(self, database: str) -> None:
        environment = os.environ | {"DATABASE_URL": url()}
        running = [
            subprocess.Popen([sys.executable, "-c", HIT], env=environment, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        answers = [process.communicate(timeout=60)[0] for process in running]
        assert sum(int(answer) for answer in answers) == 5
        assert _hits(1, partner="partner") == 0

    def test_it_says_when_to_try_again_and_means_it(self, database: str, clock: Clock) -> None:
        assert _hits(5) == 5
        with pytest.raises(TryAgainAt) as refusal:
            limits.failed_unlock("203.0.113.9", "p")
        assert refusal.value.message == "Too many attempts. Try again at 13:00 (Muscat)."
        clock.forward(minutes=59, seconds=59)
        assert _hits(1) == 0
        clock.at(refusal.value.retry_at)
        assert _hits(6) == 5

    def test_the_window_moves(self, database: str, clock: Clock) -> None:
        assert _hits(2) == 2
        clock.forward(minutes=40)
        assert _hits(4) == 3
        clock.forward(minutes=21)
        assert _hits(3) == 2

    def test_partners_and_addresses_count_apart_and_an_address_in_all(self, database: str) -> None:
        assert [_hits(6, partner=f"p{number}") for number in range(5)] == [5, 5, 5, 5, 0]
        assert _hits(6, ip="203.0.113.10") == 5

    def test_links_are_counted_by_address_and_by_mailbox(
        self, database: str, set_settings: Callable[..., None]
    ) -> None:
        set_settings(sign_in_links_per_address=3)
        for number in range(3):
            limits.asked_for_link(f"203.0.113.{number}", "huda@dhofar.om")
        with pytest.raises(TryAgainAt):
            limits.asked_for_link("203.0.113.77", "huda@dhofar.om")
        limits.asked_for_link("203.0.113.77", "nora@dhofar.om")

    def test_no_address_is_kept_and_old_attempts_are_forgotten(self, database: str, clock: Clock) -> None:
        _hits(3)
        with reading(system()) as session:
            kept = session.scalars(select(Attempt.key_hash)).all()
        assert len(kept) == 6
        assert not any(b"203" in key for key in kept)
        clock.forward(hours=1, seconds=1)
        _hits(1, partner="other")
        with reading(system()) as session:
            assert session.scalar(select(func.count()).select_from(Attempt)) == 2

    def test_it_survives_a_restart(self, database: str) -> None:
        assert _hits(5) == 5
        dispose()
        assert _hits(1) == 0

    def test_when_the_database_is_away_nobody_gets_through(self, sqlite_database: str, tmp_path: Any) -> None:
        configure(f"sqlite:///{tmp_path / 'a' / 'gone.db'}")
        with pytest.raises(NotSaved):
            limits.failed_unlock("203.0.113.9", "p")
        dispose()

    def test_when_the_table_is_away_nobody_gets_through(self, database: str) -> None:
        with writer().begin() as connection:
            connection.execute(text("DROP TABLE attempt"))
        for counted in (limits.failed_unlock, limits.asked_for_link):
            with pytest.raises(Exception, match=r"attempt|Not saved"):
                counted("203.0.113.9", "p")

    def test_the_storage_is_whole(self, database: str) -> None:
        storage = attempts.AttemptStorage()
        key = f"LIMITER/{'ab' * 32}/5/1/hour"
        assert storage.check()
        assert [storage.acquire_entry(key, 3, 3600, amount) for amount in (2, 2, 1)] == [True, False, True]
        assert storage.get(key) == 3
        assert storage.get_moving_window(key, 3, 3600)[1] == 3
        storage.clear(key)
        assert storage.get(key) == 0
        storage.acquire_entry(key, 3, 3600)
        assert storage.reset() == 1
        assert issubclass(SQLAlchemyError, storage.base_exceptions)
        for fixed in (storage.incr, storage.get_expiry):
            with pytest.raises(NotImplementedError):
                fixed(key, *([3600] if fixed == storage.incr else []))
