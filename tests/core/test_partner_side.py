"""A partner's people reach their own partner's things only, in their own session, and only while they are let in."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from core import failpoints
from core.access import sessions
from core.access.codes import Verdict
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.access.tokens import LinkRevoked
from core.actor import Actor, system
from core.clock import today
from core.db import reading, transaction
from core.errors import DomainError, NotAllowed, NotFound
from core.mail import queries as mails
from core.mail.messages import Kind
from core.meetings import actions
from core.meetings.models import Side
from core.meetings.plans import NewAction
from core.nda import handover, service
from core.nda.models import Nda
from core.nda.readiness import AccessWithdrawn, CodeFirst
from core.partners.models import Partner
from core.partners.room_service import prove_device, send_device_code
from core.proposals.service import revoke_link
from core.vault import fetching
from core.vault.fetching import DocumentExpired, NdaFirst
from core.vault.models import Document
from core.vault.rows import DocumentNotFound
from tests.conftest import Clock
from tests.core.nda_acts import back, done, give_contact, handover_link, mailed, press, read_through, ready_to_sign
from tests.core.nda_acts import visitor as let_in
from tests.core.proposal_acts import invite, publish
from tests.core.room_acts import mailed_code, rotate, send
from tests.core.vault_acts import come_in, remove, upload
from tests.factories import make_partner

pytestmark = pytest.mark.usefixtures("clock")
NASSER = {"name": "Nasser Al Busaidi", "email": "nasser@salalah.om", "title": "CEO"}


@pytest.fixture
def other(aisha: Actor) -> Partner:
    """Another partner of the same company."""
    with transaction(aisha) as session:
        return make_partner(session)


def guest(partner: Partner) -> Actor:
    """Somebody in a partner's room, on a device that needs no code."""
    return back(come_in(partner))


def why_not(document_id: UUID, by: Actor) -> type[DomainError]:
    """Why a document does not leave."""
    with pytest.raises(DomainError) as refusal:
        done(fetching.fetch_own, by, document_id)
    return refusal.type


class TestDocuments:
    @pytest.fixture
    def documents(self, aisha: Actor, partner: Partner, clock: Clock) -> dict[type[DomainError], Document]:
        """A document for each reason why it does not open."""
        found = {
            DocumentNotFound: upload(aisha, partner, "Removed", requires_nda=False),
            NdaFirst: upload(aisha, partner, "Gated", requires_nda=True),
            DocumentExpired: upload(aisha, partner, "Old", requires_nda=False, expires_on=today("Asia/Muscat")),
        }
        remove(aisha, found[DocumentNotFound], version=found[DocumentNotFound].version)
        clock.forward(days=1)
        return found

    def test_say_to_their_own_partner_why_they_do_not_open(self, documents: dict[Any, Document], partner: Partner):
        by = guest(partner)
        assert {kind: why_not(document.id, by) for kind, document in documents.items()} == {k: k for k in documents}

    def test_are_to_another_partner_as_if_they_were_not(
        self, documents: dict[Any, Document], aisha: Actor, partner: Partner, other: Partner
    ):
        by, open_one = guest(other), upload(aisha, partner, "Open", requires_nda=False)
        for document_id in (open_one.id, uuid4(), *(document.id for document in documents.values())):
            assert why_not(document_id, by) is DocumentNotFound

    def test_stay_closed_to_a_reader(self, aisha: Actor, partner: Partner):
        document = upload(aisha, partner, requires_nda=False)
        assert why_not(document.id, back(come_in(partner, kind=SessionKind.READER))) is NotAllowed


class TestActionItems:
    @pytest.mark.parametrize("side", Side)
    def test_are_marked_by_their_own_partner_on_its_own_side(
        self, aisha: Actor, partner: Partner, other: Partner, side: Side
    ):
        row = done(actions.add_action, aisha, partner.id, action=NewAction(side, "Send the list"))
        with pytest.raises(NotFound):
            done(actions.mark_own_done, guest(other), row.id, done=True)
        if side is Side.PARTNER:
            assert done(actions.mark_own_done, guest(partner), row.id, done=True).done_at
        else:
            with pytest.raises(NotFound):
                done(actions.mark_own_done, guest(partner), row.id, done=True)


