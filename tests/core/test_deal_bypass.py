"""What no statement written by hand can do to deals, on either database."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

import core.db
from core.actor import ContactRole
from core.db import reading, transaction
from core.deals import service
from core.deals.models import Quote, Review
from core.deals.states import QuoteKind, QuoteStatus
from core.ids import new_id
from tests.core.deal_acts import (
    as_contact,
    make_intent,
    make_product,
    make_quote,
    make_reseller,
    make_territory,
    new_deal,
)
from tests.core.nda_acts import done

TEN = service.flat("10%")


@pytest.fixture
def shop(aisha, clock):
    with transaction(aisha) as session:
        return make_reseller(session, owner_id=aisha.id), make_product(session), make_territory(session)


@pytest.fixture
def salim(shop):
    return as_contact(shop[0], ContactRole.SALESPERSON, name="Salim Al Kindi", email="salim@salalah.om")


@pytest.fixture
def deal(shop, salim):
    """A submitted intent."""
    return done(service.submit, salim, deal=new_deal(*shop[1:], customer_name="Muscat Pharmacies"))


def row(by, quote_id):
    with reading(by) as session:
        return session.get_one(Quote, quote_id)


def counted(by, model, *conditions):
    with reading(by) as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions))


def approve(by, quote, **other):
    return done(service.approve, by, quote.id, **{"terms": TEN, "version": quote.version} | other)


class TestNoBypass:
    """Statements written by hand, on a connection that none of our rules watch."""

    @pytest.fixture
    def run(self, database):
        def statement(sql, **values):
            with core.db.writer().begin() as connection:
                connection.execute(text(sql), {name: self.spelled(connection, value) for name, value in values.items()})

        return statement

    @staticmethod
    def spelled(connection, value):
        """An id as the database keeps it."""
        return value.hex if connection.dialect.name == "sqlite" and hasattr(value, "hex") else value

    @pytest.mark.parametrize("status", ("draft", "sent", "accepted", "invoiced"))
    def test_an_undecided_intent_becomes_no_quote(self, deal, run, status, aisha):
        sql = (
            "UPDATE quote SET kind = 'quote', status = :status, quote_reference = 'Q-1', terms = 'flat', "
            "commission_pct = 10 WHERE id = :id"
        )
        with pytest.raises(IntegrityError, match="only after a review approved it"):
            run(sql, status=status, id=deal.id)
        for half in ("kind = 'quote'", "status = 'draft'", "status = 'accepted'"):
            with pytest.raises(IntegrityError):
                run(f"UPDATE quote SET {half} WHERE id = :id", id=deal.id)
        assert row(aisha, deal.id).kind is QuoteKind.PARTNER_INTENT

    @pytest.mark.parametrize("verdict", ("rejected", "returned"))
    def test_nor_does_one_that_was_turned_down(self, deal, run, verdict, reviewer):
        operation = service.reject if verdict == "rejected" else service.return_
        done(operation, reviewer, deal.id, note="No.", version=deal.version)
        with pytest.raises(IntegrityError, match="only after a review approved it"):
            run(
                "UPDATE quote SET kind = 'quote', status = 'draft', quote_reference = 'Q-1', terms = 'flat', "
                "commission_pct = 10 WHERE id = :id",
                id=deal.id,
            )
        if verdict == "rejected":
            with pytest.raises(IntegrityError, match="only an intent that waits"):
                self.review(run, deal, "approved")

    def review(self, run, quote, verdict):
        run(
            'INSERT INTO deal_review (id, company_id, quote_id, verdict, at, "by", note, override, submitted_at, '
            "waited_s) "
            "SELECT :new, company_id, id, :verdict, submitted_at, 'Mallory', '', '', submitted_at, 0 FROM quote "
            "WHERE id = :id",
            new=new_id(),
            id=quote.id,
            verdict=verdict,
        )

    def test_a_partners_quote_is_not_written_as_one(self, deal, run, aisha):
        columns = (
            "company_id, number, partner_id, contact_id, customer_id, product_id, territory_id, customer_name, "
            "customer_contact, amount, currency, close_on, need, submitted_at, "
            "submitted_key, note, decided_by, conditions, version"
        )
        with pytest.raises(IntegrityError, match="only after a review approved it"):
            run(
                "INSERT INTO quote (id, reference, kind, status, quote_reference, terms, commission_pct, "
                f"{columns}) SELECT :new, 'DI-9', 'quote', 'draft', 'Q-9', 'flat', 10, "
                f"{columns.replace('number', '9')} FROM quote WHERE id = :id",
                new=new_id(), id=deal.id,
            )  # fmt: skip
        assert counted(aisha, Quote) == 1

    @pytest.mark.parametrize(
        "change",
        (
            "commission_pct = 99",
            "terms = 'plan', commission_pct = NULL",
            "partner_id = NULL",
            "kind = 'partner_intent'",
        ),
    )
    def test_terms_stay_as_they_were_approved(self, deal, reviewer, run, change):
        approve(reviewer, deal)
        with pytest.raises(IntegrityError):
            run(f"UPDATE quote SET {change} WHERE id = :id", id=deal.id)
        kept = row(reviewer, deal.id)
        assert (kept.commission_pct, kept.partner_id) == (Decimal(10), deal.partner_id)

    @pytest.mark.parametrize("status", ("draft", "sent", "declined", "expired"))
    def test_only_an_accepted_quote_is_invoiced(self, shop, aisha, run, status):
        with transaction(aisha) as session:
            quote = make_quote(session, shop[0], status=QuoteStatus(status))
            waits = make_intent(session, shop[0])
        for one in (quote, waits):
            with pytest.raises(IntegrityError, match="only an accepted quote"):
                run(
                    "INSERT INTO sale (id, company_id, quote_id, number, invoice_number, amount, currency, status, "
                    "invoiced_at, due_on, reason, version) SELECT :new, company_id, id, 1, 'INV-1', amount, currency, "
                    "'invoiced', submitted_at, close_on, '', 1 FROM quote WHERE id = :id",
                    new=new_id(), id=one.id,
                )  # fmt: skip

    @pytest.mark.parametrize(
        "change",
        ("UPDATE deal_review SET note = 'x'", "UPDATE deal_review SET verdict = 'approved'", "DELETE FROM deal_review"),
    )
    def test_a_decision_stays_as_it_was(self, deal, reviewer, run, change):
        done(service.reject, reviewer, deal.id, note="No.", version=deal.version)
        with pytest.raises(IntegrityError, match="a decision is never changed"):
            run(change)
        assert counted(reviewer, Review) == 1

    @pytest.mark.parametrize("emptied", ("deal_review", "deal_review CASCADE", "quote CASCADE", "decision"))
    def test_postgresql_refuses_to_empty_decisions(self, postgresql_database, deal, reviewer, run, emptied):
        done(service.reject, reviewer, deal.id, note="No.", version=deal.version)
        with pytest.raises(IntegrityError, match="a decision is never changed"):
            run(f"TRUNCATE {emptied}")
        assert counted(reviewer, Review) == 1

    def test_two_approvals_of_one_deal_are_refused(self, deal, reviewer, run):
        self.review(run, deal, "approved")
        with pytest.raises(IntegrityError):
            self.review(run, deal, "approved")
