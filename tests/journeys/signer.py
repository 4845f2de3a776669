"""A person who signs the NDA in a browser, in either language, and the people's mail that belongs to it."""

import re
from email.message import EmailMessage
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from core.i18n import t
from tests.journeys.people import SETTLE_MS, press, settled
from tests.journeys.town import Town
from tests.servers import Mailbox, wait_until

CONTACT, READ, SIGN, DONE = 1, 2, 3, 4
MOST_TABS = 60
CODE = re.compile(r"\b(\d{4} \d{4})\b")
"""A mailed code, as people read it."""


def text_of(mail: EmailMessage) -> str:
    """What a mail says, as plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def code_in(mail: EmailMessage) -> str:
    """The code of a mail, as people read it there."""
    found = CODE.findall(text_of(mail))
    assert len(set(found)) == 1, found
    return str(found[0])


def attached(mail: EmailMessage, media_type: str) -> bytes:
    """The one file of a kind that comes with a mail."""
    (found,) = [part for part in mail.walk() if part.get_content_type() == media_type]
    content = found.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def enters_room(page: Page, town: Town, token: str) -> None:
    """Come in by the room's link, and wait for the room in English."""
    page.goto(f"{town.stack.portal_url}/portal/{token}")
    press(page, t("room.entry.enter", "en"))
    page.wait_for_url(re.compile("/room"), timeout=SETTLE_MS)
    expect(page.get_by_role("heading", name=t("room.documents", "en"), exact=True)).to_be_visible(timeout=SETTLE_MS)
    settled(page)
    given = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    town.note("reader's session", given["pd_portal"])
    town.note("device", given["pd_device"])


class Signer:
    """Somebody at the signing page, who reads it in one language."""

    def __init__(self, page: Page, portal_url: str, *, language: str = "en") -> None:
        self.page, self.portal_url, self.language = page, portal_url, language

    def words(self, key: str, **values: object) -> str:
        """A phrase of the signing page."""
        return t(f"nda.{key}", self.language, **values)

    def opens(self) -> None:
        """Go to the signing page by its address."""
        self.page.goto(f"{self.portal_url}/nda?lang={self.language}")

    def is_at(self, step: int) -> None:
        """The page shows this step, and has drawn it in full."""
        name = self.words(f"step.{('contact', 'read', 'sign', 'done')[step - 1]}")
        expect(self.page.get_by_text(self.words("step.of", n=step, name=name))).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def goes_on(self) -> None:
        """Step 1: leave the name as it is."""
        press(self.page, self.words("contact.continue"))
        self.is_at(READ)

    @property
    def end_of_text(self) -> Locator:
        """The button where the text ends."""
        return self.page.get_by_role("button", name=self.words("read.read"), exact=True)

    def reads(self) -> None:
        """Step 2: scroll to the end, and say so."""
        expect(self.end_of_text).to_have_attribute("aria-disabled", "true", timeout=SETTLE_MS)
        self.end_of_text.scroll_into_view_if_needed()
        expect(self.end_of_text).to_have_attribute("aria-disabled", "false")
        self.end_of_text.click()
        self.is_at(SIGN)

    def asks_for_code(self, mails: Mailbox, address: str) -> str:
        """Step 3: have the code mailed, and look it up in the mail."""
        before = len(self._codes(mails, address))
        press(self.page, self.words("sign.send"))
        wait_until(lambda: len(self._codes(mails, address)) > before, what="the code", seconds=40)
        expect(self._box("sign.code")).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)
        return code_in(self._codes(mails, address)[-1])

    @staticmethod
    def _codes(mails: Mailbox, address: str) -> list[EmailMessage]:
        return [mail for mail in mails.to(address) if CODE.search(text_of(mail))]

    def _box(self, key: str) -> Locator:
        return self.page.get_by_role("textbox", name=self.words(key), exact=True)

    @property
    def signature(self) -> Locator:
        """Where the name is typed."""
        return self._box("sign.signature")

    def types_name(self, name: str) -> None:
        """Type the signature, and see it drawn."""
        self.signature.fill(name)
        self.signature.press("Tab")
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def types_code(self, code: str) -> None:
        """Type the code that came by mail."""
        self._box("sign.code").fill(code)
        self._box("sign.code").press("Tab")
        self.page.wait_for_timeout(200)
        settled(self.page)

    def consents(self) -> None:
        """Tick the consent."""
        box = self.page.get_by_role("checkbox", name=self.words("consent"))
        box.check(force=True)
        expect(box).to_be_checked()
        self.page.wait_for_timeout(200)
        settled(self.page)

    def presses_sign(self) -> None:
        """The one press."""
        press(self.page, self.words("sign.press"))

    def comes(self) -> None:
        """Go to the first step."""
        self.opens()
        self.is_at(CONTACT)

    def reads_through(self) -> None:
        """The first two steps."""
        self.comes()
        self.goes_on()
        self.reads()

    def signs(self, mails: Mailbox, *, name: str, address: str) -> None:
        """Everything from where the text was read to the reference."""
        code = self.asks_for_code(mails, address)
        self.types_name(name)
        self.types_code(code)
        self.consents()
        self.presses_sign()
        self.is_at(DONE)

    def tabs_to(self, role: Literal["button", "textbox", "checkbox"], key: str) -> None:
        """Reach something by the keyboard alone."""
        wanted = self.page.get_by_role(role, name=self.words(key), exact=True)
        expect(wanted).to_be_attached(timeout=SETTLE_MS)
        for _ in range(MOST_TABS):
            if wanted.evaluate("element => element === element.getRootNode().activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{key} is not reached by {MOST_TABS} tabs")
