"""What goes otherwise between the proposal and an active partner, and what people are told then."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from core.db import transaction
from core.i18n import t
from core.nda import text_service
from core.nda.rows import agreement_of
from core.partners.models import Partner
from tests.browser import axe, visiting
from tests.journeys.desk import Desk, desk_of
from tests.journeys.leaks import keeps_to_itself
from tests.journeys.people import SETTLE_MS, link_in, press, settled
from tests.journeys.signer import CONTACT, DONE, SIGN, Signer, code_in, enters_room
from tests.journeys.town import Town, made_pdf
from tests.servers import wait_until

LOCKED = "Too many tries. Request a new code."


@pytest.fixture(scope="module")
def desk(town: Town, browser: Browser) -> Iterator[Desk]:
    """An admin at work."""
    with desk_of(town, browser) as found:
        yield found


@contextmanager
def _room_of(town: Town, browser: Browser, partner: Partner) -> Iterator[Page]:
    """A visitor in a partner's room."""
    with visiting(browser) as page:
        enters_room(page, town, town.room_link(partner))
        yield page


def test_a_replaced_room_link_ends_the_room_at_the_next_click(town: Town, browser: Browser, desk: Desk) -> None:
    partner = town.new_partner("Buraimi Foods", contact="Nasser Al Kaabi")
    desk.opens_tab(str(partner.id), partner.name, "Room")
    desk.sends_portal_access()
    old = link_in(town.mails.wait_for(partner.contact_email, seconds=40))
    with visiting(browser) as page:
        enters_room(page, town, old.rpartition("/")[2])
        desk.replaces_link()
        page.get_by_role("button", name="العربية").click()
        expect(page.get_by_text(t("portal.ended", "ar"))).to_be_visible(timeout=SETTLE_MS)
        expect(page.get_by_role("heading", name=t("room.documents", "ar"))).to_have_count(0)
        page.goto(old)
        expect(page.get_by_text("Access was withdrawn on").first).to_be_visible()
        desk.sends_portal_access()
        page.goto(old)
        expect(page.get_by_text("A newer link was sent on").first).to_be_visible()
        press(page, t("entry.new_link", "en"))
        expect(page.get_by_text(t("entry.asked.title", "en")).first).to_be_visible()


def test_a_second_device_needs_the_mailed_code(town: Town, browser: Browser) -> None:
    partner = town.new_partner("Haima Energy", contact="Badriya Al Jahwari")
    data, token = made_pdf("Tariffs"), town.room_link(partner)
    document = town.document(partner, "Tariffs", data, requires_nda=False)
    with visiting(browser) as page:
        enters_room(page, town, token)
        page.goto(f"{town.stack.portal_url}/documents/{document}")
        expect(page).to_have_url(re.compile(r"/room\?unlock=1"), timeout=SETTLE_MS)
        press(page, t("room.device.send", "en"))
        first = code_in(town.mails.wait_for(partner.contact_email, subject="code", seconds=40))
        for left in (4, 3, 2, 1, 0):
            _types_device_code(page, "0000 0000" if first != "0000 0000" else "1111 1111")
            said = t("code.wrong", "en", left=left) if left else LOCKED
            expect(page.get_by_text(said)).to_be_visible(timeout=SETTLE_MS)
        enters_room(page, town, token)
        press(page, t("room.device.send", "en"))
        expect(page.get_by_role("textbox", name=t("room.device.code", "en"))).to_be_visible(timeout=SETTLE_MS)
        wait_until(lambda: len(town.mails.to(partner.contact_email, subject="code")) > 1, what="the code", seconds=40)
        _types_device_code(page, code_in(town.mails.to(partner.contact_email, subject="code")[-1]))
        link = page.get_by_role("link", name="Tariffs")
        expect(link).to_be_visible(timeout=SETTLE_MS)
        with page.expect_download() as fetching:
            link.click()
        assert fetching.value.path().read_bytes() == data


def _types_device_code(page: Page, code: str) -> None:
    settled(page)
    page.get_by_role("textbox", name=t("room.device.code", "en")).fill(code)
    press(page, t("room.device.confirm", "en"))


