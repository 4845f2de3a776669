"""From an approved deal to its answered quote: what each step keeps, tells, and refuses."""

from typing import Any

import pytest
from sqlalchemy import select

from core.actor import Actor, ContactRole
from core.audit.models import AuditEntry
from core.clock import now
from core.db import reading, transaction
from core.deals.expiry import expire
from core.deals.lines import LineUnusable, NewLine, NoLines
from core.deals.models import Protection, Quote
from core.deals.protection import protect
from core.deals.quoting import ProductUnknown, QuoteChanged, ValidityMissing, ValidityPassed
from core.deals.sale_rows import NotApprovedYet, SoldDirectly, StandsElsewhere, kept_lines
from core.deals.states import DocumentUse, ProtectionEnd, QuoteKind, QuoteStatus
from core.errors import Invalid
from core.mail.messages import Kind as MailKind
from core.partners.models import Partner
from core.timeline.models import TimelineEntry
from core.timeline.queries import Event
from core.timeline.wording import sentence
from core.vault.models import DocumentVersion
from core.vault.storage import blobs
from tests.core.deal_acts import make_contact, make_intent, make_reseller
from tests.core.sale_acts import (
    TWO_LINES,
    accepted,
    again,
    answer,
    day,
    deal,
    document_of,
    invoice,
    mails,
    save_lines,
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


class TestLines:
    def test_are_kept_in_their_order_with_the_rest(self, aisha, reseller):
        quote = deal(aisha, reseller)
        saved = save_lines(aisha, quote, conditions="Net 30")
        assert saved.version == quote.version + 1
        with reading(aisha) as session:
            row = session.get_one(Quote, quote.id)
            assert [line.text for line in kept_lines(session, row)] == ["Payroll", "Setup"]
            assert (row.valid_until, row.conditions, row.status) == (day(30), "Net 30", QuoteStatus.DRAFT)
        save_lines(aisha, quote, lines=[TWO_LINES[1]])
        with reading(aisha) as session:
            assert [line.text for line in kept_lines(session, row)] == ["Setup"]
        assert tags(aisha) == ["admin:quote:change"] * 2

    def test_the_second_of_two_people_is_told(self, aisha, nora, reseller):
        quote = deal(aisha, reseller)
        save_lines(aisha, quote)
        with pytest.raises(QuoteChanged):
            save_lines(nora, quote, version=quote.version)

    def test_what_cannot_be_used_changes_nothing(self, aisha, reseller):
        quote = deal(aisha, reseller)
        save_lines(aisha, quote)
        product = quote.id
        for lines, refusal in (
            ([NewLine("a", "1", "-5")], LineUnusable),
            ([], NoLines),
            ([NewLine("a", "1", "5", product_id=product)], ProductUnknown),
        ):
            with pytest.raises(refusal):
                save_lines(aisha, quote, lines=lines)
        with pytest.raises(ValidityPassed, match="has passed"):
            save_lines(aisha, quote, valid_until=day(-1))
        with pytest.raises(Invalid, match="maximum"):
            save_lines(aisha, quote, conditions="x" * 4_001)
        with reading(aisha) as session:
            assert len(kept_lines(session, quote)) == 2

    def test_take_a_sent_quote_back_and_leave_an_accepted_one(self, aisha, reseller):
        quote = sent(aisha, reseller)
        save_lines(aisha, quote)
        assert status_of(aisha, quote) is QuoteStatus.DRAFT
        send(aisha, quote)
        answer(aisha, quote)
        with pytest.raises(StandsElsewhere, match="Quote accepted"):
            save_lines(aisha, quote)

    def test_are_of_quotes_alone(self, aisha, reseller):
        with transaction(aisha) as session:
            intent = make_intent(session, reseller)
        for act in (save_lines, send, answer, invoice):
            with pytest.raises(NotApprovedYet):
                act(aisha, intent)


class TestSend:
    def test_files_the_pdf_and_mails_it(self, clock, aisha, reseller, salim):
        quote = sent(aisha, reseller, salim)
        assert (quote.status, quote.sent_at) == (QuoteStatus.SENT, now())
        document = document_of(aisha, quote, DocumentUse.QUOTE)
        with reading(aisha) as session:
            version = session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == document)).one()
        assert version.file_name == "Q-00001.pdf"
        [mail] = mails(aisha, MailKind.QUOTE_SENT)
        assert (mail.to_address, mail.subject) == ("salim@s.om", "Quote Q-00001 for Oman Flour Mills")
        assert [file.content for file in mail.attachments] == [blobs().read(version.sha256)]
        assert "1,834.375" in mail.text
        assert f"/deal?id={quote.id}" in mail.text
        assert mail.reply_to == "aisha.al.balushi@dhofar.om"
        assert told(aisha) == ["Quote Q-00001 sent"]
        assert tags(aisha) == ["admin:quote:change", "admin:quote:send"]

    def test_sent_again_is_the_next_version_and_a_mail_more(self, clock, aisha, reseller, salim):
        quote = sent(aisha, reseller, salim)
        clock.forward(hours=1)
        save_lines(aisha, quote, lines=[TWO_LINES[1]])
        send(aisha, quote)
        document = document_of(aisha, quote, DocumentUse.QUOTE)
        with reading(aisha) as session:
            numbers = select(DocumentVersion.number).where(DocumentVersion.document_id == document)
            assert sorted(session.scalars(numbers)) == [1, 2]
        assert len(mails(aisha, MailKind.QUOTE_SENT)) == 2

    def test_speaks_the_partners_language(self, aisha, reseller):
        with transaction(aisha) as session:
            session.get_one(Partner, reseller.id).language = "ar"
            make_contact(session, reseller, email="p@s.om", language="ar")
        sent(aisha, reseller)
        [mail] = mails(aisha, MailKind.QUOTE_SENT)
        assert "عرض السعر" in mail.subject

    def test_says_what_is_missing(self, clock, aisha, reseller):
        quote = deal(aisha, reseller)
        with pytest.raises(NoLines):
            send(aisha, quote)
        save_lines(aisha, quote, valid_until=None)
        with pytest.raises(ValidityMissing):
            send(aisha, quote)
        save_lines(aisha, quote, valid_until=day(1))
        clock.forward(days=3)
        with pytest.raises(ValidityPassed, match="23 Nov 2026"):
            send(aisha, quote)
        assert mails(aisha, MailKind.QUOTE_SENT) == []

    def test_is_not_for_what_the_company_sells_itself(self, aisha, reseller):
        quote = deal(aisha, reseller)
        with transaction(aisha) as session:
            values = {"number": 900, "reference": "DI-0900", "quote_reference": "Q-00900", "kind": QuoteKind.QUOTE}
            names = ("customer_id", "product_id", "territory_id", "customer_name", "amount", "currency", "close_on")
            values |= {name: getattr(quote, name) for name in (*names, "submitted_at")}
            direct = Quote(**values, status=QuoteStatus.DRAFT, submitted_key="x")
            session.add(direct)
        save_lines(aisha, direct)
        with pytest.raises(SoldDirectly):
            send(aisha, direct)


