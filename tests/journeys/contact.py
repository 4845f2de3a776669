"""A reseller's person in the portal: how one comes in, fills in and reads, and what the browser was told meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, WebSocket, expect

from core.access import devices
from core.access.secret import hashed
from core.actor import Actor
from core.contacts.invitations import new_link
from core.contacts.models import Contact, LinkUse
from core.db import transaction
from tests.browser import visiting
from tests.journeys.people import SETTLE_MS, press, settled
from tests.journeys.town import Town


class Person:
    """A contact in a browser."""

    def __init__(self, page: Page, town: Town) -> None:
        self.page, self.town = page, town
        self._frames: list[bytes] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda sent: self._frames.append(sent if isinstance(sent, bytes) else sent.encode()))

    @property
    def actor(self) -> Actor:
        """Whom the browser's session lets in."""
        return self.town.who(self._cookie("pd_portal"))

    def _cookie(self, name: str) -> str:
        return next(one["value"] for one in self.page.context.cookies() if one["name"] == name)

    def comes_in(self, contact: Contact) -> None:
        """Press a fresh link's button; the device counts as confirmed from then on."""
        by = self.town.staff("rahma")
        with transaction(by) as session:
            secret = new_link(session, session.get_one(Contact, contact.id), LinkUse.INVITE)
        self.page.goto(f"{self.town.stack.portal_url}/join/{self.town.note('invitation', secret, contact.email)}")
        self.page.get_by_role("button").first.click()
        expect(self.page.get_by_text(contact.name).first).to_be_visible(timeout=SETTLE_MS)
        known = devices.known_as(hashed(self._cookie("pd_device")), contact.id)
        with transaction(by) as session:
            devices.trust(session, contact.partner_id, known, address=contact.email)

    def opens(self, path: str, *, heading: str | re.Pattern[str]) -> None:
        """Go to a page by its address."""
        self.page.goto(f"{self.town.stack.portal_url}/{path}")
        expect(self.page.get_by_role("heading", name=heading).first).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def looks_again(self) -> None:
        """Load the page once more."""
        self.page.reload()
        expect(self.page.get_by_role("heading").first).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Find some words on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=SETTLE_MS)

    def types(self, label: str, text: str) -> None:
        """Type into a field and leave it."""
        box = self.page.get_by_label(label, exact=True)
        box.fill(text)
        box.press("Tab")
        settled(self.page)

    def orders(self, number: str, *, amount: str, file: bytes) -> None:
        """Upload a purchase order on the deal's page."""
        settled(self.page)
        self.types("Order number", number)
        self.types("Amount on the order", amount)
        chooser = self.page.get_by_test_id("stFileUploader").filter(has_text="The order").locator("input[type=file]")
        chooser.set_input_files({"name": f"{number}.pdf", "mimeType": "application/pdf", "buffer": file})
        self.sees(f"{number}.pdf")
        settled(self.page)
        press(self.page, "Upload the order")
        self.sees(f"Order {number}")

    def was_told(self) -> str:
        """The page's source, and everything that the server sent to this browser's pages since this was last asked.

        What a component draws for itself stands in no page's source; it is in what was sent.
        """
        sent = b"".join(self._frames)
        self._frames.clear()
        return self.page.content() + sent.decode("utf-8", "replace")


@contextmanager
def at_the_portal(town: Town, browser: Browser, contact: Contact) -> Iterator[Person]:
    """A contact who came in by a link, on a device that is confirmed."""
    with visiting(browser) as page:
        person = Person(page, town)
        person.comes_in(contact)
        yield person
