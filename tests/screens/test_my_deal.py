"""One deal in the portal: where it stands, what is mine to do, and what a role does not get to see."""

from collections.abc import Callable  # noqa: I001 - a short import keeps the file short
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor, ContactRole
from core.clock import now
from core.db import reading, transaction
from core.deals import protections, selling, service
from core.deals.models import Quote
from core.deals.protection_queries import extensions
from core.deals.states import DocumentUse, QuoteStatus
from core.ids import new_id
from core.partners.models import Partner
from tests.conftest import Clock
from tests.core.contact_acts import contact_actor
from tests.core.deal_acts import make_product, make_territory, new_deal
from tests.core.today_world import statements
from tests.core.vault_acts import a_pdf
from tests.screens.portal_deals import (
    Open, Shown, approved, labels, opener, person, places, press, quoted, sent_back, shown, standing, told,
)  # fmt: skip

CANARY = "canary-51c7"


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What the page's lists, facts and steps showed last."""
    return shown(monkeypatch)


@pytest.fixture
def open_deal(
    monkeypatch: pytest.MonkeyPatch, lists: Shown, set_settings: Callable[..., None], sqlite_database: str
) -> Open:
    """Opens a deal's page as somebody, on a device that needs no code."""
    set_settings(code_on_new_device=False)
    return opener(monkeypatch, "deal")


@pytest.fixture
def salim(sqlite_database: str, aisha: Actor, partner: Partner, clock: Clock) -> Actor:
    """A salesperson."""
    return contact_actor(person(aisha, partner))


@pytest.fixture
def deal(salim: Actor, aisha: Actor) -> Quote:
    """The salesperson's deal over OMR 1,200, which waits for its review."""
    with transaction(aisha) as session:
        product, territory = make_product(session, name="Ledger"), make_territory(session, name="Muscat")
    with transaction(salim) as session:
        intent = new_deal(product, territory, customer_name="Muscat *Pharmacies*", need=CANARY)
        return service.submit(session, deal=intent, by=salim)


class TestNone:
    @pytest.mark.parametrize("asked", ("", "no-id"))
    def test_an_address_without_a_deal_leads_back(self, open_deal: Open, salim: Actor, asked: str) -> None:
        screen = open_deal(salim, id=asked)
        assert "There is no such deal here" in told(screen)
        assert [one.proto.label for one in screen.get("link_button") if "deals" in one.proto.url] == ["All deals"]

    def test_a_colleagues_deal_is_not_there_for_a_salesperson(
        self, open_deal: Open, deal: Quote, aisha: Actor, partner: Partner
    ) -> None:
        other = contact_actor(person(aisha, partner))
        for asked in (deal.id, new_id()):
            screen = open_deal(other, id=str(asked))
            assert "This deal was not found" in screen.error[0].value
            assert "Pharmacies" not in repr(screen.main)


class TestInReview:
    def test_says_what_happens_next_and_by_when(
        self, open_deal: Open, salim: Actor, deal: Quote, lists: Shown, clock: Clock
    ) -> None:
        screen = open_deal(salim, id=str(deal.id))
        assert screen.title[0].value == r"Muscat \*Pharmacies\*"
        assert places(lists) == ["done", "here", *["ahead"] * 5]
        assert "Sent for review just now" in screen.info[0].value
        assert "What happens next" in [one.value for one in screen.header]
        clock.forward(hours=12)
        assert "In review for 12 h. You get an answer within 48 h" in open_deal(salim, id=str(deal.id)).info[0].value
        clock.forward(hours=40)
        screen = open_deal(salim, id=str(deal.id))
        assert "longer than the 48 h we promise" in screen.info[0].value
        assert "What happens next" not in [one.value for one in screen.header]

    @pytest.mark.parametrize("role", (ContactRole.TECHNICAL, ContactRole.FINANCE, ContactRole.VIEWER))
    def test_shows_a_role_what_it_has_and_offers_it_nothing(
        self, open_deal: Open, deal: Quote, aisha: Actor, partner: Partner, lists: Shown, role: ContactRole
    ) -> None:
        screen = open_deal(contact_actor(person(aisha, partner, role)), id=str(deal.id))
        facts = dict(lists["deal-facts"])
        assert ("1,200" in facts["Amount"]) == (role is ContactRole.FINANCE)
        assert (facts["What they need"] == CANARY) == (role is not ContactRole.VIEWER)
        seen = repr(screen.main) + repr(lists)
        assert ("1,200" in seen) == (role is ContactRole.FINANCE)
        assert (CANARY in seen) == (role is not ContactRole.VIEWER)
        assert not {"Withdraw…", "Attach", "Send again for review"} & set(labels(screen))

    def test_is_withdrawn_after_a_question(self, open_deal: Open, salim: Actor, deal: Quote, lists: Shown) -> None:
        screen = press(open_deal(salim, id=str(deal.id)), "Withdraw…")
        assert "cannot be brought back" in told(screen)
        press(screen, "Keep it")
        assert standing(salim, deal.id).row.status is QuoteStatus.PENDING
        press(press(screen, "Withdraw…"), "Withdraw it")
        assert standing(salim, deal.id).row.status is QuoteStatus.WITHDRAWN
        assert "This deal was withdrawn" in screen.info[0].value
        assert places(lists)[1] == "stopped"
        assert "Withdraw…" not in labels(screen)

    def test_a_withdrawal_that_comes_too_late_says_so(
        self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor
    ) -> None:
        screen = press(open_deal(salim, id=str(deal.id)), "Withdraw…")
        approved(nora, deal)
        next(one for one in screen.button if one.label == "Withdraw it").click().run()
        assert "decided meanwhile" in screen.error[0].value
        assert "Approved on" in screen.success[0].value

    def test_files_are_attached_and_others_refused(
        self, open_deal: Open, salim: Actor, deal: Quote, lists: Shown
    ) -> None:
        screen = press(open_deal(salim, id=str(deal.id)), "Attach")
        assert "Choose a file first" in told(screen)
        screen.file_uploader[0].upload("plan.pdf", b"<html><script></script></html>", "application/pdf").run()
        press(screen, "Attach")
        assert "This is not a PDF" in told(screen)
        screen.file_uploader[0].upload("plan.txt", b"40 seats", "text/plain").run()
        press(screen, "Attach")
        (line,) = lists["deal-documents"]
        assert (line.title, line.href.startswith("/documents/")) == ("plan", True)

    def test_asks_the_database_little(self, open_deal: Open, salim: Actor, deal: Quote) -> None:
        screen = open_deal(salim, id=str(deal.id))
        with statements() as asked:
            screen.run()
        assert len(asked) <= 10


