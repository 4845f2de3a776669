"""From an accepted quote to a paid invoice: numbers, money in mails, and what is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from core.actor import Actor, ContactRole
from core.audit.models import AuditEntry
from core.audit.queries import verification
from core.clock import now
from core.db import reading, transaction
from core.deals.invoicing import AlreadyInvoiced, DuePassed, PaidWhen
from core.deals.models import Counter, Protection, Quote, QuoteDocument, Sale
from core.deals.numbering import Series
from core.deals.protection import protect
from core.deals.sale_rows import InvoiceStands, StandsElsewhere
from core.deals.states import DocumentUse, ProtectionEnd, QuoteStatus, SaleStatus
from core.errors import Invalid, NotAllowed, NotFound
from core.mail.messages import Kind as MailKind
from core.partners.models import Partner
from core.timeline.models import TimelineEntry
from core.timeline.queries import Event
from core.timeline.wording import sentence
from tests.core.deal_acts import make_contact, make_reseller
from tests.core.sale_acts import (
    TOTAL,
    accepted,
    answer,
    cancel,
    day,
    document_of,
    invoice,
    mails,
    pay,
    refund,
    send,
    sent,
    status_of,
)


@pytest.fixture
def reseller(aisha: Actor) -> Partner:
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", name_ar="صلالة للتجزئة", owner_id=aisha.id)


@pytest.fixture
def salim(aisha: Actor, reseller: Partner) -> Any:
    """The salesperson whose deals these are."""
    with transaction(aisha) as session:
        return make_contact(session, reseller, name="Salim", email="salim@s.om", role=ContactRole.SALESPERSON)


def told(actor: Actor) -> list[str]:
    """The timeline's sentences."""
    with reading(actor) as session:
        rows = session.scalars(select(TimelineEntry).order_by(TimelineEntry.at, TimelineEntry.id))
        return [sentence(Event(row.id, row.at, row.kind, row.actor_name, row.facts)) for row in rows]


def tags(actor: Actor) -> list[str]:
    with reading(actor) as session:
        found = select(AuditEntry.tag).where(AuditEntry.tag.like("%:quote:%") | AuditEntry.tag.like("%:sale:%"))
        return list(session.scalars(found.order_by(AuditEntry.seq)))


class TestMoney:
    """Nobody whose role has no money reads any in a mail."""

    def test_is_mailed_to_who_sees_it(self, aisha, reseller):
        with transaction(aisha) as session:
            technical = make_contact(session, reseller, email="a@s.om", role=ContactRole.TECHNICAL)
            make_contact(session, reseller, email="b@s.om", role=ContactRole.PRINCIPAL)
            make_contact(session, reseller, email="c@s.om", role=ContactRole.FINANCE)
            make_contact(session, reseller, email="d@s.om", role=ContactRole.VIEWER)
        quote = accepted(aisha, reseller, technical)
        sale = invoice(aisha, quote)
        pay(aisha, sale)
        refund(aisha, sale)
        for kind, addresses in (
            (MailKind.QUOTE_SENT, ["a@s.om", "b@s.om"]),
            (MailKind.INVOICE_ISSUED, ["a@s.om", "b@s.om", "c@s.om"]),
            (MailKind.INVOICE_PAID, ["a@s.om", "b@s.om", "c@s.om"]),
            (MailKind.INVOICE_REFUNDED, ["a@s.om", "b@s.om", "c@s.om"]),
        ):
            found = mails(aisha, kind)
            assert [mail.to_address for mail in found] == addresses, kind
            without, *with_money = found
            assert without.attachments == []
            assert not any(figure in without.html + without.text + without.subject for figure in ("834", "OMR"))
            assert all("1,834.375" in mail.text for mail in with_money)


