"""Both apps' Streamlit settings: known to this Streamlit, safe, of one look, and readable in light and dark."""

import tomllib
from typing import Any

import pytest
from streamlit import config

from tests.servers import ROOT

SAFE = {
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "runner.postScriptGC": False,
    "server.disconnectedSessionTTL": 60,
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 15,
    "server.maxWidgetStateSize": 2,
}


def written(app: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / app / ".streamlit" / "config.toml").read_text())


def flat(settings: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in settings.items():
        found |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return found


def luminance(colour: str) -> float:
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.03928 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("app", ("admin_app", "portal_app"))
class TestSettings:
    def test_are_known_to_streamlit(self, app: str):
        assert set(flat(written(app))) - set(config.get_config_options(force_reparse=False)) == set()

    def test_are_safe(self, app: str):
        assert SAFE.items() <= flat(written(app)).items()

    def test_name_fonts_that_are_there(self, app: str):
        for face in written(app)["theme"]["fontFaces"]:
            assert (ROOT / "data" / face["url"].lstrip("/")).is_file()

    @pytest.mark.parametrize("mode", ("light", "dark"))
    def test_are_readable(self, app: str, mode: str):
        colours = written(app)["theme"][mode]
        for ground in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
            assert contrast(colours["textColor"], ground) >= 7
            assert contrast(colours["linkColor"], ground) >= 4.5
        assert contrast(colours["primaryColor"], "#ffffff") >= 4.5
        assert contrast(colours["primaryColor"], colours["backgroundColor"]) >= 3


def test_both_apps_look_alike():
    assert written("admin_app")["theme"] == written("portal_app")["theme"]