class TestReturned:
    def test_shows_the_note_and_sends_the_deal_again(
        self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor, lists: Shown
    ) -> None:
        sent_back(nora, deal, "Who signs?\nAnd *when*?")
        screen = open_deal(salim, id=str(deal.id))
        assert lists["deal-note"] == [("The reviewer's note", "Who signs?\nAnd *when*?")]
        amount = f"deal.edit.{deal.id}.amount-ltr"
        assert screen.text_input(key=amount).value == "1,200.000"
        screen.text_input(key=amount).input("1.2345").run()
        press(screen, "Send again for review")
        assert "OMR takes 3 decimals." in told(screen)
        assert standing(salim, deal.id).row.status is QuoteStatus.RETURNED
        screen.text_input(key=amount).input("٢٠٠٠").run()
        press(screen, "Send again for review")
        found = standing(salim, deal.id)
        assert (found.row.status, str(found.row.amount)) == (QuoteStatus.PENDING, "2000.000")
        assert "Sent for review just now" in screen.info[0].value

    def test_what_a_colleague_did_meanwhile_is_not_written_over(
        self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor, aisha: Actor, partner: Partner
    ) -> None:
        sent_back(nora, deal)
        screen = open_deal(salim, id=str(deal.id))
        found = standing(salim, deal.id)
        principal = contact_actor(person(aisha, partner, ContactRole.PRINCIPAL))
        with transaction(principal) as session:
            service.withdraw(session, found.row.id, by=principal)
        next(one for one in screen.button if one.label == "Send again for review").click().run()
        assert standing(salim, deal.id).row.status is QuoteStatus.WITHDRAWN
        assert "This deal was withdrawn" in screen.info[0].value

    def test_in_arabic(self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor, lists: Shown) -> None:
        sent_back(nora, deal)
        screen = open_deal(salim, id=str(deal.id), lang="ar")
        assert "نحتاج إلى مزيد من المعلومات" in screen.warning[0].value
        press(screen, "إرسال للمراجعة من جديد")
        assert standing(salim, deal.id).row.status is QuoteStatus.PENDING

    def test_a_role_that_only_reads_is_offered_no_form(
        self, open_deal: Open, deal: Quote, nora: Actor, aisha: Actor, partner: Partner
    ) -> None:
        sent_back(nora, deal)
        screen = open_deal(contact_actor(person(aisha, partner, ContactRole.FINANCE)), id=str(deal.id))
        assert "Your salesperson edits the deal" in screen.warning[0].value
        assert not screen.text_input

    def test_a_rejected_one_is_over(
        self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor, lists: Shown
    ) -> None:
        with transaction(nora) as session:
            service.reject(session, deal.id, note="Ours already", version=deal.version, by=nora)
        screen = open_deal(salim, id=str(deal.id))
        assert "Not accepted on" in screen.error[0].value
        assert lists["deal-note"][0][1] == "Ours already"
        assert places(lists)[:3] == ["done", "stopped", "ahead"]
        assert labels(screen)[-1:] != ["Withdraw…"]


