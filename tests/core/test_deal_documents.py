"""Documents of deals: who opens which, always on the record; killed anywhere, all of an act or nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from core.access.devices import DeviceUnknown
from core.access.models import AccessSession
from core.actor import Actor, ContactRole
from core.audit.models import AuditEntry
from core.clock import now
from core.db import reading, transaction
from core.deals import issuing
from core.deals.attachments import MOST, DealClosed, TooManyAttachments
from core.deals.fetching import DealDocumentNotForRole
from core.deals.models import Counter, QuoteDocument
from core.deals.numbering import Series
from core.deals.states import DocumentUse
from core.deals.visibility import may_open
from core.errors import LookingOnly, NotAllowed, NotFound
from core.partners.models import Partner
from core.vault import queries
from core.vault.handing_over import SessionEnded
from core.vault.models import DocumentFetch, DocumentSpace, SpaceKind
from core.vault.rows import DocumentNotFound
from core.vault.storage import digest
from tests.conftest import Clock
from tests.core.deal_acts import as_contact, make_reseller
from tests.core.partner_life import Life, left_by, marks, verified
from tests.core.sale_acts import (
    a_file,
    accepted,
    again,
    answer,
    attach,
    document_of,
    fetch,
    fetch_own,
    invoice,
    save_lines,
    send,
    sent,
    upload_order,
)
from tests.core.test_kills import DETAIL
from tests.core.test_vault_kills import kept, killed_everywhere, swept
from tests.core.vault_acts import a_pdf, somebody_of, upload
from tests.core.vault_acts import fetch as fetch_from_vault
from tests.core.vault_acts import fetch_own as fetch_in_room

ROLES = tuple(ContactRole)
EVERY = tuple(DocumentUse)
WITH_MONEY = {ContactRole.PRINCIPAL, ContactRole.SALESPERSON, ContactRole.FINANCE}


@pytest.fixture
def reseller(aisha: Actor) -> Partner:
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", owner_id=aisha.id)


class Shelf:
    """A deal of a principal's, with a document of each use."""

    def __init__(self, aisha: Actor, reseller: Partner) -> None:
        self.principal = as_contact(reseller)
        self.quote = accepted(aisha, reseller)
        attach(self.principal, self.quote)
        upload_order(self.principal, self.quote)
        invoice(aisha, self.quote)
        self.documents = {use: document_of(aisha, self.quote, use) for use in DocumentUse}


@pytest.fixture
def shelf(aisha: Actor, reseller: Partner) -> Shelf:
    return Shelf(aisha, reseller)