def test_a_gated_document_says_what_opens_it_and_a_foreign_one_nothing(town: Town, browser: Browser) -> None:
    partner, other = (town.new_partner(name, contact="Fahad Al Rashdi") for name in ("Ibri Steel", "Samail Glass"))
    own = town.document(partner, "Alloys", made_pdf("Alloys"), requires_nda=True)
    foreign = town.document(other, "Panes", made_pdf("Panes"), requires_nda=False)
    with _room_of(town, browser, partner) as page:
        expect(page.get_by_role("list", name="Documents")).to_contain_text(t("room.documents.gated", "en"))
        refused = page.goto(f"{town.stack.portal_url}/documents/{own}")
        assert refused is not None
        assert refused.status == 403
        expect(page.get_by_role("heading", name=t("documents.gated.title", "en"))).to_be_visible()
        assert axe(page) == []
        refused = page.goto(f"{town.stack.portal_url}/documents/{foreign}")
        assert refused is not None
        assert refused.status == 404
        assert "Panes" not in page.content()


def test_a_colleague_signs_with_an_address_of_his_own(town: Town, browser: Browser) -> None:
    partner = town.new_partner("Rustaq Honey", contact="Hilal Al Abri")
    name, email = "Zahra Al Abri", "zahra@rustaq.example"
    with _room_of(town, browser, partner) as asking, visiting(browser) as page:
        signer = Signer(asking, town.stack.portal_url)
        signer.comes()
        asking.get_by_text(signer.words("hand.title")).click()
        for key, text in (("hand.name", name), ("hand.email", email), ("hand.job", "Director")):
            asking.get_by_role("textbox", name=signer.words(key), exact=True).fill(text)
        asking.keyboard.press("Tab")
        settled(asking)
        press(asking, signer.words("hand.press"))
        expect(asking.get_by_text(f"Handed over to {name}")).to_be_visible(timeout=SETTLE_MS)
        page.goto(link_in(town.mails.wait_for(email, seconds=40)))
        assert axe(page) == []
        press(page, t("sign.open", "en"))
        colleague = Signer(page, town.stack.portal_url)
        colleague.is_at(CONTACT)
        assert "token" not in page.url
        colleague.goes_on()
        colleague.reads()
        colleague.signs(town.mails, name=name, address=email)
        (nda,) = town.ndas(partner)
        assert (nda.signer_name, nda.signer_email) == (name, email)
        town.mails.wait_for(email, subject=nda.reference, seconds=40)
        signer.opens()
        signer.is_at(DONE)
        expect(asking.get_by_text(f"Signed by {name}")).to_be_visible()


def test_two_tabs_sign_at_once(town: Town, browser: Browser) -> None:
    partner = town.new_partner("Masirah Fishing", contact="Talib Al Jaafari")
    with _room_of(town, browser, partner) as page:
        one = Signer(page, town.stack.portal_url)
        one.reads_through()
        code = one.asks_for_code(town.mails, partner.contact_email)
        two = Signer(page.context.new_page(), town.stack.portal_url)
        two.opens()
        for tab in (one, two):
            tab.is_at(SIGN)
            tab.types_name(partner.contact_name)
            tab.types_code(code)
            tab.consents()
        one.presses_sign()
        two.presses_sign()
        for tab in (one, two):
            tab.is_at(DONE)
        (nda,) = town.ndas(partner)
        told = [tab.page.get_by_text(f"Already signed: {nda.reference} at").count() for tab in (one, two)]
        assert sorted(told) == [0, 1], [tab.page.locator("[role=alert]").all_inner_texts() for tab in (one, two)]
        town.mails.wait_for(partner.contact_email, subject=nda.reference, seconds=40)
        assert len(town.mails.to(partner.contact_email, subject=nda.reference)) == 1