class TestApproved:
    def test_tells_how_long_it_is_protected_and_asks_for_longer(
        self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor
    ) -> None:
        approved(nora, deal)
        screen = open_deal(salim, id=str(deal.id))
        assert "is protected for you until 20 Feb 2027: 90 days left" in told(screen)
        press(press(screen, "Ask for longer…"), "Ask")
        assert "Say what speaks for longer protection" in told(screen)
        screen.number_input[0].set_value(45)
        screen.text_area(key="deal.ask_why").input("The board meets in March").run()
        press(screen, "Ask")
        assert "You asked for 45 more days" in told(screen)
        assert "Ask for longer…" not in labels(screen)
        with reading(nora) as session:
            (wish,) = extensions(session)
        with transaction(nora) as session:
            protections.decide_extension(session, wish.id, granted=True, by=nora)
        assert "45 more days was granted" in told(open_deal(salim, id=str(deal.id)))

    def test_shows_terms_to_roles_with_money_only(
        self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor, aisha: Actor, partner: Partner, lists: Shown
    ) -> None:
        approved(nora, deal)
        open_deal(salim, id=str(deal.id))
        assert dict(lists["deal-facts"])["Commission"] == "10%"
        open_deal(contact_actor(person(aisha, partner, ContactRole.TECHNICAL)), id=str(deal.id))
        assert dict(lists["deal-facts"])["Commission"] == ""


class TestOrder:
    def fill(self, screen: AppTest, amount: str) -> AppTest:
        screen.text_input(key="deal.order.number-ltr").input("PO-77").run()
        screen.text_input(key="deal.order.amount-ltr").input(amount).run()
        screen.file_uploader[0].upload("order.pdf", a_pdf("Order"), "application/pdf").run()
        return press(screen, "Upload the order")

    def test_no_order_before_the_quote_was_sent(self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor) -> None:
        approved(nora, deal)
        assert "Upload the order" not in labels(open_deal(salim, id=str(deal.id)))

    def test_says_at_once_what_differs_then_that_it_matches(
        self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor, lists: Shown, clock: Clock
    ) -> None:
        quoted(nora, deal)
        screen = open_deal(salim, id=str(deal.id))
        assert lists["deal-quote"][0].link_href.startswith("/documents/")
        assert places(lists)[4] == "here"
        press(screen, "Upload the order")
        assert "Enter the order's number" in told(screen)
        self.fill(screen, "1,100")
        assert "Amount: the quote says OMR 1,200.000, the order says OMR 1,100.000" in told(screen)
        assert lists["deal-orders"][0].tone == "attention"
        clock.forward(minutes=1)
        self.fill(screen, "1,200")
        assert "The order matches the quote" in told(screen)
        assert lists["deal-orders"][0].mark == "Matches the quote"

    def test_a_file_that_is_no_pdf_keeps_what_was_typed(
        self, open_deal: Open, salim: Actor, deal: Quote, nora: Actor, lists: Shown
    ) -> None:
        quoted(nora, deal)
        screen = open_deal(salim, id=str(deal.id))
        screen.text_input(key="deal.order.number-ltr").input("PO-77").run()
        screen.text_input(key="deal.order.amount-ltr").input("1,200").run()
        screen.file_uploader[0].upload("order.pdf", b"<html></html>", "application/pdf").run()
        press(screen, "Upload the order")
        assert "This is not a PDF" in told(screen)
        assert screen.text_input(key="deal.order.number-ltr").value == "PO-77"
        assert "deal-orders" not in lists

    @pytest.mark.parametrize("role", [role for role in ContactRole if role is not ContactRole.SALESPERSON])
    def test_papers_with_prices_reach_roles_with_money_only(
        self, open_deal: Open, deal: Quote, nora: Actor, aisha: Actor, partner: Partner, lists: Shown, role: ContactRole
    ) -> None:
        quoted(nora, deal)
        with transaction(nora) as session:
            selling.answer(session, deal.id, accepted=True, by=nora)
        with transaction(nora) as session:
            sale = selling.invoice(session, deal.id, due_on=date(2026, 12, 31), by=nora)
        with transaction(nora) as session:
            selling.pay(session, sale.id, at=(now() + timedelta(hours=4)).date(), by=nora)
        reader = contact_actor(person(aisha, partner, role))
        screen = open_deal(reader, id=str(deal.id))
        has_money = role in (ContactRole.PRINCIPAL, ContactRole.FINANCE)
        assert ("1,200" in repr(screen.main) + repr(lists)) == has_money
        assert bool(lists["deal-invoice"][0].href) == has_money
        assert (lists["deal-invoice"][0].mark, places(lists)) == ("Paid", ["done"] * 7)
        assert {one.use for one in standing(reader, deal.id).documents} == (
            {DocumentUse.QUOTE, DocumentUse.INVOICE} if has_money else set()
        )
