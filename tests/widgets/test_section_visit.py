"""Reading times on their way: reported until the server has them, though networks go and pages end."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error

from tests.widgets.proposal_reader import HIDE, Reader, about, reading, serving

NO_FETCH = (
    "const real = fetch; fetch = (url, with_) => url === '/seen' ? Promise.reject(TypeError()) : real(url, with_)"
)
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('reading:'))"


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


class TestReporting:
    def test_beats_every_five_seconds_with_growing_totals(self, reader: Reader):
        reader.open(rerun=1)
        reader.read("terms", 11)
        first, second, *more = reader.beacons()
        assert (first["n"], second["n"], len(more) <= 1) == (1, 2, True)
        assert 4000 < second["ms"]["terms"] - first["ms"]["terms"] < 6000
        assert all(isinstance(ms, int) for ms in second["ms"].values())
        assert reader.page.get_by_role("button", name="Run 1", exact=True).is_visible(), "the script ran again"

    def test_continues_after_a_reload(self, reader: Reader):
        reader.open()
        first = reader.read("terms", 3)
        reader.page.reload()
        second = reader.settled().read("terms", 3)
        last = reader.leave()
        assert last["ms"]["terms"] == about(first + second)
        numbers = [beacon["n"] for beacon in reader.beacons()]
        assert numbers == sorted(set(numbers))

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

    def test_tries_again_soon_though_the_tab_is_hidden_and_nothing_more_is_read(self, reader: Reader):
        reader.server_answers(503, 503, 503)
        reader.open()
        reader.read("terms", 2)
        reader.page.evaluate(HIDE, "hidden")
        reader.page.wait_for_timeout(2_500)
        assert [beacon["status"] for beacon in reader.beacons()] == [503, 503, 503, 204]
        assert len({str(beacon["ms"]) for beacon in reader.beacons()}) == 1

    def test_reports_as_soon_as_the_network_is_back(self, reader: Reader):
        reader.open()
        reader.page.context.set_offline(True)
        seen = reader.read("terms", 7)
        assert reader.beacons() == []
        reader.page.context.set_offline(False)
        reader.page.wait_for_timeout(500)
        assert reader.beacons()[0]["ms"]["terms"] == about(seen)

    def test_a_later_visit_reports_what_a_killed_page_could_not(self, reader: Reader):
        reader.open()
        context = reader.page.context
        context.set_offline(True)
        seen = reader.read("terms", 6)
        with pytest.raises(Error, match="crash"):
            reader.page.goto("chrome://crash")
        reader.page.close()
        context.set_offline(False)
        later = Reader(context.new_page(), reader.server, visit="later").open()
        later.read("terms", 1)
        [beacon] = reader.beacons()
        assert seen - 5_000 < beacon["ms"]["terms"] <= seen + 500
        assert set(beacon) == {"v", "n", "ms", "at", "human", "late", "status"}, "no clock of the reader's is sent"
        assert (beacon["late"], later.leave()["late"]) == (True, False)
        assert later.open().page.evaluate(KEPT) == ["reading:later"]
        assert len(reader.beacons()) == 1

    def test_another_tab_of_the_visit_reads_on_where_this_one_stopped(self, reader: Reader):
        reader.open()
        seen = reader.read("terms", 2)
        reader.page.evaluate(HIDE, "hidden")
        other = Reader(reader.page.context.new_page(), reader.server, reader.visit).open()
        seen += other.read("terms", 2)
        other.page.evaluate(HIDE, "hidden")
        reader.page.evaluate(HIDE, "visible")
        seen += reader.read("terms", 2)
        assert reader.leave()["ms"]["terms"] == about(seen)

    def test_forgets_what_it_kept_when_measuring_is_declined(self, reader: Reader):
        reader.open()
        reader.page.context.set_offline(True)
        reader.read("terms", 6)
        reader.page.context.set_offline(False)
        reader.server_answers(*[503] * 50)
        reader.open(measured=0)
        assert reader.page.evaluate(KEPT) == []

    @pytest.mark.parametrize("status", (401, 403, 410))
    def test_falls_silent_when_refused(self, reader: Reader, status: int):
        reader.server_answers(status)
        reader.open(idle=1)
        reader.read("terms", 2)
        reader.page.keyboard.press("Shift")
        reader.page.wait_for_timeout(2500)
        reader.leave()
        assert [beacon["status"] for beacon in reader.beacons()] == [status]

    def test_sends_nothing_without_consent(self, reader: Reader):
        asked: list[str] = []
        reader.page.on("request", lambda request: asked.append(request.url) if "/seen" in request.url else None)
        reader.open(measured=0)
        reader.read("terms", 6)
        reader.page.goto("about:blank")
        assert (asked, reader.beacons()) == ([], [])
