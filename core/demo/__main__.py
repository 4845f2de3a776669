"""``python -m core.demo load``: load the demo company. ``… links [--when-ready]``: print the links into both apps."""

import sys
import time
import urllib.error
import urllib.request

from sqlalchemy import select

import core.tables  # noqa: F401 - relations between tables are known only once every table is
from core.access.models import ProposalLink
from core.actor import ContactRole, Role, system
from core.companies.models import Company, Staff
from core.companies.sign_in import LIFETIME, make_link
from core.contacts.invitations import new_link
from core.contacts.models import Contact, LinkUse
from core.db import transaction
from core.demo.load import load
from core.i18n import t
from core.partners.models import Partner
from core.proposals.service import link_address
from core.settings import settings
from core.tenancy import enter

WAIT_SECONDS = 120
USAGE = "usage: python -m core.demo load | links [--when-ready]"


def main(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    if arguments == ["load"]:
        with transaction(system()) as session:
            load(session, by=system())
        return 0
    if arguments[:1] == ["links"] and set(arguments[1:]) <= {"--when-ready"}:
        if len(arguments) > 1 and not _wait():
            print(t("demo.not_ready"))
            return 1
        print(_links())
        return 0
    print(USAGE)
    return 2


def _wait() -> bool:
    """Wait until both apps answer."""
    waiting, until = {settings().admin_url, settings().portal_url}, time.monotonic() + WAIT_SECONDS
    while waiting and time.monotonic() < until:
        waiting = {address for address in waiting if not _answers(address)}
        time.sleep(0.2)
    return not waiting


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _links() -> str:
    """A one-time link for an admin, one into a partner's proposal, and one into the portal."""
    with transaction(system()) as session:
        company = session.scalars(select(Company).order_by(Company.id).limit(1)).one()
        by = enter(session, company.id)
        admin = session.scalars(select(Staff).where(Staff.role == Role.ADMIN).order_by(Staff.added_at).limit(1)).one()
        secret = make_link(session, admin, by=by)
        live = (ProposalLink.replaced_at.is_(None), ProposalLink.revoked_at.is_(None))
        partner, link = session.execute(
            select(Partner, ProposalLink)
            .join(ProposalLink, ProposalLink.partner_id == Partner.id)
            .where(*live)
            .order_by(Partner.slug.desc())
            .limit(1)
        ).one()
        contact, reseller = session.execute(
            select(Contact, Partner)
            .join(Partner, Partner.id == Contact.partner_id)
            .where(Contact.role == ContactRole.PRINCIPAL, Contact.disabled_at.is_(None))
            .order_by(Contact.added_at)
            .limit(1)
        ).one()
        return t(
            "demo.links",
            admin=admin.name,
            minutes=int(LIFETIME.total_seconds() // 60),
            sign_in=f"{settings().admin_url}/sign-in/{secret}",
            partner=partner.name,
            proposal=link_address(partner, link),
            contact=contact.name,
            reseller=reseller.name,
            portal=f"{settings().portal_url}/join/{new_link(session, contact, LinkUse.INVITE)}",
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
