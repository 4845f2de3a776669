"""One function per kind of row, with believable values; say only what the test is about.

Each takes the session it adds to, as its first argument: ``make_partner(session, name="Salalah Retail")``.
"""

from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.actor import Actor, ActorKind, Role
from core.clock import now
from core.companies.models import Company, Staff
from core.db import Base
from core.partners.models import Partner

Row = TypeVar("Row", bound=Base)
_number = count(1)


def make_company(session: Session, **facts: Any) -> Company:
    """A company whose partner portal is switched on."""
    n = next(_number)
    return _added(
        session,
        Company(**{"slug": f"company-{n}", "name": f"Company {n}", "module_partner_portal_enabled": True} | facts),
    )


def make_staff(session: Session, company: Company, **facts: Any) -> Staff:
    """An employee of a company, an admin unless the test says otherwise."""
    name = facts.get("name", f"Colleague {next(_number)}")
    usual = {"name": name, "email": f"{name.lower().replace(' ', '.')}@{company.slug}.om", "role": Role.ADMIN}
    return _added(session, Staff(**usual | {"company_id": company.id, "added_at": now()} | facts))


def make_partner(session: Session, **facts: Any) -> Partner:
    """A draft partner of the session's company; a session of the product itself names ``company_id``.

    For a partner with its history, call ``core.partners.service.create`` and move it instead.
    """
    n = next(_number)
    usual = {
        "slug": f"partner-{n}",
        "name": f"Partner {n}",
        "contact_name": "Salim Al Kindi",
        "contact_email": f"salim@partner-{n}.om",
        "status_entered_at": now(),
        "created_at": now(),
    }
    return _added(session, Partner(**usual | facts))


def actor_for(staff: Staff) -> Actor:
    """The actor that an employee is once signed in."""
    return Actor(
        ActorKind.STAFF,
        id=staff.id,
        name=staff.name,
        company=staff.company_id,
        role=staff.role,
        ip="203.0.113.7",
        user_agent="Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0",
        language=staff.language,
    )


def _added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
