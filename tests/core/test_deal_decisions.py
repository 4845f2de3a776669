"""What reviewers do with a deal: once, whoever else tries, and never past the database's own rules."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.actor import ContactRole
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import bulk, service
from core.deals.bulk import Choice, TermsNeeded, TooManyAtOnce
from core.deals.deciding import (
    AlreadyApproved,
    AlreadyRejected,
    AlreadyReturned,
    AlreadyWithdrawn,
    NoteNeeded,
    PlanMissing,
    SentAgainMeanwhile,
)
from core.deals.models import Protection, Quote, Review
from core.deals.money import PercentUnusable
from core.deals.protection import CustomerProtected, DaysOutOfRange, TerritoryExclusive
from core.deals.states import QuoteKind, QuoteStatus, TermsKind, Verdict
from core.errors import Invalid, NotAllowed, NotFound
from core.i18n import refusal, words
from core.mail.messages import Kind as MailKind
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry
from tests.core.deal_acts import (
    as_contact,
    make_plan,
    make_product,
    make_reseller,
    make_territory,
    new_deal,
)
from tests.core.nda_acts import done, mailed

TEN = service.flat("10%")
LOST = (AlreadyApproved, AlreadyRejected, AlreadyReturned, AlreadyWithdrawn, SentAgainMeanwhile)
OTHERS = (NoteNeeded, PlanMissing, TermsNeeded, TooManyAtOnce)


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


@pytest.fixture
def rival(aisha, shop):
    """Another reseller's intent for the same customer, product and territory."""
    with transaction(aisha) as session:
        other = make_reseller(session, name="Sohar Retail")
    return done(service.submit, as_contact(other), deal=new_deal(*shop[1:], customer_name="Muscat Pharmacies"))


def row(by, quote_id):
    with reading(by) as session:
        return session.get_one(Quote, quote_id)


def counted(by, model, *conditions):
    with reading(by) as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions))


def audited(by, tag):
    return counted(by, AuditEntry, AuditEntry.tag == tag.value)


def told(by, kind):
    return counted(by, TimelineEntry, TimelineEntry.kind == kind)


def approve(by, quote, **other):
    return done(service.approve, by, quote.id, **{"terms": TEN, "version": quote.version} | other)