class TestInvoice:
    def test_sells_the_quote_with_what_was_locked_in(self, clock, aisha, reseller, salim):
        quote = accepted(aisha, reseller, salim)
        with transaction(aisha) as session:
            protect(session, session.get_one(Quote, quote.id))
        clock.forward(hours=1)
        sale = invoice(aisha, quote, day(14))
        assert (sale.invoice_number, sale.amount, sale.currency) == ("INV-00001", Decimal(TOTAL), "OMR")
        assert (sale.partner_commission_rate, sale.partner_id, sale.due_on) == (Decimal(10), reseller.id, day(14))
        assert (sale.status, sale.invoiced_at, sale.po_document_id) == (SaleStatus.INVOICED, now(), None)
        assert status_of(aisha, quote) is QuoteStatus.INVOICED
        with reading(aisha) as session:
            assert session.scalars(select(Protection.ended)).one() is ProtectionEnd.SOLD
        [mail] = mails(aisha, MailKind.INVOICE_ISSUED)
        assert [file.name for file in mail.attachments] == ["INV-00001.pdf"]
        assert mail.attachments[0].content.startswith(b"%PDF")
        assert document_of(aisha, quote, DocumentUse.INVOICE) is not None
        assert "Invoice INV-00001 issued" in told(aisha)
        assert tags(aisha)[-1] == "admin:sale:invoice"

    def test_is_issued_once(self, aisha, nora, reseller):
        quote = accepted(aisha, reseller)
        invoice(aisha, quote)
        with pytest.raises(AlreadyInvoiced, match="INV-00001"):
            invoice(nora, quote)
        with reading(aisha) as session:
            assert session.scalar(select(func.count()).select_from(Sale)) == 1

    def test_is_of_accepted_quotes_and_due_later(self, aisha, reseller):
        with pytest.raises(StandsElsewhere, match="Quote sent"):
            invoice(aisha, sent(aisha, reseller))
        with pytest.raises(DuePassed):
            invoice(aisha, accepted(aisha, reseller), day(-1))
        with reading(aisha) as session:
            assert session.scalar(select(Counter.last).where(Counter.series == Series.INVOICE)) is None

    def test_sixteen_at_once_get_numbers_without_a_gap(self, aisha, reseller):
        quotes = [accepted(aisha, reseller) for _ in range(16)]
        start = Barrier(len(quotes))

        def race(quote: Quote) -> str:
            start.wait(60)
            return invoice(aisha, quote).invoice_number

        with ThreadPoolExecutor(len(quotes)) as pool:
            numbers = sorted(pool.map(race, quotes))
        assert numbers == [f"INV-{number:05d}" for number in range(1, 17)]
        with reading(aisha) as session:
            assert verification(session).intact
            assert session.scalar(select(func.count()).select_from(QuoteDocument)) == 32

    def test_two_people_at_once_issue_one(self, aisha, nora, reseller):
        quote, start = accepted(aisha, reseller), Barrier(4)

        def race(by: Actor) -> str:
            start.wait(60)
            try:
                return invoice(by, quote).invoice_number
            except AlreadyInvoiced as refusal:
                return refusal.message

        with ThreadPoolExecutor(4) as pool:
            ends = sorted(pool.map(race, [aisha, nora] * 2))
        assert ends == ["INV-00001", *["This deal was invoiced already: INV-00001. Nothing was changed."] * 3]
        with reading(aisha) as session:
            assert session.scalar(select(Counter.last).where(Counter.series == Series.INVOICE)) == 1


class TestTheInvoice:
    def test_is_paid_on_a_day(self, clock, aisha, reseller):
        sale = invoice(aisha, accepted(aisha, reseller))
        clock.forward(days=5)
        paid = pay(aisha, sale, day(-2))
        assert (paid.status, paid.paid_at) == (SaleStatus.PAID, now() - timedelta(days=2))
        with pytest.raises(InvoiceStands, match="Paid"):
            pay(aisha, sale)
        with pytest.raises(InvoiceStands):
            cancel(aisha, sale)

    @pytest.mark.parametrize("days", (-1, 6))
    def test_is_not_paid_before_it_was_issued_or_later_than_now(self, clock, aisha, reseller, days):
        sale = invoice(aisha, accepted(aisha, reseller))
        start = day(0)
        clock.forward(days=5)
        with pytest.raises(PaidWhen, match="22 Nov 2026"):
            pay(aisha, sale, date.fromordinal(start.toordinal() + days))

    def test_is_paid_back_with_a_reason(self, aisha, reseller):
        sale = invoice(aisha, accepted(aisha, reseller))
        with pytest.raises(InvoiceStands, match="Invoiced"):
            refund(aisha, sale)
        pay(aisha, sale)
        with pytest.raises(Invalid, match="reason is missing"):
            refund(aisha, sale, " ")
        done = refund(aisha, sale, "Delivered late")
        assert (done.status, done.reason) == (SaleStatus.REFUNDED, "Delivered late")
        assert done.paid_at is not None
        assert "Invoice INV-00001 refunded" in told(aisha)

    def test_is_void_with_a_reason_and_keeps_its_number(self, aisha, reseller):
        quote = accepted(aisha, reseller)
        sale = invoice(aisha, quote)
        with pytest.raises(Invalid):
            cancel(aisha, sale, "")
        assert cancel(aisha, sale).status is SaleStatus.CANCELLED
        with pytest.raises(AlreadyInvoiced):
            invoice(aisha, quote)
        assert invoice(aisha, accepted(aisha, reseller)).invoice_number == "INV-00002"

    def test_is_nobody_elses(self, aisha, reseller, outsider):
        quote = accepted(aisha, reseller)
        sale = invoice(aisha, quote)
        acts: list[tuple[Callable[..., Any], Any]] = [(pay, sale), (refund, sale), (cancel, sale)]
        acts += [(send, quote), (answer, quote), (invoice, quote)]
        for act, row in acts:
            with pytest.raises(NotFound):
                act(outsider, row)


def test_a_reviewer_sells_nothing(reviewer, aisha, reseller):
    quote = accepted(aisha, reseller)
    with pytest.raises(NotAllowed):
        invoice(reviewer, quote)
