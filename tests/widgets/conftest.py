"""The pipeline board on a page of its own, for the modules that try it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.widgets.kanban_page import Board, serving


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(Path(__file__).with_name("kanban_app.py")) as url:
        yield url


@pytest.fixture
def board(browser: Browser, server: str) -> Iterator[Board]:
    opened = Board(browser, server)
    yield opened
    opened.page.close()
    assert opened.troubles == []
