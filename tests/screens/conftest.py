"""What tests of screens are given besides."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from admin_app.partner import documents, mails, nda, timeline, visits
from core.actor import Actor
from core.partners.models import Partner
from tests.screens import opener


@pytest.fixture
def feeds(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the lists of the page showed last, by key: each line's mark, title and text."""
    shown: dict[str, list[str]] = {}

    def draw(*, entries: Any, key: str, **_: Any) -> None:
        shown[key] = [" ".join(part for part in (one.mark, one.title, one.text) if part) for one in entries]

    for module in (documents, timeline, mails, nda, visits):
        monkeypatch.setattr(module, "feed", draw)
    return shown


@pytest.fixture
def open_partner(monkeypatch: pytest.MonkeyPatch, feeds: dict[str, list[str]]) -> Callable[..., AppTest]:
    """A function that opens a partner's page, at a tab if wanted."""
    open_page = opener(monkeypatch)

    def open_tab(partner: Partner, actor: Actor, tab: str = "Timeline") -> AppTest:
        screen = open_page("partner", actor)
        screen.query_params.update({"id": str(partner.id), "tab": tab})
        return screen.run()

    return open_tab
