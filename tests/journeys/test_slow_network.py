"""A form on a slow network: what draws a field comes late, and somebody types into another field already."""

import re

from playwright.sync_api import Browser, Route, expect

from tests.browser import visiting
from tests.journeys.desk import Desk
from tests.journeys.people import SETTLE_MS
from tests.journeys.town import Town

LATE = re.compile(r"/static/js/NumberInput\.")


def test_a_field_that_comes_late_holds_what_it_began_with(town: Town, browser: Browser) -> None:
    rahma, waiting = town.staff("rahma"), list[Route]()
    assert rahma.id
    with visiting(browser) as page:
        desk = Desk(page, town.stack.admin_url)
        desk.signs_in(f"{desk.address}/sign-in/{town.sign_in_secret(rahma.id)}")
        page.route(LATE, lambda route: waiting.append(route))
        desk.opens("training", "Training")
        page.get_by_role("button", name="Add training").click()
        desk.dialog.get_by_label("Name", exact=True).fill("Selling ledgers")
        desk.dialog.get_by_text("Salespeople", exact=True).click()
        expect(desk.dialog.get_by_role("button", name="Salespeople")).to_have_attribute("aria-pressed", "true")
        page.wait_for_timeout(1500)
        assert waiting
        for route in waiting:
            route.continue_()
        expect(desk.dialog.get_by_role("spinbutton", name="Pass mark, %")).to_have_value("80", timeout=SETTLE_MS)
        expect(desk.dialog.get_by_role("spinbutton", name="Valid for, days")).to_have_value("365")
