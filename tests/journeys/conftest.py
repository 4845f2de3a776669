"""One town for the journeys that need no browser, and an early start for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.town import Town, running

_LONG = ("tests/journeys/", "tests/live/")
"""Files of few tests that take long."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the run, each file whole: begin with long ones, so that all end together."""
    if not hasattr(config, "workerinput"):
        return
    size: dict[Path, int] = {}
    for item in items:
        size[item.path] = size.get(item.path, 0) + 1
    items.sort(key=lambda item: (not item.nodeid.startswith(_LONG), -size[item.path], item.nodeid.partition("::")[0]))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, _nobodys_settings: None) -> Iterator[Town]:
    """The real processes over the demo company."""
    with running(tmp_path_factory.mktemp("town")) as found:
        yield found
