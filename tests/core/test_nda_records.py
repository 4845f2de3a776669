"""What the team does with NDAs: record paper ones, countersign, look through the register."""

import io
from datetime import date, timedelta
from time import perf_counter

import pytest
from PIL import Image
from sqlalchemy import select

from core.actor import system
from core.audit.queries import verification
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.i18n import refusal
from core.nda import queries, service
from core.nda.evidence import PaperEvidence
from core.nda.models import Form, Nda
from core.nda.recording import AlreadyCountersigned, EndedAlready, NoScan, SignedInFuture, StillValid
from core.nda.register import PAGE, Order, Register
from core.nda.steps import State
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.rows import insert_rows
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from core.vault.intake import Taken, take_in
from core.vault.models import Document, Origin
from tests.core.nda_acts import done, press, ready_to_sign, signed, visitor
from tests.factories import make_partner

SIGNER = {"signer_name": "Salim Al Kindi", "signer_title": "CEO", "signer_email": "Salim@salalah.om"}


@pytest.fixture(scope="module")
def scan() -> Taken:
    """A photograph of a signed page."""
    page = io.BytesIO()
    Image.new("L", (40, 60), 255).save(page, "PNG")
    return take_in("اتفاقية موقعة.png", page.getvalue())


def recorded(by, partner, scan, **other) -> Nda:
    details = SIGNER | {"signed_on": date(2026, 11, 20), "scan": scan} | other
    found: Nda = done(service.record_paper, by, partner.id, **details)
    return found


@pytest.mark.usefixtures("clock")
class TestPaper:
    def test_moves_the_partner_and_keeps_the_scan(self, aisha, partner, scan):
        nda = recorded(aisha, partner, scan)
        assert (nda.reference, nda.form, nda.recorded_by) == ("NDA-00001", Form.PAPER, aisha.name)
        assert nda.signed_at.isoformat() == "2026-11-19T20:00:00+00:00"
        assert nda.expires_at.isoformat() == "2029-11-19T20:00:00+00:00"
        with reading(aisha) as session:
            moved = session.get_one(Partner, partner.id)
            assert (moved.status, moved.nda_expires_at) == (Status.NDA_SIGNED, nda.expires_at)
            document = session.get_one(Document, nda.document_id)
            assert (document.origin, document.requires_nda) == (Origin.PAPER_NDA, False)
            entry = session.scalars(select(TimelineEntry).where(TimelineEntry.kind == Entry.NDA_RECORDED)).one()
            assert entry.facts == {"signer": "Salim Al Kindi", "reference": "NDA-00001"}
            said = queries.nda(session, nda.id).evidence
            assert isinstance(said, PaperEvidence)
            assert (said.scan_sha256, said.signer.email) == (scan.sha256, "salim@salalah.om")
            assert verification(session).intact

    def test_counts_on_with_the_electronic_ones(self, aisha, partner, scan):
        with transaction(aisha) as session:
            other = make_partner(session)
        recorded(aisha, other, scan)
        assert signed(partner).reference == "NDA-00002"

    @pytest.mark.parametrize(
        ("signed_on", "kind"),
        ((date(2026, 11, 23), SignedInFuture), (date(2023, 11, 22), EndedAlready), (date(1999, 1, 1), EndedAlready)),
    )
    def test_refuses_a_day_that_cannot_be(self, aisha, partner, scan, signed_on, kind):
        with pytest.raises(kind) as refused:
            recorded(aisha, partner, scan, signed_on=signed_on)
        assert refusal(refused.value, "ar") != refused.value.message

    def test_takes_today_and_the_first_day_that_is_still_valid(self, aisha, partner, scan):
        recorded(aisha, partner, scan, signed_on=date(2023, 11, 23))
        assert recorded(aisha, partner, scan, signed_on=date(2026, 11, 22)).reference == "NDA-00002"

    def test_refuses_another_kind_of_file(self, aisha, partner):
        with pytest.raises(NoScan):
            recorded(aisha, partner, take_in("a.txt", b"signed, honestly"))

    def test_refuses_while_one_is_valid(self, aisha, partner, scan):
        recorded(aisha, partner, scan)
        with pytest.raises(StillValid, match=r"NDA-00001 is valid until 20 Nov 2029\. .* from 22 Aug 2029"):
            recorded(aisha, partner, scan)

    @pytest.mark.parametrize("wrong", ({"signer_name": " "}, {"signer_email": "salim"}, {"signer_title": "a\nb"}))
    def test_refuses_what_cannot_be_kept(self, aisha, partner, scan, wrong):
        with pytest.raises(Invalid):
            recorded(aisha, partner, scan, **wrong)

    def test_is_for_admins(self, analyst, partner, scan):
        with pytest.raises(NotAllowed):
            recorded(analyst, partner, scan)


