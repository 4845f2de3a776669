"""Whom a space is for, and why somebody could or could not see a document, in sentences."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core import format as say
from core.actor import ContactRole
from core.library.history import Answer, Rule, Why
from core.library.queries import Reached
from core.library.seers import Seer
from core.vault.visibility import EVERY_ROLE, Audience, Reach

NOUNS = {
    ContactRole.PRINCIPAL: ("principal", "principals"),
    ContactRole.SALESPERSON: ("salesperson", "salespeople"),
    ContactRole.TECHNICAL: ("technical contact", "technical contacts"),
    ContactRole.FINANCE: ("finance contact", "finance contacts"),
    ContactRole.VIEWER: ("viewer", "viewers"),
}
"""What one and several of a role are called."""
ANSWERS: dict[Answer, str] = {
    Reach.SEES: "Could see it",
    Reach.NOT_LET_IN: "Not let in to the portal",
    Reach.NO_AUDIENCE: "The space was nobody's",
    Reach.OTHER_RESELLER: "The space was another reseller's",
    Reach.ROLE_LEFT_OUT: "The rule left the role out",
    Reach.NO_LIBRARY: "The role has no documents",
    Reach.NO_PRICES: "It holds prices, which the role does not see",
    Why.NOT_THERE_YET: "The document was not there yet",
    Why.REMOVED: "The document was removed",
    Why.EXPIRED: "Its last day had passed",
    Why.NDA_FIRST: "No valid NDA",
}


def whom(audience: Audience, partner: str) -> str:
    """Whom a rule is for: "Principals and salespeople of every reseller". ``partner``: the one reseller's name."""
    if audience.partner_id is None and not audience.for_all:
        return "Nobody"
    where = "every reseller" if audience.for_all else partner
    if audience.roles == EVERY_ROLE:
        return f"Everybody at {where}"
    named = [NOUNS[role][1] for role in ContactRole if role in audience.named_roles]
    return f"{joined(named).capitalize()} of {where}" if named else "Nobody"


def rule_of(rule: Rule | None, partners: Mapping[UUID, str], zone: str, *, on: date | None = None) -> str:
    """A rule with when it was set, and by whom. ``on``: a day, of which only the time is told."""
    if rule is None:
        return "There was no rule yet"
    name = partners.get(rule.audience.partner_id, "") if rule.audience.partner_id else ""
    is_nobodys = rule.audience.partner_id is None and not rule.audience.for_all
    text = "Withdrawn" if is_nobodys else whom(rule.audience, name)
    since = say.instant(rule.at, zone=zone)
    if on is not None:
        is_same = rule.at.astimezone(ZoneInfo(zone)).date() == on
        since = say.clock_time(rule.at, zone=zone) if is_same else say.day(rule.at, zone=zone, year=True)
    return f"{text} (since {since}, {rule.set_by})"


def joined(words: Sequence[str]) -> str:
    """Words as a sentence has them: "a, b and c"."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def counted(reached: Reached) -> str:
    """How many people see it now: "6 people of 2 resellers"."""
    if not reached.people:
        return "nobody yet"
    people = "1 person" if reached.people == 1 else f"{say.number(reached.people)} people"
    return f"{people} of {reached.resellers} reseller{'' if reached.resellers == 1 else 's'}"


def will_see(reached: Reached, audience: Audience, partner: str) -> str:
    """In one sentence, who will see a space."""
    if not reached.people:
        return f"{whom(audience, partner)} will see it; there is no such person yet."
    parts = joined([f"{count} {NOUNS[role][count > 1]}" for role, count in reached.roles.items()])
    at = "" if audience.partner_id else f" of {reached.resellers} reseller{'' if reached.resellers == 1 else 's'}"
    return f"{whom(audience, partner)} will see it: now {parts}{at}."


def part_of_day(seer: Seer, zone: str) -> str:
    """Which part of the day an answer is about."""
    if seer.since is None and seer.until is None:
        return "All day"
    if seer.since is None:
        return f"Until {_time(seer.until, zone)}"
    if seer.until is None:
        return f"From {_time(seer.since, zone)}"
    return f"{_time(seer.since, zone)} to {_time(seer.until, zone)}"


def _time(at: datetime | None, zone: str) -> str:
    return say.clock_time(at, zone=zone) if at else ""
