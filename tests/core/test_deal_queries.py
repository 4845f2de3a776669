"""Reading deals as the team does: the queue, one deal with what its decision needs, every quote."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import event

import core.db
from core.actor import ContactRole
from core.db import reading, transaction
from core.deals import queries, service
from core.deals.models import Product, Sale
from core.deals.queries import Sort
from core.deals.states import QuoteKind, QuoteStatus, SaleStatus, Verdict
from core.errors import NotAllowed, NotFound
from tests.core.deal_acts import as_contact, make_intent, make_plan, make_quote, make_reseller, make_territory, new_deal
from tests.core.nda_acts import done


@pytest.fixture
def partner(aisha, clock):
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", name_ar="صلالة للتجزئة", owner_id=aisha.id)


@pytest.fixture
def salim(partner):
    return as_contact(partner, ContactRole.SALESPERSON, name="Salim Al Kindi")


def queue(by, **filters):
    with reading(by) as session:
        return queries.review_queue(session, **filters)


def sold(by, **filters):
    with reading(by) as session:
        return queries.deals(session, **filters)


def dossier(by, quote):
    with reading(by) as session:
        return queries.intent(session, quote.id)


def statements(work):
    """How many statements it takes."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(core.db.reader(), "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(core.db.reader(), "before_cursor_execute", note)
    return len(seen)


class TestQueue:
    @pytest.fixture
    def three(self, aisha, partner, salim, clock):
        made = []
        for name, amount, close in (("Bahla Foods", 300, 9), ("Adam Steel", 100, 7), ("Izki Cement", 200, 8)):
            clock.forward(minutes=1)
            with transaction(aisha) as session:
                made.append(
                    make_intent(
                        session, partner, contact_id=salim.id, customer_name=name, amount=Decimal(amount),
                        close_on=date(2027, close, 1),
                    )
                )  # fmt: skip
        return made

    @pytest.mark.parametrize(
        ("sort", "names"),
        (
            (Sort.SUBMITTED, "Bahla Adam Izki"),
            (Sort.NUMBER, "Bahla Adam Izki"),
            (Sort.AMOUNT, "Adam Izki Bahla"),
            (Sort.CLOSING, "Adam Izki Bahla"),
            (Sort.CUSTOMER, "Adam Bahla Izki"),
        ),
    )
    def test_is_sorted_both_ways(self, three, reviewer, sort, names):
        assert " ".join(row.customer.split()[0] for row in queue(reviewer, sort=sort).rows) == names
        backwards = " ".join(row.customer.split()[0] for row in queue(reviewer, sort=sort, descending=True).rows)
        assert backwards.split() == names.split()[::-1]

    def test_tells_what_a_row_shows(self, three, reviewer, clock):
        row = queue(reviewer).rows[0]
        assert (row.reference, row.partner, row.contact) == ("DI-0001", "Salalah Retail", "Salim Al Kindi")
        assert (row.amount, row.currency, row.due_at - row.submitted_at) == (Decimal(300), "OMR", timedelta(hours=48))

    @pytest.mark.parametrize(
        ("text", "found"),
        (
            ("steel", 1),
            ("SALALAH", 3),
            ("صلالة", 3),
            ("DI-0002", 1),
            ("di 2", 1),
            ("2", 1),
            ("%", 0),
            ("x", 0),
            ("i", 3),
            ("Q-0002", 0),
            ("DI-9999", 0),
        ),
    )
    def test_is_searched(self, three, reviewer, text, found):
        page = queue(reviewer, text=text)
        assert (len(page.rows), page.total) == (found, found)

    def test_reads_no_names_for_a_whole_reference(self, three, reviewer):
        by_reference, by_text = (
            statements(lambda text=text: queue(reviewer, text=text)) for text in ("DI-0002", "DI 2")
        )
        assert by_reference == by_text - 1

    def test_is_paged_and_counted(self, three, reviewer):
        assert [len(queue(reviewer, page=page, size=2).rows) for page in (0, 1, 2, 3)] == [2, 2, 1, 0]
        assert (queue(reviewer, page=2, size=2).total, queue(reviewer).is_more) == (3, False)

    def test_counts_no_further_than_it_says(self, three, reviewer, monkeypatch):
        monkeypatch.setattr("core.deals.listing.COUNTED", 2)
        assert (queue(reviewer).total, queue(reviewer).is_more) == (2, True)

    def test_is_of_one_status_and_partner(self, three, reviewer, aisha, partner):
        with transaction(aisha) as session:
            other = make_reseller(session)
            make_intent(session, other)
            make_intent(session, partner, status=QuoteStatus.RETURNED)
            make_quote(session, partner)
        assert len(queue(reviewer).rows) == 4
        assert len(queue(reviewer, partner_id=partner.id).rows) == 3
        assert len(queue(reviewer, status=QuoteStatus.RETURNED).rows) == 1

    def test_of_many_customers_alike_is_searched_too(self, three, reviewer, monkeypatch):
        monkeypatch.setattr("core.deals.listing.FEW", 0)
        assert [row.customer for row in queue(reviewer, text="steel").rows] == ["Adam Steel"]

    def test_asks_the_database_the_same_however_long_it_is(self, three, reviewer, aisha, partner):
        queue(reviewer)
        before = statements(lambda: queue(reviewer))
        with transaction(aisha) as session:
            for _ in range(30):
                make_intent(session, partner)
        assert statements(lambda: queue(reviewer)) == before <= 3

    def test_is_for_who_reads_deals(self, three, member, salim, outsider):
        for other in (member, salim):
            with pytest.raises(NotAllowed):
                queue(other)
        assert queue(outsider).rows == []

    def test_says_what_a_common_decision_decides(self, three, reviewer, aisha):
        done(service.reject, aisha, three[0].id, note="No.", version=1)
        with reading(reviewer) as session:
            chosen = queries.chosen(session, [made.id for made in three] + [uuid4()])
        assert [row.customer for row in chosen.rows] == ["Adam Steel", "Izki Cement"]
        assert (chosen.sums, chosen.partners, chosen.gone) == ({"OMR": Decimal(300)}, ["Salalah Retail"], 2)


