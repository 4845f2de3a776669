"""One town for the journeys that need no browser."""

from collections.abc import Iterator

import pytest

from tests.journeys.town import Town, running


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, _nobodys_settings: None) -> Iterator[Town]:
    """The real processes over the demo company."""
    with running(tmp_path_factory.mktemp("town")) as found:
        yield found
