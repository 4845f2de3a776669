"""Protections: alone in the database whoever writes, for two at once, extended, lifted, in turn."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.actor import system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.clock import now
from core.db import reading, transaction
from core.deals import protection_queries, protections
from core.deals.models import Extension, Protection, Quote, Territory
from core.deals.protection import (
    CustomerProtected,
    DaysOutOfRange,
    TerritoryExclusive,
    barriers,
    end,
    end_of_deal,
    protect,
    refuse_if_barred,
    wait,
)
from core.deals.states import ExtensionState, ProtectionEnd
from core.errors import NotAllowed, NotFound
from core.mail.messages import Kind
from tests.core.protection_acts import Ground, ground, in_queue, mails, protected, protection, registered, waiting


@pytest.fixture
def place(company, aisha, clock) -> Ground:
    """What two resellers want."""
    return ground(company)


@pytest.fixture
def held(place) -> UUID:
    """The first one's protection of Al Maha Trading, for 90 days."""
    return protected(place, registered(place, place.salim))


def recorded(by, tag) -> list[AuditEntry]:
    with reading(by) as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.tag == tag).order_by(AuditEntry.seq)))


class TestBarriers:
    def test_none_for_the_partner_itself(self, held, place):
        again = registered(place, place.salim)
        with transaction(system(place.company)) as session:
            quote = session.get_one(Quote, again)
            assert barriers(session, quote) == []
            assert refuse_if_barred(session, quote)
            assert protect(session, quote, days=120).id == held
        assert protection(place, held).ends_at == now() + timedelta(days=120)

    def test_another_spelling_is_in_the_way_until_overridden(self, held, place):
        other = registered(place, place.huda, "المها للتجارة ش.م.م")
        with transaction(system(place.company)) as session:
            quote = session.get_one(Quote, other)
            with pytest.raises(CustomerProtected) as refusal:
                refuse_if_barred(session, quote, override="  ")
            assert refusal.value.message == (
                "Al Maha Trading is protected for Salalah Retail until 20 Feb 2027. Wait until then, or say why you "
                "approve it all the same."
            )
            assert not refuse_if_barred(session, quote, override="The customer asked for them by letter.")

    def test_an_exclusive_territory_is_in_the_way_of_others_alone(self, place):
        mine, theirs = registered(place, place.salim, "Bahwan"), registered(place, place.huda, "Galfar")
        with transaction(system(place.company)) as session:
            session.get_one(Territory, place.territory_id).exclusive_partner_id = place.first.id
        with transaction(system(place.company)) as session:
            assert refuse_if_barred(session, session.get_one(Quote, mine))
            with pytest.raises(TerritoryExclusive, match="Muscat is exclusive to Salalah Retail"):
                refuse_if_barred(session, session.get_one(Quote, theirs))
            assert refuse_if_barred(session, session.get_one(Quote, theirs), override="Agreed with them.")

    @pytest.mark.parametrize("days", (0, 366, -1))
    def test_lasts_a_day_to_a_year(self, place, days):
        with pytest.raises(DaysOutOfRange):
            protected(place, registered(place, place.salim), days=days)


class TestEnds:
    @pytest.mark.parametrize("why", (ProtectionEnd.SOLD, ProtectionEnd.LOST))
    def test_with_its_deal(self, held, place, aisha, why):
        with transaction(aisha) as session:
            row = session.get_one(Protection, held)
            end_of_deal(session, session.get_one(Quote, row.quote_id), why, by=aisha)
        assert (protection(place, held).ended, protection(place, held).ends_at) == (why, now())
        assert recorded(aisha, Tag.PROTECTION_END)[0].after.count(why.value) == 1

    def test_once(self, held, place, aisha):
        for _ in range(2):
            with transaction(aisha) as session:
                end(session, session.get_one(Protection, held), ProtectionEnd.LOST, by=aisha)
        assert len(recorded(aisha, Tag.PROTECTION_END)) == 1

    def test_lets_others_in(self, held, place, aisha):
        other = registered(place, place.huda)
        with transaction(aisha) as session:
            end(session, session.get_one(Protection, held), ProtectionEnd.LOST, by=aisha)
        assert protected(place, other) != held


class TestLift:
    def test_ends_it_tells_both_sides_and_calls_the_next(self, held, place, aisha):
        other = registered(place, place.huda)
        with transaction(aisha) as session:
            protections.lift(session, held, reason="Nothing happened\nfor 60 days.", by=aisha)
        assert protection(place, held).ended is ProtectionEnd.LIFTED
        told = mails(place, Kind.PROTECTION_ENDED)
        assert {mail.to_name for mail in told} == {"Salim Al Kindi", "Aisha Al Balushi"}
        assert all("Nothing happened" in mail.text for mail in told)
        assert [mail.to_name for mail in mails(place, Kind.TURN_CAME)] == ["Huda Al Lawati"]
        assert in_queue(place, other).told_at == now()
        assert "Nothing happened" in recorded(aisha, Tag.PROTECTION_LIFT)[0].after

    def test_needs_a_reason(self, held, aisha):
        with transaction(aisha) as session, pytest.raises(protections.LiftNeedsReason):
            protections.lift(session, held, reason=" \n", by=aisha)

    def test_is_refused_where_it_is_over_or_not_there(self, held, aisha, clock):
        clock.forward(days=90)
        with transaction(aisha) as session:
            with pytest.raises(protections.ProtectionOver):
                protections.lift(session, held, reason="x", by=aisha)
            with pytest.raises(NotFound):
                protections.lift(session, uuid4(), reason="x", by=aisha)

    def test_is_not_for_contacts(self, held, place):
        with transaction(place.salim) as session, pytest.raises(NotAllowed):
            protections.lift(session, held, reason="x", by=place.salim)


