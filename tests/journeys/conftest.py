"""One town for the journeys that need no browser, and an early start for all of them."""

from collections.abc import Iterator
from itertools import zip_longest

import pytest

from tests.journeys.town import Town, running

_WAITING = ("tests/journeys/", "tests/live/", "tests/widgets/", "tests/test_oidc.py")
"""Files whose tests wait for browsers and servers."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the run, each file whole: one that waits, one that works, long ones first."""
    if not hasattr(config, "workerinput"):
        return
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    queues = [
        sorted((name for name in files if name.startswith(_WAITING) is waits), key=lambda name: -len(files[name]))
        for waits in (True, False)
    ]
    mixed = (name for pair in zip_longest(*queues) for name in pair if name)
    items[:] = [item for name in mixed for item in files[name]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, _nobodys_settings: None) -> Iterator[Town]:
    """The real processes over the demo company."""
    with running(tmp_path_factory.mktemp("town")) as found:
        yield found
