"""Screens without a browser: the admin app as somebody sees it, run by Streamlit's own AppTest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.companies.sign_in import Present

ROOT = Path(__file__).parents[2]


def texts(screen: AppTest) -> str:
    """Everything a screen says, in one text."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "success", "metric")
    found = [element for kind in kinds for element in screen.get(kind)]
    return "\n".join(f"{getattr(element, 'label', '')} {getattr(element, 'value', '')}" for element in found)


def is_closed(screen: AppTest) -> bool:
    """Whether a page of the admin app says why it stays closed, and nothing else."""
    (said,) = [str(element.value) for element in (*screen.info, *screen.markdown, *screen.error)]
    return said.startswith(("This page is not part of your role", "This page belongs to the partner portal"))


def opener(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """A function that opens a page of the admin app as an actor: ``open("team", aisha, id="…")``; ``portal`` False: of
    a company that does not offer the partner portal."""

    def open_page(name: str, actor: Actor | None, *, portal: bool = True, **query: str) -> AppTest:
        here = actor and Present(actor, "Dhofar Systems", offers_portal=portal)
        monkeypatch.setattr("admin_app.shell.find_here", lambda: here)
        screen = AppTest.from_file(str(ROOT / "admin_app" / "main.py"), default_timeout=20)
        for key, value in query.items():
            screen.query_params[key] = value
        screen.run()
        return screen.switch_page(f"views/{name}.py").run()

    return open_page
