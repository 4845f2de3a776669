"""What becomes of a deal before it is submitted, and when nobody decides on it."""

import pytest
from sqlalchemy import func, select

from core.actor import Actor, ContactRole
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.db import reading, transaction
from core.deals import lateness, own_queries, service
from core.deals.models import DealDraft, Quote
from core.deals.money import AmountUnusable
from core.errors import Invalid
from core.mail.messages import Kind as MailKind
from core.timeline.models import TimelineEntry
from tests.core.deal_acts import (
    as_contact,
    make_product,
    make_reseller,
    make_territory,
    new_deal,
)
from tests.core.nda_acts import done, mailed


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


class TestDraft:
    def test_is_kept_until_the_deal_is_submitted(self, salim, deal, shop, aisha):
        done(service.save_draft, salim, content={"customer_name": "Muscat", "amount": "12 x"})
        done(service.save_draft, salim, content={"customer_name": "Muscat Ph", "amount": ""})
        with reading(salim) as session:
            kept = own_queries.my_draft(session)
        assert kept is not None
        assert kept.content == {"customer_name": "Muscat Ph", "amount": ""}
        with reading(as_contact(shop[0])) as session:
            assert own_queries.my_draft(session) is None
        done(service.submit, salim, deal=deal)
        assert counted(aisha, DealDraft) == 0

    def test_is_forgotten_when_it_is_emptied(self, salim, aisha):
        done(service.save_draft, salim, content={"need": "40 seats"})
        done(service.save_draft, salim, content={})
        assert counted(aisha, DealDraft) == 0

    def test_survives_a_refusal(self, salim, shop, aisha):
        done(service.save_draft, salim, content={"need": "40 seats"})
        with pytest.raises(AmountUnusable):
            done(service.submit, salim, deal=new_deal(*shop[1:], amount="0"))
        assert counted(aisha, DealDraft) == 1

    def test_is_bounded(self, salim):
        with pytest.raises(Invalid):
            done(service.save_draft, salim, content={"need": "n" * 10_001})
        done(service.save_draft, salim, content={f"field {n}": "x" for n in range(500)})
        with reading(salim) as session:
            kept = own_queries.my_draft(session)
        assert kept is not None
        assert len(kept.content) == 30


class TestLate:
    def test_is_told_to_every_admin_once(self, salim, deal, aisha, nora, reviewer, clock):
        quote = done(service.submit, salim, deal=deal)
        clock.forward(hours=47, minutes=59)
        lateness.escalate()
        assert mailed(aisha, MailKind.DEAL_LATE) == []
        clock.forward(minutes=1)
        lateness.escalate()
        lateness.escalate()
        admins = {"aisha.al.balushi@dhofar.om", "nora.al.harthy@dhofar.om"}
        assert {mail.to_address for mail in mailed(aisha, MailKind.DEAL_LATE)} == admins
        assert len(mailed(aisha, MailKind.DEAL_LATE)) == 2
        assert audited(aisha, Tag.INTENT_ESCALATE) == 1
        assert row(aisha, quote.id).escalated_at == clock.now()

    def test_keeps_what_was_seen_valid(self, salim, deal, reviewer, clock):
        quote = done(service.submit, salim, deal=deal)
        clock.forward(hours=49)
        lateness.escalate()
        done(service.reject, reviewer, quote.id, note="No.", version=quote.version)

    def test_counts_from_the_last_submission(self, salim, deal, aisha, reviewer, clock):
        quote = done(service.submit, salim, deal=deal)
        clock.forward(hours=49)
        lateness.escalate()
        quote = done(service.return_, reviewer, quote.id, note="Seats?", version=quote.version)
        clock.forward(hours=49)
        lateness.escalate()
        assert len(mailed(aisha, MailKind.DEAL_LATE)) == 1
        done(service.resubmit, salim, quote.id, deal=deal, version=quote.version)
        clock.forward(hours=49)
        lateness.escalate()
        assert len(mailed(aisha, MailKind.DEAL_LATE)) == 2
