"""One address hands out documents of deals too: to the reseller's people by their role, and to staff."""

import pytest

import admin_app.routes
from core.access import devices, sessions
from core.access.kinds import SessionKind
from core.access.secret import hashed
from core.actor import ContactRole, system
from core.db import transaction
from core.deals.states import DocumentUse
from portal_app.documents import CONFIRM
from portal_app.door import door as portal_door
from tests.core.deal_acts import make_contact, make_reseller
from tests.core.sale_acts import document_of, sent

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def reseller(aisha):
    with transaction(aisha) as session:
        return make_reseller(session)


@pytest.fixture
def document(aisha, reseller):
    """A quote's PDF."""
    return document_of(aisha, sent(aisha, reseller), DocumentUse.QUOTE)


def come_in(client, reseller, role: ContactRole, *, trusted: bool = True) -> None:
    """A contact's browser."""
    by = system(reseller.company_id)
    with transaction(by) as session:
        contact = make_contact(session, reseller, role=role)
        if trusted:
            device = devices.known_as(hashed("here"), contact.id)
            devices.trust(session, reseller.id, device, address=contact.email)
        secret = sessions.open_session(
            session, kind=SessionKind.CONTACT, partner_id=reseller.id, contact_id=contact.id, device="here", by=by
        )
    client.cookies.set(portal_door().cookie, secret)


def test_a_contact_gets_what_the_role_opens(portal, reseller, document):
    come_in(portal, reseller, ContactRole.PRINCIPAL)
    answer = portal.get(f"/documents/{document}")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert 'filename="Q-00001.pdf"' in answer.headers["content-disposition"]


def test_a_role_without_money_reads_why_not(portal, reseller, document):
    come_in(portal, reseller, ContactRole.TECHNICAL)
    answer = portal.get(f"/documents/{document}")
    assert answer.status_code == 403
    assert b"%PDF" not in answer.content


def test_a_new_device_is_confirmed_first(portal, reseller, document):
    come_in(portal, reseller, ContactRole.PRINCIPAL, trusted=False)
    answer = portal.get(f"/documents/{document}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, CONFIRM)


def test_staff_get_it_by_the_same_address(admin, aisha, document):
    with transaction(aisha) as session:
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=aisha.id, by=aisha)
    admin.cookies.set(admin_app.routes.door().cookie, secret)
    assert admin.get(f"/documents/{document}").content[:5] == b"%PDF-"
