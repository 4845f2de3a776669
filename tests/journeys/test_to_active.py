"""From the proposal to an active partner, as one story: the NDA, documents, the room, a meeting, closing as won."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from core.db import reading
from core.i18n import t
from core.nda.seal import trusted
from core.nda.verify import verify
from core.vault.queries import fetches
from core.vault.trail import FetchRow
from tests.browser import axe, complaints, visiting
from tests.journeys.desk import Desk, desk_of
from tests.journeys.leaks import keeps_to_itself
from tests.journeys.people import SETTLE_MS, Reader, link_in, press, settled
from tests.journeys.signer import DONE, SIGN, Signer, attached
from tests.journeys.town import Town, made_pdf

NAME, HEADING = "Musandam Shipping", "Sail further with us"
SIGNER, ADDRESS, OWNER = "Salma Al Kumzari", "salma@musandam-shipping.example", "rahma@nizwacloud.example"
PRICES, PLAN = "Price list 2027", "Launch plan"
MEETING, ACTION, DECISION = "Scope and prices", "Send the list of ports", "Khasab goes first"


@dataclass
class Story:
    """What later chapters need of earlier ones."""

    town: Town
    desk: Desk
    phone: Page
    """The partner's, in Arabic."""
    heard: list[str]
    """What the phone's console complained of."""
    files: dict[str, bytes] = field(default_factory=dict)
    partner_id: str = ""
    reference: str = ""
    link: str = ""
    """To the proposal, as it was mailed."""

    @property
    def portal(self) -> str:
        """The portal's address."""
        return self.town.stack.portal_url

    def signer(self) -> Signer:
        """The partner at the signing page."""
        return Signer(self.phone, self.portal, language="ar")

    def fetched(self) -> list[FetchRow]:
        """Every download from the partner's vault, newest first."""
        with reading(self.town.staff("rahma")) as session:
            return fetches(session, partner_id=UUID(self.partner_id))[0]


@pytest.fixture(scope="module")
def story(town: Town, browser: Browser) -> Iterator[Story]:
    """An admin at a desk, a partner with a phone."""
    with desk_of(town, browser) as desk, visiting(browser, width=390, height=844, locale="ar-OM") as phone:
        yield Story(town, desk, phone, complaints(phone))


def _room(word: str, **values: object) -> str:
    return t(f"room.{word}", "ar", **values)


def _to_room(story: Story) -> None:
    story.phone.goto(f"{story.portal}/room?lang=ar")
    expect(story.phone.get_by_role("heading", name=_room("documents"), exact=True)).to_be_visible(timeout=SETTLE_MS)
    settled(story.phone)


def test_a_partner_is_invited_and_a_document_waits_for_the_nda(story: Story) -> None:
    desk, story.reference = story.desk, story.town.next_reference()
    story.partner_id = desk.adds_partner(NAME, contact=SIGNER, email=ADDRESS)
    desk.writes_proposal(story.partner_id, NAME, heading=HEADING)
    desk.sends_invitation(story.partner_id, NAME)
    desk.opens_tab(story.partner_id, NAME, "Documents")
    story.files[PRICES] = made_pdf(PRICES)
    desk.adds_document("price list.pdf", story.files[PRICES], title=PRICES)
    expect(desk.listed("Documents", PRICES)).to_contain_text("After the NDA")


def test_the_proposal_says_what_opens_its_documents(story: Story) -> None:
    phone = story.phone
    story.link = link_in(story.town.mails.wait_for(ADDRESS, seconds=40))
    Reader(phone).opens(story.link, hero=HEADING)
    press(phone, "العربية")
    expect(phone.locator("html")).to_have_attribute("dir", "rtl", timeout=SETTLE_MS)
    settled(phone)
    documents = phone.locator(".st-key-section-documents")
    expect(documents.get_by_text(t("proposal.after_nda", "ar")).first).to_be_visible()
    press(phone, t("proposal.sign_nda", "ar"), within=documents)
    story.signer().is_at(1)


def test_four_steps_and_a_reload_lead_to_a_reference(story: Story) -> None:
    signer, phone = story.signer(), story.phone
    signer.goes_on()
    phone.reload()
    signer.is_at(2)
    signer.reads()
    code = signer.asks_for_code(story.town.mails, ADDRESS)
    signer.types_name(SIGNER)
    phone.reload()
    signer.is_at(SIGN)
    expect(signer.signature).to_have_value(SIGNER)
    wide = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    signer.types_code(code)
    signer.consents()
    signer.presses_sign()
    signer.is_at(DONE)
    expect(phone.get_by_text(signer.words("done.title", reference=story.reference))).to_be_visible()
    assert axe(phone) == []


