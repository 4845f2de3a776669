"""Companies with many partners for the board bench: with stages, moves, timelines and readings, and an admin each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core import db
from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Role, system
from core.clock import now
from core.companies.models import Company, Staff
from core.engagement.models import PartnerViews
from core.ids import new_id
from core.partners.models import Hop, Partner
from core.partners.pipeline import STAGES, HoldReason, Status
from core.rows import insert_rows
from core.tenancy import enter
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry

SHARES = {
    Status.DRAFT: 15, Status.PROPOSAL_SENT: 30, Status.MEETING_SCHEDULED: 20, Status.NDA_SIGNED: 12,
    Status.MOU_SIGNED: 8, Status.ACTIVE: 10, Status.ON_HOLD: 5,
}  # fmt: skip
"""Of 100 partners, how many stand in each stage."""
OWNERS = 7
Row = dict[str, Any]


@dataclass(frozen=True)
class Firm:
    """A company: how many partners it has, and the session secret of its admin."""

    id: UUID
    partners: int
    secret: str


def firm(partners: int) -> Firm:
    """Put a company with so many partners into the database in use."""
    with db.transaction(system()) as session:
        company = Company(slug=f"bench-{partners}", name=f"Bench {partners}", module_partner_portal_enabled=True)
        session.add(company)
        session.flush()
        by = enter(session, company.id)
        staff = [_staff(session, f"{number}@bench-{partners}.om") for number in range(OWNERS)]
        rng = random.Random(partners)
        stages = [stage for stage, share in SHARES.items() for _ in range(share)]
        rows = [_partner(number, partners, rng, staff, stages[number % 100]) for number in range(partners)]
        insert_rows(session, Partner, rows)
        insert_rows(session, Hop, [hop for row in rows for hop in _hops(row)])
        insert_rows(session, TimelineEntry, [entry for row in rows for entry in _entries(row)])
        insert_rows(session, PartnerViews, [_views(row, rng) for row in rows])
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=staff[0], by=by)
        return Firm(company.id, partners, secret)


def _staff(session: Session, email: str) -> UUID:
    row = Staff(name=f"Employee {email.partition('@')[0]}", email=email, role=Role.ADMIN, added_at=now())
    session.add(row)
    session.flush()
    return row.id


def _partner(number: int, of: int, rng: random.Random, staff: list[UUID], status: Status) -> Row:
    created = now() - timedelta(days=rng.randint(60, 400), seconds=rng.randint(0, 80_000))
    on_hold = status is Status.ON_HOLD
    return {
        "id": new_id(),
        "slug": f"partner-{of}-{number}",
        "name": f"Partner {number} {rng.choice(('Trading', 'Holding', 'Industries', 'Retail'))}",
        "territory": rng.choice(("Muscat", "Dhofar", "Al Batinah")),
        "contact_name": "Salim Al Kindi",
        "contact_email": f"salim@partner-{number}.om",
        "owner_id": rng.choice(staff),
        "next_action": rng.choice(("Call about the terms", "Send the revised figures", "Agree on a date to meet")),
        "next_action_on": (now() + timedelta(days=rng.randint(-3, 20))).date(),
        "status": status,
        "hold_reason": HoldReason.STALLED if on_hold else None,
        "stage_left": Status.PROPOSAL_SENT if on_hold else None,
        "created_at": created,
        "status_entered_at": created + timedelta(days=rng.randint(30, 59)),
    }


def _way(row: Row) -> Iterator[tuple[datetime, Status, Status]]:
    """The moves that brought a partner where it stands."""
    passed = (*STAGES[:2], Status.ON_HOLD) if row["stage_left"] else STAGES[: STAGES.index(row["status"]) + 1]
    for number, (start, to) in enumerate(pairwise(passed), 1):
        at = row["status_entered_at"] if to is row["status"] else row["created_at"] + timedelta(days=5 * number)
        yield at, start, to


def _hops(row: Row) -> Iterator[Row]:
    for at, start, to in _way(row):
        facts = {"start": start, "to": to, "seconds_in_stage": 432_000, "actor_name": "Employee 0"}
        yield {"id": new_id(), "partner_id": row["id"], "at": at, **facts}


def _entries(row: Row) -> Iterator[Row]:
    made: list[tuple[datetime, Kind, Row]] = [(row["created_at"], Kind.CREATED, {})]
    made += [(at, Kind.MOVED, {"start": start, "to": to, "reason": ""}) for at, start, to in _way(row)]
    made += [(row["status_entered_at"] + timedelta(days=1), Kind.NOTE, {"text": "Called, will think about it."})]
    for at, kind, facts in made:
        who = {"actor_kind": "staff", "actor_name": "Employee 0"}
        yield {"id": new_id(), "partner_id": row["id"], "at": at, "kind": kind, "facts": facts, **who}


def _views(row: Row, rng: random.Random) -> Row:
    read = now() - timedelta(hours=rng.randint(1, 900))
    return {
        "partner_id": row["id"], "visits": rng.randint(1, 40), "devices": 1, "first_human_at": row["created_at"],
        "last_read_at": read,
    }  # fmt: skip
