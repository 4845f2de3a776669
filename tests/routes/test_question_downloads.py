"""The one address of documents hands out files of questions: to who sees the thread, and to staff."""

import pytest

import admin_app.routes
from core.access import devices, sessions
from core.access.kinds import SessionKind
from core.access.secret import hashed
from core.actor import ContactRole
from core.db import transaction
from portal_app.documents import CONFIRM
from portal_app.door import door as portal_door
from tests.core.deal_acts import as_contact, make_reseller
from tests.core.question_acts import a_file, asked, thread

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def reseller(aisha):
    with transaction(aisha) as session:
        return make_reseller(session)


@pytest.fixture
def tariq(reseller):
    return as_contact(reseller, ContactRole.TECHNICAL, name="Tariq Al Hinai")


@pytest.fixture
def address(tariq, aisha):
    """Where the file of a question is fetched."""
    row = asked(tariq, files=[a_file("شبكة.pdf")])
    return f"/documents/{thread(aisha, row).posts[0].files[0].id}"


def come_in(client, by, *, trusted: bool = True) -> None:
    """A contact's browser."""
    with transaction(by) as session:
        if trusted:
            devices.trust(session, by.partner, devices.known_as(hashed("here"), by.id), address="x@y.om")
        secret = sessions.open_session(
            session, kind=SessionKind.CONTACT, partner_id=by.partner, contact_id=by.id, device="here", by=by
        )
    client.cookies.set(portal_door().cookie, secret)


def test_the_asker_gets_it_as_a_file(portal, tariq, address):
    come_in(portal, tariq)
    answer = portal.get(address)
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%D8%B4" in answer.headers["content-disposition"]


@pytest.mark.parametrize("role", ContactRole)
def test_who_does_not_see_the_thread_is_not_told_that_it_exists(portal, reseller, address, role):
    come_in(portal, as_contact(reseller, role))
    assert portal.get(address).status_code == (200 if role is ContactRole.PRINCIPAL else 404)


def test_another_partners_principal_does_not_either(portal, aisha, address):
    with transaction(aisha) as session:
        other = make_reseller(session)
    come_in(portal, as_contact(other))
    assert portal.get(address).status_code == 404


def test_a_new_device_is_confirmed_first(portal, tariq, address):
    come_in(portal, tariq, trusted=False)
    answer = portal.get(address, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, CONFIRM)


def test_staff_get_it_by_the_same_address(admin, reviewer, address):
    with transaction(reviewer) as session:
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=reviewer.id, by=reviewer)
    admin.cookies.set(admin_app.routes.door().cookie, secret)
    assert admin.get(address).content[:5] == b"%PDF-"
