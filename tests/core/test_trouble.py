"""What may be wrong with a partner, and its cause."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.access import limits
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.sessions import open_session
from core.access.tokens import LIFETIME, issue
from core.actor import Actor
from core.db import reading, transaction
from core.errors import NotFound, TooManyAttempts
from core.mail import messages
from core.mail.brand import Brand
from core.mail.models import Mail, MailState
from core.mail.outbox import enqueue
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.today.trouble import Symptom, Trouble, troubles


@pytest.fixture
def sent_to(clock, partner: Partner, aisha: Actor) -> Partner:
    """A partner that was sent its proposal."""
    with transaction(aisha) as session:
        session.get_one(Partner, partner.id).status = Status.PROPOSAL_SENT
        issue(session, partner.id, by=aisha)
    return partner


def found(partner: Partner, by: Actor) -> list[Trouble]:
    with reading(by) as session:
        return troubles(session, partner.id)


def mail(session: Session, partner: Partner, state: MailState, clock, *, key: str = "one") -> Mail:
    """An invitation that came to a state."""
    day = clock.now().date() + timedelta(days=30)
    letter = messages.invitation(
        Brand("Dhofar"), "salim@retail.om", "Salim", "Salalah", "https://p.om/x", None, day, "Aisha", "en"
    )
    row = enqueue(session, letter, key=key, partner_id=partner.id)
    row.state, row.last_error = state, "Server answered 550"
    session.flush()
    return row


def test_usually_there_is_nothing(sent_to, aisha):
    assert found(sent_to, aisha) == []


def test_keeps_to_the_company(sent_to, outsider):
    with pytest.raises(NotFound):
        found(sent_to, outsider)


class TestLink:
    def test_that_ran_out_is_told_with_its_day(self, clock, sent_to, aisha):
        ends = clock.now() + LIFETIME
        clock.forward(days=31)
        assert [(one.symptom, one.at) for one in found(sent_to, aisha)] == [(Symptom.LINK_EXPIRED, ends)]

    def test_matters_no_more_once_the_nda_is_signed(self, clock, sent_to, aisha):
        with transaction(aisha) as session:
            session.get_one(Partner, sent_to.id).status = Status.NDA_SIGNED
        clock.forward(days=31)
        assert found(sent_to, aisha) == []

    def test_is_followed_by_a_new_one(self, clock, sent_to, aisha):
        clock.forward(days=31)
        with transaction(aisha) as session:
            issue(session, sent_to.id, by=aisha)
        assert found(sent_to, aisha) == []


class TestCode:
    def test_of_the_older_system_that_is_not_accepted_is_told(
        self, clock, partner, aisha, set_settings: Callable[..., None]
    ):
        with transaction(aisha) as session:
            row = session.get_one(Partner, partner.id)
            row.status, row.legacy_code_hash = Status.PROPOSAL_SENT, b"x" * 32
        assert [one.symptom for one in found(partner, aisha)] == [Symptom.CODE_ENDED]
        set_settings(legacy_proposal_codes_accepted=True)
        assert found(partner, aisha) == []


class TestUnlocks:
    IP = "203.0.113.44"

    @pytest.fixture
    def known(self, sent_to, aisha) -> Partner:
        with transaction(aisha) as session:
            open_session(session, kind=SessionKind.READER, partner_id=sent_to.id, measured=False, device="d", by=aisha)
            session.query(AccessSession).one().ip = self.IP
        kept: Partner = sent_to
        return kept

    def fail(self, partner: Partner, ip: str, times: int) -> None:
        for _ in range(times):
            limits.failed_unlock(ip, partner.slug)

    def test_from_a_known_address_are_counted(self, clock, known, aisha):
        self.fail(known, self.IP, 3)
        assert found(known, aisha) == [Trouble(Symptom.UNLOCK_FAILED, clock.now() + timedelta(hours=1), count=3)]

    def test_that_reached_the_limit_say_until_when(self, clock, known, aisha):
        self.fail(known, self.IP, 5)
        with pytest.raises(TooManyAttempts):
            self.fail(known, self.IP, 1)
        (one,) = found(known, aisha)
        assert (one.symptom, one.at, one.count) == (Symptom.UNLOCK_BLOCKED, clock.now() + timedelta(hours=1), 5)
        clock.forward(hours=1, seconds=1)
        assert found(known, aisha) == []

    def test_from_a_stranger_or_of_another_partner_are_not(self, known, aisha):
        self.fail(known, "198.51.100.1", 5)
        limits.failed_unlock(self.IP, "another-partner")
        assert found(known, aisha) == []


class TestMail:
    @pytest.mark.parametrize("state", (MailState.FAILED, MailState.BOUNCED, MailState.AMBIGUOUS))
    def test_that_did_not_arrive_is_told_with_the_reason(self, clock, sent_to, aisha, state):
        with transaction(aisha) as session:
            row = mail(session, sent_to, state, clock)
        (one,) = found(sent_to, aisha)
        assert (one.symptom, one.detail, one.mail) == (Symptom.MAIL_FAILED, "Server answered 550", row.id)

    def test_that_was_sent_again_is_forgotten(self, clock, sent_to, aisha):
        with transaction(aisha) as session:
            old = mail(session, sent_to, MailState.FAILED, clock)
            mail(session, sent_to, MailState.SENT, clock, key="two").resend_of = old.id
        assert found(sent_to, aisha) == []

    def test_that_waits_for_long_is_told(self, clock, sent_to, aisha):
        with transaction(aisha) as session:
            mail(session, sent_to, MailState.QUEUED, clock)
        assert found(sent_to, aisha) == []
        clock.forward(hours=2)
        (one,) = found(sent_to, aisha)
        assert (one.symptom, one.detail) == (Symptom.MAIL_WAITS, "No mail server is set.")

    def test_is_not_told_to_those_who_may_not_read_mails(self, clock, sent_to, aisha, reviewer):
        with transaction(aisha) as session:
            mail(session, sent_to, MailState.FAILED, clock)
        assert found(sent_to, reviewer) == []
