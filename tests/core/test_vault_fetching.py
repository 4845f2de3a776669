"""Fetching from a vault: who may, what is on record, what is new, what the room shows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access.devices import DeviceUnknown
from core.actor import Actor
from core.audit.models import AuditEntry
from core.clock import now
from core.db import reading, transaction
from core.errors import NotAllowed
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.timeline.models import TimelineEntry
from core.vault import queries
from core.vault.fetching import DocumentExpired, NdaFirst
from core.vault.handing_over import SessionEnded
from core.vault.models import DocumentFetch, Origin
from core.vault.rows import DocumentNotFound
from core.vault.storage import digest
from core.vault.visibility import State
from tests.core.vault_acts import (
    a_pdf,
    come_in,
    fetch,
    fetch_own,
    in_room,
    in_vault,
    look,
    person_of,
    reader_of,
    replace_file,
    revoke,
    somebody_of,
    upload,
)
from tests.factories import make_partner


def tags(actor: Actor) -> list[str]:
    """Every act of the company on documents, in order."""
    with reading(actor) as session:
        found = select(AuditEntry.tag).where(AuditEntry.tag.like("%:document:%")).order_by(AuditEntry.seq)
        return list(session.scalars(found))


def told(actor: Actor, partner: Partner) -> list[tuple[str, str]]:
    """The partner's timeline: kinds and titles, by the alphabet."""
    with reading(actor) as session:
        rows = session.scalars(select(TimelineEntry).where(TimelineEntry.partner_id == partner.id))
        return sorted((row.kind.value, row.facts.get("title", "")) for row in rows)


def sign(actor: Actor, partner: Partner, **lasts: float) -> None:
    """The partner's NDA is valid for so long."""
    with transaction(actor) as session:
        session.get_one(Partner, partner.id).nda_expires_at = now() + timedelta(**lasts)


class TestFetching:
    def test_every_download_is_a_row_an_act_and_an_entry_with_who_and_from_where(self, clock, aisha, partner):
        document = upload(aisha, partner, requires_nda=False)
        person = somebody_of(partner)
        for _ in range(3):
            fetch_own(person, document)
            clock.forward(seconds=1)
        fetch(aisha, document)
        with reading(aisha) as session:
            rows, total = queries.fetches(session, document_id=document.id)
            kept = session.scalars(select(DocumentFetch).order_by(DocumentFetch.at)).all()
        assert total == 4
        assert [row.is_staff for row in rows] == [True, False, False, False]
        assert (rows[1].who, rows[1].ip, rows[1].device) == ("Salim Al Kindi", "203.0.113.20", "Firefox on Linux")
        assert {row.sha256 for row in rows} == {digest(a_pdf("Price list"))}
        assert [row.session_id for row in kept] == [person.session] * 3 + [aisha.session]
        assert [row.partner_id for row in kept] == [partner.id] * 3 + [None]
        assert tags(aisha).count("access:document:fetch") == 4
        assert told(aisha, partner).count(("document_fetched", "Price list")) == 3
        assert in_vault(aisha, partner)["Price list"].fetched == 3

    def test_a_gated_document_opens_while_the_nda_is_valid(self, clock, aisha, partner):
        document, person = upload(aisha, partner), somebody_of(partner)
        with pytest.raises(NdaFirst):
            fetch_own(person, document)
        sign(aisha, partner, days=10)
        assert fetch_own(person, document).file_name == "Price list.pdf"
        clock.forward(days=10)
        with pytest.raises(NdaFirst):
            fetch_own(person, document)
        assert tags(aisha).count("access:document:fetch") == 1

    def test_an_active_partner_needs_no_nda(self, clock, aisha, partner):
        document = upload(aisha, partner)
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).status = Status.ACTIVE
        assert fetch_own(somebody_of(partner), document).size == len(a_pdf("Price list"))

    def test_after_its_last_day_where_the_company_is_it_is_closed(self, clock, aisha, partner):
        document = upload(aisha, partner, requires_nda=False, expires_on=date(2026, 11, 22))
        person = somebody_of(partner)
        clock.forward(hours=11, minutes=59)  # 23:59 in Muscat.
        fetch_own(person, document)
        clock.forward(minutes=1)
        with pytest.raises(DocumentExpired, match=r"until 22 Nov 2026\. Ask Dhofar Systems"):
            fetch_own(person, document)
        assert fetch(aisha, document).size

    def test_what_is_not_theirs_does_not_exist(self, clock, aisha, outsider, other_company, partner):
        document = upload(aisha, partner, requires_nda=False)
        with transaction(aisha) as session:
            neighbour = make_partner(session, name="Neighbour")
        with transaction(outsider) as session:
            stranger = make_partner(session, name="Stranger")
        for person in (somebody_of(neighbour), somebody_of(stranger)):
            with pytest.raises(DocumentNotFound):
                fetch_own(person, document)
            assert in_room(person) == {}
        with pytest.raises(DocumentNotFound):
            fetch(outsider, document)

    def test_on_a_device_nobody_knows_the_mailbox_is_proved_first(self, clock, aisha, partner, set_settings):
        document = upload(aisha, partner, requires_nda=False)
        person = somebody_of(partner, device="somebody else's")
        with pytest.raises(DeviceUnknown):
            fetch_own(person, document)
        set_settings(code_on_new_device=False)
        assert fetch_own(person, document).size

    def test_nothing_leaves_after_the_session_ended(self, clock, aisha, partner):
        document, secret = upload(aisha, partner, requires_nda=False), come_in(partner)
        person = person_of(secret)
        revoke(secret)
        with pytest.raises(SessionEnded):
            fetch_own(person, document)

    def test_readers_of_a_proposal_and_colleagues_without_the_right_get_nothing(self, clock, aisha, partner, reviewer):
        document = upload(aisha, partner, requires_nda=False)
        person = somebody_of(partner)
        for one, act in ((reader_of(person), fetch_own), (reviewer, fetch), (person, fetch), (aisha, fetch_own)):
            with pytest.raises(NotAllowed):
                act(one, document)
        assert tags(aisha) == ["admin:document:upload"]

    def test_downloads_come_in_pages(self, clock, aisha, partner):
        document = upload(aisha, partner)
        for _ in range(5):
            fetch(aisha, document)
        with reading(aisha) as session:
            assert [len(queries.fetches(session, partner_id=partner.id, page=n, size=2)[0]) for n in (1, 2, 3)] == [
                2,
                2,
                1,
            ]
            assert queries.fetches(session, partner_id=partner.id, size=2)[1] == 5


