"""Reading an agreement to its end: by hand, by keyboard, and what the browser then tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from proposal_view.agreement import _taken
from tests.browser import axe
from tests.widgets.kanban_page import serving


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(Path(__file__).with_name("agreement_app.py")) as url:
        yield url


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1100, "height": 800})
    opened.goto(f"{server}/?embed=true")
    expect(opened.locator("article")).to_have_count(7)
    yield opened
    opened.close()


def button(page: Page):
    return page.get_by_role("button", name="I have read the agreement")


BELOW = "(one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top"
"""How much lower one stands than another, looked at in the same instant: the page still moves while its fonts load."""


def top(side: Locator) -> float:
    box = side.bounding_box()
    assert box is not None
    return box["y"]


def told(page: Page) -> dict[str, int]:
    expect(page.get_by_text("clock 20")).to_be_visible()
    times: dict[str, int] = json.loads(page.locator("[data-testid=stCode]").inner_text())
    return times


def test_both_languages_stand_side_by_side_clause_by_clause(page: Page) -> None:
    en, ar = (page.locator("article").nth(3).locator(f"section[lang={lang}]") for lang in ("en", "ar"))
    assert abs(en.evaluate(BELOW, ar.element_handle())) < 1
    expect(ar).to_have_css("direction", "rtl")
    expect(en.locator("h3")).to_have_text("4. Purpose <b>")


def test_the_way_on_opens_only_at_the_end(page: Page) -> None:
    expect(button(page)).to_have_attribute("aria-disabled", "true")
    page.mouse.move(500, 500)
    for _ in range(60):
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(60)
    expect(button(page)).to_have_attribute("aria-disabled", "false")
    button(page).click()
    times = told(page)
    assert set(times) <= {f"c{n}" for n in range(1, 8)}
    assert 300 <= sum(times.values()) < 20_000


def test_the_keyboard_reaches_the_end_too(page: Page) -> None:
    button(page).focus()
    expect(button(page)).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("Enter")
    told(page)


def test_a_press_before_the_end_tells_nothing(page: Page) -> None:
    button(page).evaluate("pressed => pressed.click()")
    page.wait_for_timeout(400)
    expect(page.get_by_text("clock 20")).to_have_count(0)


def test_a_reload_keeps_the_times(page: Page) -> None:
    page.mouse.move(500, 500)
    page.mouse.wheel(0, 10)
    page.wait_for_timeout(1_200)
    page.reload()
    button(page).focus()
    page.keyboard.press("Enter")
    assert told(page)["c1"] >= 700


def test_on_a_phone_the_languages_stand_one_under_the_other(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server}/?embed=true&lead=ar")
    expect(page.locator("article")).to_have_count(7)
    ar, en = (page.locator("article").first.locator(f"section[lang={lang}]") for lang in ("ar", "en"))
    assert top(ar.locator("p").last) < top(en)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_is_accessible(page: Page) -> None:
    assert axe(page) == []


@pytest.mark.parametrize(
    "said",
    (
        {},
        {"ms": None},
        {"ms": {"c9": 5, "c1": "x"}},
        {"ms": {"c1": -1}},
        {"ms": {"c1": float("nan")}},
        {"ms": {"c1": 1e12}},
    ),
)
def test_what_cannot_be_meant_is_dropped(said) -> None:
    assert _taken(said, {"c1"}).clause_ms == {}


def test_a_clock_is_kept_as_it_came_but_short() -> None:
    assert _taken({"ms": {"c1": 1200.6}, "clock": "2" * 90}, {"c1"}) == _taken(
        {"ms": {"c1": 1200}, "clock": "2" * 40}, {"c1"}
    )