class TestWhoOpensWhat:
    @pytest.mark.parametrize("role", ROLES)
    def test_follows_the_role(self, role):
        expected = {
            ContactRole.PRINCIPAL: set(EVERY),
            ContactRole.SALESPERSON: set(EVERY),
            ContactRole.FINANCE: set(EVERY),
            ContactRole.TECHNICAL: {DocumentUse.ATTACHMENT},
            ContactRole.VIEWER: set(),
        }
        assert {use for use in EVERY if may_open(role, use)} == expected[role]
        assert not may_open(None, DocumentUse.ATTACHMENT)

    def test_each_role_gets_what_it_may_and_a_sentence_else(self, aisha, reseller, shelf):
        for role in ROLES:
            person = as_contact(reseller, role)
            for use, document in shelf.documents.items():
                if role is ContactRole.SALESPERSON:
                    with pytest.raises(DocumentNotFound):
                        fetch_own(person, document)
                elif may_open(role, use):
                    assert fetch_own(person, document).size > 0
                else:
                    with pytest.raises(DealDocumentNotForRole):
                        fetch_own(person, document)

    def test_a_salesperson_opens_those_of_the_own_deals(self, aisha, reseller):
        salim = as_contact(reseller, ContactRole.SALESPERSON)
        quote = sent(aisha, reseller)
        with transaction(aisha) as session:
            session.get_one(type(quote), quote.id).contact_id = salim.id
        assert fetch_own(salim, document_of(aisha, quote, DocumentUse.QUOTE)).file_name == "Q-00001.pdf"

    def test_nobody_else_opens_any(self, aisha, reseller, partner, shelf, outsider):
        with transaction(aisha) as session:
            other = make_reseller(session)
        for document in shelf.documents.values():
            with pytest.raises(DocumentNotFound):
                fetch_own(as_contact(other), document)
            with pytest.raises(DocumentNotFound):
                fetch(outsider, document)
            for guest in (somebody_of(partner), somebody_of(reseller)):
                with pytest.raises(DocumentNotFound):
                    fetch_in_room(guest, document)
                with pytest.raises(NotAllowed):
                    fetch_own(guest, document)

    def test_a_contact_opens_nothing_of_a_vault(self, aisha, reseller):
        document = upload(aisha, reseller, requires_nda=False)
        with pytest.raises(DocumentNotFound):
            fetch_own(as_contact(reseller), document.id)

    def test_the_vault_knows_nothing_of_deals(self, aisha, reseller, shelf):
        with reading(aisha) as session:
            assert queries.partner_documents(session, reseller.id) == []
            assert session.scalars(select(DocumentSpace.kind)).all() == [SpaceKind.DEALS]

    def test_staff_open_both_kinds_by_the_same_address(self, aisha, reviewer, member, partner, shelf):
        vaulted = upload(aisha, partner, requires_nda=False)
        for document in (vaulted.id, *shelf.documents.values()):
            assert fetch(aisha, document).size > 0
            with pytest.raises(NotAllowed):
                fetch(member, document)
        assert fetch(reviewer, shelf.documents[DocumentUse.ORDER]).size > 0
        with pytest.raises(NotAllowed):
            fetch(reviewer, vaulted.id)
        assert fetch_from_vault(aisha, vaulted).size > 0

    def test_partners_get_the_newest_quote_only_and_staff_every_version(self, clock, aisha, reseller):
        person, quote = as_contact(reseller), sent(aisha, reseller)
        document = document_of(aisha, quote, DocumentUse.QUOTE)
        old = fetch(aisha, document)
        clock.forward(hours=1)
        save_lines(aisha, quote, conditions="Other ones")
        send(aisha, quote)
        assert fetch(aisha, document, 1).sha256 == old.sha256
        assert fetch_own(person, document).sha256 == fetch(aisha, document, 2).sha256 != old.sha256
        with pytest.raises(DocumentNotFound):
            fetch_own(person, document, 1)


class TestOnRecord:
    def test_every_download_is_a_row_and_an_act_with_who_and_from_where(self, clock, aisha, reseller, shelf):
        document = shelf.documents[DocumentUse.QUOTE]
        file = fetch_own(shelf.principal, document)
        fetch(aisha, document)
        with reading(aisha) as session:
            rows = {row.actor_kind: row for row in session.scalars(select(DocumentFetch))}
            acts = session.scalar(select(func.count()).where(AuditEntry.tag == "access:document:fetch"))
        assert (rows["contact"].partner_id, rows["contact"].sha256) == (reseller.id, file.sha256)
        assert (rows["contact"].ip, rows["contact"].session_id) == (shelf.principal.ip, shelf.principal.session)
        assert rows["staff"].partner_id is None
        assert acts == 2

    def test_a_refused_one_leaves_none(self, aisha, reseller, shelf):
        with pytest.raises(DealDocumentNotForRole):
            fetch_own(as_contact(reseller, ContactRole.VIEWER), shelf.documents[DocumentUse.QUOTE])
        with reading(aisha) as session:
            assert session.scalar(select(func.count()).select_from(DocumentFetch)) == 0

    def test_nothing_leaves_after_a_session_ended(self, aisha, shelf):
        with transaction(aisha) as session:
            session.execute(update(AccessSession).values(revoked_at=now()))
        with pytest.raises(SessionEnded):
            fetch_own(shelf.principal, shelf.documents[DocumentUse.QUOTE])

    def test_a_new_device_is_confirmed_first(self, reseller, shelf):
        with pytest.raises(DeviceUnknown):
            fetch_own(as_contact(reseller, trusted=False), shelf.documents[DocumentUse.QUOTE])

    def test_staff_who_look_as_a_contact_take_nothing(self, aisha, shelf):
        with pytest.raises(LookingOnly):
            fetch_own(replace(shelf.principal, viewer=aisha.id), shelf.documents[DocumentUse.QUOTE])


