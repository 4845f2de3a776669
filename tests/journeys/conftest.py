"""One town for the journeys that need no browser, and an early start for all of them."""

from collections.abc import Iterator
from itertools import zip_longest

import pytest

from tests.journeys.town import Town, running

_WAITING = ("tests/journeys/", "tests/live/", "tests/widgets/", "tests/test_oidc.py")
"""Files whose tests wait for browsers and servers."""
_SLOW = ("crossing", "secrets", "races", "isolation", "kills", "canaries")
"""What files of few tests that take long are called."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the run, each file whole: one that waits, one that works, long ones first."""
    if not hasattr(config, "workerinput"):
        return
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    longest = sorted(files, key=lambda name: (not any(word in name for word in _SLOW), -len(files[name])))
    queues = [[name for name in longest if name.startswith(_WAITING) is waits] for waits in (True, False)]
    mixed = (name for pair in zip_longest(*queues) for name in pair if name)
    items[:] = [item for name in mixed for item in files[name]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, _nobodys_settings: None) -> Iterator[Town]:
    """The real processes over the demo company."""
    with running(tmp_path_factory.mktemp("town")) as found:
        yield found