class TestCountersign:
    def test_is_done_once(self, aisha, nora, partner, scan, clock):
        nda = recorded(aisha, partner, scan)
        done(service.countersign, aisha, nda.id, name="Aisha Al Balushi", title="CEO")
        with pytest.raises(AlreadyCountersigned, match="by Aisha Al Balushi on 22 Nov 2026"):
            done(service.countersign, nora, nda.id, name="Nora Al Harthy")
        with reading(aisha) as session:
            found = queries.nda(session, nda.id)
            assert (found.countersigned_by, found.countersigned_title) == ("Aisha Al Balushi", "CEO")
            assert found.row.countersigned_at == clock.now()
            assert found.pdf_sha256 == scan.sha256
            entries = session.scalars(select(TimelineEntry).where(TimelineEntry.kind == Entry.NDA_COUNTERSIGNED))
            assert [entry.facts for entry in entries] == [{"reference": "NDA-00001", "signer": "Aisha Al Balushi"}]

    def test_needs_a_name_a_right_and_an_nda(self, aisha, analyst, outsider, partner, scan, clock):
        nda = recorded(aisha, partner, scan)
        with pytest.raises(Invalid):
            done(service.countersign, aisha, nda.id, name=" ")
        with pytest.raises(NotAllowed):
            done(service.countersign, analyst, nda.id, name="Maryam")
        with pytest.raises(NotFound):
            done(service.countersign, outsider, nda.id, name="Layla")


def look(by, **filters) -> Register:
    with reading(by) as session:
        return queries.register(session, **filters)


def filled(by, number: int, at) -> None:
    """A register with NDAs that end from 100 days ago on, one a day; each tenth superseded."""
    with transaction(by) as session:
        partners = [make_partner(session, name=f"Partner {n:05d}").id for n in range(number)]
        rows = [
            {
                "partner_id": partner, "number": n, "reference": f"NDA-{n:05d}", "form": Form.PAPER,
                "signer_name": f"Signer {n}", "signer_email": f"s{n}@x.om", "recorded_by": "Aisha", "evidence": {},
                "evidence_sha256": "0" * 64, "pdf_sha256": "0" * 64, "signed_at": at - timedelta(days=2_000 - n),
                "expires_at": at + timedelta(days=n - 100), "superseded_at": at if n % 10 == 0 else None,
            }
            for n, partner in enumerate(partners, 1)
        ]  # fmt: skip
        insert_rows(session, Nda, rows)


class TestRegister:
    def test_is_filtered_counted_and_paged(self, aisha, clock):
        filled(aisha, 400, clock.now())
        everything = look(aisha)
        assert (everything.total, everything.pages, len(everything.rows)) == (400, 8, PAGE)
        assert everything.counts == {
            State.VALID: 189, State.EXPIRING: 81, State.EXPIRED: 90, State.SUPERSEDED: 40,
        }  # fmt: skip
        for state in State:
            found = [row for n in range(1, 9) for row in look(aisha, state=state, page=n).rows[:PAGE]]
            assert {row.state for row in found} == {state}
            assert look(aisha, state=state).total == everything.counts[state]
            assert look(aisha, state=state).counts == everything.counts
        assert look(aisha, page=99).page == 8

    def test_finds_by_reference_partner_signer_and_address(self, aisha, clock):
        filled(aisha, 30, clock.now())
        for text in ("nda-00007", "partner 00006", "Signer 7", "s7@x.om"):
            found = look(aisha, text=f" {text} ")
            assert [row.reference for row in found.rows] == ["NDA-00007"]
            assert sum(found.counts.values()) == 1
        assert look(aisha, text="100%_").total == 0
        assert look(aisha, form=Form.ELECTRONIC).total == 0
        one = look(aisha).rows[0]
        assert [row.id for row in look(aisha, partner_id=one.partner_id).rows] == [one.id]

    @pytest.mark.parametrize("order", Order)
    def test_is_sorted_both_ways(self, aisha, clock, order):
        filled(aisha, 12, clock.now())
        down, up = look(aisha, order=order).rows, look(aisha, order=order, descending=False).rows
        assert [row.id for row in down] == [row.id for row in reversed(up)]
        assert down[0].reference == "NDA-00012"

    def test_tells_how_long_each_lasts(self, aisha, clock):
        filled(aisha, 120, clock.now())
        left = {row.reference: row.days_left for n in (1, 2, 3) for row in look(aisha, page=n).rows}
        assert (left["NDA-00101"], left["NDA-00099"], left["NDA-00110"]) == (1, -1, None)

    def test_of_ten_thousand_is_quick(self, sqlite_database, aisha, clock):
        filled(aisha, 10_000, clock.now())
        spent = []
        for filters in ({}, {"text": "Partner 0123"}, {"state": State.EXPIRING}, {"order": Order.PARTNER, "page": 150}):
            began = perf_counter()
            look(aisha, **filters)
            spent.append(perf_counter() - began)
        assert max(spent) < 2

    def test_shows_an_nda_with_its_evidence(self, aisha, partner):
        result = press(ready_to_sign(visitor(partner)))
        with reading(aisha) as session:
            found = queries.nda(session, result.id)
            assert (found.row.text_number, found.row.state, found.row.days_left) == (1, State.VALID, 1095)
            assert found.evidence.sha256() == found.evidence_sha256
            assert found.check_code.replace("-", "") == found.evidence_sha256[:16]
            assert [nda.reference for nda in queries.partner_ndas(session, partner.id)] == ["NDA-00001"]

    def test_is_for_those_who_may_read_it(self, reviewer, analyst, aisha):
        assert look(analyst).total == 0
        with pytest.raises(NotAllowed):
            look(reviewer)
        with reading(system(aisha.company)) as session:
            assert queries.register(session).rows == []
