"""Documents on their way out of both apps: who gets which bytes, under which headers, and what is on record."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

import admin_app.routes
from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor
from core.db import reading, transaction
from core.vault.models import DocumentFetch
from core.vault.storage import blobs
from front_door.downloads import RangeNotThere, Span, disposition, span_of
from portal_app.door import door as portal_door
from tests.core.files import plain_pdf, stream
from tests.core.vault_acts import a_pdf, come_in, remove, replace_file, revoke, upload
from tests.factories import make_partner

pytestmark = pytest.mark.usefixtures("sqlite_database")
DATA = a_pdf("Price list")


def fetched(actor: Actor) -> int:
    """How many downloads are on record."""
    with reading(actor) as session:
        return session.scalar(select(func.count()).select_from(DocumentFetch)) or 0


@pytest.fixture
def document(aisha, partner):
    """A document that is open to the partner."""
    return upload(aisha, partner, requires_nda=False)


@pytest.fixture
def room(portal, partner):
    """The portal, for somebody in the partner's room on a trusted browser."""
    portal.cookies.set(portal_door().cookie, come_in(partner))
    return portal


@pytest.fixture
def desk(admin, aisha):
    """The admin app, signed in as Aisha."""
    with transaction(aisha) as session:
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=aisha.id, by=aisha)
    admin.cookies.set(admin_app.routes.door().cookie, secret)
    return admin


class TestBothApps:
    @pytest.mark.parametrize("app", ("room", "desk"))
    def test_hand_the_file_over_and_record_it(self, request, aisha, document, app):
        client = request.getfixturevalue(app)
        answer = client.get(f"/documents/{document.id}")
        assert (answer.status_code, answer.content) == (200, DATA)
        assert fetched(aisha) == 1
        with reading(aisha) as session:
            row = session.scalars(select(DocumentFetch)).one()
        assert (row.ip, row.actor_kind) == ("203.0.113.9", "partner" if app == "room" else "staff")

    @pytest.mark.parametrize("app", ("room", "desk"))
    def test_never_let_a_browser_show_or_keep_it(self, request, document, app):
        headers = request.getfixturevalue(app).get(f"/documents/{document.id}").headers
        assert (
            headers["content-disposition"]
            == "attachment; filename=\"Price list.pdf\"; filename*=UTF-8''Price%20list.pdf"
        )
        assert headers["content-type"] == "application/pdf"
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["content-length"] == str(len(DATA))
        assert "etag" not in headers

    @pytest.mark.parametrize("app", ("room", "desk"))
    @pytest.mark.parametrize(
        "path",
        (
            "/documents/00000000-0000-4000-8000-000000000007",
            "/documents/nonsense",
            "/documents/1%00",
            "/documents/%2e%2e",
        ),
    )
    def test_say_not_found_alike(self, request, aisha, document, app, path):
        answer = request.getfixturevalue(app).get(path)
        assert answer.status_code == 404
        assert "no such document" in answer.text
        assert fetched(aisha) == 0

    @pytest.mark.parametrize("app", ("room", "desk"))
    def test_tell_nothing_to_a_head(self, request, aisha, document, app):
        answer = request.getfixturevalue(app).head(f"/documents/{document.id}")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
        assert fetched(aisha) == 0

    def test_keep_strangers_out(self, portal, admin, aisha, document):
        assert portal.get(f"/documents/{document.id}").status_code == 401
        assert admin.get(f"/documents/{document.id}").status_code == 303
        assert fetched(aisha) == 0

    def test_an_app_does_not_take_the_others_session(self, portal, admin, aisha, partner, document):
        admin.cookies.set(admin_app.routes.door().cookie, come_in(partner))
        assert admin.get(f"/documents/{document.id}").status_code == 303
        assert fetched(aisha) == 0


class TestParts:
    @pytest.mark.parametrize(
        ("asked", "said", "part"),
        (
            ("bytes=0-9", f"bytes 0-9/{len(DATA)}", DATA[:10]),
            ("bytes=10-", f"bytes 10-{len(DATA) - 1}/{len(DATA)}", DATA[10:]),
            ("bytes=-5", f"bytes {len(DATA) - 5}-{len(DATA) - 1}/{len(DATA)}", DATA[-5:]),
            ("bytes=5-999999", f"bytes 5-{len(DATA) - 1}/{len(DATA)}", DATA[5:]),
        ),
    )
    def test_a_part_is_answered_as_one_and_recorded(self, room, aisha, document, asked, said, part):
        answer = room.get(f"/documents/{document.id}", headers={"Range": asked})
        assert (answer.status_code, answer.headers["content-range"], answer.content) == (206, said, part)
        assert fetched(aisha) == 1

    @pytest.mark.parametrize("asked", ("bytes=0-1,5-6", "bytes=9-2", "bytes=-", "items=1-2", "x" * 300, "bytes=a-b"))
    def test_what_is_no_plain_part_is_answered_with_the_whole(self, room, document, asked):
        answer = room.get(f"/documents/{document.id}", headers={"Range": asked})
        assert (answer.status_code, answer.content) == (200, DATA)

    def test_a_part_of_what_may_have_changed_is_answered_with_the_whole(self, room, document):
        answer = room.get(f"/documents/{document.id}", headers={"Range": "bytes=5-9", "If-Range": '"old"'})
        assert (answer.status_code, answer.content) == (200, DATA)

    @pytest.mark.parametrize("asked", ("bytes=999999-", "bytes=999999999999999999-999999999999999999", "bytes=-0"))
    def test_a_part_that_is_not_there_leaves_no_record(self, room, aisha, document, asked):
        assert room.get(f"/documents/{document.id}", headers={"Range": asked}).status_code == 416
        assert fetched(aisha) == 0

    @given(size=st.integers(1, 10**12), first=st.integers(0, 10**12), last=st.integers(0, 10**12))
    def test_a_part_never_reaches_out_of_the_file(self, size, first, last):
        try:
            span = span_of(f"bytes={first}-{last}", size)
        except RangeNotThere:
            assert first >= size
        else:
            assert 0 <= span.start < span.end <= size
            assert span == (Span(first, min(last + 1, size), False) if first <= last else Span(0, size, True))

    def test_a_large_file_comes_in_pieces(self, room, aisha, partner):
        data = plain_pdf(stream(bytes(range(256)) * 8_000, packed=0))
        document = upload(aisha, partner, "Large", data, requires_nda=False)
        assert room.get(f"/documents/{document.id}").content == data
        assert (
            room.get(f"/documents/{document.id}", headers={"Range": "bytes=300000-1200000"}).content
            == data[300_000:1_200_001]
        )


