"""Whose pages take files: staff's and resellers' contacts', nobody else's of the portal."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.access import sessions
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import Actor, ContactRole, system
from core.companies.models import Company
from core.db import transaction
from core.partners.models import Partner
from core.tenancy import enter
from tests.core.deal_acts import make_contact

pytestmark = pytest.mark.usefixtures("sqlite_database")


def cookie_of(company: Company, **whose: Any) -> str:
    """The secret of a new session of the portal."""
    with transaction(system()) as session:
        by = enter(session, company.id)
        return sessions.open_session(session, device="one", by=by, **whose)


def put(portal, secret: str):
    """Send a file to the page of a session."""
    with transaction(system()) as session:
        newest = session.scalars(select(AccessSession).order_by(AccessSession.opened_at.desc())).one()
    portal.app.owners.give("page", newest.id)
    name = portal.app.door.cookie
    return portal.put("/_stcore/upload_file/page/file", content=b"x", headers={"Cookie": f"{name}={secret}"})


class TestPortal:
    def test_takes_files_of_a_contact(self, portal, company, partner, aisha):
        with transaction(aisha) as session:
            contact = make_contact(session, partner, role=ContactRole.SALESPERSON)
        secret = cookie_of(company, kind=SessionKind.CONTACT, partner_id=partner.id, contact_id=contact.id)
        assert put(portal, secret).text == "what the gate guards"

    @pytest.mark.parametrize("kind", (SessionKind.READER, SessionKind.ROOM))
    def test_takes_none_of_readers_and_of_rooms(
        self, portal, company: Company, partner: Partner, aisha: Actor, kind: SessionKind
    ) -> None:
        answer = put(portal, cookie_of(company, kind=kind, partner_id=partner.id))
        assert (answer.status_code, answer.text) == (403, "Your pages take no files.")

    def test_takes_none_without_a_session(self, portal) -> None:
        portal.app.owners.give("page", UUID(int=7))
        assert portal.put("/_stcore/upload_file/page/file", content=b"x").status_code == 401