class TestDossier:
    def test_tells_all_that_a_decision_needs(self, partner, salim, reviewer, aisha, clock):
        with transaction(aisha) as session:
            place = make_territory(session)
            make_quote(session, partner, status=QuoteStatus.ACCEPTED)
            make_quote(session, partner, status=QuoteStatus.DECLINED)
            make_intent(session, partner, status=QuoteStatus.REJECTED)
            other = make_reseller(session, name="Sohar Retail")
            quote = make_intent(
                session, partner, contact_id=salim.id, territory_id=place.id, customer_name="Muscat Pharmacies"
            )
            product = session.get_one(Product, quote.product_id)
        rival = as_contact(other)
        their = done(service.submit, rival, deal=new_deal(product, place, customer_name="Muscat Pharmacies"))
        done(service.approve, aisha, their.id, terms=service.flat("10"), version=their.version)
        clock.forward(hours=1)
        found = dossier(reviewer, quote)
        record = found.partner
        assert (record.name, record.owner, record.won, record.lost, record.rejected) == (
            "Salalah Retail", "Aisha Al Balushi", 1, 1, 1,
        )  # fmt: skip
        assert (record.win_rate, len(record.latest)) == (Decimal("0.5"), 3)
        assert [(one.reference, one.partner) for one in found.collisions] == [(their.reference, "Sohar Retail")]
        assert found.collisions[0].score >= 90
        assert found.collisions[0].reasons
        assert [(one.partner, one.reference) for one in found.barriers] == [("Sohar Retail", their.reference)]
        assert found.contact_email.startswith("contact-")
        assert found.row.status is QuoteStatus.PENDING

    def test_keeps_every_decision(self, partner, reviewer, aisha, clock):
        with transaction(aisha) as session:
            quote, plan = make_intent(session, partner), make_plan(session, plan="Growth", number=2)
        done(service.approve, reviewer, quote.id, terms=service.by_plan(plan.id), note="Good.", version=1)
        found = dossier(aisha, quote)
        assert [(one.verdict, one.by, one.note) for one in found.reviews] == [
            (Verdict.APPROVED, "Said Al Rawahi", "Good.")
        ]
        assert (found.plan, found.row.kind) == ("Growth, version 2", QuoteKind.QUOTE)
        assert found.protected_until == clock.now() + timedelta(days=90)

    def test_of_another_company_is_not_found(self, partner, aisha, outsider):
        with transaction(aisha) as session:
            quote = make_intent(session, partner)
        with pytest.raises(NotFound):
            dossier(outsider, quote)

    def test_takes_few_statements(self, partner, aisha, reviewer):
        with transaction(aisha) as session:
            quotes = [make_intent(session, partner, customer_name="Muscat Pharmacies") for _ in range(12)]
        dossier(reviewer, quotes[0])
        assert statements(lambda: dossier(reviewer, quotes[0])) <= 10


class TestDeals:
    def test_are_quotes_with_their_invoices(self, partner, aisha, reviewer, clock):
        with transaction(aisha) as session:
            make_intent(session, partner)
            quote = make_quote(session, partner, status=QuoteStatus.ACCEPTED)
            clock.forward(minutes=1)
            make_quote(session, partner)
            session.add(sale_of(quote, clock))
            session.flush()
        page = sold(reviewer)
        assert [(one.row.reference, one.invoice_number, one.sale_status) for one in page.rows] == [
            ("DI-0003", "", None), ("DI-0002", "INV-00001", SaleStatus.INVOICED),
        ]  # fmt: skip
        assert page.total == 2
        assert len(sold(reviewer, kind=None, partner_id=partner.id).rows) == 3
        assert [one.row.reference for one in sold(reviewer, status=QuoteStatus.ACCEPTED).rows] == ["DI-0002"]
        assert [one.row.reference for one in sold(reviewer, text="Q-00002").rows] == ["DI-0003"]


def sale_of(quote, clock):
    return Sale(
        quote_id=quote.id, partner_id=quote.partner_id, number=1, invoice_number="INV-00001", amount=quote.amount,
        currency="OMR", status=SaleStatus.INVOICED, invoiced_at=clock.now(), due_on=date(2027, 1, 1),
    )  # fmt: skip