class TestNews:
    def test_what_came_since_the_visit_before_is_new(self, clock, aisha, partner):
        upload(aisha, partner, "Old", requires_nda=False)
        person = somebody_of(partner)
        look(person)
        assert in_room(person)["Old"].is_new
        clock.forward(minutes=20)
        look(person)
        assert in_room(person)["Old"].is_new, "the same visit"
        clock.forward(hours=2)
        fresh = upload(aisha, partner, "Fresh", requires_nda=False)
        clock.forward(hours=1)
        look(person)
        assert {title: one.is_new for title, one in in_room(person).items()} == {"Fresh": True, "Old": False}
        clock.forward(days=1)
        look(person)
        assert not any(one.is_new for one in in_room(person).values())
        clock.forward(minutes=1)
        replace_file(aisha, fresh, a_pdf("again"), version=fresh.version)
        clock.forward(hours=1)
        look(person)
        assert in_room(person)["Fresh"].is_new

    def test_another_browser_has_its_own_news(self, clock, aisha, partner):
        upload(aisha, partner, "Old")
        person, other = somebody_of(partner), somebody_of(partner, device="another")
        look(person)
        clock.forward(days=1)
        look(person)
        assert not in_room(person)["Old"].is_new
        assert in_room(other)["Old"].is_new

    def test_a_visit_that_goes_on_stays_one(self, clock, aisha, partner):
        upload(aisha, partner, "Old")
        person = somebody_of(partner)
        for _ in range(10):
            look(person)
            clock.forward(minutes=20)
        assert in_room(person)["Old"].is_new

    def test_before_the_first_document_there_is_nothing_to_look_at(self, clock, partner):
        person = somebody_of(partner)
        look(person)
        assert in_room(person) == {}


class TestRoom:
    def test_shows_what_is_open_what_is_not_and_what_unlocks_it(self, clock, aisha, partner):
        upload(aisha, partner, "Open", requires_nda=False)
        clock.forward(minutes=1)
        upload(aisha, partner, "Gated", title_ar="مغلق")
        clock.forward(minutes=1)
        upload(aisha, partner, "Expired", expires_on=date(2026, 11, 22))
        clock.forward(days=1)
        found = in_room(somebody_of(partner))
        assert list(found) == ["Expired", "Gated", "Open"]
        assert [(one.is_open, one.unlocked_by, one.state) for one in found.values()] == [
            (False, "", State.EXPIRED),
            (False, "nda", State.GATED),
            (True, "", State.OPEN),
        ]
        assert (found["Gated"].title_ar, found["Gated"].number, found["Gated"].origin) == ("مغلق", 1, Origin.UPLOAD)

    def test_is_for_those_in_the_room(self, clock, aisha, partner):
        person = somebody_of(partner)
        for one in (reader_of(person), aisha):
            with pytest.raises(NotAllowed):
                in_room(one)
