"""Readers for the tests of engagement: a partner's proposal, sessions, visits and beacons."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from core import db
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.secret import hashed, new_secret
from core.actor import Actor, ActorKind, system
from core.clock import now
from core.companies.models import Company
from core.db import reading, transaction
from core.engagement.batch import Outcome, keep
from core.engagement.beacons import Beacon
from core.engagement.models import PartnerMonth, PartnerViews, ReadingDay, Visit
from core.engagement.rebuild import rebuild
from core.engagement.times import INDEX
from core.engagement.visits import begin_visit
from core.partners.models import Partner
from core.proposals.models import ProposalVersion, VersionState
from tests.factories import make_partner

SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.0 Mobile/15E148 Safari/604.1"
)


@dataclass(frozen=True)
class Proposal:
    """A partner with a published version."""

    company: UUID
    partner: UUID
    version: UUID


@dataclass(frozen=True)
class Reading:
    """A visit and the session it is made in."""

    visit: UUID
    session: UUID
    secret: bytes

    def beacon(self, n: int = 1, *, at: str | None = None, human: bool = True, **ms: int) -> tuple[Beacon, bytes]:
        """A beacon of this visit: ``reading.beacon(3, terms=5_000)``."""
        times = {INDEX[section]: spent for section, spent in ms.items()}
        return Beacon(self.visit, self.session, n, times, INDEX[at] if at else None, human), self.secret

    def send(self, n: int = 1, *, at: str | None = None, human: bool = True, **ms: int) -> Outcome:
        """Send one beacon by itself."""
        return keep([self.beacon(n, at=at, human=human, **ms)])[0]


def publish(company: Company, **facts: Any) -> Proposal:
    """A partner of a company with its first version published."""
    with transaction(system(company.id)) as session:
        partner = make_partner(session, **facts)
        at = now()
        version = ProposalVersion(partner_id=partner.id, number=1, state=VersionState.PUBLISHED, content={})
        version.created_at, version.saved_at, version.published_at, version.saved_by = at, at, at, "Aisha"
        session.add(version)
        session.flush()
        return Proposal(company.id, partner.id, version.id)


def open_proposal(
    proposal: Proposal,
    *,
    device: str = "phone",
    measured: bool = True,
    user_agent: str = SAFARI,
    staff: bool = False,
    ago: timedelta = timedelta(),
) -> Reading:
    """Open a proposal in a fresh session; ``ago``: as if it had been so long before now."""
    with transaction(system(proposal.company)) as session:
        at = now()
        opened = AccessSession(kind=SessionKind.READER, partner_id=proposal.partner, measured=measured)
        opened.secret_hash, opened.device_hash = hashed(new_secret()), hashed(device)
        opened.opened_at, opened.last_used_at, opened.expires_at = at, at, at + timedelta(days=90)
        session.add(opened)
        session.flush()
        by = Actor(ActorKind.READER, company=proposal.company, session=opened.id, partner=proposal.partner)
        session.info["actor"] = by
        visit = begin_visit(
            session,
            partner_id=proposal.partner,
            company_id=proposal.company,
            version=session.get_one(ProposalVersion, proposal.version),
            link_id=None,
            session_id=opened.id,
            device_hash=hashed(device),
            measured=measured,
            language="en",
            user_agent=user_agent,
            staff=staff,
            by=by,
        )
        visit.started_at -= ago
        return Reading(visit.id, opened.id, opened.secret_hash)


def end_session(reading_: Reading) -> None:
    """Revoke the session of a visit."""
    with transaction(system()) as session:
        session.execute(update(AccessSession).where(AccessSession.id == reading_.session).values(revoked_at=now()))


def visit_row(reading_: Reading) -> Visit:
    """The visit as it is kept."""
    with reading(system()) as session:
        return session.get_one(Visit, reading_.visit)


def partner_row(proposal: Proposal) -> Partner:
    """The partner as it is kept."""
    with reading(system()) as session:
        return session.get_one(Partner, proposal.partner)


def sums() -> list[list[tuple[Any, ...]]]:
    """Every sum that is kept, as plain rows."""
    found = []
    with reading(system()) as session:
        for model in (ReadingDay, PartnerMonth, PartnerViews):
            table: Any = model.__table__
            rows = session.execute(select(table).order_by(*table.primary_key.columns))
            found.append([_plain(tuple(row)) for row in rows])
    return found


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value for value in row)


def rebuilt_sums() -> list[list[tuple[Any, ...]]]:
    """The sums after they were made again from the visits."""
    with transaction(system()) as session:
        rebuild(session)
    return sums()


def keep_all(url: str, batches: list[list[tuple[Beacon, bytes]]]) -> int:
    """Keep some batches, as another process would; how many beacons were kept."""
    db.configure(url)
    kept = sum(keep(batch).count(Outcome.KEPT) for batch in batches)
    db.dispose()
    return kept


def read_ms(opened) -> dict[str, int]:
    """The times kept of a visit, without the zeros."""
    row = visit_row(opened)
    return {section: ms for section in INDEX if (ms := getattr(row, f"ms_{section}"))}