class TestExtension:
    @pytest.fixture
    def asked(self, held, place) -> UUID:
        """A wish for 30 days more."""
        with transaction(place.salim) as session:
            return protections.ask_extension(
                session, held, days=30, evidence="Budget approved on 3 Nov.", by=place.salim
            ).id

    def test_is_mailed_to_who_decides(self, asked, place, reviewer, aisha):
        assert [mail.to_name for mail in mails(place, Kind.EXTENSION_ASKED)] == ["Said Al Rawahi"]
        assert "Budget approved on 3 Nov." in mails(place, Kind.EXTENSION_ASKED)[0].text
        with reading(aisha) as session:
            (wish,) = protection_queries.extensions(session)
        assert (wish.days, wish.asked_by, wish.window.customer) == (30, "Salim Al Kindi", "Al Maha Trading")

    @pytest.fixture(autouse=True)
    def _who_decides(self, reviewer) -> None:
        """Somebody who decides is there before anybody asks."""

    def test_granted_lasts_longer_and_reminds_anew(self, asked, held, place, reviewer, clock):
        before = protection(place, held).ends_at
        with transaction(reviewer) as session:
            session.get_one(Protection, held).told_days = 30
        with transaction(reviewer) as session:
            protections.decide_extension(session, asked, granted=True, note="Good news.", by=reviewer)
        row = protection(place, held)
        assert (row.ends_at, row.told_days) == (before + timedelta(days=30), None)
        (mail,) = mails(place, Kind.EXTENSION_DECIDED)
        assert mail.subject == "Al Maha Trading stays protected for you until 22 Mar 2027"
        assert "Good news." in mail.text

    def test_refused_lasts_as_before_and_says_why(self, asked, held, place, reviewer):
        before = protection(place, held).ends_at
        with transaction(reviewer) as session:
            with pytest.raises(protections.AnswerNeedsNote):
                protections.decide_extension(session, asked, granted=False, note=" ", by=reviewer)
            protections.decide_extension(session, asked, granted=False, note="No meeting yet.", by=reviewer)
        assert protection(place, held).ends_at == before
        assert "No meeting yet." in mails(place, Kind.EXTENSION_DECIDED)[0].text
        with reading(place.salim) as session:
            (mine,) = protection_queries.my_protections(session)
        assert (mine.asked_state, mine.answer) == (ExtensionState.REFUSED, "No meeting yet.")

    def test_decided_twice_is_decided_once(self, asked, reviewer, nora):
        with transaction(reviewer) as session:
            protections.decide_extension(session, asked, granted=True, by=reviewer)
        with transaction(nora) as session, pytest.raises(protections.ExtensionDecided, match="Said Al Rawahi decided"):
            protections.decide_extension(session, asked, granted=False, note="No.", by=nora)

    def test_asked_twice_is_asked_once(self, asked, held, place):
        with transaction(place.salim) as session, pytest.raises(protections.AlreadyAsked):
            protections.ask_extension(session, held, days=30, evidence="Once more.", by=place.salim)

    def test_falls_with_its_protection(self, asked, held, place, aisha):
        with transaction(aisha) as session:
            protections.lift(session, held, reason="Sold by others.", by=aisha)
        with reading(aisha) as session:
            assert session.get_one(Extension, asked).state is ExtensionState.REFUSED
            assert protection_queries.extensions(session) == []

    def test_is_asked_for_ones_own_deals_alone(self, held, place):
        with transaction(place.huda) as session, pytest.raises(NotFound):
            protections.ask_extension(session, held, days=30, evidence="We want it.", by=place.huda)

    @pytest.mark.parametrize(
        ("days", "evidence", "refusal"),
        ((0, "x", DaysOutOfRange), (366, "x", DaysOutOfRange), (30, " ", protections.EvidenceNeeded)),
        ids=("none", "too long", "no evidence"),
    )
    def test_needs_days_and_evidence(self, held, place, days, evidence, refusal):
        with transaction(place.salim) as session, pytest.raises(refusal):
            protections.ask_extension(session, held, days=days, evidence=evidence, by=place.salim)


class TestQueue:
    def test_an_intent_for_a_protected_customer_waits(self, held, place, aisha):
        other = registered(place, place.huda, "Al-Maha Trading Co.")
        assert in_queue(place, other).protection_id == held
        with reading(aisha) as session:
            (queued,) = protection_queries.queue(session, held)
        assert (queued.partner, queued.told_at) == ("Nizwa Systems", None)

    def test_once_however_often_it_is_sent(self, held, place):
        other = registered(place, place.huda)
        with transaction(system(place.company)) as session:
            again = wait(session, session.get_one(Quote, other))
        assert again is not None
        assert again.quote_id == other

    def test_its_own_partner_does_not_wait(self, held, place):
        assert waiting(place, registered(place, place.salim)) is None

    def test_who_was_second_waits_for_who_came_first(self, held, place, aisha):
        other, third = registered(place, place.huda), registered(place, place.huda)
        with transaction(aisha) as session:
            protections.lift(session, held, reason="Nothing happened.", by=aisha)
        follows = protected(place, other)
        assert waiting(place, other) is None
        assert (in_queue(place, third).protection_id, in_queue(place, third).told_at) == (follows, None)
