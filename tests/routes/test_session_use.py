"""A session that is used stays in force; each use is written down, though not each click."""

from contextlib import contextmanager

from sqlalchemy import select

import front_door.gate
from admin_app.routes import door
from core.access import sessions
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import Actor, system
from core.db import reading, transaction
from core.errors import NotSaved


def _enter(admin, actor: Actor) -> None:
    with transaction(actor) as session:
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=actor.id, by=actor)
    admin.cookies.set(door().cookie, secret)


def _used():
    with reading(system()) as session:
        return session.scalars(select(AccessSession.last_used_at)).one()


def test_a_use_is_written_down_after_some_minutes(admin, aisha, clock):
    _enter(admin, aisha)
    opened = clock.now()
    clock.forward(minutes=5)
    assert admin.get("/team").status_code == 200
    assert _used() == opened
    clock.forward(seconds=1)
    assert admin.get("/team").status_code == 200
    assert _used() == clock.now()


def test_somebody_who_comes_every_week_stays_for_ninety_days(admin, aisha, clock):
    _enter(admin, aisha)
    for _ in range(12):
        clock.forward(days=7)
        assert admin.get("/team").status_code == 200
    clock.forward(days=6)
    assert admin.get("/team").status_code == 303


def test_somebody_who_was_away_for_thirty_days_signs_in_again(admin, aisha, clock):
    _enter(admin, aisha)
    clock.forward(days=30)
    assert admin.get("/team").status_code == 303
    assert _used() < clock.now()


def test_a_use_that_cannot_be_written_down_is_allowed_all_the_same(admin, aisha, clock, monkeypatch):
    _enter(admin, aisha)
    clock.forward(minutes=6)

    @contextmanager
    def refusing(_actor):
        raise NotSaved(error_id="7F3A")
        yield

    monkeypatch.setattr(front_door.gate, "transaction", refusing)
    assert admin.get("/team").status_code == 200


def test_today_is_where_the_app_opens(admin, aisha):
    _enter(admin, aisha)
    answer = admin.get("/today?show=mail", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?show=mail")
