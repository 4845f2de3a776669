"""One address hands out documents of the library too: to resellers' people by the rule of the space, and to staff."""

import pytest
from sqlalchemy import func, select

import admin_app.routes
from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor, ContactRole, system
from core.db import reading, transaction
from core.library import service
from core.vault.models import DocumentFetch
from portal_app.documents import CONFIRM
from portal_app.door import door as portal_door
from tests.core.contact_acts import do, enter, invited, newest_secret, person
from tests.core.library_acts import (
    FINANCE,
    PRINCIPAL,
    SALES,
    TECHNICAL,
    VIEWER,
    make_reseller,
    now_is,
    open_space,
    put,
    trust,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def reseller(aisha):
    return make_reseller(aisha)


def come_in(client, aisha: Actor, reseller, role: ContactRole, *, known: bool = True) -> None:
    """A contact's browser."""
    contact = invited(aisha, reseller, role=role)
    secret = enter(newest_secret(contact), "here")
    if known:
        actor = person(secret)
        assert actor
        trust(actor, contact)
    client.cookies.clear()
    client.cookies.set(portal_door().cookie, secret)


def staff(client, by: Actor) -> None:
    """A colleague's browser."""
    with transaction(by) as session:
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=by.id, by=by)
    client.cookies.clear()
    client.cookies.set(admin_app.routes.door().cookie, secret)


def kept() -> int:
    with reading(system()) as session:
        return session.scalar(select(func.count()).select_from(DocumentFetch)) or 0


def test_each_role_gets_what_the_space_is_for(portal, aisha, reseller):
    sales = put(aisha, open_space(aisha, roles=(PRINCIPAL, SALES)))
    prices = put(aisha, open_space(aisha, "Prices", holds_prices=True), "Prices")
    expected = {
        PRINCIPAL: (200, 200),
        SALES: (200, 200),
        TECHNICAL: (404, 404),
        FINANCE: (404, 200),
        VIEWER: (404, 404),
    }
    for role, statuses in expected.items():
        come_in(portal, aisha, reseller, role)
        assert tuple(portal.get(f"/documents/{one.id}").status_code for one in (sales, prices)) == statuses, role
    assert kept() == 5


def test_it_is_saved_under_its_name_and_never_shown_inline(portal, aisha, reseller):
    document = put(aisha, open_space(aisha), "دليل المبيعات")
    come_in(portal, aisha, reseller, SALES)
    answer = portal.get(f"/documents/{document.id}")
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%D8%AF" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_a_new_device_is_confirmed_first(portal, aisha, reseller):
    document = put(aisha, open_space(aisha, holds_prices=True))
    come_in(portal, aisha, reseller, PRINCIPAL, known=False)
    answer = portal.get(f"/documents/{document.id}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, CONFIRM)
    assert kept() == 0


def test_a_space_that_was_withdrawn_hands_out_nothing_more(portal, aisha, reseller):
    space = open_space(aisha)
    document = put(aisha, space)
    come_in(portal, aisha, reseller, SALES)
    assert portal.get(f"/documents/{document.id}").status_code == 200
    do(aisha, service.withdraw_space, space.id, version=now_is(aisha, space).version)
    answer = portal.get(f"/documents/{document.id}")
    assert (answer.status_code, b"%PDF" in answer.content) == (404, False)


def test_another_resellers_space_does_not_exist(portal, aisha, reseller):
    document = put(aisha, open_space(aisha, partner=make_reseller(aisha, "Sohar Soft")))
    come_in(portal, aisha, reseller, PRINCIPAL)
    theirs = portal.get(f"/documents/{document.id}")
    nobodys = portal.get("/documents/00000000-0000-0000-0000-000000000001")
    assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content)


@pytest.mark.parametrize(("who", "status"), (("aisha", 200), ("analyst", 200), ("reviewer", 200), ("member", 403)))
def test_staff_get_it_by_the_same_address_on_record(admin, aisha, reseller, request, who, status):
    document = put(aisha, open_space(aisha))
    staff(admin, request.getfixturevalue(who))
    assert admin.get(f"/documents/{document.id}").status_code == status
    assert kept() == (status == 200)