class TestAnswer:
    def test_is_noted_with_who_and_when(self, clock, aisha, reseller):
        quote = accepted(aisha, reseller)
        assert (quote.status, quote.answered_at) == (QuoteStatus.ACCEPTED, now())
        assert "Quote Q-00001: accepted by the customer" in told(aisha)
        assert tags(aisha)[-1] == "admin:quote:answer"

    def test_a_lost_deal_is_protected_no_more(self, clock, aisha, reseller):
        quote = sent(aisha, reseller)
        with transaction(aisha) as session:
            protect(session, session.get_one(Quote, quote.id))
        clock.forward(days=1)
        answer(aisha, quote, False, note="Too dear")
        with reading(aisha) as session:
            row = session.scalars(select(Protection)).one()
            assert (row.ended, row.ends_at) == (ProtectionEnd.LOST, now())
        with pytest.raises(StandsElsewhere, match="Lost"):
            answer(aisha, quote)

    def test_a_draft_cannot_be_accepted(self, aisha, reseller):
        with pytest.raises(StandsElsewhere, match="Approved"):
            answer(aisha, deal(aisha, reseller))


class TestExpiry:
    def test_ends_a_quote_the_day_after_its_last(self, clock, aisha, reseller, salim):
        quote = sent(aisha, reseller, salim)
        clock.forward(days=30)
        expire()
        assert status_of(aisha, quote) is QuoteStatus.SENT
        clock.forward(days=1)
        expire()
        expire()
        assert status_of(aisha, quote) is QuoteStatus.EXPIRED
        assert "Quote Q-00001 expired unanswered" in told(aisha)
        assert tags(aisha).count("system:quote:expire") == 1
        assert [mail.to_address for mail in mails(aisha, MailKind.QUOTE_EXPIRED)] == ["salim@s.om"]

    def test_leaves_what_was_answered_and_lets_it_be_sent_anew(self, clock, aisha, reseller, salim):
        done, late = accepted(aisha, reseller), sent(aisha, reseller, salim)
        clock.forward(days=40)
        expire()
        assert status_of(aisha, done) is QuoteStatus.ACCEPTED
        save_lines(aisha, late)
        send(aisha, late)
        clock.forward(days=40)
        expire()
        assert again(aisha, late).status is QuoteStatus.EXPIRED
        assert len(mails(aisha, MailKind.QUOTE_EXPIRED)) == 2
