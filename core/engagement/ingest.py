"""Taking in beacons: while one batch is written in a thread of its own, the next one gathers.

An answer means that the beacon is kept: it is given only after the batch's transaction has ended.
"""

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from core.engagement.batch import REJECTED, Outcome, keep
from core.engagement.beacons import Beacon, BeaconRejected, parse

MOST_IN_BATCH = 256
BUSY = 8
GATHER_SECONDS = 0.002
"""After a batch of so many beacons the next one waits a little, so that those just answered can send their next."""
MOST_WAITING = 20_000
"""Beacons held while the database is slow; the next ones are dropped, and the reader's browser sends newer ones."""

_Waiting = tuple[Beacon, bytes, "asyncio.Future[Outcome]"]


class Ingest:
    """The intake of one process; ``start`` and ``stop`` it with the process."""

    def __init__(self) -> None:
        self._waiting: deque[_Waiting] = deque()
        self._woken = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, "beacons")

    def start(self) -> None:
        """Begin to write what comes in; inside the running event loop."""
        self._writing = asyncio.get_running_loop().create_task(self._write_on(), name="beacons")

    async def stop(self) -> None:
        """Write what is waiting, then end."""
        while self._waiting or self._woken.is_set():
            await asyncio.sleep(0.01)
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])
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
            NotSaved: the database could not keep it.
        """
        if len(self._waiting) >= MOST_WAITING:
            REJECTED.labels("busy").inc()
            return Outcome.DROPPED
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((beacon, secret_hash, answer))
        self._woken.set()
        return await answer

    async def _write_on(self) -> None:
        while True:
            await self._woken.wait()
            busy = False
            while self._waiting:
                if busy:
                    await asyncio.sleep(GATHER_SECONDS)
                size = min(len(self._waiting), MOST_IN_BATCH)
                busy = size >= BUSY
                await self._write([self._waiting.popleft() for _ in range(size)])
            self._woken.clear()

    async def _write(self, batch: list[_Waiting]) -> None:
        beacons = [(beacon, secret) for beacon, secret, _ in batch]
        writing = asyncio.get_running_loop().run_in_executor(self._thread, keep, beacons)
        await asyncio.wait([writing])
        failure = writing.exception()
        for place, (_, _, answer) in enumerate(batch):
            if answer.done():  # The sender has gone.
                continue
            if failure is None:
                answer.set_result(writing.result()[place])
            else:
                answer.set_exception(failure)
