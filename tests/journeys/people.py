"""People at work in a browser: what an admin and a partner do, step by step."""

import re
import time
from email.message import EmailMessage

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

SETTLE_MS = 30_000
FIRST_SIGHT = """
new MutationObserver((_, watching) => {
  if (!document.querySelector(".st-key-section-hero")) return;
  window.firstSight = Date.now();
  watching.disconnect();
}).observe(document, { childList: true, subtree: true });
"""
"""Notes when the first section is there: the reader's watch must not wait for a busy machine to look."""
_LINK = re.compile(r"https?://127\.0\.0\.1:\d+/\S+")


def link_in(mail: EmailMessage) -> str:
    """The first link of ours in a mail's text."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = _LINK.search(body.get_content())
    assert found, body.get_content()
    return found[0].rstrip(".")


def settled(page: Page) -> Page:
    """The page, once Streamlit has nothing more to draw."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_attached(timeout=SETTLE_MS)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=SETTLE_MS)
    return page


def press(page: Page, name: str, *, within: Locator | None = None) -> None:
    """Press the button that is called so."""
    button = (within or page).get_by_role("button", name=name, exact=True).first
    expect(button).to_be_enabled(timeout=SETTLE_MS)
    button.click()


class News:
    """What the server tells a page, which can be made to wait: meanwhile the page shows what it showed."""

    def __init__(self, page: Page) -> None:
        self._waiting: list[str | bytes] | None = None
        self._line: WebSocketRoute | None = None
        page.route_web_socket(re.compile("/_stcore/stream"), self._connect)

    def _connect(self, line: WebSocketRoute) -> None:
        self._line = line
        line.connect_to_server().on_message(self._pass)

    def _pass(self, message: str | bytes) -> None:
        if self._waiting is not None:
            self._waiting.append(message)
        elif self._line:
            self._line.send(message)

    def wait(self) -> None:
        """Keep everything back from now on; what the page sends still goes out."""
        self._waiting = []

    def arrive(self) -> None:
        """Let the page hear what was kept back, and everything after it."""
        kept, self._waiting = self._waiting or [], None
        for message in kept:
            self._pass(message)


class Admin:
    """A member of staff in the admin app."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address

    def signs_in(self, link: str) -> None:
        """Open a sign-in link and press its button."""
        self.page.goto(link)
        self.page.get_by_role("button", name="Sign in").first.click()
        expect(self.page.get_by_role("heading", name="Today")).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def opens(self, path: str, heading: str) -> None:
        """Go to a page by its address."""
        self.page.goto(f"{self.address}/{path}")
        expect(self.page.get_by_role("heading", name=heading, exact=True).first).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def fills(self, label: str, text: str) -> None:
        """Type into an input and leave it."""
        box = self.page.get_by_label(label, exact=True).first
        box.fill(text)
        box.press("Tab")

    def adds_partner(self, name: str, *, contact: str, email: str) -> str:
        """Add a partner on the board. Returns its id."""
        self.opens("partnerships", "Partnerships")
        press(self.page, "Add partner")
        dialog = self.page.get_by_role("dialog")
        for label, text in (("Name", name), ("Contact's name", contact), ("Contact's e-mail", email)):
            dialog.get_by_label(label, exact=True).fill(text)
        press(self.page, "Add partner", within=dialog)
        self.page.wait_for_url(re.compile(r"/partner\?id="), timeout=SETTLE_MS)
        expect(self.page.get_by_role("heading", name=name)).to_be_visible(timeout=SETTLE_MS)
        return self.page.url.partition("id=")[2].partition("&")[0]

    def writes_proposal(self, partner_id: str, name: str, *, heading: str) -> None:
        """Start from another partner's proposal, change the first heading, and publish."""
        self.opens(f"proposal?id={partner_id}", name)
        press(self.page, "Start from…")
        press(self.page, "Copy into draft", within=self.page.get_by_role("dialog"))
        expect(self.page.get_by_role("dialog")).to_have_count(0, timeout=SETTLE_MS)
        settled(self.page)
        self.fills("Heading, English", heading)
        settled(self.page)
        press(self.page, "Publish")
        press(self.page, "Publish version 1", within=self.page.get_by_role("dialog"))
        expect(self.page.get_by_text("Version 1 published").first).to_be_visible(timeout=SETTLE_MS)

    def sends_invitation(self, partner_id: str, name: str) -> None:
        """Send the invitation from the partner's page."""
        self.opens(f"partner?id={partner_id}", name)
        press(self.page, "Send invitation")
        press(self.page, "Send invitation", within=self.page.get_by_role("dialog"))
        expect(self.page.get_by_text("The invitation is on its way to").first).to_be_visible(timeout=SETTLE_MS)

    def card(self, name: str) -> Locator:
        """A partner's card on the board."""
        return self.page.locator("li[data-id]").filter(has_text=name)

    def drags(self, name: str, to: str) -> None:
        """Drag a partner's card to another stage with the mouse."""
        start, end = self.card(name).bounding_box(), self.column(to).bounding_box()
        assert start
        assert end
        mouse = self.page.mouse
        mouse.move(start["x"] + 60, start["y"] + 20)
        mouse.down()
        mouse.move(start["x"] + 75, start["y"] + 30, steps=4)
        mouse.move(end["x"] + end["width"] / 2, end["y"] + 150, steps=12)
        self.page.wait_for_timeout(50)
        mouse.up()

    def column(self, status: str) -> Locator:
        """A stage on the board."""
        return self.page.locator(f"ul[data-column={status}]")


class Reader:
    """A partner's person in the portal."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.spent: dict[str, float] = {}
        """Seconds in front of each section, by the reader's own watch."""
        self._at, self._since = "", 0.0

    def opens(self, link: str, *, button: str = "Open", hero: str) -> None:
        """Look at the link's page and press a button."""
        self.page.add_init_script(FIRST_SIGHT)
        self.page.goto(link)
        self.page.get_by_role("button", name=button, exact=True).first.click()
        expect(self.page.get_by_role("heading", name=hero)).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)
        self._at, self._since = "hero", time.monotonic() - self.page.evaluate("Date.now() - window.firstSight") / 1000

    def _turns_to(self, section: str) -> None:
        """Note on the watch what comes into view now."""
        now = time.monotonic()
        if self._at:
            self.spent[self._at] = self.spent.get(self._at, 0.0) + now - self._since
        self._at, self._since = section, now

    def reads(self, section: str, *, seconds: float) -> None:
        """Go to a section and stay there, moving the mouse as readers do."""
        place = self.page.locator(f".st-key-section-{section}")
        place.evaluate("element => element.scrollIntoView({block: 'center', behavior: 'instant'})")
        self._turns_to(section)
        self.page.mouse.move(300, 300)
        self.page.wait_for_timeout(seconds * 1000)
        self.page.mouse.move(320, 310)

    def leaves(self) -> None:
        """Go somewhere else."""
        self._turns_to("")
        self.page.goto("about:blank")
        self.page.wait_for_timeout(500)
