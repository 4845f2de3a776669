"""Forms on a slow network: what draws a field comes late, or the page answers while somebody types on already."""

import re

from playwright.sync_api import Browser, Route, expect

from tests.browser import visiting
from tests.journeys.desk import Desk
from tests.journeys.people import SETTLE_MS, News, press, settled
from tests.journeys.signer import Signer, code_in, enters_room
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


def test_letters_typed_before_the_page_answers_stay(town: Town, browser: Browser) -> None:
    """The answer draws the signature between its field and the next one, where the code is being typed."""
    partner = town.new_partner("Sinaw Wool", contact="Zuwaina Al Hajri")
    with visiting(browser) as page:
        news, signer = News(page), Signer(page, town.stack.portal_url)
        enters_room(page, town, town.room_link(partner))
        signer.reads_through()
        press(page, signer.words("sign.send"))
        box = page.get_by_role("textbox", name=signer.words("sign.code"), exact=True)
        expect(box).to_be_visible(timeout=SETTLE_MS)
        code = code_in(town.mails.wait_for(partner.contact_email, subject="code", seconds=40))
        settled(page)
        news.wait()
        signer.signature.fill(partner.contact_name)
        signer.signature.press("Tab")
        box.click()
        page.keyboard.type(code[:4])
        news.arrive()
        expect(page.get_by_role("heading", name=partner.contact_name, exact=True)).to_be_visible(timeout=SETTLE_MS)
        settled(page)
        page.keyboard.type(code[4:])
        expect(box).to_have_value(code)
