"""The outbox: what is kept, tried, tried again, given up, and left for a person to judge."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.actor import Actor, system
from core.clock import now
from core.db import reading, transaction
from core.failpoints import watch
from core.ids import new_id
from core.mail import outbox
from core.mail.brand import Brand
from core.mail.messages import Message, staff_sign_in
from core.mail.models import Mail, MailState
from core.mail.outbox import LEASE, PAUSES, deliver_due, enqueue, recover
from core.mail.transport import MAYBE
from tests.factories import make_company
from tests.fake_smtp import Fault, RawServer, Server, closed_port

LINK = "https://a.example/sign-in?token=abc"


def message(to: str = "nora@smartpro.om") -> Message:
    return staff_sign_in(Brand("SmartPRO"), to, "Nora", LINK, 15, "en")


@pytest.fixture
def company(database: str) -> UUID:
    with transaction(system()) as session:
        return make_company(session).id


@pytest.fixture
def kept(company: UUID) -> Callable[..., UUID]:
    """A function that keeps a mail, and answers its id."""

    def keep(key: str = "k", to: str = "nora@smartpro.om") -> UUID:
        with transaction(system(company)) as session:
            return enqueue(session, message(to), key=key).id

    return keep


def row(mail_id: UUID) -> Mail:
    with reading(system()) as session:
        found = session.get(Mail, mail_id)
        assert found is not None
        return found


def change(mail_id: UUID, **values: Any) -> None:
    with transaction(system()) as session:
        session.execute(update(Mail).where(Mail.id == mail_id).values(**values))


@pytest.fixture
def raw(set_settings: Callable[..., None]) -> Iterator[RawServer]:
    """The raw server; set its ``choose``."""
    with RawServer(lambda _: Fault.NONE) as server:
        set_settings(**server.smtp)
        yield server


class TestEnqueue:
    def test_keeps_the_mail_as_it_will_be_sent(self, kept):
        mail = row(kept())
        assert (mail.state, mail.attempts, mail.to_address) == (MailState.QUEUED, 0, "nora@smartpro.om")
        assert mail.message_id.endswith("@localhost>")
        assert mail.secrets == [LINK]

    def test_gives_the_same_mail_for_the_same_key(self, kept):
        assert kept("welcome:1") == kept("welcome:1", to="other@smartpro.om")
        assert kept("welcome:2") != kept("welcome:1")

    def test_keeps_one_mail_a_key_in_each_company(self, kept):
        first = kept("same")
        with transaction(system()) as session:
            other = make_company(session).id
        with transaction(system(other)) as session:
            assert enqueue(session, message(), key="same").id != first

    def test_goes_when_its_act_is_undone(self, company):
        def undone_act() -> None:
            with transaction(system(company)) as session:
                enqueue(session, message(), key="k")
                raise KeyError

        with pytest.raises(KeyError):
            undone_act()
        with reading(system()) as session:
            assert session.scalars(select(Mail)).all() == []

    def test_gives_the_other_mail_when_another_act_was_faster(self, postgresql_database, company, kept, monkeypatch):
        with transaction(system(company)) as session:
            mine = enqueue(session, message(), key="mine")
            monkeypatch.setattr(session, "scalars", _blind_once(session, lambda: kept("raced")))
            assert enqueue(session, message(), key="raced").id != mine.id
        with reading(system()) as session:
            assert {mail.key for mail in session.scalars(select(Mail))} == {"mine", "raced"}

    def test_keeps_nothing_for_a_partner_that_does_not_exist(self, company):
        with pytest.raises(IntegrityError), transaction(system(company)) as session:
            enqueue(session, message(), key="k", partner_id=new_id())


def _blind_once(session: Any, meanwhile: Callable[[], object]) -> Callable[..., Any]:
    """A look that finds nothing the first time, because the other act commits right after it."""
    looks: list[object] = []
    real = session.scalars

    def scalars(*args: Any, **kwargs: Any) -> Any:
        found = real(*args, **kwargs)
        if not looks:
            looks.append(meanwhile())
        return found

    return scalars


class TestDeliver:
    def test_sends_what_is_due(self, kept, set_settings):
        mail_id = kept()
        with Server() as server:
            set_settings(**server.smtp)
            assert deliver_due("w") == 1
            assert deliver_due("w") == 0
        mail = row(mail_id)
        assert (mail.state, mail.attempts, mail.last_error) == (MailState.SENT, 1, "")
        assert mail.sent_at is not None
        assert [m["Message-ID"] for m in server.messages] == [mail.message_id]

    def test_keeps_everything_without_a_mail_server(self, kept):
        mail_id = kept()
        assert deliver_due("w") == 0
        assert (row(mail_id).state, row(mail_id).attempts) == (MailState.QUEUED, 0)

    def test_sends_the_longest_waiting_first_and_no_more_than_asked(self, kept, set_settings):
        for number in range(3):
            kept(str(number), to=f"p{number}@smartpro.om")
        with Server() as server:
            set_settings(**server.smtp)
            assert deliver_due("w", most=2) == 2
        assert [m["To"] for m in server.messages] == ["Nora <p0@smartpro.om>", "Nora <p1@smartpro.om>"]

    def test_waits_longer_each_time_and_then_gives_up(self, kept, raw, clock):
        mail_id = kept()
        raw.choose = lambda _: Fault.DROP_AT_GREETING
        for number, pause in enumerate(PAUSES, 1):
            assert deliver_due("w") == 1
            mail = row(mail_id)
            assert (mail.state, mail.attempts, mail.next_try_at) == (MailState.QUEUED, number, now() + pause)
            clock.forward(seconds=pause.total_seconds() - 1)
            assert deliver_due("w") == 0
            clock.forward(seconds=1)
        assert deliver_due("w") == 1
        assert row(mail_id).state is MailState.FAILED
        assert "closed the connection" in row(mail_id).last_error

    def test_pauses_from_a_minute_to_an_hour(self):
        minutes = [pause / timedelta(minutes=1) for pause in PAUSES]
        assert (minutes[0], minutes[-1], len(minutes), minutes) == (1, 60, 8, sorted(minutes))
        assert timedelta(minutes=1) <= LEASE

    def test_stops_at_the_first_mail_when_the_server_is_away(self, kept, set_settings):
        kept("1")
        kept("2")
        set_settings(smtp_host="127.0.0.1", smtp_port=closed_port())
        assert deliver_due("w") == 1

    def test_goes_on_after_a_mail_that_is_refused(self, kept, raw):
        refused, fine = kept("1", to="gone@bank.om"), kept("2")
        raw.choose = lambda to: Fault.REFUSE if to.startswith("gone") else Fault.NONE
        assert deliver_due("w") == 2
        assert (row(refused).state, row(fine).state) == (MailState.BOUNCED, MailState.SENT)
        assert "550" in row(refused).last_error

    def test_never_tries_a_bounced_mail_again(self, kept, raw, clock):
        kept()
        raw.choose = lambda _: Fault.REFUSE
        deliver_due("w")
        clock.forward(days=2)
        assert deliver_due("w") == 0

    def test_gives_up_what_is_put_off_too_often(self, kept, raw, clock):
        mail_id = kept()
        raw.choose = lambda _: Fault.PUT_OFF
        for _ in range(6):
            assert deliver_due("w") == 1
            clock.forward(hours=1)
        assert (row(mail_id).state, row(mail_id).soft_bounces) == (MailState.FAILED, 6)
        assert "451" in row(mail_id).last_error

    @pytest.mark.parametrize("fault", (Fault.DROP_AFTER_BODY, Fault.STALL_AFTER_BODY))
    def test_leaves_what_may_have_arrived_to_a_person(self, kept, raw, clock, fault):
        mail_id = kept()
        raw.choose = lambda _: fault
        deliver_due("w")
        clock.forward(days=2)
        raw.choose = lambda _: Fault.NONE
        assert deliver_due("w") == 0
        assert (row(mail_id).state, row(mail_id).last_error) == (MailState.AMBIGUOUS, MAYBE)
        assert len(raw.received) == 1

    def test_sends_again_what_cannot_have_arrived(self, kept, raw, clock):
        mail_id = kept()
        raw.choose = lambda _: Fault.DROP_AT_DATA
        deliver_due("w")
        raw.choose = lambda _: Fault.NONE
        clock.forward(minutes=1)
        deliver_due("w")
        assert (row(mail_id).state, row(mail_id).attempts, len(raw.received)) == (MailState.SENT, 2, 1)


class TestLease:
    """Workers that die, and workers that are late."""

    def test_one_mail_is_held_by_one_worker(self, kept, set_settings):
        kept()
        with Server() as server:
            set_settings(**server.smtp)
            others: list[int] = []
            watch(lambda point: others.append(deliver_due("other")) if point == "mail:handed_over" else None)
            deliver_due("w")
            watch(None)
        assert (others, len(server.messages)) == ([0], 1)

    def test_a_mail_that_was_taken_after_the_look_is_left_alone(self, kept, raw, monkeypatch):
        mail_id = kept()

        @contextmanager
        def look_and_be_late(actor: Actor) -> Iterator[Session]:
            with reading(actor) as session:
                yield session
            change(mail_id, state=MailState.SENDING, worker="faster", leased_until=now() + LEASE)

        monkeypatch.setattr(outbox, "recover", lambda: 0)
        monkeypatch.setattr(outbox, "reading", look_and_be_late)
        assert (deliver_due("w"), row(mail_id).worker, raw.received) == (0, "faster", [])

    def test_a_mail_is_sent_again_when_its_worker_died_before_the_body(self, kept, raw, clock):
        mail_id = kept()
        change(mail_id, state=MailState.SENDING, worker="dead", attempts=1, leased_until=now() + LEASE)
        assert (deliver_due("w"), row(mail_id).state) == (0, MailState.SENDING)
        clock.forward(minutes=5, seconds=1)
        assert (deliver_due("w"), row(mail_id).state, row(mail_id).attempts) == (1, MailState.SENT, 2)

    def test_a_mail_is_ambiguous_when_its_worker_died_after_it(self, kept, raw, clock):
        mail_id = kept()
        gone = {"state": MailState.SENDING, "worker": "dead", "attempts": 1, "leased_until": now()}
        change(mail_id, **gone, handed_over_at=now())
        clock.forward(seconds=1)
        assert deliver_due("w") == 0
        assert (row(mail_id).state, row(mail_id).last_error) == (MailState.AMBIGUOUS, MAYBE)

    def test_a_mail_that_ends_its_worker_each_time_is_given_up(self, kept, clock):
        mail_id = kept()
        change(mail_id, state=MailState.SENDING, worker="dead", attempts=len(PAUSES) + 1, leased_until=now())
        clock.forward(seconds=1)
        assert recover() == 1
        assert row(mail_id).state is MailState.FAILED

    def test_a_late_worker_hands_nothing_over(self, kept, raw, monkeypatch):
        mail_id = kept()
        monkeypatch.setattr(outbox, "LEASE", timedelta(0))
        assert deliver_due("late") == 1
        assert raw.received == []
        monkeypatch.undo()
        recover()
        assert row(mail_id).state is MailState.QUEUED

    def test_a_late_worker_overwrites_nothing(self, kept, raw):
        mail_id = kept()

        def another_worker_takes_it(_recipient: str) -> Fault:
            change(mail_id, attempts=7)
            return Fault.DROP_AT_GREETING

        raw.choose = another_worker_takes_it
        deliver_due("late")
        assert (row(mail_id).state, row(mail_id).attempts, row(mail_id).tried_at) == (MailState.SENDING, 7, None)

    def test_the_servers_late_yes_ends_the_doubt(self, kept, set_settings):
        mail_id = kept()
        with Server() as server:
            set_settings(**server.smtp)
            watch(lambda point: change(mail_id, state=MailState.AMBIGUOUS) if point == "mail:handed_over" else None)
            deliver_due("w")
            watch(None)
        assert row(mail_id).state is MailState.SENT