class TestApprove:
    def test_makes_it_a_quote_with_its_terms_locked_in(self, deal, reviewer, clock):
        quote = row(reviewer, approve(reviewer, deal, note="Good one.").id)
        assert (quote.kind, quote.status, quote.quote_reference) == (QuoteKind.QUOTE, QuoteStatus.DRAFT, "Q-00001")
        assert (quote.terms, quote.commission_pct, quote.plan_version_id) == (TermsKind.FLAT, Decimal(10), None)
        assert (quote.decided_at, quote.decided_by, quote.note) == (clock.now(), "Said Al Rawahi", "Good one.")
        with reading(reviewer) as session:
            review = session.scalars(select(Review)).one()
            protection = session.scalars(select(Protection)).one()
        assert (review.verdict, review.by, review.submitted_at) == (
            Verdict.APPROVED,
            "Said Al Rawahi",
            deal.submitted_at,
        )
        assert protection.ends_at == clock.now() + timedelta(days=90)
        assert audited(reviewer, Tag.INTENT_APPROVE) == told(reviewer, Kind.INTENT_APPROVED) == 1

    def test_tells_the_contact_what_it_earns(self, deal, reviewer):
        approve(reviewer, deal, note="Good one.")
        (mail,) = mailed(reviewer, MailKind.DEAL_APPROVED)
        assert (mail.to_address, mail.reply_to) == ("salim@salalah.om", "aisha.al.balushi@dhofar.om")
        for said in ("DI-0001", "Q-00001", "Muscat Pharmacies", "1,200.000", "10%", "Good one.", "20 Feb 2027"):
            assert said in mail.text

    def test_by_a_version_of_a_plan(self, deal, reviewer, aisha):
        with transaction(aisha) as session:
            plan = make_plan(session, plan="Growth")
        quote = row(reviewer, approve(reviewer, deal, terms=service.by_plan(plan.id)).id)
        assert (quote.terms, quote.commission_pct, quote.plan_version_id) == (TermsKind.PLAN, None, plan.id)
        assert "Growth" in mailed(reviewer, MailKind.DEAL_APPROVED)[0].text

    @pytest.mark.parametrize(
        ("other", "kind"),
        (
            ({"terms": service.flat("-1")}, PercentUnusable),
            ({"terms": service.flat("101")}, PercentUnusable),
            ({"terms": service.flat("")}, PercentUnusable),
            ({"terms": service.Terms(TermsKind.PLAN)}, PlanMissing),
            ({"protect_days": 0}, DaysOutOfRange),
            ({"protect_days": 366}, DaysOutOfRange),
            ({"note": "n" * 2_001}, Invalid),
            ({"override": "\x00"}, Invalid),
        ),
    )
    def test_refuses_what_cannot_be_used(self, deal, reviewer, other, kind):
        with pytest.raises(kind):
            approve(reviewer, deal, **other)
        assert row(reviewer, deal.id).status is QuoteStatus.PENDING

    def test_refuses_another_companys_plan(self, deal, reviewer, outsider):
        with transaction(outsider) as session:
            plan = make_plan(session)
        with pytest.raises(PlanMissing):
            approve(reviewer, deal, terms=service.by_plan(plan.id))

    def test_against_a_protection_needs_a_reason(self, deal, rival, reviewer):
        approve(reviewer, deal)
        with pytest.raises(CustomerProtected) as refused:
            approve(reviewer, rival)
        assert "Muscat Pharmacies is protected for" in refused.value.message
        assert "20 Feb 2027" in refused.value.message
        approve(reviewer, rival, override="The first partner asked us to share it.")
        with reading(reviewer) as session:
            kept = session.scalars(select(Review).where(Review.quote_id == rival.id)).one()
        assert kept.override == "The first partner asked us to share it."
        assert counted(reviewer, Protection) == 1, "the first one's protection stays as it is"

    def test_in_somebody_elses_territory_needs_a_reason(self, salim, shop, reviewer, aisha):
        with transaction(aisha) as session:
            other = make_reseller(session, name="Nizwa Systems")
            place = make_territory(session, name="Nizwa", exclusive_partner_id=other.id)
        quote = done(service.submit, salim, deal=new_deal(shop[1], place))
        with pytest.raises(TerritoryExclusive, match="Nizwa is exclusive to Nizwa Systems"):
            approve(reviewer, quote)
        assert row(reviewer, approve(reviewer, quote, override="They agreed.").id).kind is QuoteKind.QUOTE

    def test_is_for_who_decides(self, deal, analyst, member, salim):
        for other in (analyst, member, salim):
            with pytest.raises(NotAllowed):
                approve(other, deal)

    def test_of_another_company_is_not_found(self, deal, outsider):
        with pytest.raises(NotFound):
            approve(outsider, deal)

    def test_sends_no_amount_to_a_role_without_money(self, deal, reviewer, salim, aisha):
        with transaction(aisha) as session:
            session.get_one(Contact, salim.id).role = ContactRole.TECHNICAL
        approve(reviewer, deal, note="Good one.")
        (mail,) = mailed(reviewer, MailKind.DEAL_APPROVED)
        assert "Good one." in mail.text
        for hidden in ("1,200", "1200", "OMR", "10%", "commission"):
            assert hidden not in mail.text + mail.html + mail.subject

    def test_is_told_to_the_principals_when_its_author_left(self, deal, reviewer, salim, aisha, shop, clock):
        as_contact(shop[0], email="huda@salalah.om", language="ar")
        with transaction(aisha) as session:
            session.get_one(Contact, salim.id).disabled_at = clock.now()
        approve(reviewer, deal)
        (mail,) = mailed(reviewer, MailKind.DEAL_APPROVED)
        assert (mail.to_address, mail.language) == ("huda@salalah.om", "ar")
        assert "تمت الموافقة" in mail.subject


class TestTurnDown:
    def test_rejecting_says_why(self, deal, reviewer):
        quote = row(reviewer, done(service.reject, reviewer, deal.id, note="Too small.", version=deal.version).id)
        assert (quote.kind, quote.status, quote.note) == (QuoteKind.PARTNER_INTENT, QuoteStatus.REJECTED, "Too small.")
        (mail,) = mailed(reviewer, MailKind.DEAL_REJECTED)
        assert "Why: Too small." in mail.text
        assert audited(reviewer, Tag.INTENT_REJECT) == told(reviewer, Kind.INTENT_REJECTED) == 1

    def test_returning_asks(self, deal, reviewer):
        done(service.return_, reviewer, deal.id, note="How many seats?\nUntil when?", version=deal.version)
        assert row(reviewer, deal.id).status is QuoteStatus.RETURNED
        (mail,) = mailed(reviewer, MailKind.DEAL_RETURNED)
        assert "How many seats?" in mail.text
        assert audited(reviewer, Tag.INTENT_RETURN) == told(reviewer, Kind.INTENT_RETURNED) == 1

    @pytest.mark.parametrize("operation", (service.reject, service.return_), ids=("reject", "return"))
    def test_needs_a_note(self, deal, reviewer, operation):
        with pytest.raises(NoteNeeded):
            done(operation, reviewer, deal.id, note="  ", version=deal.version)

    def test_each_return_is_mailed(self, deal, shop, salim, reviewer, clock):
        for number in (1, 2):
            quote = row(reviewer, deal.id)
            done(service.return_, reviewer, deal.id, note=f"Question {number}", version=quote.version)
            clock.forward(hours=1)
            answer = new_deal(*shop[1:], customer_name="Muscat Pharmacies", amount=f"1,20{number}")
            done(service.resubmit, salim, deal.id, deal=answer, version=row(reviewer, deal.id).version)
        assert len(mailed(reviewer, MailKind.DEAL_RETURNED)) == 2
        assert counted(reviewer, Review) == 2


