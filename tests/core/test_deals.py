"""What a reseller's people do with a deal: write it, submit it, answer questions, withdraw it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from core.actor import Actor, ActorKind, ContactRole
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.db import reading, transaction
from core.deals import service
from core.deals.deciding import NoteNeeded
from core.deals.models import Customer, Quote, Waiting
from core.deals.money import AmountUnusable, CurrencyUnknown, TooManyDecimals
from core.deals.registering import (
    AlreadySubmitted,
    DealChanged,
    DecidedMeanwhile,
    NotReturned,
    OfferedNoMore,
    SubmittedByColleague,
)
from core.deals.states import QuoteKind, QuoteStatus
from core.deals.terms import ChoiceMissing, ClosingInThePast, DomainUnusable
from core.errors import DomainError, Invalid, NotAllowed, NotFound
from core.i18n import refusal, words
from core.mail.messages import Kind as MailKind
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry
from tests.core.deal_acts import (
    as_contact,
    make_intent,
    make_product,
    make_quote,
    make_reseller,
    make_territory,
    new_deal,
)
from tests.core.nda_acts import done, mailed

REFUSALS = (
    AlreadySubmitted, SubmittedByColleague, OfferedNoMore, DecidedMeanwhile, NotReturned, DealChanged, ChoiceMissing,
    ClosingInThePast, DomainUnusable, AmountUnusable, CurrencyUnknown, TooManyDecimals, NoteNeeded,
)  # fmt: skip


@pytest.fixture
def shop(aisha, clock):
    """A reseller with something to sell somewhere."""
    with transaction(aisha) as session:
        partner = make_reseller(session, name="Salalah Retail", owner_id=aisha.id)
        return partner, make_product(session), make_territory(session)


@pytest.fixture
def salim(shop) -> Actor:
    return as_contact(shop[0], ContactRole.SALESPERSON, name="Salim Al Kindi")


@pytest.fixture
def deal(shop):
    return new_deal(*shop[1:], customer_name="Muscat Pharmacies LLC", customer_domain="https://www.muscatph.om/about")


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


class TestSubmit:
    def test_lands_as_an_intent_that_waits(self, salim, deal, shop, aisha, clock):
        quote = row(aisha, done(service.submit, salim, deal=deal).id)
        assert (quote.kind, quote.status, quote.reference) == (QuoteKind.PARTNER_INTENT, QuoteStatus.PENDING, "DI-0001")
        assert (quote.partner_id, quote.contact_id, quote.submitted_at) == (shop[0].id, salim.id, clock.now())
        assert (str(quote.amount), quote.currency, quote.close_on) == ("1200.000", "OMR", date(2027, 2, 1))
        assert quote.quote_reference is quote.terms is quote.decided_at is None

    def test_is_told_to_the_owner_and_every_reviewer(self, salim, deal, aisha, nora, reviewer):
        done(service.submit, salim, deal=deal)
        mails = mailed(aisha, MailKind.DEAL_SUBMITTED)
        assert {mail.to_address for mail in mails} == {"aisha.al.balushi@dhofar.om", "said.al.rawahi@dhofar.om"}
        assert "Muscat Pharmacies LLC" in mails[0].subject
        assert "1,200.000" in mails[0].text
        assert "24 Nov 2026, 12:00" in mails[0].text
        assert audited(aisha, Tag.INTENT_SUBMIT) == told(aisha, Kind.INTENT_SUBMITTED) == 1

    def test_knows_the_customer_again(self, salim, deal, shop, aisha):
        first = done(service.submit, salim, deal=deal)
        second = done(service.submit, salim, deal=new_deal(*shop[1:], customer_name="Muscat Pharmacies LLC"))
        assert first.customer_id != second.customer_id, "another domain contradicts"
        third = done(
            service.submit, salim,
            deal=new_deal(*shop[1:], customer_name="Muscat Pharmacies LLC", customer_domain="muscatph.om", amount="7"),
        )  # fmt: skip
        assert third.customer_id == first.customer_id
        with reading(aisha) as session:
            assert session.get_one(Customer, first.customer_id).domain == "muscatph.om"

    def test_twice_is_answered_with_the_first_one(self, salim, deal, aisha, clock):
        done(service.submit, salim, deal=deal)
        for minutes in (0, 0.5, 60):
            clock.forward(minutes=minutes)
            with pytest.raises(AlreadySubmitted) as refused:
                done(service.submit, salim, deal=deal)
            assert refused.value.message == "You already submitted this: DI-0001."
        assert counted(aisha, Quote) == audited(aisha, Tag.INTENT_SUBMIT) == 1
        assert len(mailed(aisha, MailKind.DEAL_SUBMITTED)) == 1

    def test_by_a_colleague_is_answered_without_its_author(self, salim, deal, shop):
        done(service.submit, salim, deal=deal)
        with pytest.raises(SubmittedByColleague, match="A colleague of yours already submitted this: DI-0001"):
            done(service.submit, as_contact(shop[0]), deal=deal)

    def test_again_after_it_was_decided_is_a_new_one(self, salim, deal, reviewer, clock):
        first = done(service.submit, salim, deal=deal)
        done(service.reject, reviewer, first.id, note="Too small.", version=first.version)
        with pytest.raises(AlreadySubmitted):
            done(service.submit, salim, deal=deal)
        clock.forward(minutes=2)
        assert done(service.submit, salim, deal=deal).reference == "DI-0002"

    def test_by_another_reseller_is_another_deal(self, salim, deal, aisha):
        done(service.submit, salim, deal=deal)
        with transaction(aisha) as session:
            other = make_reseller(session)
        assert done(service.submit, as_contact(other), deal=deal).reference == "DI-0002"

    def test_for_a_protected_customer_waits_for_its_turn(self, salim, deal, aisha):
        first = done(service.submit, salim, deal=deal)
        done(service.approve, aisha, first.id, terms=service.flat("10"), version=first.version)
        with transaction(aisha) as session:
            other = make_reseller(session)
        second = done(service.submit, as_contact(other), deal=deal)
        assert counted(aisha, Waiting, Waiting.quote_id == second.id) == 1

    @pytest.mark.parametrize(
        ("facts", "kind"),
        (
            ({"amount": "-5"}, AmountUnusable),
            ({"amount": "1e309"}, AmountUnusable),
            ({"amount": "1.23456"}, TooManyDecimals),
            ({"currency": "XXY"}, CurrencyUnknown),
            ({"customer_name": " "}, Invalid),
            ({"customer_name": "x\r\nBcc: e@x"}, Invalid),
            ({"customer_name": "n" * 201}, Invalid),
            ({"customer_contact": "a\u202eb"}, Invalid),
            ({"customer_domain": "nowhere"}, DomainUnusable),
            ({"need": "n" * 10_001}, Invalid),
            ({"need": "\x00"}, Invalid),
            ({"close_on": None}, ChoiceMissing),
            ({"product_id": None}, ChoiceMissing),
            ({"close_on": date(2026, 11, 21)}, ClosingInThePast),
        ),
    )
    def test_refuses_what_cannot_be_used(self, salim, shop, aisha, facts, kind):
        with pytest.raises(kind) as refused:
            done(service.submit, salim, deal=new_deal(*shop[1:], **facts))
        assert refused.value.message.endswith(".")
        assert counted(aisha, Quote) == 0

    def test_closes_today_at_the_earliest(self, salim, shop):
        assert done(service.submit, salim, deal=new_deal(*shop[1:], close_on=date(2026, 11, 22))).id

    def test_needs_a_product_and_a_territory_that_are_offered(self, salim, shop, aisha, outsider, clock):
        with transaction(outsider) as session:
            theirs = make_product(session).id
        with transaction(aisha) as session:
            gone, closed = (
                make_product(session, withdrawn_at=clock.now()),
                make_territory(session, withdrawn_at=clock.now()),
            )
        wrong: list[dict[str, Any]] = [{"product_id": theirs}, {"product_id": gone.id}, {"territory_id": closed.id}]
        for facts in wrong:
            with pytest.raises(OfferedNoMore):
                done(service.submit, salim, deal=new_deal(*shop[1:], **facts))

    @pytest.mark.parametrize("role", (ContactRole.TECHNICAL, ContactRole.FINANCE, ContactRole.VIEWER))
    def test_is_for_those_who_sell(self, shop, deal, role):
        with pytest.raises(NotAllowed):
            done(service.submit, as_contact(shop[0], role), deal=deal)


class TestResubmit:
    @pytest.fixture
    def returned(self, salim, deal, reviewer):
        quote = done(service.submit, salim, deal=deal)
        return done(service.return_, reviewer, quote.id, note="How many seats?", version=quote.version)

    def test_starts_the_clock_anew(self, returned, salim, shop, aisha, clock):
        at = clock.forward(hours=50)
        changed = new_deal(*shop[1:], customer_name="Muscat Pharmacies LLC", amount="2,400", need="80 seats")
        quote = row(aisha, done(service.resubmit, salim, returned.id, deal=changed, version=returned.version).id)
        assert (quote.status, quote.submitted_at, quote.reference) == (QuoteStatus.PENDING, at, "DI-0001")
        assert (str(quote.amount), quote.need, quote.decided_at) == ("2400.000", "80 seats", None)
        assert quote.note == "How many seats?"
        assert len(mailed(aisha, MailKind.DEAL_SUBMITTED)) == 4
        assert audited(aisha, Tag.INTENT_RESUBMIT) == 1

    def test_twice_is_answered_with_the_first_one(self, returned, salim, deal):
        done(service.resubmit, salim, returned.id, deal=deal, version=returned.version)
        with pytest.raises(AlreadySubmitted, match="DI-0001"):
            done(service.resubmit, salim, returned.id, deal=deal, version=returned.version)

    def test_of_something_else_that_waits_meanwhile_is_refused(self, returned, salim, deal, shop):
        done(service.resubmit, salim, returned.id, deal=deal, version=returned.version)
        with pytest.raises(NotReturned):
            done(service.resubmit, salim, returned.id, deal=new_deal(*shop[1:]), version=returned.version)

    def test_needs_what_was_seen(self, returned, salim, deal):
        with pytest.raises(DealChanged):
            done(service.resubmit, salim, returned.id, deal=deal, version=returned.version - 1)

    def test_of_a_decided_deal_is_refused(self, salim, deal, reviewer):
        quote = done(service.submit, salim, deal=deal)
        quote = done(service.reject, reviewer, quote.id, note="No.", version=quote.version)
        with pytest.raises(DecidedMeanwhile):
            done(service.resubmit, salim, quote.id, deal=deal, version=quote.version)

    def test_is_for_who_sees_it(self, returned, deal, shop, aisha):
        with pytest.raises(NotFound):
            done(service.resubmit, as_contact(shop[0], ContactRole.SALESPERSON), returned.id, deal=deal, version=1)
        done(service.resubmit, as_contact(shop[0]), returned.id, deal=deal, version=returned.version)


class TestWithdraw:
    def test_tells_the_owner(self, salim, deal, aisha, reviewer):
        quote = row(aisha, done(service.withdraw, salim, done(service.submit, salim, deal=deal).id).id)
        assert (quote.status, quote.decided_by) == (QuoteStatus.WITHDRAWN, "Salim Al Kindi")
        assert [mail.to_address for mail in mailed(aisha, MailKind.DEAL_WITHDRAWN)] == ["aisha.al.balushi@dhofar.om"]
        assert audited(aisha, Tag.INTENT_WITHDRAW) == told(aisha, Kind.INTENT_WITHDRAWN) == 1

    def test_twice_is_refused(self, salim, deal):
        quote = done(service.submit, salim, deal=deal)
        done(service.withdraw, salim, quote.id)
        with pytest.raises(DecidedMeanwhile, match="DI-0001 was decided meanwhile"):
            done(service.withdraw, salim, quote.id)

    def test_of_an_approved_deal_is_refused(self, shop, salim, aisha):
        with transaction(aisha) as session:
            quote = make_quote(session, shop[0], contact_id=salim.id)
        with pytest.raises(DecidedMeanwhile):
            done(service.withdraw, salim, quote.id)

    def test_of_another_reseller_is_not_found(self, salim, aisha):
        with transaction(aisha) as session:
            quote = make_intent(session, make_reseller(session))
        with pytest.raises(NotFound):
            done(service.withdraw, salim, quote.id)


def test_staff_who_look_as_a_contact_change_nothing(salim, deal, aisha):
    looking = Actor(ActorKind.CONTACT, id=salim.id, name=salim.name, company=salim.company, partner=salim.partner,
                    contact_role=salim.contact_role, session=salim.session, viewer=aisha.id)  # fmt: skip
    with pytest.raises(DomainError):
        done(service.submit, looking, deal=deal)
    assert counted(aisha, Quote) == 0


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_refusals_are_said_in_arabic(kind):
    assert f"error.{kind.__name__}" in words("ar")
    facts = {"reference": "DI-0001", "least": "1", "most": "2", "currency": "OMR", "decimals": 3}
    assert "{" not in refusal(kind(**facts), "ar")