class TestPortal:
    def test_a_gated_document_says_what_opens_it(self, room, aisha, partner):
        document = upload(aisha, partner, "Gated")
        answer = room.get(f"/documents/{document.id}")
        assert answer.status_code == 403
        assert "Sign the NDA to open this" in answer.text
        assert "وقّع اتفاقية عدم الإفصاح" in answer.text
        assert 'href="/nda?lang=en"' in answer.text
        assert "Dhofar Systems" in answer.text
        assert "Gated" not in answer.text
        assert fetched(aisha) == 0

    def test_another_partners_document_does_not_exist(self, room, aisha):
        with transaction(aisha) as session:
            neighbour = make_partner(session, name="Neighbour")
        for requires in (True, False):
            foreign = upload(aisha, neighbour, "Foreign", requires_nda=requires)
            answer = room.get(f"/documents/{foreign.id}")
            assert answer.status_code == 404
            assert "no such document" in answer.text
        assert fetched(aisha) == 0

    def test_a_browser_nobody_knows_proves_the_mailbox_first(self, portal, aisha, partner, document):
        portal.cookies.set(portal_door().cookie, come_in(partner, device="new"))
        answer = portal.get(f"/documents/{document.id}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/room?unlock=1")
        assert fetched(aisha) == 0

    def test_a_reader_of_the_proposal_is_led_to_the_room(self, portal, aisha, partner, document):
        portal.cookies.set(portal_door().cookie, come_in(partner, kind=SessionKind.READER))
        answer = portal.get(f"/documents/{document.id}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/room?unlock=1")
        assert fetched(aisha) == 0

    def test_nothing_after_the_session_ended(self, portal, aisha, partner, document):
        secret = come_in(partner)
        portal.cookies.set(portal_door().cookie, secret)
        assert portal.get(f"/documents/{document.id}").status_code == 200
        revoke(secret)
        assert portal.get(f"/documents/{document.id}").status_code == 401
        assert fetched(aisha) == 1

    def test_what_was_replaced_or_removed_is_gone(self, room, aisha, document):
        replace_file(aisha, document, a_pdf("new"), version=document.version)
        assert room.get(f"/documents/{document.id}").content == a_pdf("new")
        assert room.get(f"/documents/{document.id}?version=1").status_code == 404
        remove(aisha, document, version=document.version + 1)
        assert room.get(f"/documents/{document.id}").status_code == 404

    def test_bytes_that_are_gone_leave_no_record(self, room, aisha, document):
        for blob in list(blobs().blobs()):
            blobs().forget(blob)
        answer = room.get(f"/documents/{document.id}")
        assert answer.status_code == 404
        assert "missing or damaged" in answer.text
        assert fetched(aisha) == 0


class TestAdmin:
    def test_an_earlier_version_by_its_number(self, desk, aisha, document):
        replace_file(aisha, document, a_pdf("new"), version=document.version)
        assert desk.get(f"/documents/{document.id}?version=1").content == DATA
        assert desk.get(f"/documents/{document.id}?version=2").content == a_pdf("new")
        for number in ("0", "3", "-1", "x", "1e3", "9" * 30):
            assert desk.get(f"/documents/{document.id}?version={number}").status_code == 404

    def test_a_role_without_the_right_is_told(self, admin, reviewer, aisha, document):
        with transaction(reviewer) as session:
            secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=reviewer.id, by=reviewer)
        admin.cookies.set(admin_app.routes.door().cookie, secret)
        assert admin.get(f"/documents/{document.id}").status_code == 403
        assert fetched(aisha) == 0

    def test_the_list_of_downloads_can_be_taken_out(self, desk, partner, document):
        desk.get(f"/documents/{document.id}")
        lines = desk.get(f"/export/downloads?partner={partner.id}&format=csv").content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("When (UTC),Who,Of the partner,Document,Version")
        assert "Aisha Al Balushi,no,Price list,1,Price list.pdf" in lines[1]
        assert desk.get("/export/downloads?partner=x").status_code == 404


class TestNames:
    @pytest.mark.parametrize(
        ("name", "plain"),
        (
            ("Price list.pdf", "Price list.pdf"),
            ("قائمة.pdf", "_____.pdf"),
            ("50% off.pdf", "50_ off.pdf"),
            ("a'b.pdf", "a'b.pdf"),
        ),
    )
    def test_are_given_in_both_spellings(self, name, plain):
        header = disposition(name)
        assert header.isascii()
        assert header.startswith(f"attachment; filename=\"{plain}\"; filename*=UTF-8''")
        assert unquote(header.rpartition("''")[2]) == name

    @given(name=st.text(min_size=1, max_size=60))
    def test_never_break_the_header(self, name):
        header = disposition(name.encode("utf-8", "replace").decode())
        assert header.isascii()
        assert header.isprintable()
        assert header.count('"') == 2
