"""One partner's way through the product, act by act, each in a transaction of its own, and the marks it leaves."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import tokens
from core.access.secret import hashed
from core.actor import Actor, Role, system
from core.audit.chain import Verdict
from core.audit.queries import verification
from core.companies import service as companies
from core.companies import sign_in
from core.companies.models import Staff
from core.contacts import presence
from core.db import Base, reading, transaction
from core.engagement.batch import keep
from core.engagement.beacons import parse
from core.engagement.reading import resume
from core.partners import moves
from core.partners import service as partners
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.proposals import service as proposals
from core.proposals import unlock
from core.proposals.rows import find_draft
from tests.core.proposal_acts import written


@dataclass
class Life:
    """A partner that an admin takes through the product; ``kept`` is what each act answered, by the act's name."""

    admin: Actor
    name: str
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def partner(self) -> UUID:
        """The partner's id."""
        return UUID(self.kept["add partner"])

    def reader(self, session: Session) -> Actor:
        """Who reads this partner's proposal."""
        found = presence.who(
            session, self.kept["open by link"], ip="203.0.113.20", user_agent="Mozilla/5.0 Firefox/140"
        )
        assert found is not None
        return found


def add_partner(life: Life) -> str:
    contact = f"{life.name}@contact.example"
    profile = partners.Profile(life.name, contact_name="Salim", contact_email=contact, owner_id=life.admin.id)
    with transaction(life.admin) as session:
        return str(partners.create(session, profile, by=life.admin).id)


def write(life: Life) -> str:
    with transaction(life.admin) as session:
        return str(proposals.save_draft(session, life.partner, content=written(), version=None, by=life.admin).version)


def publish(life: Life) -> str:
    with transaction(life.admin) as session:
        draft = find_draft(session, life.partner)
        version = draft.version if draft else 0
        return str(proposals.publish(session, life.partner, version=version, by=life.admin).number)


def issue(life: Life) -> str:
    with transaction(life.admin) as session:
        return tokens.spell(proposals.issue_proposal_token(session, life.partner, by=life.admin))


def invite(life: Life) -> str:
    with transaction(life.admin) as session:
        return tokens.spell(proposals.send_invitation(session, life.partner, language="en", by=life.admin))


def open_by_link(life: Life) -> str:
    by = system(ip="203.0.113.20", user_agent="Mozilla/5.0 Firefox/140")
    with transaction(by) as session:
        return unlock.open_by_link(session, life.name, life.kept["invite"], measured=True, device="phone", by=by)


def read(life: Life) -> str:
    with reading(system()) as session:
        by = life.reader(session)
    with transaction(by) as session:
        return resume(session, language="en", by=by).visit


def beacon(life: Life) -> str:
    sent = {"v": life.kept["read"], "n": 1, "ms": {"hero": 2_000, "terms": 3_000}, "at": "terms", "human": True}
    return keep([(parse(json.dumps(sent).encode()), hashed(life.kept["open by link"]))])[0].value


def move(life: Life) -> str:
    with transaction(life.admin) as session:
        version = session.get_one(Partner, life.partner).version
        moved = moves.move(session, life.partner, to=Status.MEETING_SCHEDULED, version=version, by=life.admin)
        return moved.status.value


def withdraw(life: Life) -> str:
    with transaction(life.admin) as session:
        return str(proposals.revoke_link(session, life.partner, by=life.admin))


def add_staff(life: Life) -> str:
    with transaction(life.admin) as session:
        email = f"{life.name}@staff.example"
        return str(companies.add_staff(session, name=life.name, email=email, role=Role.ANALYST, by=life.admin).id)


def sign_in_link(life: Life) -> str:
    by = system(life.admin.company)
    with transaction(by) as session:
        return sign_in.make_link(session, session.get_one(Staff, UUID(life.kept["add staff"])), by=by)


def spend_link(life: Life) -> str:
    by = system()
    with transaction(by) as session:
        return sign_in.spend_link(session, life.kept["sign-in link"], by=by)


ACTS: dict[str, Callable[[Life], str]] = {
    "add partner": add_partner,
    "write": write,
    "publish": publish,
    "issue a link": issue,
    "invite": invite,
    "open by link": open_by_link,
    "read": read,
    "beacon": beacon,
    "move": move,
    "withdraw": withdraw,
    "add staff": add_staff,
    "sign-in link": sign_in_link,
    "spend sign-in link": spend_link,
}
"""Every act, in an order in which they can be done."""

Marks = Counter[tuple[str, ...]]


def marks() -> Marks:
    """What stands in the database, counted: rows, states, what is filled in, and the sums of whole numbers."""
    found: Marks = Counter()
    with reading(system()) as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)).mappings():
                found[table.name,] += 1
                for column in table.columns:
                    _mark(found, table.name, column.name, row[column.name], nullable=bool(column.nullable))
    return found


def _mark(found: Marks, table: str, column: str, value: Any, *, nullable: bool) -> None:
    if isinstance(value, StrEnum):
        found[table, column, value.value] += 1
    elif isinstance(value, int) and (table, column) != ("audit_log", "seq"):  # The head has it, and the chain.
        found[table, column, "sum"] += value
    elif nullable and isinstance(value, (UUID, bytes, datetime)):
        found[table, column, "given"] += 1


def left_by(before: Marks, after: Marks) -> dict[tuple[str, ...], int]:
    """What was added and taken away between two looks."""
    return {key: after[key] - before[key] for key in before.keys() | after.keys() if after[key] != before[key]}


def verified(admin: Actor) -> Verdict:
    """The company's audit chain, walked from its first entry."""
    with reading(admin) as session:
        return verification(session)
