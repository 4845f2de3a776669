"""The proposal page in a real browser: reading times are found again, whatever tab, network and Streamlit do."""

import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser import axe, complaints, visiting
from tests.widgets.proposal_reader import HIDE, Reader, about, reading, serving

ALL_NINE = ["Welcome", "Terms", "Results", "Your gain", "Products", "Why us", "Next steps", "Talk to us", "Documents"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a proposal page."""
    with serving(tmp_path_factory.mktemp("proposal") / "app") as url:
        yield url


@pytest.fixture
def reader(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Somebody reading."""
    with reading(browser, server, visit=request.node.name) as reader:
        yield reader


class TestMeasuring:
    def test_finds_the_reading_times_again(self, reader: Reader):
        began = time.monotonic()
        reader.open()
        read = {name: reader.read(name, s) for name, s in {"terms": 3, "modules": 4, "next_steps": 2.5}.items()}
        last = reader.leave()
        assert {name: last["ms"][name] for name in read} == {name: about(ms) for name, ms in read.items()}
        assert sum(last["ms"].values()) <= (time.monotonic() - began) * 1000
        assert last["human"] is True

    def test_counts_one_section_at_a_time_while_two_are_in_view(self, reader: Reader):
        reader.open()
        began = time.monotonic()
        reader.page.mouse.move(640, 400)
        for _ in range(30):
            reader.page.mouse.wheel(0, 60)
            reader.page.wait_for_timeout(100)
        spent = (time.monotonic() - began) * 1000
        total = sum(reader.leave()["ms"].values())
        assert 0.95 * spent < total < spent + 2000

    def test_pauses_while_the_tab_is_hidden(self, reader: Reader):
        reader.open()
        seen = reader.read("terms", 2)
        reader.page.evaluate(HIDE, "hidden")
        reader.page.wait_for_timeout(3000)
        assert reader.beacons()[-1]["ms"]["terms"] == about(seen)
        reader.page.evaluate(HIDE, "visible")
        seen += reader.read("terms", 2)
        assert reader.leave()["ms"]["terms"] == about(seen)

    def test_pauses_while_nobody_stirs(self, reader: Reader):
        reader.open(idle=2)
        reader.read("terms", 5)
        assert reader.beacons()[-1]["ms"]["terms"] == about(2000)
        began = time.monotonic()
        reader.page.keyboard.press("Shift")
        reader.page.wait_for_timeout(1500)
        reader.page.evaluate(HIDE, "hidden")
        seen = 2000 + (time.monotonic() - began) * 1000
        assert reader.leave()["ms"]["terms"] == about(seen)

    def test_neither_resets_nor_doubles_when_streamlit_reruns(self, reader: Reader):
        reader.open(rerun=1)
        began = time.monotonic()
        for run in range(1, 4):
            reader.page.get_by_role("button", name=f"Run {run}", exact=True).click()
            reader.page.wait_for_timeout(1500)
        spent = (time.monotonic() - began) * 1000
        reader.page.wait_for_timeout(2000)
        assert reader.page.get_by_role("button", name="Run 4", exact=True).is_visible()
        whole = (time.monotonic() - began) * 1000
        reader.leave()
        assert spent < reader.total() < whole + 3000

    def test_a_page_that_slept_counts_nothing_of_it(self, reader: Reader):
        reader.open()
        reader.read("terms", 1)
        reader.page.evaluate("{ const until = performance.now() + 4000; while (performance.now() < until); }")
        reader.read("terms", 1)
        assert reader.leave()["ms"]["terms"] < 2_500

    def test_tells_a_person_from_a_page_that_is_merely_open(self, reader: Reader):
        reader.page.add_init_script("document.hasFocus = () => false")
        reader.open(idle=2)
        reader.read("terms", 3)
        assert reader.beacons()[-1]["human"] is False
        reader.page.mouse.move(300, 300)
        reader.page.mouse.move(310, 320)
        assert reader.leave()["human"] is True


class TestRail:
    @pytest.mark.parametrize("tracker", ("first", "last"))
    def test_finds_sections_drawn_before_it_and_after_it(self, reader: Reader, tracker: str):
        reader.open(tracker=tracker, pause=1, measured=0)
        assert reader.page.locator("nav.rail li").all_inner_texts() == ALL_NINE

    def test_follows_the_reading_to_the_end(self, reader: Reader):
        reader.open(measured=0).page.emulate_media(reduced_motion="reduce")
        current = reader.page.locator("nav.rail a[aria-current=true]")
        expect(current).to_have_text("Welcome")
        reader.page.get_by_role("link", name="Next steps").click()
        expect(current).to_have_text("Next steps")
        reader.page.mouse.move(640, 400)
        reader.page.mouse.wheel(0, 9000)
        expect(current).to_have_text("Documents")

    def test_is_a_strip_on_a_phone(self, browser: Browser, server: str):
        with visiting(browser, width=390, height=844) as page:
            reader = Reader(page, server, "phone").open(measured=0, lang="ar")
            assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
            expect(page.locator("nav.rail summary")).to_contain_text("1 من 9")
            page.locator("nav.rail summary").click()
            page.get_by_role("link", name="الشروط").click()
            expect(page.locator("nav.rail summary")).to_contain_text("2 من 9")
            assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
            assert reader.beacons() == []

    def test_is_not_printed(self, reader: Reader):
        reader.open(measured=0).page.emulate_media(media="print")
        expect(reader.page.locator("nav.rail")).to_be_hidden()


class TestPage:
    @pytest.mark.parametrize(
        ("lang", "width", "dark"), (("en", 1280, False), ("ar", 1280, True), ("en", 390, True), ("ar", 390, False))
    )
    def test_is_accessible_and_asks_nobody_else(self, browser: Browser, server: str, lang: str, width: int, dark: bool):
        with visiting(browser, width=width, dark=dark) as page:
            heard, asked = complaints(page), set[str]()
            page.on("request", lambda request: asked.add(httpx.URL(request.url).host))
            Reader(page, server, "axe").open(measured=0, lang=lang)
            assert axe(page) == []
            assert (heard, asked - {""}) == ([], {"127.0.0.1"})

    def test_shows_tricks_as_the_text_they_are(self, reader: Reader):
        asked: set[str] = set()
        reader.page.on("request", lambda request: asked.add(httpx.URL(request.url).host))
        reader.open(measured=0, hostile=1)
        section = reader.page.locator(".st-key-section-why")
        expect(section.locator(":scope > * p").first).to_contain_text("Costs $5 and $6, $$x^2$$ seen")
        shown = section.inner_text().replace("\u2060", "")
        assert ":red[alarm]" in shown
        assert ":material/lock: :streamlit: :smile:" in shown
        assert "[click](javascript:alert(1)) :material/home: 10:30:00 a:b" in shown
        assert section.locator(".katex, img, script, [data-testid=stIconMaterial]").count() == 0
        addresses = section.locator("a").evaluate_all("links => links.map(link => link.href)")
        assert {address.split("/")[0] for address in addresses} <= {"https:"}
        assert (reader.page.title(), asked - {""}) == ("Proposal", {"127.0.0.1"})

    def test_is_set_in_the_product_s_type(self, reader: Reader):
        reader.open(measured=0, lang="ar")
        loaded = reader.page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
        assert {"IBM Plex Sans", "IBM Plex Sans Arabic"} <= {family.strip('"') for family in loaded}
