"""A partner's room: sent, entered, replaced, asked for; devices proved; and what its people may see."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from core.access import devices
from core.access.models import AccessSession, TrustedDevice
from core.access.tokens import LinkRefused, LinkReplaced, LinkRevoked
from core.actor import Actor, ActorKind
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.errors import Conflict, Invalid, NotAllowed
from core.mail.models import Mail
from core.partners import room_queries, room_service, service
from core.partners.models import Partner
from core.partners.room_queries import Host, RoomAccess
from core.partners.rows import NoContact
from core.proposals import queries as proposals
from core.proposals.service import revoke_link
from core.timeline.models import TimelineEntry
from tests.conftest import Clock
from tests.core.proposal_acts import everything, invite, kinds, let_in, publish, rows, tags
from tests.core.room_acts import ask, enter, guest, look, person, rotate, send


def access(actor: Actor, partner: Partner) -> RoomAccess:
    with reading(actor) as session:
        return room_queries.room_access(session, partner.id)


def host(actor: Actor) -> Host:
    with reading(actor) as session:
        return room_queries.room(session)


def refusal(way: Callable[[str], Any], token: str) -> tuple[type[LinkRefused], int, str]:
    with pytest.raises(LinkRefused) as refused:
        way(token)
    return type(refused.value), refused.value.status, refused.value.message


class TestSending:
    def test_mails_the_same_link_each_time(self, aisha: Actor, partner: Partner) -> None:
        first, second = send(aisha, partner), send(aisha, partner, "ar")
        assert first == second
        mails = rows(aisha, Mail)
        assert [(mail.to_address, mail.language) for mail in mails] == [
            (partner.contact_email, "en"), (partner.contact_email, "ar")
        ]  # fmt: skip
        assert all(f"/portal/{first}" in mail.text and mail.secrets[0].endswith(first) for mail in mails)
        assert mails[0].reply_to == "aisha.al.balushi@dhofar.om"
        assert kinds(aisha).count("room_link_sent") == 2
        assert tags(aisha).count("admin:room_link:send") == 2

    def test_needs_an_address(self, aisha: Actor, partner: Partner) -> None:
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).contact_email = ""
        with pytest.raises(NoContact):
            send(aisha, partner)
        assert not access(aisha, partner).exists

    def test_speaks_the_languages_there_are(self, aisha: Actor, partner: Partner) -> None:
        with pytest.raises(Invalid):
            send(aisha, partner, "fr")

    @pytest.mark.parametrize(
        "operation", (room_service.send_portal_access, room_service.rotate, room_service.end_room_sessions)
    )
    def test_is_for_admins(self, analyst: Actor, reviewer: Actor, partner: Partner, operation: Any) -> None:
        details = {"language": "en"} if operation is room_service.send_portal_access else {}
        for actor in (analyst, reviewer):
            with transaction(actor) as session, pytest.raises(NotAllowed):
                operation(session, partner.id, **details, by=actor)

    def test_two_at_once_make_one_link(self, aisha: Actor, nora: Actor, partner: Partner) -> None:
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(lambda n: send((aisha, nora)[n % 2], partner), range(16)))) == 1


class TestEntering:
    def test_opens_a_session_of_the_room(self, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        found = guest(token)
        assert (found.kind, found.partner, found.company) == (ActorKind.PARTNER, partner.id, aisha.company)
        assert kinds(aisha).count("room_entered") == 1
        assert "partner:room:enter" in tags(aisha)

    def test_looking_changes_nothing(self, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        before = everything(aisha, partner)
        page = look(token)
        assert (page.company, page.partner, page.owner) == ("Dhofar Systems", partner.name, aisha.name)
        assert everything(aisha, partner) == before

    def test_needs_no_module(self, aisha: Actor, partner: Partner, company: Any) -> None:
        with transaction(aisha) as session:
            session.get_one(type(company), company.id).module_partner_portal_enabled = False
        assert guest(send(aisha, partner)).partner == partner.id


class TestReplacing:
    def test_kills_the_link_and_lets_everybody_out(self, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        secrets = [enter(token, device=str(n)) for n in range(5)]
        assert rotate(aisha, partner) == 5
        assert [person(secret) for secret in secrets] == [None] * 5
        newest = send(aisha, partner)
        assert newest != token
        assert guest(newest).partner == partner.id
        assert {"room_link_rotated"} <= set(kinds(aisha))

    def test_of_two_hundred_tries_afterwards_none_gets_in(self, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        secret = enter(token)
        rotate(aisha, partner)
        for _ in range(200):
            assert person(secret) is None
            assert refusal(look, token)[0] is LinkRevoked
        assert refusal(enter, token)[0] is LinkRevoked

    def test_says_whether_a_newer_one_was_sent(self, clock: Clock, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        clock.forward(days=1)
        rotate(aisha, partner)
        assert refusal(look, token) == (
            LinkRevoked, 410, "Access was withdrawn on 23 Nov 2026. Contact Aisha Al Balushi."
        )  # fmt: skip
        assert access(aisha, partner).is_waiting
        clock.forward(days=1)
        send(aisha, partner)
        kind, status, words = refusal(look, token)
        assert (kind, status) == (LinkReplaced, 410)
        assert words.startswith("A newer link was sent on 24 Nov 2026.")
        assert not access(aisha, partner).is_waiting

    def test_forgets_the_devices(self, aisha: Actor, partner: Partner) -> None:
        salim = guest(send(aisha, partner))
        with transaction(salim) as session:
            devices.trust(session, partner.id, devices.device_of(session, salim) or b"", address="a@b.om")
        rotate(aisha, partner)
        assert rows(aisha, TrustedDevice) == []

    def test_leaves_readers_and_other_partners_alone(self, aisha: Actor, partner: Partner) -> None:
        with transaction(aisha) as session:
            other = service.create(session, service.Profile("OCCI", contact_email="a@occi.om"), by=aisha)
        reader, theirs = let_in(aisha, partner), enter(send(aisha, other))
        token = send(aisha, partner)
        enter(token)
        assert rotate(aisha, partner) == 1
        assert person(reader) is not None
        assert person(theirs) is not None

    def test_needs_a_link(self, aisha: Actor, partner: Partner) -> None:
        with pytest.raises(Conflict, match="Send portal access first"):
            rotate(aisha, partner)

    def test_ending_sessions_keeps_the_link(self, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        secret = enter(token)
        with transaction(aisha) as session:
            assert room_service.end_room_sessions(session, partner.id, by=aisha) == 1
        assert person(secret) is None
        assert guest(token).partner == partner.id


class TestAskingForTheNewest:
    def test_mails_it_to_the_known_address(self, aisha: Actor, partner: Partner) -> None:
        old = send(aisha, partner)
        rotate(aisha, partner)
        newest = send(aisha, partner)
        ask(old)
        assert rows(aisha, Mail)[-1].to_address == partner.contact_email
        assert newest in rows(aisha, Mail)[-1].text
        assert len(rows(aisha, Mail)) == 3

    def test_does_nothing_where_access_was_taken_away(self, aisha: Actor, partner: Partner) -> None:
        old = send(aisha, partner)
        rotate(aisha, partner)
        before = everything(aisha, partner)
        for token in (old, "", "a.b.c", old[:-1]):
            ask(token)
        assert everything(aisha, partner) == before

    def test_does_nothing_for_a_link_that_works(self, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        before = everything(aisha, partner)
        ask(token)
        assert everything(aisha, partner) == before


class TestTheProposal:
    def readable(self, actor: Actor) -> bool:
        with reading(actor) as session:
            return proposals.has_reading(session)

    def test_is_read_from_the_room_until_it_is_withdrawn(self, aisha: Actor, partner: Partner) -> None:
        salim = guest(send(aisha, partner))
        assert not self.readable(salim)
        publish(aisha, partner)
        assert self.readable(salim)
        invite(aisha, partner)
        assert self.readable(salim)
        with transaction(aisha) as session:
            revoke_link(session, partner.id, by=aisha)
        assert not self.readable(salim)
        invite(aisha, partner)
        assert self.readable(salim)

    def test_withdrawn_lets_out_who_came_by_it_and_nobody_else(self, aisha: Actor, partner: Partner) -> None:
        publish(aisha, partner)
        link = invite(aisha, partner)
        reader, signed, room = let_in(aisha, partner, link), let_in(aisha, partner, link), enter(send(aisha, partner))
        with transaction(aisha) as session:
            row = session.get_one(AccessSession, person_session(signed))
            row.kind = type(row.kind)("room")
        with transaction(aisha) as session:
            assert revoke_link(session, partner.id, by=aisha) == 2
        assert [bool(person(secret)) for secret in (reader, signed, room)] == [False, False, True]


def person_session(secret: str) -> Any:
    found = person(secret)
    assert found is not None
    return found.session


def test_nothing_in_the_record_opens_a_room(aisha: Actor, partner: Partner) -> None:
    token = send(aisha, partner)
    guest(token)
    rotate(aisha, partner)
    with reading(aisha) as session:
        kept = repr(session.execute(select(AuditEntry.before, AuditEntry.after)).all())
        kept += repr(session.execute(select(TimelineEntry.facts)).all())
    assert token not in kept
    assert token.rpartition(".")[2] not in kept
