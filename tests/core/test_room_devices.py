"""Proving the mailbox on a device, and what staff see of who is in."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.access import codes, devices
from core.access.codes import Verdict
from core.access.devices import DeviceUnknown
from core.actor import Actor
from core.db import reading, transaction
from core.errors import NotAllowed
from core.partners import room_queries, room_service
from core.partners.models import Partner
from core.partners.room_queries import Host, RoomAccess
from core.partners.rows import NoContact
from tests.conftest import Clock
from tests.core.proposal_acts import let_in
from tests.core.room_acts import enter, guest, mailed_code, person, send


def access(actor: Actor, partner: Partner) -> RoomAccess:
    with reading(actor) as session:
        return room_queries.room_access(session, partner.id)


def host(actor: Actor) -> Host:
    with reading(actor) as session:
        return room_queries.room(session)


class TestDevices:
    def send_code(self, by: Actor) -> str:
        with transaction(by) as session:
            room_service.send_device_code(session, language="en", by=by)
        return mailed_code(by)

    def prove(self, by: Actor, text: str) -> Verdict:
        with transaction(by) as session:
            return room_service.prove_device(session, text=text, by=by).verdict

    def test_need_a_code_once_in_ninety_days(self, clock: Clock, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        salim = guest(token)
        assert (host(salim).needs_code, host(salim).waiting_for) == (True, "")
        with reading(salim) as session, pytest.raises(DeviceUnknown):
            devices.require_trust(session, by=salim)
        code = self.send_code(salim)
        assert host(salim).waiting_for == codes.masked(partner.contact_email)
        assert self.prove(salim, code[::-1] if code != code[::-1] else "1") is Verdict.WRONG
        assert self.prove(salim, code) is Verdict.RIGHT
        assert (host(salim).needs_code, host(salim).waiting_for) == (False, "")
        assert [one.trusted for one in access(aisha, partner).sessions] == [True]
        clock.forward(days=80)
        assert not host(guest(token)).needs_code
        clock.forward(days=10)
        assert host(guest(token)).needs_code

    def test_know_nothing_of_each_other(self, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        salim, other = guest(token), guest(token, device="other")
        assert self.prove(salim, self.send_code(salim)) is Verdict.RIGHT
        assert host(other).needs_code

    def test_need_no_code_where_the_settings_say_so(
        self, aisha: Actor, partner: Partner, set_settings: Callable[..., None]
    ) -> None:
        set_settings(code_on_new_device=False)
        salim = guest(send(aisha, partner))
        assert not host(salim).needs_code
        with reading(salim) as session:
            devices.require_trust(session, by=salim)

    def test_five_wrong_tries_leave_the_link_unharmed(self, aisha: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        salim = guest(token)
        code = self.send_code(salim)
        wrong = "1111 1111" if code != "1111 1111" else "2222 2222"
        assert [self.prove(salim, wrong) for _ in range(6)][-2:] == [Verdict.LOCKED] * 2
        assert host(salim).needs_code
        assert guest(token).partner == partner.id

    def test_get_no_code_without_an_address(self, aisha: Actor, partner: Partner) -> None:
        salim = guest(send(aisha, partner))
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).contact_email = ""
        assert host(salim).address == ""
        with pytest.raises(NoContact):
            self.send_code(salim)

    def test_are_no_business_of_readers(self, aisha: Actor, partner: Partner) -> None:
        reader = person(let_in(aisha, partner))
        assert reader is not None
        with transaction(reader) as session, pytest.raises(NotAllowed):
            room_service.send_device_code(session, language="en", by=reader)
        with reading(reader) as session, pytest.raises(NotAllowed):
            room_queries.room(session)


class TestStaffsView:
    def test_the_link_is_for_who_may_hand_it_out(self, aisha: Actor, analyst: Actor, partner: Partner) -> None:
        token = send(aisha, partner)
        assert access(aisha, partner).address.endswith(f"/portal/{token}")
        assert access(analyst, partner).exists
        assert token not in repr(access(analyst, partner))

    def test_shows_who_is_in(self, clock: Clock, aisha: Actor, partner: Partner) -> None:
        assert access(aisha, partner).last_entered is None
        token = send(aisha, partner)
        enter(token)
        entered = clock.forward(hours=1)
        enter(token, device="other")
        found = access(aisha, partner)
        assert (len(found.sessions), found.last_entered) == (2, entered)
        assert {one.trusted for one in found.sessions} == {False}
        assert found.sessions[0].opened_at - found.sessions[1].opened_at == timedelta(hours=1)
