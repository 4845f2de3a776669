"""What needs somebody now, and for whom."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.clock import now
from core.companies.rows import own_company
from core.db import reading, transaction
from core.deals.models import Quote
from core.engagement.models import PartnerViews
from core.errors import NotAllowed
from core.mail import messages
from core.mail.brand import Brand
from core.mail.models import Mail, MailState
from core.mail.outbox import enqueue
from core.meetings.actions import add_action
from core.meetings.models import BookingReport, Side
from core.meetings.plans import NewAction
from core.meetings.service import add_meeting, cancel_meeting
from core.partners.pipeline import LIMIT_DAYS, Status, is_stuck
from core.proposals.content import blank
from core.proposals.models import ProposalVersion, VersionState
from core.today import queries
from core.today.queries import SHOWN, Topic
from core.vault.models import Document, DocumentSpace, SpaceKind
from tests.core.deal_acts import make_intent, make_reseller
from tests.core.meeting_acts import plan
from tests.core.today_world import sign
from tests.factories import make_partner

UNDELIVERED = (MailState.FAILED, MailState.BOUNCED, MailState.AMBIGUOUS)


def mail(session: Session, state: MailState, *, resend_of: UUID | None = None) -> Mail:
    """A mail that came to a state."""
    message = messages.test_message(Brand("Dhofar Systems", "#0b5d66", "en"), "aisha@dhofar.om", "en")
    row = enqueue(session, message, key=f"{state} {resend_of}")
    row.state, row.resend_of = state, resend_of
    session.flush()
    return row


def version(session: Session, partner_id: UUID, number: int, state: VersionState, clock) -> None:
    """A version of a proposal."""
    at = clock.now()
    row = ProposalVersion(partner_id=partner_id, number=number, state=state, content=blank().model_dump(mode="json"))
    row.created_at, row.saved_at, row.saved_by = at, at, "Aisha"
    row.published_at = at if state is VersionState.PUBLISHED else None
    session.add(row)
    session.flush()


def titles(session: Session, topic: Topic) -> list[str]:
    """What a topic lists."""
    return [need.title for need in queries.overview(session).needs if need.topic is topic]


class TestOverview:
    def test_of_a_quiet_company_is_empty(self, session):
        assert queries.overview(session) == queries.Overview(dict.fromkeys(Topic, 0), [])

    @pytest.mark.parametrize("state", list(MailState))
    def test_tells_of_mails_that_did_not_arrive(self, session, state):
        mail(session, state)
        assert len(titles(session, Topic.MAIL)) == (1 if state in UNDELIVERED else 0)

    def test_forgets_a_mail_once_it_was_sent_again(self, session):
        mail(session, MailState.SENT, resend_of=mail(session, MailState.FAILED).id)
        assert titles(session, Topic.MAIL) == []

    def test_tells_of_actions_from_their_day_on(self, clock, session):
        for name, on in (("Late", 20), ("Due", 22), ("Later", 23)):
            make_partner(session, name=name, next_action="Call", next_action_on=date(2026, 11, on))
        make_partner(session, name="Nothing to do", next_action_on=date(2026, 11, 1))
        assert titles(session, Topic.ACTION) == ["Late", "Due"]

    def test_knows_what_day_it_is_where_the_company_is(self, clock, session):
        make_partner(session, name="Tomorrow", next_action="Call", next_action_on=date(2026, 11, 23))
        clock.forward(hours=12, minutes=1)
        assert clock.now().date() == date(2026, 11, 22)
        assert titles(session, Topic.ACTION) == ["Tomorrow"]

    def test_tells_of_readings_since_yesterday_morning(self, clock, session):
        for name, hours in (("Just now", 1), ("Yesterday", 35), ("Before", 37)):
            partner, read_at = make_partner(session, name=name), clock.now() - timedelta(hours=hours)
            session.add(PartnerViews(partner_id=partner.id, visits=1, last_read_at=read_at))
        session.flush()
        assert titles(session, Topic.READ) == ["Just now", "Yesterday"]

    @pytest.mark.parametrize("status", [each for each in Status if each is not Status.ON_HOLD])
    @pytest.mark.parametrize("over", (-1, 0, 1, 40))
    def test_agrees_with_the_pipeline_on_who_is_stuck(self, clock, session, status, over):
        days = LIMIT_DAYS.get(status, 1_000) + over
        make_partner(session, status=status, status_entered_at=clock.now() - timedelta(days=days))
        assert len(titles(session, Topic.STUCK)) == int(is_stuck(status, days))

    def test_tells_of_drafts_that_were_never_published(self, clock, session):
        fresh, again = make_partner(session, name="Fresh"), make_partner(session, name="Again")
        version(session, fresh.id, 1, VersionState.DRAFT, clock)
        version(session, again.id, 1, VersionState.PUBLISHED, clock)
        version(session, again.id, 2, VersionState.DRAFT, clock)
        assert titles(session, Topic.DRAFT) == ["Fresh"]

    def test_lists_the_most_urgent_first(self, clock, session):
        make_partner(session, name="Stuck", status_entered_at=clock.now() - timedelta(days=90))
        make_partner(session, name="Due", next_action="Call", next_action_on=date(2026, 11, 1))
        mail(session, MailState.FAILED)
        topics = [need.topic for need in queries.overview(session).needs]
        assert topics == [Topic.MAIL, Topic.ACTION, Topic.STUCK]

    def test_counts_everything_and_lists_some(self, clock, session):
        for _ in range(SHOWN + 3):
            make_partner(session, next_action="Call", next_action_on=date(2026, 11, 1))
        found = queries.overview(session)
        assert (found.counts[Topic.ACTION], len(found.needs)) == (SHOWN + 3, SHOWN)

    def test_shows_a_reviewer_neither_mails_nor_readings(self, reviewer):
        with reading(reviewer) as session:
            assert set(queries.overview(session).counts) == {
                Topic.LATE,
                Topic.QUESTION,
                Topic.BOOKING,
                Topic.MEETING,
                Topic.ACTION,
                Topic.STUCK,
                Topic.DRAFT,
            }

    def test_is_not_for_members(self, member):
        with pytest.raises(NotAllowed), reading(member) as session:
            queries.overview(session)

    def test_keeps_to_the_company(self, partner, outsider):
        with reading(outsider) as session:
            assert queries.overview(session).needs == []
            assert queries.search(session, text="Salalah") == []
            assert queries.find_by_slug(session, partner.slug) is None


class TestMeetings:
    @pytest.mark.parametrize(
        ("hours", "listed"), ((-2, False), (-0.5, True), (3, True), (35.5, True), (36.5, False), (90, False))
    )
    def test_are_those_of_today_and_tomorrow(self, clock, session, partner, aisha, hours, listed):
        at = clock.now() + timedelta(hours=hours)
        meeting = add_meeting(session, partner.id, plan=plan(clock, at=at), mail_agenda=False, by=aisha)
        found = [need.item for need in queries.overview(session).needs if need.topic is Topic.MEETING]
        assert found == ([meeting.id] if listed else [])

    def test_are_gone_once_cancelled(self, clock, session, partner, aisha):
        meeting = add_meeting(session, partner.id, plan=plan(clock, at=clock.now() + timedelta(hours=3)), by=aisha)
        cancel_meeting(session, meeting.id, version=meeting.version, by=aisha)
        assert titles(session, Topic.MEETING) == []


class TestActionItems:
    @pytest.mark.parametrize(
        ("side", "day", "listed"),
        ((Side.OURS, 22, True), (Side.OURS, 23, False), (Side.PARTNER, 21, True), (Side.PARTNER, 22, False)),
    )
    def test_are_due_on_their_day_and_theirs_a_day_later(self, clock, session, partner, aisha, side, day, listed):
        add_action(session, partner.id, action=NewAction(side, "Send it", due_on=date(2026, 11, day)), by=aisha)
        needs = [(need.title, need.detail) for need in queries.overview(session).needs if need.topic is Topic.ACTION]
        assert needs == ([("Salalah Retail", "Send it")] if listed else [])

    def test_stand_among_the_next_actions_by_day(self, clock, session, partner, aisha):
        add_action(session, partner.id, action=NewAction(Side.OURS, "B", due_on=date(2026, 11, 20)), by=aisha)
        for name, day in (("A", 19), ("C", 21)):
            make_partner(session, name=name, next_action=name, next_action_on=date(2026, 11, day))
        found = queries.overview(session)
        assert [need.detail for need in found.needs if need.topic is Topic.ACTION] == ["A", "B", "C"]
        assert found.counts[Topic.ACTION] == 3


class TestNdas:
    @pytest.mark.parametrize(("days", "listed"), ((0, True), (6, True), (8, False)))
    def test_signed_in_the_last_days_are_told(self, clock, session, partner, days, listed):
        sign(session, partner, at=clock.now() - timedelta(days=days))
        assert titles(session, Topic.SIGNED) == (["Salalah Retail"] if listed else [])

    @pytest.mark.parametrize(("days", "listed"), ((-1, False), (1, True), (90, True), (92, False)))
    def test_expiring_soon_are_told(self, clock, session, partner, days, listed):
        signed = clock.now() - timedelta(days=1_095 - days)
        sign(session, partner, at=signed)
        found = queries.overview(session)
        assert found.counts[Topic.EXPIRING] == len(titles(session, Topic.EXPIRING)) == int(listed)

    def test_that_a_later_one_replaced_are_not(self, clock, session, partner):
        sign(session, partner, at=clock.now(), superseded_at=clock.now())
        assert titles(session, Topic.SIGNED) == []


class TestMine:
    def test_leaves_out_what_others_look_after(self, clock, session, aisha, nora):
        due = {"next_action": "Call", "next_action_on": date(2026, 11, 1)}
        for name, owner in (("Mine", aisha.id), ("Noras", nora.id), ("Nobodys", None)):
            make_partner(session, name=name, owner_id=owner, **due)
        found = queries.overview(session, mine=True)
        assert {need.title for need in found.needs} == {"Mine", "Nobodys"}
        assert found.counts[Topic.ACTION] == 2

    def test_has_my_action_items_of_others_partners(self, clock, session, aisha, nora):
        noras = make_partner(session, name="Noras", owner_id=nora.id)
        for owner in (aisha.id, nora.id):
            action = NewAction(Side.OURS, f"for {owner}", owner_id=owner, due_on=date(2026, 11, 20))
            add_action(session, noras.id, action=action, by=aisha)
        assert [need.detail for need in queries.overview(session, mine=True).needs] == [f"for {aisha.id}"]


class TestBookings:
    def test_that_matched_nobody_are_told(self, clock, session):
        for n, outcome in enumerate(("No partner matched: Intro, a@b.om", "Meeting set")):
            facts = {"digest": str(n), "booking_uid": str(n), "trigger": "BOOKING_CREATED"}
            session.add(BookingReport(**facts, received_at=clock.now(), outcome=outcome))
        session.flush()
        assert titles(session, Topic.BOOKING) == ["No partner matched: Intro, a@b.om"]


class TestSearch:
    @pytest.mark.parametrize("text", ("salalah", "RETAIL", "صلالة", "kindi", "salalah-ret", " Retail "))
    def test_finds_a_partner_by_what_is_known_of_it(self, session, partner, text):
        assert [found.name for found in queries.search(session, text=text)] == ["Salalah Retail"]

    @pytest.mark.parametrize("text", ("", "  ", "%", "nobody"))
    def test_finds_nothing_otherwise(self, session, partner, text):
        assert queries.search(session, text=text) == []

    def test_stops_at_a_few(self, session):
        for n in range(12):
            make_partner(session, name=f"Gulf {n:02}")
        assert [found.name for found in queries.search(session, text="gulf")] == [f"Gulf {n:02}" for n in range(8)]

    def test_finds_a_partner_by_its_web_name(self, session, partner):
        assert queries.find_by_slug(session, "salalah-retail") == partner.id


class TestSearchRecords:
    @pytest.mark.parametrize("text", ("NDA-00001", "nda-0", "kindi"))
    def test_finds_an_nda(self, clock, session, partner, text):
        sign(session, partner, at=clock.now())
        (found,) = queries.search_records(session, text=text)
        assert (found.is_nda, found.title, found.partner) == (True, "NDA-00001, Salim Al Kindi", "Salalah Retail")

    def test_finds_a_document_by_its_titles(self, clock, session, partner):
        space = DocumentSpace(kind=SpaceKind.VAULT, name="x", partner_visible_to_id=partner.id, created_at=clock.now())
        session.add(space)
        session.flush()
        session.add_all(
            Document(space_id=space.id, title=title, title_ar="جدول", changed_at=clock.now(), created_at=clock.now(),
                     removed_at=clock.now() if title == "Gone" else None)
            for title in ("Price list", "Gone")
        )  # fmt: skip
        session.flush()
        for text in ("price", "جدول"):
            assert [found.title for found in queries.search_records(session, text=text)] == ["Price list"]

    def test_tells_a_reviewer_of_neither(self, clock, partner, aisha, reviewer):
        with transaction(aisha) as session:
            sign(session, partner, at=clock.now())
        with reading(reviewer) as session:
            assert queries.search_records(session, text="NDA") == []

    def test_keeps_to_the_company(self, clock, partner, aisha, outsider):
        with transaction(aisha) as session:
            sign(session, partner, at=clock.now())
        with reading(outsider) as session:
            assert queries.search_records(session, text="NDA") == queries.search_records(session, text=" ") == []


class TestLateDeals:
    def arranged(self, session) -> tuple[Quote, Quote]:
        """A deal that waits for 49 h, and one for 47."""
        partner = make_reseller(session, name="Muscat Tech")
        waits = (timedelta(hours=49), timedelta(hours=47))
        late, fresh = (make_intent(session, partner, customer_name="Bank", submitted_at=now() - one) for one in waits)
        return late, fresh

    def test_are_listed_once_they_wait_for_longer_than_promised(self, session):
        late, _fresh = self.arranged(session)
        found = [need for need in queries.overview(session).needs if need.topic is Topic.LATE]
        assert [(need.item, need.detail) for need in found] == [(late.id, f"{late.reference}: Bank")]

    def test_are_for_who_decides_and_where_the_portal_is_on(self, aisha, analyst):
        with transaction(aisha) as session:
            self.arranged(session)
        with reading(analyst) as session:
            assert Topic.LATE not in queries.overview(session).counts
        with transaction(aisha) as session:
            own_company(session).module_partner_portal_enabled = False
        with reading(aisha) as session:
            assert Topic.LATE not in queries.overview(session).counts
