"""Believable reading for the demo company: weeks of visits by a persona, counted by the same rules as real ones."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.access.models import ProposalLink
from core.clock import now
from core.companies.models import Company
from core.engagement import rollups
from core.engagement.models import Reader, Visit
from core.engagement.rollups import MS, Changes, Writer
from core.engagement.times import INDEX, N
from core.engagement.visits import CAME_BACK_DAYS
from core.partners.models import Partner
from core.proposals.models import ProposalVersion
from core.rows import insert_rows

_SECONDS = (25, 70, 40, 45, 60, 35, 30, 12, 25)
"""How long somebody who reads all of it stays in each section."""
_PACE = {"skimmer": 0.35, "stopped-early": 0.5, "forwarded": 0.9, "terms-focused": 0.7, "thorough": 1.4}
_DEVICES = ("Chrome on Windows", "Safari on iPhone", "Chrome on Android", "Edge on Windows", "Safari on Mac")
_HOURS = (8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 15, 20, 21)


@dataclass(frozen=True)
class _Person:
    """Somebody at the partner, with one device."""

    device: str
    device_hash: bytes


def demo_visits(
    session: Session,
    partner: Partner,
    *,
    link: ProposalLink | None,
    versions: Sequence[ProposalVersion],
    persona: Mapping[str, Any],
    rng: Random,
) -> int:
    """Fill in a partner's past reading, up to ``last_days_ago``; how many human visits were made.

    ``persona``: visits, readers, style, stops_at (a section, or None for the end), last_days_ago.
    """
    if not persona["visits"]:
        return 0
    zone = ZoneInfo(session.get_one(Company, partner.company_id).time_zone)
    people = [_person(partner, number, rng) for number in range(persona["readers"])]
    began = min(version.published_at or version.saved_at for version in versions)
    rows: list[dict[str, Any]] = []
    for number, at in enumerate(_instants(began, persona, zone, rng)):
        person = people[number] if number < len(people) else rng.choice(people)
        rows.append(_visit(partner, link, _version_at(versions, at), person, at, zone, persona, rng))
    rows += [_scanned(rows[0], rng)]
    _note_what_was_known(rows)
    insert_rows(session, Visit, rows)
    _count(Writer(session), rows)
    return persona["visits"]  # type: ignore[no-any-return]


def _person(partner: Partner, number: int, rng: Random) -> _Person:
    seed = f"demo:{partner.slug}:{number}".encode()
    return _Person(_DEVICES[(number + rng.randrange(2)) % len(_DEVICES)], hashlib.sha256(seed).digest())


def _instants(began: datetime, persona: Mapping[str, Any], zone: ZoneInfo, rng: Random) -> list[datetime]:
    """Working hours between the proposal's publication and the last reading, early days first and most often."""
    last = now() - timedelta(days=persona["last_days_ago"])
    span = max((last - began).days - 1, 0)
    gaps = sorted(round(span * rng.random() ** 1.5) for _ in range(persona["visits"] - 1))
    days = [began + timedelta(days=1 + gap) for gap in gaps] + [last]
    local = [day.astimezone(zone).replace(hour=rng.choice(_HOURS), minute=rng.randrange(60)) for day in days]
    return sorted(min(at, now() - timedelta(hours=1)) for at in local)


def _version_at(versions: Sequence[ProposalVersion], at: datetime) -> ProposalVersion:
    known = [version for version in versions if (version.published_at or version.saved_at) <= at]
    return known[-1] if known else versions[0]


def _visit(
    partner: Partner,
    link: ProposalLink | None,
    version: ProposalVersion,
    person: _Person,
    at: datetime,
    zone: ZoneInfo,
    persona: Mapping[str, Any],
    rng: Random,
) -> dict[str, Any]:
    read = _times(persona, rng)
    strip = _strip(read, rng)
    lasted = strip[-1][1] + strip[-1][2] // 1_000 if strip else 20
    return {
        "company_id": partner.company_id,
        "partner_id": partner.id,
        "proposal_version_id": version.id,
        "version_number": version.number,
        "link_id": link.id if link else None,
        "device_hash": person.device_hash,
        "device": person.device,
        "language": partner.language,
        "measured": True,
        "reader": Reader.HUMAN,
        "started_at": at,
        "day": at.astimezone(zone).date(),
        "last_seen_at": at + timedelta(seconds=lasted),
        "seq": 1 + lasted // 5,
        "strip": json.dumps(strip, separators=(",", ":")),
        **dict(zip(MS, read, strict=True)),
    }


def _times(persona: Mapping[str, Any], rng: Random) -> list[int]:
    style, stop = persona["style"], INDEX.get(persona["stops_at"] or "", N - 1)
    reach = stop if rng.random() < 0.6 else max(0, stop - rng.randrange(4))
    pace = _PACE.get(style, 1.0)
    times = [round(1_000 * seconds * pace * rng.lognormvariate(0, 0.5)) for seconds in _SECONDS]
    if style == "terms-focused":
        times[INDEX["terms"]] *= 3
    return [ms if index <= reach else 0 for index, ms in enumerate(times)]


def _strip(read: Sequence[int], rng: Random) -> list[list[int]]:
    """The order it was read in: down the page, and often back to the terms."""
    terms = INDEX["terms"]
    again = read[terms] // 3 if rng.random() < 0.5 else 0
    order = [(index, ms - again if index == terms else ms) for index, ms in enumerate(read)] + [(terms, again)]
    runs, second = [], 0
    for index, ms in order:
        if ms:
            runs.append([index, second, ms])
            second += ms // 1_000 + rng.randrange(3)
    return runs


def _scanned(like: Mapping[str, Any], rng: Random) -> dict[str, Any]:
    """A mail scanner that followed the link minutes before the first reader: kept, and never counted."""
    at = like["started_at"] - timedelta(minutes=rng.randrange(5, 50))
    nobody = {"reader": Reader.BOT, "device": "Unknown device", "device_hash": hashlib.sha256(b"scanner").digest()}
    return {**like, **nobody, "started_at": at, "last_seen_at": at, "seq": 0, "strip": "[]"} | dict.fromkeys(MS, 0)


def _note_what_was_known(rows: list[dict[str, Any]]) -> None:
    """Set what each visit's beginning would have found out about the ones before it."""
    rows.sort(key=lambda row: row["started_at"])
    devices: set[bytes] = set()
    last: datetime | None = None
    for row in rows:
        human = row["reader"] is Reader.HUMAN
        known = row["device_hash"] in devices
        away = None if last is None else max(0, (row["started_at"] - last).days)
        row["new_device"] = human and bool(devices) and not known
        row["read_before"], row["away_days"] = known, away
        row["came_back"] = (away or 0) >= CAME_BACK_DAYS
        if human:
            devices.add(row["device_hash"])
            last = row["last_seen_at"]


@dataclass(frozen=True)
class _Past:
    company_id: UUID
    partner_id: UUID
    day: Any
    read_before: bool


def _count(writer: Writer, rows: Sequence[Mapping[str, Any]]) -> None:
    changes = Changes()
    for row in rows:
        past = _Past(row["company_id"], row["partner_id"], row["day"], row["read_before"])
        if row["reader"] is Reader.HUMAN:
            changes.count(past, before=None, after=[row[name] for name in MS], at=row["last_seen_at"])
        else:
            changes.leave_out(past, row["reader"], measured=row["measured"])
    rollups.write(writer, changes)
    first = min((row for row in rows if row["reader"] is Reader.HUMAN), key=lambda row: row["started_at"])
    rollups.is_first_view(writer, first["company_id"], first["partner_id"], first["started_at"])
