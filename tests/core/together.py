"""Processes of their own that do something at the same moment, as eight desks do."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import Any

import core.db
from core.settings import settings

_FORKED = get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.core.nda_acts", "tests.core.sale_acts", "core.nda.ceremony", "hypothesis"])
"""Each is forked from one that has imported this already, since that takes a process more than a second."""
_start: Barrier


def together(database: str, work: Any, *columns: list[Any]) -> list[Any]:
    """What each process answers: there is one for every row of the columns, and ``line_up`` makes them wait."""
    number = len(columns[0])
    facts = (database, dict(os.environ), _FORKED.Barrier(number))
    with ProcessPoolExecutor(number, _FORKED, _join, facts) as pool:
        return list(pool.map(work, *columns))


def line_up(seconds: int = 240) -> None:
    """Wait in such a process until all are here."""
    _start.wait(seconds)


def _join(url: str, environment: dict[str, str], start: Barrier) -> None:
    """Make this process ready: its settings, its database, and the line all start from."""
    global _start
    os.environ.clear()
    os.environ.update(environment)
    settings.cache_clear()
    core.db.configure(url)
    _start = start
