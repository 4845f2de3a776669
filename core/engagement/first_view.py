"""The first time somebody reads a partner's proposal: on the timeline, and by mail to the owner. Once, ever."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from core.actor import system
from core.companies.models import Company, Staff
from core.format import instant
from core.mail import messages, outbox
from core.mail.brand import Brand
from core.partners.models import Partner
from core.settings import settings
from core.tenancy import TenantSession
from core.timeline.kinds import Kind
from core.timeline.service import note


@dataclass(frozen=True)
class FirstView:
    """Who read first, when, on what."""

    company: UUID
    partner: UUID
    at: datetime
    device: str


def announce(connection: Connection, view: FirstView) -> None:
    """Say it, inside the transaction that is under way on the connection."""
    by = system(view.company)
    with TenantSession(connection, info={"actor": by}, expire_on_commit=False) as session:
        partner = session.get_one(Partner, view.partner)
        note(session, partner.id, Kind.FIRST_VIEW, by=by, at=view.at, device=view.device)
        _alert_owner(session, partner, view)
        session.commit()  # Flushes only: the transaction belongs to the connection.


def _alert_owner(session: TenantSession, partner: Partner, view: FirstView) -> None:
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    if owner is None or owner.disabled_at is not None:
        return
    company = session.get_one(Company, view.company)
    language = owner.language
    name = company.name_ar if language == "ar" and company.name_ar else company.name
    message = messages.first_view(
        Brand(name, company.colour, language),
        owner.email,
        owner.name,
        partner.name_ar if language == "ar" and partner.name_ar else partner.name,
        instant(view.at, zone=company.time_zone, language=language),
        view.device.replace(" on ", " · ") if language == "ar" else view.device,
        f"{settings().admin_url}/partner?partner={partner.slug}",
        language,
    )
    outbox.enqueue(session, message, key=f"first-view:{partner.id}", partner_id=partner.id)