class TestCodes:
    def test_count_in_the_session_that_asked_for_them(self, partner: Partner):
        asker, neighbour = guest(partner), guest(partner)
        done(send_device_code, asker, language="en")
        assert done(prove_device, neighbour, text=mailed_code(asker)).verdict is Verdict.NONE
        assert done(prove_device, asker, text=mailed_code(asker)).is_right

    def test_sign_in_the_session_that_proved_the_mailbox(self, partner: Partner):
        proved, neighbour = ready_to_sign(let_in(partner)), let_in(partner, device="laptop")
        give_contact(neighbour)
        read_through(neighbour)
        with pytest.raises(CodeFirst):
            press(neighbour)
        assert press(proved).reference == "NDA-00001"

    @pytest.mark.parametrize("server", ("", "mail.dhofar.om"))
    def test_are_told_to_nobody_but_the_mailbox(self, aisha: Actor, partner: Partner, set_settings: Any, server: str):
        set_settings(smtp_host=server)
        done(send_device_code, guest(partner), language="en")
        mail = mailed(aisha, Kind.MAILED_CODE)[0]
        with reading(aisha) as session:
            shown = mails.mail_with_links(session, mail.id)
        told = [mail.secrets[0] in shape for shape in (shown.text, shown.html)]
        assert told == [not server, not server]


class TestWithdrawing:
    @pytest.fixture
    def token(self, aisha: Actor, partner: Partner, clock: Clock) -> str:
        """The link of a colleague who was asked to sign, by a reader whom an invitation let in."""
        publish(aisha, partner)
        invite(aisha, partner)
        send(aisha, partner)
        reader = let_in(partner)
        done(service.hand_over, reader, **NASSER)
        clock.forward(minutes=5)
        return handover_link(reader)

    def withdraw(self, aisha: Actor, partner: Partner, how: str) -> None:
        if how == "room":
            rotate(aisha, partner)
        else:
            done(revoke_link, aisha, partner.id)

    @pytest.mark.parametrize("how", ("proposal", "room"))
    def test_ends_the_links_to_sign_that_were_made_before(
        self, aisha: Actor, partner: Partner, clock: Clock, token: str, how: str
    ):
        self.withdraw(aisha, partner, how)
        with pytest.raises(LinkRevoked), reading(system()) as session:
            handover.look_handover(session, token)
        with pytest.raises(LinkRevoked), transaction(system()) as session:
            handover.open_handover(session, token, device="tablet", by=system())
        clock.forward(minutes=5)
        reader = let_in(partner)
        done(service.hand_over, reader, **NASSER)
        with reading(system()) as session:
            assert handover.look_handover(session, handover_link(reader)).name == NASSER["name"]

    @pytest.mark.parametrize("how", ("proposal", "room"))
    def test_stops_who_came_by_one(self, aisha: Actor, partner: Partner, token: str, how: str):
        with transaction(system()) as session:
            secret = handover.open_handover(session, token, device="tablet", by=system())
        nasser = ready_to_sign(back(secret), NASSER["name"])
        self.withdraw(aisha, partner, how)
        with pytest.raises(AccessWithdrawn):
            press(nasser, signature=NASSER["name"])

    def test_counts_until_the_very_last_press(self, partner: Partner):
        salim = ready_to_sign(let_in(partner))

        def withdrawn(point: str) -> None:
            if point == "nda:prepared":
                with transaction(system(partner.company_id)) as session:
                    sessions.revoke(session, partner_id=partner.id)

        failpoints.watch(withdrawn)
        try:
            with pytest.raises(AccessWithdrawn):
                press(salim)
        finally:
            failpoints.watch(None)
        with reading(system()) as session:
            assert session.scalar(select(func.count()).select_from(Nda)) == 0
            assert session.scalar(select(AccessSession.kind)) is SessionKind.READER
