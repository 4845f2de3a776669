"""What each role of a reseller is shown of its deals; amounts, by the canary, to those who may see them alone."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal

import pytest

from core.actor import ContactRole
from core.db import reading, transaction
from core.deals import home_queries, order_queries, own_queries, protection_queries, quote_queries
from core.deals.models import PurchaseOrder, QuoteDocument, QuoteLine, Sale
from core.deals.queries import Sort
from core.deals.states import DocumentUse, OrderState, QuoteStatus, SaleStatus
from core.errors import NotAllowed, NotFound
from core.vault.models import Document, DocumentSpace, DocumentVersion, SpaceKind
from tests.core.deal_acts import as_contact, make_intent, make_quote, make_reseller, make_territory

CANARY = "734911.377"
"""An amount that stands nowhere else."""


@pytest.fixture
def partner(aisha, clock):
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", name_ar="صلالة للتجزئة", owner_id=aisha.id)


@pytest.fixture
def salim(partner):
    return as_contact(partner, ContactRole.SALESPERSON, name="Salim Al Kindi")


def mine(by, **filters):
    with reading(by) as session:
        return own_queries.my_deals(session, **filters)


def one(by, quote):
    with reading(by) as session:
        return own_queries.my_deal(session, quote.id)


def quote_to(by, quote):
    with reading(by) as session:
        return quote_queries.my_quote(session, quote.id)


def other_reads(by, quote):
    """What else tells a contact of a deal, as text."""
    with reading(by) as session:
        told = home_queries.home(session), protection_queries.my_protections(session)
        return repr((*told, order_queries.my_orders(session, quote.id), quote_queries.my_quote(session, quote.id)))


def sale_of(quote, clock):
    return Sale(
        quote_id=quote.id, partner_id=quote.partner_id, number=1, invoice_number="INV-00001", amount=quote.amount,
        currency="OMR", status=SaleStatus.INVOICED, invoiced_at=clock.now(), due_on=date(2027, 1, 1),
    )  # fmt: skip


def line_of(quote):
    facts = {"text": "Ledger", "quantity": Decimal(2), "unit_price": Decimal(CANARY), "discount_pct": Decimal(50)}
    return QuoteLine(quote_id=quote.id, position=1, **facts)


def order_of(quote, document, clock):
    """An order that differs by its amount."""
    order = PurchaseOrder(quote_id=quote.id, partner_id=quote.partner_id, document_id=document.id, number="PO-1")
    order.number_key, order.customer_name, order.state = "1", quote.customer_name, OrderState.DIFFERS
    order.amount, order.currency = Decimal(CANARY), "OMR"
    order.differences = [{"what": "amount", "expected": CANARY, "found": "1"}]
    order.uploaded_at, order.uploaded_by = clock.now(), "Huda"
    return order


class TestOwn:
    @pytest.fixture
    def deal(self, aisha, partner, salim, clock):
        """A deal of Salim's with every kind of document and an invoice, over an amount that stands nowhere else."""
        with transaction(aisha) as session:
            quote = make_quote(
                session, partner, contact_id=salim.id, amount=Decimal(CANARY), status=QuoteStatus.ACCEPTED,
                note="Good one.", need="40 seats", conditions=f"{CANARY} at once",
            )  # fmt: skip
            session.add_all([sale_of(quote, clock), line_of(quote)])
            quote.sent_at, quote.valid_until = clock.now(), date(2027, 1, 1)
            space = DocumentSpace(
                kind=SpaceKind.DEALS, name="Deals", partner_visible_to_id=partner.id, created_at=clock.now()
            )
            session.add(space)
            session.flush()
            for use in DocumentUse:
                document = self.file(session, space, quote, use, clock)
                if use is DocumentUse.ORDER:
                    session.add(order_of(quote, document, clock))
        return quote

    @staticmethod
    def file(session, space, quote, use, clock):
        document = Document(space_id=space.id, title=f"{use} file", created_at=clock.now(), changed_at=clock.now())
        session.add(document)
        session.flush()
        kept = DocumentVersion(document_id=document.id, number=1, sha256="0" * 64, size=9, media_type="application/pdf")
        kept.file_name, kept.added_at, kept.added_by = f"{use}.pdf", clock.now(), "Aisha"
        session.add_all([kept, QuoteDocument(quote_id=quote.id, document_id=document.id, use=use)])
        return document

    @pytest.mark.parametrize("role", (ContactRole.PRINCIPAL, ContactRole.FINANCE))
    def test_roles_with_money_see_it(self, deal, partner, role):
        by = as_contact(partner, role)
        found = one(by, deal)
        assert mine(by).rows[0].amount == found.row.amount == found.sale.amount == Decimal(CANARY)
        assert (found.commission_pct, len(found.documents)) == (Decimal(10), 4)
        assert mine(by, sort=Sort.AMOUNT).total == 1
        assert CANARY in other_reads(by, deal)

    @pytest.mark.parametrize("role", (ContactRole.TECHNICAL, ContactRole.VIEWER))
    def test_no_amount_reaches_a_role_without_money(self, deal, partner, role):
        by = as_contact(partner, role)
        self.check_without_money(by, deal)

    def test_nor_a_device_that_was_not_confirmed(self, deal, partner):
        self.check_without_money(as_contact(partner, trusted=False), deal)

    @staticmethod
    def check_without_money(by, deal):
        told = repr([asdict(row) for row in mine(by).rows]) + repr(asdict(one(by, deal))) + other_reads(by, deal)
        for hidden in (CANARY, CANARY.split(".")[0], "OMR", "734,911"):
            assert hidden not in told
        found = one(by, deal)
        assert found.row.amount is found.sale.amount is found.commission_pct is found.terms is None
        assert {document.use for document in found.documents} <= {DocumentUse.ATTACHMENT}
        with pytest.raises(NotAllowed):
            mine(by, sort=Sort.AMOUNT)
        assert mine(by, text=CANARY).total == mine(by, text="734911").total == 0

    def test_roles_with_money_read_the_lines_of_the_quote(self, deal, partner):
        found = quote_to(as_contact(partner), deal)
        [line] = found.lines
        assert (line.text, line.quantity, line.unit_price, line.discount_pct, line.total) == (
            "Ledger", Decimal(2), Decimal(CANARY), Decimal(50), Decimal(CANARY),
        )  # fmt: skip
        assert (found.currency, found.totals.total, found.totals.discount) == ("OMR", Decimal(CANARY), Decimal(CANARY))

    def test_no_quote_is_there_before_it_was_sent_nor_without_lines(self, aisha, partner):
        with transaction(aisha) as session:
            written, bare = make_quote(session, partner), make_quote(session, partner, status=QuoteStatus.SENT)
            session.add(line_of(written))
        by = as_contact(partner)
        assert quote_to(by, written) is quote_to(by, bare) is None

    def test_a_quote_is_the_own_one(self, deal, partner, aisha):
        with transaction(aisha) as session:
            other = make_reseller(session)
        for by in (as_contact(other), as_contact(partner, ContactRole.SALESPERSON)):
            with pytest.raises(NotFound):
                quote_to(by, deal)

    def test_a_viewer_sees_where_it_stands(self, deal, partner):
        found = one(as_contact(partner, ContactRole.VIEWER), deal)
        assert (found.row.status, found.row.customer) == (QuoteStatus.ACCEPTED, deal.customer_name)
        assert (found.need, found.row.note, found.documents, found.reviews) == ("", "", [], [])

    def test_a_technical_contact_reads_what_it_is_about(self, deal, partner):
        found = one(as_contact(partner, ContactRole.TECHNICAL), deal)
        assert (found.need, found.row.note) == ("40 seats", "Good one.")
        assert [document.title for document in found.documents] == ["attachment file"]
        assert not any((found.may_edit, found.may_withdraw, found.may_upload))

    def test_a_salesperson_sees_its_own(self, deal, partner, salim):
        other = as_contact(partner, ContactRole.SALESPERSON)
        assert mine(other).rows == []
        assert mine(other).counts == {}
        with pytest.raises(NotFound):
            one(other, deal)
        assert [row.id for row in mine(salim).rows] == [deal.id]

    def test_nobody_sees_another_resellers(self, deal, aisha):
        with transaction(aisha) as session:
            other = make_reseller(session)
        by = as_contact(other)
        assert mine(by, text=deal.customer_name).total == 0
        with pytest.raises(NotFound):
            one(by, deal)

    def test_says_what_may_be_done(self, partner, salim, aisha):
        with transaction(aisha) as session:
            made = [make_intent(session, partner, contact_id=salim.id, status=status) for status in queries_open()]
            sent = make_quote(session, partner, contact_id=salim.id, status=QuoteStatus.SENT)
        can = [
            (found.may_edit, found.may_withdraw, found.may_upload) for found in (one(salim, quote) for quote in made)
        ]
        assert can == [(False, True, False), (True, True, False), (False, False, False)]
        assert one(salim, sent).may_upload

    def test_is_counted_and_paged(self, partner, salim, aisha):
        with transaction(aisha) as session:
            for _ in range(3):
                make_intent(session, partner, contact_id=salim.id)
            make_intent(session, partner, contact_id=salim.id, status=QuoteStatus.RETURNED, customer_name="Izki Cement")
        page = mine(salim, size=2, page=2)
        assert (len(page.rows), page.total) == (2, 4)
        assert page.counts == {QuoteStatus.PENDING: 3, QuoteStatus.RETURNED: 1}
        assert mine(salim, status=QuoteStatus.RETURNED).total == 1
        assert [row.customer for row in mine(salim, text="izki").rows] == ["Izki Cement"]
        assert mine(salim, text="DI-0001").total == 1

    def test_in_arabic_has_arabic_names(self, partner, aisha):
        by = as_contact(partner, language="ar")
        with transaction(aisha) as session:
            make_intent(session, partner, territory_id=make_territory(session, name="Dhofar", name_ar="ظفار").id)
        assert mine(by).rows[0].territory == "ظفار"


def queries_open():
    return (QuoteStatus.PENDING, QuoteStatus.RETURNED, QuoteStatus.REJECTED)
