"""A real Chromium for the journeys, and what axe says about a page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Where the system's Chromium is; None: use Playwright's own."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@contextmanager
def launched(*, headless: bool = True) -> Iterator[Browser]:
    """A running browser, closed afterwards. Until then no other asyncio loop can run in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), headless=headless, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(
    browser: Browser, *, width: int = 1280, height: int = 900, locale: str = "en-GB", dark: bool = False
) -> Iterator[Page]:
    """A page of a visitor of its own, with its own cookies; 390 wide is a phone with a touch screen."""
    phone = width < 600
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=locale,
        timezone_id="Asia/Muscat",
        color_scheme="dark" if dark else "light",
        is_mobile=phone,
        has_touch=phone,
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def complaints(page: Page) -> list[str]:
    """A list that fills with the errors the page logs from now on, refused scripts and uncaught exceptions included."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@dataclass(frozen=True)
class Finding:
    """One accessibility defect: axe's rule, how bad it is, and the elements it was found on."""

    rule: str
    impact: str
    help: str
    targets: tuple[str, ...]


NOT_OURS = [["[data-testid=stSidebarNav]"], [".stToast"]]
"""Streamlit's own navigation puts its group names between list items, its toasts are dialogs without a name; both are
its to mend.
"""


def axe(page: Page, *, within: str | None = None) -> list[Finding]:
    """The serious and critical findings on a page, or within the element of a CSS selector."""
    context = within or {"exclude": NOT_OURS}
    violations = Axe().run(page, context=context).response["violations"]
    return [
        Finding(v["id"], v["impact"], v["help"], tuple(str(node["target"]) for node in v["nodes"]))
        for v in violations
        if v["impact"] in ("serious", "critical")
    ]