def test_a_text_published_meanwhile_is_read_before_it_is_signed(town: Town, browser: Browser) -> None:
    partner = town.new_partner("Sur Dhows", contact="Juma Al Araimi")
    with _room_of(town, browser, partner) as page:
        signer = Signer(page, town.stack.portal_url)
        signer.comes()
        signer.goes_on()
        expect(signer.end_of_text).to_be_attached(timeout=SETTLE_MS)
        number, key = _publish_another_text(town)
        signer.end_of_text.scroll_into_view_if_needed()
        signer.end_of_text.click()
        expect(page.get_by_text(signer.words("updated", number=number))).to_be_visible(timeout=SETTLE_MS)
        _reviews(signer, key)
        signer.reads()
        signer.signs(town.mails, name=partner.contact_name, address=partner.contact_email)
        (nda,) = town.ndas(partner)
        assert nda.evidence["text"]["number"] == number


def test_a_text_published_before_the_press_is_not_signed(town: Town, browser: Browser) -> None:
    partner = town.new_partner("Quriyat Boats", contact="Moza Al Ghailani")
    with _room_of(town, browser, partner) as page:
        signer = Signer(page, town.stack.portal_url)
        signer.reads_through()
        signer.types_code(signer.asks_for_code(town.mails, partner.contact_email))
        signer.types_name(partner.contact_name)
        signer.consents()
        number, key = _publish_another_text(town)
        signer.presses_sign()
        told = f"The agreement was updated (v{number}). Review the changes and sign again"
        expect(page.get_by_text(told)).to_be_visible(timeout=SETTLE_MS)
        assert town.ndas(partner) == []
        _reviews(signer, key)
        signer.reads()
        expect(signer.signature).to_have_value(partner.contact_name)
        signer.consents()
        signer.presses_sign()
        signer.is_at(DONE)
        (nda,) = town.ndas(partner)
        assert nda.evidence["text"]["number"] == number


def _reviews(signer: Signer, key: str) -> None:
    """Have the new text shown; the one clause that changed is marked."""
    press(signer.page, signer.words("contact.continue"))
    changed = signer.page.locator("article.changed")
    expect(changed).to_have_count(1, timeout=SETTLE_MS)
    expect(changed).to_have_attribute("data-key", key)
    expect(changed).to_contain_text(signer.words("read.changed"))
    settled(signer.page)


def _publish_another_text(town: Town) -> tuple[int, str]:
    """Change one clause in both languages. Returns the new version's number and the clause's key."""
    by = town.staff("rahma")
    with transaction(by) as session:
        draft = text_service.start_draft(session, by=by)
        words = agreement_of(draft)
        last = words.clauses[-1]
        sides = {
            side: getattr(last, side).model_copy(update={"body": f"{getattr(last, side).body}\n\n{more}"})
            for side, more in (("en", "This holds at sea too."), ("ar", "ويسري ذلك في البحر أيضًا."))
        }
        changed = words.model_copy(update={"clauses": (*words.clauses[:-1], last.model_copy(update=sides))})
        draft = text_service.save_draft(session, agreement=changed, version=draft.version, by=by)
        return text_service.publish(session, version=draft.version, by=by).number, last.key


def test_a_signature_that_is_no_name_or_another_one(town: Town, browser: Browser) -> None:
    partner = town.new_partner("Bahla Pottery", contact="Salim Al Hinai")
    with _room_of(town, browser, partner) as page:
        signer = Signer(page, town.stack.portal_url)
        signer.reads_through()
        signer.types_code(signer.asks_for_code(town.mails, partner.contact_email))
        signer.consents()
        signer.signature.fill("x")
        signer.presses_sign()
        expect(page.get_by_text("Type your full name as on your ID (2–120 letters)")).to_be_visible(timeout=SETTLE_MS)
        signer.types_name("Ali Hassan")
        signer.presses_sign()
        expect(page.get_by_text("You typed 'Ali Hassan' but are invited as 'Salim Al Hinai'.")).to_be_visible(
            timeout=SETTLE_MS
        )
        settled(page).get_by_role("checkbox", name=signer.words("sign.other", name="Ali Hassan")).check(force=True)
        signer.presses_sign()
        signer.is_at(DONE)
        (nda,) = town.ndas(partner)
        assert (nda.signature, nda.signer_name) == ("Ali Hassan", "Salim Al Hinai")


def test_no_secret_of_it_is_where_it_does_not_belong(town: Town) -> None:
    keeps_to_itself(town)
