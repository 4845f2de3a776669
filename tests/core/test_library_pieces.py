"""A day cut into pieces, and what stood about a document told backwards: the pure part of who could see it."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core.actor import ContactRole
from core.library.history import Gate, Life, Past, Rule, Standing, Terms, day_of, spells, terms_since
from core.vault.visibility import Audience, Reach

SALES = ContactRole.SALESPERSON
PARTNER = UUID(int=7)
SUNDAY, TUESDAY, SATURDAY = date(2026, 11, 22), date(2026, 11, 24), date(2026, 11, 21)


def at(day: date, hour: int) -> datetime:
    """A time of a day in Muscat."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Muscat")).astimezone(UTC)


def test_pieces_that_say_the_same_are_one():
    rule = Rule(at(SATURDAY, 9), Audience(for_all=True), "Aisha")
    life = Life(at(SATURDAY, 9), None, [Terms(at(SATURDAY, 9), False, None)])
    past = Past(PARTNER, PARTNER, [Standing(at(SATURDAY, 9), SALES), Standing(at(SUNDAY, 9), SALES)])
    since, until = day_of(SUNDAY, "Asia/Muscat")
    (one,) = spells(past, life=life, rules=[rule], since=since, until=until, zone="Asia/Muscat")
    assert (one.since, one.until, one.answer) == (since, until, Reach.SEES)


def test_before_the_first_rule_a_space_is_nobodys():
    life = Life(at(SATURDAY, 9), None, [Terms(at(SATURDAY, 9), False, None)])
    past = Past(PARTNER, PARTNER, [Standing(at(SATURDAY, 9), SALES)], [Gate(at(SATURDAY, 9), None)])
    (one,) = spells(past, life=life, rules=[], since=at(SUNDAY, 0), until=at(SUNDAY, 9), zone="Asia/Muscat")
    assert (one.answer, one.rule) == (Reach.NO_AUDIENCE, None)


def test_terms_are_told_backwards():
    changes: list[tuple[datetime, dict[str, object]]] = [
        (at(SUNDAY, 9), {"expires_on": None}),
        (at(SUNDAY, 10), {"title": "Old"}),
        (at(SUNDAY, 11), {"requires_nda": False, "expires_on": "2026-12-01"}),
    ]
    now_is = Terms(at(TUESDAY, 1), True, date(2026, 12, 31))
    assert terms_since(at(SATURDAY, 8), changes, now_is=now_is) == [
        Terms(at(SATURDAY, 8), False, None),
        Terms(at(SUNDAY, 9), False, date(2026, 12, 1)),
        Terms(at(SUNDAY, 10), False, date(2026, 12, 1)),
        Terms(at(SUNDAY, 11), True, date(2026, 12, 31)),
    ]
