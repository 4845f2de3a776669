"""Who could see a document of the library on a day, from when to when, and by which rule or why not. Pure.

A day is cut wherever something changed in it; in each piece every contact is asked about once, and pieces that say the
same are put together again.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from core.actor import ContactRole
from core.vault.visibility import Audience, Reach, has_expired


class Why(StrEnum):
    """What kept somebody from a document that its space showed them."""

    NOT_THERE_YET = "not_there_yet"
    REMOVED = "removed"
    EXPIRED = "expired"
    NDA_FIRST = "nda_first"


Answer = Reach | Why


@dataclass(frozen=True)
class Rule:
    """Whom a space was for from an instant on, and who said so."""

    at: datetime
    audience: Audience
    set_by: str


@dataclass(frozen=True)
class Standing:
    """What a contact was from an instant on; ``role`` None: not let in."""

    at: datetime
    role: ContactRole | None


@dataclass(frozen=True)
class Terms:
    """What stood about a document from an instant on."""

    at: datetime
    requires_nda: bool
    expires_on: date | None


@dataclass(frozen=True)
class Gate:
    """A time in which what stands behind the NDA was open to a partner; ``until`` None: without end."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Life:
    """A document from its first day to its removal. ``terms``: in their order, the first from its beginning on."""

    created_at: datetime
    removed_at: datetime | None
    terms: Sequence[Terms]


@dataclass(frozen=True)
class Past:
    """A contact and what it was in its order; ``gates``: of its partner."""

    contact_id: UUID
    partner_id: UUID
    standings: Sequence[Standing]
    gates: Sequence[Gate] = ()


@dataclass(frozen=True)
class Spell:
    """A part of a day in which one answer held for a contact.

    ``rule``: the one that answered; None before the space had any.
    """

    contact_id: UUID
    since: datetime
    until: datetime
    role: ContactRole | None
    answer: Answer
    rule: Rule | None


class _Dated(Protocol):
    @property
    def at(self) -> datetime: ...


Event = TypeVar("Event", bound=_Dated)


def day_of(day: date, zone: str) -> tuple[datetime, datetime]:
    """The first instant of a day where the company is, and the first one after it."""
    local = ZoneInfo(zone)
    return tuple(datetime.combine(one, time(), local) for one in (day, day + timedelta(days=1)))  # type: ignore[return-value]


def spells(
    past: Past, *, life: Life, rules: Sequence[Rule], since: datetime, until: datetime, zone: str
) -> list[Spell]:
    """What a contact could see of a document between two instants of one day, piece by piece, in order."""
    found: list[Spell] = []
    for start, end in _pieces(since, until, _changes(past, life, rules)):
        role, rule = _role(past, start), _in_force(rules, start)
        spell = Spell(past.contact_id, start, end, role, _answer(past, role, life, rule, start, zone), rule)
        if found and _same(found[-1], spell):
            found[-1] = Spell(past.contact_id, found[-1].since, end, role, spell.answer, rule)
        else:
            found.append(spell)
    return found


def _changes(past: Past, life: Life, rules: Sequence[Rule]) -> Iterator[datetime]:
    for events in (rules, past.standings, life.terms):
        yield from (one.at for one in events)
    yield life.created_at
    if life.removed_at is not None:
        yield life.removed_at
    for gate in past.gates:
        yield gate.since
        if gate.until is not None:
            yield gate.until


def _pieces(since: datetime, until: datetime, changes: Iterable[datetime]) -> Iterator[tuple[datetime, datetime]]:
    cuts = [since, *sorted({at for at in changes if since < at < until}), until]
    yield from pairwise(cuts)


def _same(one: Spell, other: Spell) -> bool:
    return (one.role, one.answer, one.rule) == (other.role, other.answer, other.rule)


def _in_force(events: Sequence[Event], at: datetime) -> Event | None:
    """The last of some events in their order that had happened at an instant."""
    index = bisect_right(events, at, key=lambda one: one.at)
    return events[index - 1] if index else None


def _role(past: Past, at: datetime) -> ContactRole | None:
    standing = _in_force(past.standings, at)
    return standing.role if standing else None


def _answer(past: Past, role: ContactRole | None, life: Life, rule: Rule | None, at: datetime, zone: str) -> Answer:
    """Whether a contact could see a document at an instant; what it lacked itself is said before the document's."""
    reach = (rule.audience if rule else Audience()).reach(partner_id=past.partner_id, role=role)
    if reach is not Reach.SEES:
        return reach
    if at < life.created_at:
        return Why.NOT_THERE_YET
    if life.removed_at is not None and at >= life.removed_at:
        return Why.REMOVED
    terms = _in_force(life.terms, at) or life.terms[0]
    if has_expired(terms.expires_on, today=at.astimezone(ZoneInfo(zone)).date()):
        return Why.EXPIRED
    if terms.requires_nda and not any(_is_up(gate, at) for gate in past.gates):
        return Why.NDA_FIRST
    return Reach.SEES


def _is_up(gate: Gate, at: datetime) -> bool:
    return gate.since <= at and (gate.until is None or at < gate.until)


def terms_since(
    created_at: datetime, changes: Sequence[tuple[datetime, Mapping[str, object]]], *, now_is: Terms
) -> list[Terms]:
    """What stood about a document from when on, told backwards: ``changes`` are what each replaced, the oldest first.

    ``now_is``: what stands about it now; its instant does not matter.
    """
    requires_nda, expires_on, found = now_is.requires_nda, now_is.expires_on, list[Terms]()
    for at, before in reversed(changes):
        found.append(Terms(at, requires_nda, expires_on))
        if "requires_nda" in before:
            requires_nda = bool(before["requires_nda"])
        if "expires_on" in before:
            day = before["expires_on"]
            expires_on = date.fromisoformat(str(day)) if day else None
    return [Terms(created_at, requires_nda, expires_on), *reversed(found)]
