"""What tests of the core are given besides."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from typing import Any, TypeVar

import pytest

from tests.filled import Filled

T = TypeVar("T")
Kept = dict[tuple[str, Callable[[], Any]], tuple[Any, Filled]]


@pytest.fixture(scope="session")
def _kept() -> Iterator[tuple[Kept, ExitStack]]:
    with ExitStack() as until:
        yield {}, until


@pytest.fixture
def filled_once(
    database: str, _kept: tuple[Kept, ExitStack], request: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Callable[[], T]], T]]:
    """A function that fills the database by another one, and answers what that made: for each test as at first."""
    kind, (kept, until) = request.node.callspec.params["database"], _kept
    with ExitStack() as used:

        def fill(make: Callable[[], T]) -> T:
            if (kind, make) not in kept:
                place, made = tmp_path_factory.mktemp(kind), make()
                cluster = request.getfixturevalue("postgres_cluster") if kind == "postgresql" else None
                kept[kind, make] = made, Filled.of(place, cluster, until)
            found, filled = kept[kind, make]
            used.enter_context(filled.used())
            again: T = deepcopy(found)
            return again

        yield fill
