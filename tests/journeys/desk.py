"""What staff do with a partner after the proposal: documents, meetings, action items, decisions, moves, the room."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, expect

from tests.browser import visiting
from tests.journeys.people import SETTLE_MS, Admin, press, settled
from tests.journeys.town import Town


class Desk(Admin):
    """An admin at a partner's page."""

    def opens_tab(self, partner_id: str, name: str, tab: str) -> None:
        """Go to a tab of a partner's page."""
        self.opens(f"partner?id={partner_id}&tab={tab}", name)
        expect(self.page.get_by_role("tab", name=tab, selected=True)).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    def confirms(self, button: str) -> None:
        """Press a button of the dialog, which closes it."""
        press(self.page, button, within=self.dialog)
        expect(self.dialog).to_have_count(0, timeout=SETTLE_MS)
        settled(self.page)

    def adds_document(self, file_name: str, data: bytes, *, title: str) -> None:
        """Upload a file that opens after the NDA, from the Documents tab, by the browser's own file chooser."""
        press(self.page, "Add document")
        with self.page.expect_file_chooser() as chosen:
            self.dialog.get_by_test_id("stFileUploaderDropzone").locator("button").click()
        chosen.value.set_files({"name": file_name, "mimeType": "application/pdf", "buffer": data})
        expect(self.dialog.get_by_text(file_name).first).to_be_visible(timeout=SETTLE_MS)
        self.dialog.get_by_label("Title", exact=True).fill(title)
        expect(self.dialog.get_by_role("checkbox", name="Only after the NDA")).to_be_checked()
        self.confirms("Add document")
        expect(self.listed("Documents", title)).to_be_visible(timeout=SETTLE_MS)

    def listed(self, label: str, text: str) -> Locator:
        """A line of a list on the page."""
        return self.page.get_by_role("list", name=label, exact=True).get_by_role("listitem").filter(has_text=text)

    def adds_meeting(self, title: str, *, action: str, doer: str) -> None:
        """Plan a meeting with an action item, from any tab."""
        press(self.page, "Add meeting")
        self.dialog.get_by_label("Title", exact=True).fill(title)
        self.dialog.get_by_label("Action item", exact=True).fill(action)
        self.dialog.get_by_role("combobox", name="Who").click()
        self.page.get_by_role("option", name=doer).click()
        self.confirms("Add meeting")

    def records_decision(self, text: str) -> None:
        """Write down what was decided, from the Meetings tab."""
        press(self.page, "Record decision")
        self.dialog.get_by_label("What was decided", exact=True).fill(text)
        self.confirms("Record decision")
        expect(self.listed("Decisions", text)).to_be_visible(timeout=SETTLE_MS)

    def moves(self, choice: str, *, button: str) -> None:
        """Choose a move from the menu, and answer what it asks by the button."""
        press(self.page, "Move or close")
        self.page.get_by_role("menuitem", name=choice).or_(self.page.get_by_role("option", name=choice)).first.click()
        self.confirms(button)

    def sends_portal_access(self) -> None:
        """Mail the room's link, from the Room tab."""
        press(self.page, "Send portal access")
        self.confirms("Send portal access")
        expect(self.page.get_by_text(re.compile("^Mailed to")).first).to_be_visible(timeout=SETTLE_MS)

    def replaces_link(self) -> None:
        """Replace the room's link, from the Room tab."""
        press(self.page, "Replace link")
        self.confirms("Replace link")
        expect(self.page.get_by_text("the new link is not sent").first).to_be_visible(timeout=SETTLE_MS)


@contextmanager
def desk_of(town: Town, browser: Browser, like: str = "rahma") -> Iterator[Desk]:
    """A member of staff at work in a browser, signed in by a link."""
    with visiting(browser) as page:
        desk = Desk(page, town.stack.admin_url)
        staff = town.staff(like)
        assert staff.id
        desk.signs_in(f"{town.stack.admin_url}/sign-in/{town.sign_in_secret(staff.id)}")
        yield desk
