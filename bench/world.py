"""What the benches measure on: a temporary database with a company, its partners, and readers."""

import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from core import db, migrations
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import system
from core.clock import now
from core.companies.models import Company
from core.engagement.beacons import sign_visit
from core.engagement.models import Reader, Visit
from core.partners.models import Partner
from core.proposals.models import ProposalVersion, VersionState


@dataclass(frozen=True)
class Programme:
    """A company and its partners, each with one published version."""

    company: UUID
    partners: list[UUID]
    versions: list[UUID]


@contextmanager
def sqlite_database() -> Iterator[str]:
    """A fresh, migrated SQLite file that ``core.db`` uses."""
    with tempfile.TemporaryDirectory(prefix="partnerdesk-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrations.upgrade(url)
        db.configure(url)
        yield url
        db.dispose()


def programme(partners: int) -> Programme:
    """Put a company with so many partners into the database in use."""
    with db.transaction(system()) as session:
        company = Company(slug="bench", name="Bench", module_partner_portal_enabled=True)
        session.add(company)
        session.flush()
        rows = [_partner(company.id, number) for number in range(partners)]
        session.add_all(rows)
        session.flush()
        versions = [_version(company.id, row.id) for row in rows]
        session.add_all(versions)
        session.flush()
        return Programme(company.id, [row.id for row in rows], [version.id for version in versions])


def _partner(company: UUID, number: int) -> Partner:
    at = now()
    row = Partner(slug=f"partner-{number}", name=f"Partner {number}", status_entered_at=at, created_at=at)
    row.company_id = company
    return row


def _version(company: UUID, partner: UUID) -> ProposalVersion:
    at = now()
    row = ProposalVersion(partner_id=partner, number=1, state=VersionState.PUBLISHED, content={}, created_at=at)
    row.saved_at, row.saved_by, row.company_id = at, "Bench", company
    return row


def readers(made: Programme, count: int, *, hours_ago: int = 20) -> list[tuple[str, str]]:
    """Begin so many visits, each in a session of its own: (signed visit, session secret) of each."""
    with db.transaction(system()) as session:
        return [_reader(session, made, number, hours_ago) for number in range(count)]


def _reader(session: Session, made: Programme, number: int, hours_ago: int) -> tuple[str, str]:
    partner = number % len(made.partners)
    at, secret = now(), secrets.token_urlsafe(32)
    opened = AccessSession(kind=SessionKind.READER, partner_id=made.partners[partner], measured=True)
    opened.secret_hash = hashlib.sha256(secret.encode()).digest()
    opened.opened_at, opened.last_used_at, opened.expires_at = at, at, at + timedelta(days=90)
    opened.company_id = made.company
    session.add(opened)
    session.flush()
    visit = Visit(partner_id=made.partners[partner], proposal_version_id=made.versions[partner], version_number=1)
    visit.company_id, visit.session_id, visit.measured, visit.reader = made.company, opened.id, True, Reader.UNKNOWN
    visit.started_at = visit.last_seen_at = at - timedelta(hours=hours_ago)
    visit.day = visit.started_at.date()
    session.add(visit)
    session.flush()
    return sign_visit(visit.id, opened.id), secret
