"""Staff who review and sell deals in the admin app."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect

from tests.browser import visiting
from tests.journeys.desk import Desk
from tests.journeys.people import SETTLE_MS, press, settled
from tests.journeys.town import Town

COLUMNS = ("Product", "What is sold", "Quantity", "Unit price", "Discount, %")


class Seller(Desk):
    """A reviewer or an admin at the pages of deals."""

    def opens_deal(self, page: str, heading: str, customer: str) -> None:
        """Choose a deal from a page's grid."""
        self.opens(page, heading)
        row = self.page.frame_locator("iframe").locator(".ag-center-cols-container .ag-row", has_text=customer)
        row.locator("[col-id=Customer]").click()
        expect(self.page.get_by_role("heading", name=customer)).to_be_visible(timeout=SETTLE_MS)
        self.page.wait_for_url(re.compile(r"[?&]deal="), timeout=SETTLE_MS)
        settled(self.page)

    def writes(self, column: str, text: str, *, total: str) -> None:
        """Write into the first line of the quote, as people do: to the cell by the keyboard, Enter, type, Enter.

        Until the page shows what the lines come to now: only then has the server heard it, and draws nothing more.
        """
        table = self.page.get_by_test_id("stDataFrame").first
        cell = table.get_by_test_id(f"glide-cell-{COLUMNS.index(column) + 1}-0")
        table.locator(".dvn-scroller").click(position={"x": 120, "y": 52})
        for name in COLUMNS[: COLUMNS.index(column) + 1]:
            here = table.get_by_test_id(f"glide-cell-{COLUMNS.index(name) + 1}-0")
            expect(here).to_have_attribute("aria-selected", "true")
            if name != column:
                self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("Enter")
        editor = self.page.locator("#portal").locator("textarea, input").first
        editor.fill(text)
        expect(editor).to_have_value(text)
        editor.press("Enter")
        expect(cell).to_have_text(text)
        expect(self.page.get_by_test_id("stMain")).to_contain_text(f"Total {total}", timeout=SETTLE_MS)
        settled(self.page)

    def does(self, opener: str, button: str, *, done: str | re.Pattern[str]) -> None:
        """Open what asks once more, press its button, and read what was done."""
        press(self.page, opener)
        press(self.page, button, within=self.page.get_by_test_id("stPopoverBody"))
        expect(self.page.get_by_text(done).first).to_be_visible(timeout=SETTLE_MS)
        settled(self.page)


@contextmanager
def seller_of(town: Town, browser: Browser, like: str = "rahma") -> Iterator[Seller]:
    """A member of staff at work in a browser, signed in by a link."""
    with visiting(browser) as page:
        seller, staff = Seller(page, town.stack.admin_url), town.staff(like)
        assert staff.id
        seller.signs_in(f"{town.stack.admin_url}/sign-in/{town.sign_in_secret(staff.id)}")
        yield seller
