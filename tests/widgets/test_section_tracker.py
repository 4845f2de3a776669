"""The proposal page in a real browser: reading times are found again, whatever tab, network and Streamlit do."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe, complaints, visiting
from tests.servers import ROOT, Process, free_port, wait_until

SHOW = "document.querySelector('.st-key-section-{}').scrollIntoView({{block: 'start', behavior: 'instant'}})"
HIDE = """state => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
NO_FETCH = (
    "const real = fetch; fetch = (url, with_) => url === '/seen' ? Promise.reject(TypeError()) : real(url, with_)"
)
ALL_NINE = ["Welcome", "Terms", "Results", "Your gain", "Products", "Why us", "Next steps", "Talk to us", "Documents"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a proposal page with the portal's own theme."""
    folder = tmp_path_factory.mktemp("proposal") / "app"
    shutil.copytree(Path(__file__).with_name("proposal_app"), folder)
    shutil.copytree(ROOT / "portal_app" / ".streamlit", folder / ".streamlit")
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "asgi:app", "--app-dir", str(folder), "--port", str(port)]
    process = Process("proposal", command, environment=os.environ | {"PYTHONPATH": str(ROOT)}, log=folder / "log")
    process.start()
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(url), what="the proposal's app", seconds=40)
        yield url
    finally:
        process.stop()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/_stcore/health", trust_env=False).is_success
    except httpx.TransportError:
        return False


class Reader:
    """Somebody reading one visit's page, and what the server was told of it."""

    def __init__(self, page: Page, server: str, visit: str) -> None:
        self.page, self.server, self.visit = page, server, visit

    def open(self, **query: object) -> "Reader":
        """Open the page and wait until the rail has found every section."""
        address = httpx.URL(self.server, params={"visit": self.visit} | {k: str(v) for k, v in query.items()})
        self.page.goto(str(address))
        return self.settled()

    def settled(self) -> "Reader":
        expect(self.page.locator("nav.rail li:not([hidden])")).to_have_count(9, timeout=20_000)
        self.page.wait_for_function("document.fonts.status === 'loaded'")
        return self

    def read(self, section: str, seconds: float) -> float:
        """Stay on a section; returns the milliseconds it took."""
        self.page.evaluate(SHOW.format(section))
        begin = time.monotonic()
        self.page.wait_for_timeout(seconds * 1000)
        return (time.monotonic() - begin) * 1000

    def leave(self) -> dict[str, Any]:
        """Go elsewhere; returns the last beacon."""
        self.page.goto("about:blank")
        self.page.wait_for_timeout(500)
        return self.beacons()[-1]

    def server_answers(self, *statuses: int) -> None:
        httpx.post(f"{self.server}/recorded", json=statuses, trust_env=False)

    def beacons(self) -> list[dict[str, Any]]:
        """The beacons of this visit, in the order they arrived."""
        sent = httpx.get(f"{self.server}/recorded", trust_env=False).json()
        return [beacon for beacon in sent if beacon["v"] == self.visit]

    def total(self) -> int:
        """Milliseconds reported last, of all sections."""
        return sum(self.beacons()[-1]["ms"].values())


@pytest.fixture
def reader(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    with visiting(browser) as page:
        heard = complaints(page)
        reader = Reader(page, server, visit=request.node.name)
        reader.server_answers()
        yield reader
    assert [words for words in heard if "Failed to load resource" not in words] == []


def about(milliseconds: float) -> Any:
    return pytest.approx(milliseconds, rel=0.1)


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

    def test_beats_every_five_seconds_with_growing_totals(self, reader: Reader):
        reader.open(rerun=1)
        reader.read("terms", 11)
        first, second, *more = reader.beacons()
        assert (first["n"], second["n"], len(more) <= 1) == (1, 2, True)
        assert 4000 < second["ms"]["terms"] - first["ms"]["terms"] < 6000
        assert all(isinstance(ms, int) for ms in second["ms"].values())
        assert reader.page.get_by_role("button", name="Run 1", exact=True).is_visible(), "the script ran again"

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
        reader.page.keyboard.press("Shift")
        reader.page.wait_for_timeout(1500)
        assert reader.leave()["ms"]["terms"] == about(3500)

    def test_continues_after_a_reload(self, reader: Reader):
        reader.open()
        first = reader.read("terms", 3)
        reader.page.reload()
        second = reader.settled().read("terms", 3)
        last = reader.leave()
        assert last["ms"]["terms"] == about(first + second)
        numbers = [beacon["n"] for beacon in reader.beacons()]
        assert numbers == sorted(set(numbers))

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

    def test_loses_nothing_when_beacons_are_lost(self, reader: Reader):
        reader.server_answers(503, 503)
        reader.open()
        seen = reader.read("terms", 16)
        reader.leave()
        assert [beacon["status"] for beacon in reader.beacons()][:3] == [503, 503, 204]
        assert reader.beacons()[-1]["ms"]["terms"] == about(seen)

    def test_sends_again_what_was_lost_though_nothing_more_was_read(self, reader: Reader):
        reader.server_answers(503)
        reader.open()
        reader.read("terms", 2)
        reader.page.evaluate(HIDE, "hidden")
        reader.page.wait_for_timeout(500)
        last = reader.leave()
        lost, *_ = reader.beacons()
        assert (lost["status"], last["status"], last["ms"]) == (503, 204, lost["ms"])
        assert last["n"] > lost["n"]

    def test_leaves_another_way_when_fetching_fails(self, reader: Reader):
        reader.page.add_init_script(NO_FETCH)
        reader.open()
        seen = reader.read("terms", 2)
        reader.page.evaluate(HIDE, "hidden")
        reader.page.wait_for_timeout(500)
        assert [beacon["ms"]["terms"] for beacon in reader.beacons()] == [about(seen)]

    @pytest.mark.parametrize("status", (401, 403, 410))
    def test_falls_silent_when_refused(self, reader: Reader, status: int):
        reader.server_answers(status)
        reader.open(idle=1)
        reader.read("terms", 2)
        reader.page.keyboard.press("Shift")
        reader.page.wait_for_timeout(2500)
        reader.leave()
        assert [beacon["status"] for beacon in reader.beacons()] == [status]

    def test_tells_a_person_from_a_page_that_is_merely_open(self, reader: Reader):
        reader.page.add_init_script("document.hasFocus = () => false")
        reader.open(idle=2)
        reader.read("terms", 3)
        assert reader.beacons()[-1]["human"] is False
        reader.page.mouse.move(300, 300)
        reader.page.mouse.move(310, 320)
        assert reader.leave()["human"] is True

    def test_sends_nothing_without_consent(self, reader: Reader):
        asked: list[str] = []
        reader.page.on("request", lambda request: asked.append(request.url) if "/seen" in request.url else None)
        reader.open(measured=0)
        reader.read("terms", 6)
        reader.page.goto("about:blank")
        assert (asked, reader.beacons()) == ([], [])


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