class TestSecond:
    """Whoever decides what was decided already."""

    def test_reads_who_rejected_it_when_and_why(self, deal, aisha, nora, clock):
        done(service.reject, nora, deal.id, note="too small for us", version=deal.version)
        clock.forward(seconds=12)
        with pytest.raises(AlreadyRejected) as refused:
            approve(aisha, deal)
        assert refused.value.message == "Rejected by Nora Al Harthy 12 s ago: too small for us. Nothing changed."
        assert counted(aisha, Review) == audited(aisha, Tag.INTENT_REJECT) == 1
        assert audited(aisha, Tag.INTENT_APPROVE) == 0

    def test_reads_who_approved_it(self, deal, aisha, nora, clock):
        approve(nora, deal)
        clock.forward(minutes=3)
        for operation in (service.reject, service.return_):
            with pytest.raises(
                AlreadyApproved, match=r"Already approved by Nora Al Harthy 3 min ago\. Nothing changed\."
            ):
                done(operation, aisha, deal.id, note="No.", version=deal.version)
        with pytest.raises(AlreadyApproved):
            approve(aisha, row(aisha, deal.id))
        assert counted(aisha, Review) == audited(aisha, Tag.INTENT_APPROVE) == 1

    def test_reads_who_returned_or_withdrew_it(self, deal, aisha, nora, salim):
        done(service.return_, nora, deal.id, note="Seats?", version=deal.version)
        with pytest.raises(AlreadyReturned, match=r"Returned by Nora Al Harthy 0 s ago: Seats\? Nothing changed\."):
            approve(aisha, deal)
        done(service.withdraw, salim, deal.id)
        with pytest.raises(AlreadyWithdrawn, match="Withdrawn by Salim Al Kindi 0 s ago"):
            approve(aisha, deal)

    def test_of_something_that_was_sent_again_looks_at_it_first(self, deal, aisha, nora, salim, shop):
        returned = done(service.return_, nora, deal.id, note="Seats?", version=deal.version)
        answer = new_deal(*shop[1:], customer_name="Muscat Pharmacies", amount="9,000")
        done(service.resubmit, salim, deal.id, deal=answer, version=returned.version)
        with pytest.raises(SentAgainMeanwhile, match="sent it again 0 s ago"):
            approve(aisha, deal)

    @pytest.mark.parametrize("kind", (*LOST, *OTHERS), ids=lambda kind: kind.__name__)
    def test_reads_it_in_arabic_too(self, kind):
        assert f"error.{kind.__name__}" in words("ar")
        assert "{" not in refusal(kind(who="Nora", ago="12 s ago", at="12:00", reason="x"), "ar")


class TestTogether:
    def test_each_is_decided_alone(self, deal, rival, reviewer, salim, shop):
        third = done(service.submit, salim, deal=new_deal(*shop[1:]))
        gone = done(service.withdraw, salim, done(service.submit, salim, deal=new_deal(*shop[1:])).id)
        chosen = [Choice(one.id, one.version, one.reference) for one in (deal, rival, third, gone)]
        ends = bulk.decide_many(chosen, verdict=Verdict.APPROVED, terms=TEN, by=reviewer)
        assert [one.refusal and type(one.refusal) for one in ends] == [None, CustomerProtected, None, AlreadyWithdrawn]
        assert [one.reference for one in ends] == ["DI-0001", "DI-0002", "DI-0003", "DI-0004"]
        assert counted(reviewer, Quote, Quote.kind == QuoteKind.QUOTE) == 2

    def test_rejected_with_one_note(self, deal, rival, reviewer):
        chosen = [Choice(one.id, one.version, one.reference) for one in (deal, rival)]
        ends = bulk.decide_many(chosen, verdict=Verdict.REJECTED, note="No budget this year.", by=reviewer)
        assert [one.refusal for one in ends] == [None, None]
        assert len(mailed(reviewer, MailKind.DEAL_REJECTED)) == 2

    def test_needs_terms_and_a_bound(self, deal, reviewer, analyst):
        choice = Choice(deal.id, deal.version, deal.reference)
        with pytest.raises(TermsNeeded):
            bulk.decide_many([choice], verdict=Verdict.APPROVED, by=reviewer)
        with pytest.raises(TooManyAtOnce):
            bulk.decide_many([choice] * 201, verdict=Verdict.RETURNED, note="?", by=reviewer)
        (end,) = bulk.decide_many([choice], verdict=Verdict.REJECTED, note="No.", by=analyst)
        assert isinstance(end.refusal, NotAllowed)