def test_the_signed_copy_arrives_sealed_and_whole(story: Story) -> None:
    phone, mails = story.phone, story.town.mails
    mail = mails.wait_for(ADDRESS, subject=story.reference, seconds=40)
    pdf = attached(mail, "application/pdf")
    link = phone.get_by_role("link", name=story.signer().words("done.pdf"))
    answer = phone.request.get(f"{story.portal}{link.get_attribute('href')}")
    assert answer.body() == pdf
    assert pdf.startswith(b"%PDF")
    verdict = verify(pdf, trusted=trusted())
    assert (verdict.ok, verdict.reason_key) == (True, "nda.verify.ok")
    assert verdict.evidence is not None
    assert (verdict.evidence.reference, verdict.evidence.signature) == (story.reference, SIGNER)
    sent: FilePayload = {"name": "nda.pdf", "mimeType": "application/pdf", "buffer": pdf}
    checked = phone.request.post(f"{story.portal}/verify", multipart={"file": sent}, headers={"Origin": story.portal})
    assert t("verify.confirmed.title", "ar", reference=story.reference) in checked.text()
    alert = mails.wait_for(OWNER, subject=f"{NAME} has signed the NDA: {story.reference}", seconds=40)
    assert alert.get_body(("plain",)) is not None


def test_the_document_opens_and_the_admin_sees_who_fetched_it(story: Story) -> None:
    phone = story.phone
    press(phone, story.signer().words("done.room"))
    documents = phone.get_by_role("list", name=_room("documents"), exact=True)
    link = documents.get_by_role("link", name=PRICES)
    expect(link).to_be_visible(timeout=SETTLE_MS)
    settled(phone)
    with phone.expect_download() as fetching:
        link.click()
    data = fetching.value.path().read_bytes()
    assert fetching.value.suggested_filename == "price list.pdf"
    assert data == story.files[PRICES]
    newest = story.fetched()[0]
    assert (newest.title, newest.sha256, newest.is_staff) == (PRICES, hashlib.sha256(data).hexdigest(), False)
    story.desk.opens_tab(story.partner_id, NAME, "Documents")
    expect(story.desk.listed("Documents", PRICES)).to_contain_text("downloaded once, last")
    table = story.desk.page.get_by_test_id("stDataFrame").last
    expect(table).to_contain_text(newest.who)
    expect(table).to_contain_text("price list.pdf")


def test_a_meeting_is_planned_and_its_action_item_done(story: Story) -> None:
    story.desk.adds_meeting(MEETING, action=ACTION, doer=f"{NAME} (their side)")
    mail = story.town.mails.wait_for(ADDRESS, subject=f"Meeting: {MEETING}", seconds=40)
    calendar = attached(mail, "text/calendar").decode()
    assert MEETING in calendar.replace("\r\n ", "")
    assert "METHOD:REQUEST" in calendar
    _to_room(story)
    expect(story.phone.get_by_role("list", name=_room("meetings"), exact=True)).to_contain_text(MEETING)
    box = story.phone.get_by_role("checkbox", name=ACTION)
    box.check(force=True)
    expect(story.phone.get_by_text(_room("todo.done", count="\u20681\u2069"))).to_be_visible(timeout=SETTLE_MS)
    story.town.mails.wait_for(OWNER, subject=f"{NAME} has done: {ACTION}", seconds=40)


def test_the_deal_is_closed_as_won(story: Story) -> None:
    desk = story.desk
    desk.opens_tab(story.partner_id, NAME, "Meetings")
    expect(desk.page.get_by_text("Done · 1")).to_be_visible()
    desk.records_decision(DECISION)
    desk.moves("MOU signed", button="Move")
    expect(desk.page.get_by_text("· MOU signed ")).to_be_visible(timeout=SETTLE_MS)
    desk.moves("Close as won", button="Close as won")
    expect(desk.page.get_by_text("active since")).to_be_visible(timeout=SETTLE_MS)
    desk.opens("partnerships", "Partnerships")
    expect(desk.column("active").locator("li").filter(has_text=NAME)).to_be_visible(timeout=SETTLE_MS)


def test_an_active_partner_opens_what_would_be_gated(story: Story) -> None:
    story.files[PLAN] = made_pdf(PLAN)
    story.desk.opens_tab(story.partner_id, NAME, "Documents")
    story.desk.adds_document("launch plan.pdf", story.files[PLAN], title=PLAN)
    expect(story.desk.listed("Documents", PLAN)).to_contain_text("Open")
    _to_room(story)
    expect(story.phone.get_by_text(_room("event.moved.active"))).to_be_visible()
    expect(story.phone.get_by_text(DECISION).first).to_be_visible()
    assert axe(story.phone) == []
    with story.phone.expect_download() as fetching:
        story.phone.get_by_role("link", name=PLAN).click()
    assert fetching.value.path().read_bytes() == story.files[PLAN]
    assert [text for text in story.heard if "404" not in text] == []


def test_no_secret_of_it_is_where_it_does_not_belong(story: Story) -> None:
    given = {cookie["name"]: cookie["value"] for cookie in story.phone.context.cookies()}
    story.town.note("reader's session", given["pd_portal"])
    story.town.note("device", given["pd_device"])
    story.town.note("proposal link", story.link.partition("token=")[2], ADDRESS)
    keeps_to_itself(story.town, "proposal link")
