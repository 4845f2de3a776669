"""Taking in beacons: while one batch is written in a thread of its own, the next one gathers.

An answer means that the beacon is kept: it is given only after the batch's transaction has ended.
"""

import asyncio
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

from core.engagement.batch import REJECTED, Outcome, keep
from core.engagement.beacons import Beacon, BeaconRejected, parse
from core.errors import NotSaved

MOST_IN_BATCH = 256
BUSY = 8
GATHER_SECONDS = 0.0001
"""For each beacon of a batch of ``BUSY`` or more the next one waits so long: those just answered may send their next,
and most of what a batch costs does not depend on its size."""
MOST_WAITING = 20_000
"""Beacons held while the database is slow; the next ones are not kept, and the readers' browsers send them again."""

_Waiting = tuple[Beacon, bytes, "asyncio.Future[Outcome]"]


class Ingest:
    """The intake of one process; ``start`` and ``stop`` it with the process."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._batch: list[_Waiting] = []
        self._writing = False
        self._thread = ThreadPoolExecutor(1, "beacons")

    def start(self) -> None:
        """Begin to write what comes in; inside the running event loop."""
        self._loop = asyncio.get_running_loop()

    async def stop(self) -> None:
        """Write what is waiting, then end."""
        while self._waiting or self._writing:
            await asyncio.sleep(0.01)
        self._thread.shutdown()

    async def receive(self, body: bytes, secret_hash: bytes) -> Outcome:
        """Take a beacon as it was sent, with the SHA-256 of the session secret that came with it.

        Raises:
            NotSaved: the database could not keep it.
        """
        try:
            beacon = parse(body)
        except BeaconRejected as refusal:
            REJECTED.labels(refusal.reason).inc()
            return Outcome.DROPPED
        return await self.submit(beacon, secret_hash)

    async def submit(self, beacon: Beacon, secret_hash: bytes) -> Outcome:
        """Take a beacon; the answer comes once it is kept.

        Raises:
            NotSaved: the database could not keep it, or too many are waiting for it already.
        """
        if len(self._waiting) >= MOST_WAITING:
            REJECTED.labels("busy").inc()
            raise NotSaved(error_id="busy")
        answer: asyncio.Future[Outcome] = self._loop.create_future()
        self._waiting.append((beacon, secret_hash, answer))
        if not self._writing:
            self._begin()
        return await answer

    def _begin(self) -> None:
        self._writing = True
        self._thread.submit(self._write_on).add_done_callback(self._hand_over)

    def _write_on(self) -> None:
        """In the thread: write batches until none is waiting; a failure ends it, and its batch is told."""
        while self._waiting:
            size = min(len(self._waiting), MOST_IN_BATCH)
            self._batch = [self._waiting.popleft() for _ in range(size)]
            outcomes = keep([(beacon, secret) for beacon, secret, _ in self._batch])
            self._loop.call_soon_threadsafe(_answer, self._batch, outcomes)
            if size >= BUSY:
                time.sleep(size * GATHER_SECONDS)

    def _hand_over(self, written: "Future[None]") -> None:
        self._loop.call_soon_threadsafe(self._go_on, written.exception())

    def _go_on(self, failure: BaseException | None) -> None:
        if failure is not None:
            _fail(self._batch, failure)
        self._writing = False
        if self._waiting:
            self._begin()


def _answer(batch: list[_Waiting], outcomes: list[Outcome]) -> None:
    for (_, _, answer), outcome in zip(batch, outcomes, strict=True):
        if not answer.done():  # Else the sender has gone.
            answer.set_result(outcome)


def _fail(batch: list[_Waiting], failure: BaseException) -> None:
    for _, _, answer in batch:
        if not answer.done():
            answer.set_exception(failure)