class TestAttaching:
    def test_keeps_the_file_with_the_deal(self, aisha, reseller):
        person, quote = as_contact(reseller), sent(aisha, reseller)
        document = attach(person, quote, "Specification")
        assert document.title == "Specification"
        with reading(aisha) as session:
            assert session.get_one(QuoteDocument, (quote.id, document.id)).use is DocumentUse.ATTACHMENT
            assert session.scalar(select(AuditEntry.tag).order_by(AuditEntry.seq.desc())) == "partner:attachment:add"

    def test_ends_with_the_deal_and_at_twenty(self, aisha, reseller):
        person, quote = as_contact(reseller), sent(aisha, reseller)
        for number in range(MOST):
            attach(person, quote, f"letter {number}")
        with pytest.raises(TooManyAttachments, match="20"):
            attach(person, quote)
        with pytest.raises(DealClosed, match="Lost"):
            attach(person, answer(aisha, sent(aisha, reseller), False))

    def test_is_for_who_sells_and_of_the_own_deals(self, aisha, reseller):
        quote = sent(aisha, reseller)
        with pytest.raises(NotAllowed):
            attach(as_contact(reseller, ContactRole.FINANCE), quote)
        with pytest.raises(NotFound):
            attach(as_contact(reseller, ContactRole.SALESPERSON), quote)


@pytest.fixture
def own_store(tmp_path: Path, set_settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of files of this test's alone, and pages that are not typeset: typst's threads do not survive a fork."""
    set_settings(state_dir=tmp_path)
    for name in ("quote_pdf", "invoice_pdf"):
        monkeypatch.setattr(issuing, name, lambda _paper, *, number, **_: a_pdf(number))


@pytest.mark.parametrize("detail", DETAIL)
class TestKilled:
    def test_an_invoice_is_issued_wholly_or_not_at_all(
        self,
        own_store: None,
        aisha: Actor,
        reseller: Partner,
        clock: Clock,
        detail: str,
    ) -> None:
        as_contact(reseller, email="huda@s.om")
        first, spared, killed = (accepted(aisha, reseller) for _ in range(3))

        def issues(quote: object) -> Callable[[Life], str]:
            return lambda _life: invoice(aisha, quote, date(2026, 12, 22)).invoice_number  # type: ignore[arg-type]

        invoice(aisha, first)
        before = marks()
        assert issues(spared)(Life(aisha, "")) == "INV-00002"
        whole = left_by(before, marks())
        number, left = killed_everywhere(clock, issues(killed), Life(aisha, ""), detail, kept())
        assert number == "INV-00003"
        assert left | {("sale", "number", "sum"): 2} == whole
        with reading(aisha) as session:
            assert session.scalar(select(Counter.last).where(Counter.series == Series.INVOICE)) == 3
        assert again(aisha, killed).status == again(aisha, spared).status
        assert verified(aisha).intact

    def test_an_order_is_there_wholly_or_not_at_all(
        self,
        own_store: None,
        aisha: Actor,
        reseller: Partner,
        clock: Clock,
        detail: str,
    ) -> None:
        person = as_contact(reseller, email="huda@s.om")
        spared, killed = sent(aisha, reseller), sent(aisha, reseller)
        upload_order(person, spared, number="PO-1", amount="5")
        named = kept()

        def uploads(_life: Life) -> str:
            return str(upload_order(person, killed, number="PO-2", amount="5").state)

        state, left = killed_everywhere(clock, uploads, Life(aisha, ""), detail, named)
        assert state == "differs"
        assert left["purchase_order",] == left["quote_document",] == left["document",] == left["mail",] == 1
        swept(clock, named | {digest(a_file("PO-2").data)})
        assert verified(aisha).intact
