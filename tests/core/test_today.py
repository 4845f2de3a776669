"""What needs somebody now, and for whom."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.db import reading
from core.engagement.models import PartnerViews
from core.errors import NotAllowed
from core.mail import messages
from core.mail.brand import Brand
from core.mail.models import Mail, MailState
from core.mail.outbox import enqueue
from core.partners.pipeline import LIMIT_DAYS, Status, is_stuck
from core.proposals.content import blank
from core.proposals.models import ProposalVersion, VersionState
from core.today import queries
from core.today.queries import SHOWN, Topic
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
            assert set(queries.overview(session).counts) == {Topic.ACTION, Topic.STUCK, Topic.DRAFT}

    def test_is_not_for_members(self, member):
        with pytest.raises(NotAllowed), reading(member) as session:
            queries.overview(session)

    def test_keeps_to_the_company(self, partner, outsider):
        with reading(outsider) as session:
            assert queries.overview(session).needs == []
            assert queries.search(session, text="Salalah") == []
            assert queries.find_by_slug(session, partner.slug) is None


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
