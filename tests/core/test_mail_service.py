"""What a person sees of mail and does about it."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from core.actor import Actor, Role, system
from core.audit.models import AuditEntry
from core.clock import now
from core.companies.models import Company
from core.db import reading, transaction
from core.errors import DomainError, Invalid, NotAllowed, NotFound
from core.ids import new_id
from core.mail import messages, queries, service
from core.mail.brand import Brand
from core.mail.models import Mail, MailState, WorkerBeat
from core.mail.outbox import deliver_due, enqueue
from core.mail.service import NoMailServer, StillWaiting
from tests.factories import actor_for, make_company, make_partner, make_staff
from tests.fake_smtp import PASSWORD, USER, Fault, RawServer, Server

BRAND = Brand("SmartPRO")
LINK = "https://p.example/partnership/1?token=aaa.bbb&lang=en"


@pytest.fixture
def aisha(database: str) -> Actor:
    """An admin."""
    with transaction(system()) as session:
        return actor_for(make_staff(session, make_company(session), name="Aisha"))


@pytest.fixture
def omar(aisha: Actor) -> Actor:
    """An analyst of the same company."""
    with transaction(aisha) as session:
        company = session.scalars(select(Company)).one()
        return actor_for(make_staff(session, company, name="Omar", role=Role.ANALYST))


@pytest.fixture
def kept(aisha: Actor) -> Callable[..., UUID]:
    """A function that keeps an invitation, and answers its id."""

    def keep(
        key: str = "k", *, to: str = "salim@bank.om", name: str = "Bank Sohar", partner: UUID | None = None
    ) -> UUID:
        mail = messages.invitation(BRAND, to, "Salim", name, LINK, None, date(2026, 12, 22), "Aisha", "en")
        with transaction(aisha) as session:
            return enqueue(session, mail, key=key, partner_id=partner).id

    return keep


def tags(actor: Actor) -> list[tuple[str, str]]:
    with reading(actor) as session:
        return [(entry.tag, entry.actor_name) for entry in session.scalars(select(AuditEntry))]


class TestSendTest:
    def test_sends_at_once_and_says_so(self, aisha, set_settings):
        with Server() as server:
            set_settings(**server.smtp)
            with transaction(aisha) as session:
                mail_id = service.send_test(session, "Aisha@SmartPRO.om", brand=BRAND, by=aisha)
        assert server.messages[0]["Subject"] == "Test mail from SmartPRO Partnerdesk"
        assert server.messages[0]["To"] == "aisha@smartpro.om"
        with reading(aisha) as session:
            kept = queries.mail(session, mail_id)
            assert (kept.state, kept.attempts, kept.message_id) == (MailState.SENT, 1, server.messages[0]["Message-ID"])
            assert queries.email_config(session).last_used == kept.sent_at
        assert tags(aisha) == [("admin:mail:test", "Aisha")]

    def test_speaks_the_language_of_who_asks(self, aisha, set_settings):
        arabic = Actor(**vars(aisha) | {"language": "ar"})
        with Server() as server:
            set_settings(**server.smtp)
            with transaction(arabic) as session:
                service.send_test(session, "aisha@smartpro.om", brand=BRAND, by=arabic)
        assert server.messages[0]["Content-Language"] == "ar"

    def test_names_the_cause_of_a_failure_and_keeps_nothing(self, aisha, set_settings):
        with Server() as server:
            server.rcpt_answers = ["550 no such user"]
            set_settings(**server.smtp)
            with pytest.raises(Invalid, match="Server answered 550"), transaction(aisha) as session:
                service.send_test(session, "gone@smartpro.om", brand=BRAND, by=aisha)
        assert tags(aisha) == []
        with reading(aisha) as session:
            assert queries.outbox(session).total == 0

    def test_holds_up_nobody_while_the_server_is_slow(self, aisha, set_settings):
        def write_meanwhile(_recipient: str) -> Fault:
            with transaction(system()) as other:
                make_company(other)
            return Fault.NONE

        with RawServer(write_meanwhile) as server:
            set_settings(**server.smtp)
            with transaction(aisha) as session:
                service.send_test(session, "aisha@smartpro.om", brand=BRAND, by=aisha)
        assert len(server.received) == 1

    @pytest.mark.parametrize(
        ("to", "refusal"), (("aisha@smartpro.om", NoMailServer), ("aisha", Invalid), ("a@b.om\r\nBcc: e@x.om", Invalid))
    )
    def test_refuses(self, aisha, set_settings, to, refusal: type[DomainError]):
        if refusal is not NoMailServer:
            set_settings(smtp_host="127.0.0.1")
        with pytest.raises(refusal), transaction(aisha) as session:
            service.send_test(session, to, brand=BRAND, by=aisha)

    def test_is_for_admins(self, omar):
        with pytest.raises(NotAllowed), transaction(omar) as session:
            service.send_test(session, "omar@smartpro.om", brand=BRAND, by=omar)


class TestResend:
    def bounced(self, kept: Callable[..., UUID], set_settings: Callable[..., None]) -> UUID:
        mail_id = kept(to="gone@bank.om")
        with RawServer(lambda _: Fault.REFUSE) as server:
            set_settings(**server.smtp)
            deliver_due("w")
        return mail_id

    def test_makes_a_new_mail_of_an_old_one(self, aisha, kept, set_settings):
        old_id = self.bounced(kept, set_settings)
        with transaction(aisha) as session:
            new_id = service.resend(session, old_id, by=aisha)
        with reading(aisha) as session:
            old, new = queries.mail_with_links(session, old_id), queries.mail_with_links(session, new_id)
        assert (new.resend_of, old.resent_as, new.state, new.attempts) == (old_id, new_id, MailState.QUEUED, 0)
        assert (new.to_address, new.subject, new.text, new.html) == (old.to_address, old.subject, old.text, old.html)
        assert new.message_id != old.message_id
        assert tags(aisha) == [("admin:mail:resend", "Aisha")]

    def test_twice_makes_one(self, aisha, kept, set_settings):
        old_id = self.bounced(kept, set_settings)
        with transaction(aisha) as session:
            first = service.resend(session, old_id, by=aisha)
            assert service.resend(session, old_id, by=aisha) == first

    def test_refuses_a_mail_that_still_waits(self, aisha, kept):
        with pytest.raises(StillWaiting), transaction(aisha) as session:
            service.resend(session, kept(), by=aisha)

    def test_refuses_a_mail_of_another_company(self, kept, set_settings):
        old_id = self.bounced(kept, set_settings)
        with transaction(system()) as session:
            stranger = actor_for(make_staff(session, make_company(session)))
        with pytest.raises(NotFound), transaction(stranger) as session:
            service.resend(session, old_id, by=stranger)

    def test_is_for_admins(self, omar, kept):
        with pytest.raises(NotAllowed), transaction(omar) as session:
            service.resend(session, kept(), by=omar)


class TestOutbox:
    def test_is_empty_at_first(self, aisha):
        with reading(aisha) as session:
            assert queries.outbox(session) == queries.MailPage([], 0, 1, 1)

    def test_comes_in_pages_newest_first(self, aisha, kept):
        ids = [kept(str(number)) for number in range(53)]
        with reading(aisha) as session:
            first, last = queries.outbox(session), queries.outbox(session, page=2)
            beyond, before = queries.outbox(session, page=9), queries.outbox(session, page=0)
        assert [row.id for row in first.rows + last.rows] == ids[::-1]
        assert (len(first.rows), first.total, last.page, last.pages) == (50, 53, 2, 2)
        assert (beyond, before) == (last, first)

    @pytest.mark.parametrize("text", ("gone@", "GONE@BANK", "salalah", " Salalah Retail "))
    def test_finds_by_address_and_subject(self, aisha, kept, text):
        kept("1")
        partner = "Salalah Retail"
        mail = messages.first_view(BRAND, "gone@bank.om", "", partner, "now", "Chrome", "https://a.example", "en")
        with transaction(aisha) as session:
            wanted = enqueue(session, mail, key="2").id
        with reading(aisha) as session:
            assert [row.id for row in queries.outbox(session, text=text).rows] == [wanted]

    def test_takes_a_wildcard_as_it_is_typed(self, aisha, kept):
        kept()
        with reading(aisha) as session:
            assert queries.outbox(session, text="%").total == 0

    def test_filters_by_state_and_partner(self, aisha, kept):
        with transaction(aisha) as session:
            partner = make_partner(session).id
        kept("1")
        theirs = kept("2", partner=partner)
        with reading(aisha) as session:
            assert [row.id for row in queries.outbox(session, partner_id=partner).rows] == [theirs]
            assert queries.outbox(session, state=MailState.QUEUED).total == 2
            assert queries.outbox(session, state=MailState.SENT).total == 0

    def test_shows_one_company_its_own(self, kept):
        kept()
        with transaction(system()) as session:
            stranger = actor_for(make_staff(session, make_company(session)))
        with reading(stranger) as session:
            assert queries.outbox(session).total == 0

    def test_is_not_for_reviewers(self, aisha):
        reviewer = Actor(**vars(aisha) | {"role": Role.REVIEWER})
        with pytest.raises(NotAllowed), reading(reviewer) as session:
            queries.outbox(session)


class TestMail:
    def test_hides_the_links_that_let_somebody_in(self, omar, kept):
        with reading(omar) as session:
            mail = queries.mail(session, kept())
        for shape in (mail.text, mail.html):
            assert "token=aaa.bbb" not in shape
            assert queries.HIDDEN in shape
        assert "Dear Salim" in mail.text

    def test_shows_them_to_admins_who_ask(self, aisha, omar, kept):
        mail_id = kept()
        with reading(aisha) as session:
            assert LINK in queries.mail_with_links(session, mail_id).text
        with pytest.raises(NotAllowed), reading(omar) as session:
            queries.mail_with_links(session, mail_id)

    def test_is_not_found_when_it_is_not_there(self, aisha):
        with pytest.raises(NotFound), reading(aisha) as session:
            queries.mail(session, new_id())


class TestEmailConfig:
    def test_says_that_mails_are_kept_without_a_server(self, aisha, kept):
        kept()
        with reading(aisha) as session:
            config = queries.email_config(session)
        assert (config.is_set, config.host, config.password, config.last_used) == (False, "", "", None)
        assert config.counts == dict.fromkeys(MailState, 0) | {MailState.QUEUED: 1}
        assert (config.last_error, config.worker_seen_at, config.worker_is_alive) == ("", None, False)

    def test_masks_the_password(self, aisha, set_settings):
        set_settings(smtp_host="mail.example", smtp_user=USER, smtp_password=PASSWORD, mail_from="p@smartpro.om")
        with reading(aisha) as session:
            config = queries.email_config(session)
        assert (config.is_set, config.user, config.password) == (True, USER, "••••tery")
        assert PASSWORD not in repr(config)

    @pytest.mark.parametrize(("password", "shown"), (("", ""), ("short", "••••"), ("elevenchars", "••••")))
    def test_shows_nothing_of_a_short_one(self, password, shown):
        assert queries.masked(password) == shown

    def test_tells_the_last_use_and_the_last_error(self, aisha, kept, set_settings, clock):
        kept("1", to="gone@bank.om")
        kept("2")
        with RawServer(lambda to: Fault.REFUSE if "gone" in to else Fault.NONE) as server:
            set_settings(**server.smtp)
            deliver_due("w")
        with reading(aisha) as session:
            config = queries.email_config(session)
        assert (config.last_used, config.last_error_at) == (now(), now())
        assert config.last_error == "Server answered 550 (5.1.1 no such user): it refuses the address gone@bank.om."
        assert (config.counts[MailState.SENT], config.counts[MailState.BOUNCED]) == (1, 1)

    def test_tells_whether_a_worker_is_alive(self, aisha, clock):
        with transaction(system()) as session:
            session.add(WorkerBeat(worker="w", at=now()))
        with reading(aisha) as session:
            assert queries.email_config(session).worker_is_alive
        clock.forward(minutes=1)
        with reading(aisha) as session:
            config = queries.email_config(session)
        assert (config.worker_is_alive, config.worker_seen_at is None) == (False, False)


def test_a_mail_is_called_by_its_kind_and_address_in_the_audit_log(kept, aisha):
    with reading(aisha) as session:
        mail = session.get(Mail, kept())
        assert mail is not None
        assert mail.name == "invitation to salim@bank.om"
