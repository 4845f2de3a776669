"""A partner's vault: kept, gated, replaced, changed, removed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from core.actor import Actor
from core.audit.models import AuditEntry
from core.clock import now
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.timeline.models import TimelineEntry
from core.vault import queries
from core.vault.filing import file_away
from core.vault.keeping import DocumentChanged, KeptForTheRecord, SameFile
from core.vault.models import DocumentSpace, Origin
from core.vault.rows import DocumentNotFound
from core.vault.storage import blobs, digest
from core.vault.visibility import State, has_expired, is_open, may_fetch_version, state_of
from tests.core.vault_acts import (
    a_pdf,
    change,
    fetch,
    fetch_own,
    in_room,
    in_vault,
    remove,
    replace_file,
    somebody_of,
    upload,
)


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


class TestVisibility:
    @pytest.mark.parametrize("status", Status)
    @pytest.mark.parametrize("requires", (True, False))
    @pytest.mark.parametrize("seconds", (None, -1, 0, 1))
    def test_the_gate_is_up_for_a_valid_nda_an_active_partner_or_no_gate(self, clock, status, requires, seconds):
        at = clock.now()
        until = None if seconds is None else at + timedelta(seconds=seconds)
        expected = not requires or status is Status.ACTIVE or seconds == 1
        assert is_open(requires, status=status, nda_expires_at=until, at=at) is expected

    @pytest.mark.parametrize(("last", "gone"), ((None, False), (21, True), (22, False), (23, False)))
    def test_the_last_day_counts(self, last, gone):
        assert has_expired(last and date(2026, 11, last), today=date(2026, 11, 22)) is gone

    def test_expired_is_said_before_gated(self, clock):
        facts = {"requires_nda": True, "status": Status.DRAFT, "nda_expires_at": None, "at": clock.now()}
        today = date(2026, 11, 22)
        assert state_of(expires_on=date(2026, 11, 21), today=today, **facts) is State.EXPIRED
        assert state_of(expires_on=None, today=today, **facts) is State.GATED
        assert state_of(expires_on=None, today=today, **{**facts, "status": Status.ACTIVE}) is State.OPEN

    @pytest.mark.parametrize(
        ("origin", "number", "may"),
        (
            (Origin.UPLOAD, 1, False),
            (Origin.UPLOAD, 2, True),
            (Origin.SIGNED_NDA, 1, True),
            (Origin.PAPER_NDA, 1, True),
        ),
    )
    def test_what_was_replaced_is_gone_for_partners(self, origin, number, may):
        assert may_fetch_version(origin, number, newest=2) is may


class TestUpload:
    def test_keeps_bytes_rows_timeline_and_audit(self, clock, aisha, partner):
        data = a_pdf("Prices")
        document = upload(aisha, partner, "Prices", data, title_ar="الأسعار", expires_on=date(2026, 12, 1), note="ours")
        row = in_vault(aisha, partner)["Prices"]
        assert blobs().read(row.sha256) == data
        assert (row.number, row.size, row.file_name, row.media_type) == (1, len(data), "Prices.pdf", "application/pdf")
        assert (row.title_ar, row.note, row.expires_on, row.state) == (
            "الأسعار",
            "ours",
            date(2026, 12, 1),
            State.GATED,
        )
        assert (row.added_by, row.fetched, row.fetched_at, row.id) == ("Aisha Al Balushi", 0, None, document.id)
        assert told(aisha, partner) == [("document_added", "Prices")]
        assert tags(aisha) == ["admin:document:upload"]

    def test_one_vault_holds_them_all(self, clock, aisha, partner):
        upload(aisha, partner, "One")
        upload(aisha, partner, "Two")
        with reading(aisha) as session:
            assert session.scalar(select(func.count()).select_from(DocumentSpace)) == 1

    def test_the_same_bytes_twice_are_kept_once(self, clock, aisha, partner):
        data = a_pdf("same")
        upload(aisha, partner, "One", data)
        upload(aisha, partner, "Two", data)
        assert [blob.sha256 for blob in blobs().blobs()].count(digest(data)) == 1

    @pytest.mark.parametrize(
        ("details", "said"),
        (
            ({"title": "  "}, "Title is missing"),
            ({"title": "x" * 201}, "maximum 200"),
            ({"title_ar": "a\nb"}, "line breaks"),
            ({"expires_on": date(2026, 11, 21)}, "The last day has passed already"),
        ),
    )
    def test_refuses_what_cannot_be_said(self, clock, aisha, partner, details, said):
        with pytest.raises(Invalid, match=said):
            upload(aisha, partner, data=a_pdf(), **details)
        assert in_vault(aisha, partner) == {}

    def test_is_for_admins(self, clock, aisha, analyst, reviewer, partner):
        for person in (analyst, reviewer, somebody_of(partner)):
            with pytest.raises(NotAllowed):
                upload(person, partner)

    def test_another_companys_partner_is_not_found(self, clock, outsider, partner):
        with pytest.raises(NotFound):
            upload(outsider, partner)


class TestReplaceChangeRemove:
    def test_a_new_version_takes_the_place_of_the_old_one(self, clock, aisha, partner):
        document = upload(aisha, partner, requires_nda=False)
        clock.forward(days=1)
        assert replace_file(aisha, document, a_pdf("new"), version=document.version, note="Prices of 2027") == 2
        row = in_vault(aisha, partner)["Price list"]
        assert (row.number, row.file_name, row.changed_at) == (2, "new.pdf", clock.now())
        with reading(aisha) as session:
            versions = queries.versions(session, document.id)
        assert [(one.number, one.note) for one in versions] == [(2, "Prices of 2027"), (1, "")]
        assert fetch_own(somebody_of(partner), document).sha256 == digest(a_pdf("new"))
        kinds = [kind for kind, _title in told(aisha, partner)]
        assert kinds == ["document_added", "document_fetched", "document_replaced"]

    def test_partners_cannot_go_back_to_what_was_replaced_but_staff_can(self, clock, aisha, partner):
        document = upload(aisha, partner, requires_nda=False)
        replace_file(aisha, document, a_pdf("new"), version=document.version)
        with pytest.raises(DocumentNotFound):
            fetch_own(somebody_of(partner), document, number=1)
        assert fetch(aisha, document, number=1).sha256 == digest(a_pdf("Price list"))
        for number in (0, 3, 10**6):
            with pytest.raises(DocumentNotFound):
                fetch(aisha, document, number=number)

    def test_the_same_file_is_no_new_version(self, clock, aisha, partner):
        document = upload(aisha, partner)
        with pytest.raises(SameFile, match="version 1"):
            replace_file(aisha, document, a_pdf("Price list"), version=document.version)

    def test_a_change_is_recorded_as_what_it_was_and_is(self, clock, aisha, partner):
        document = upload(aisha, partner)
        change(aisha, document, version=document.version, title="New title", requires_nda=False)
        assert in_vault(aisha, partner)["New title"].state is State.OPEN
        with reading(aisha) as session:
            entry = session.scalars(select(AuditEntry).where(AuditEntry.tag == "admin:document:change")).one()
        assert '"title":"Price list"' in entry.before
        assert '"title":"New title"' in entry.after
        assert entry.subject_name == "New title"

    def test_no_change_is_no_entry(self, clock, aisha, partner):
        document = upload(aisha, partner)
        change(aisha, document, version=document.version)
        assert tags(aisha) == ["admin:document:upload"]

    def test_a_last_day_that_has_passed_meanwhile_may_stay(self, clock, aisha, partner):
        document = upload(aisha, partner, expires_on=date(2026, 11, 23))
        clock.forward(days=9)
        changed = change(aisha, document, version=document.version, title="Old", expires_on=date(2026, 11, 23))
        assert changed.title == "Old"

    def test_what_was_removed_is_gone_and_its_record_stays(self, clock, aisha, partner):
        document = upload(aisha, partner, requires_nda=False)
        person = somebody_of(partner)
        fetch_own(person, document)
        remove(aisha, document, version=document.version)
        assert in_vault(aisha, partner) == {}
        assert in_room(person) == {}
        for act in (lambda: fetch_own(person, document), lambda: fetch(aisha, document)):
            with pytest.raises(DocumentNotFound):
                act()
        with reading(aisha) as session:
            rows, total = queries.fetches(session, partner_id=partner.id)
        assert (total, rows[0].title) == (1, "Price list")
        assert ("document_removed", "Price list") in told(aisha, partner)

    def test_the_second_of_two_people_is_told(self, clock, aisha, nora, partner):
        document = upload(aisha, partner)
        seen = document.version
        change(aisha, document, version=seen, title="Hers")
        for act in (
            lambda: change(nora, document, version=seen, title="His"),
            lambda: replace_file(nora, document, a_pdf("his"), version=seen),
            lambda: remove(nora, document, version=seen),
        ):
            with pytest.raises(DocumentChanged):
                act()
        assert list(in_vault(aisha, partner)) == ["Hers"]

    def test_a_signed_nda_stays(self, clock, aisha, partner):
        with transaction(aisha) as session:
            document = file_away(
                session, session.get_one(Partner, partner.id), title="NDA — Signed", file_name="NDA-00001.pdf",
                data=a_pdf("nda"), media_type="application/pdf", origin=Origin.SIGNED_NDA, by=aisha, at=now(),
            )  # fmt: skip
        for act in (
            lambda: change(aisha, document, version=document.version),
            lambda: replace_file(aisha, document, a_pdf("other"), version=document.version),
            lambda: remove(aisha, document, version=document.version),
        ):
            with pytest.raises(KeptForTheRecord):
                act()
        assert fetch_own(somebody_of(partner), document, number=1).file_name == "NDA-00001.pdf"
