"""The load client of the beacon bench, in a process of its own: keep-alive connections, one request at a time on each.

``python -m bench.beacon_client PORT PATH CONNECTIONS SECONDS READERS.json FIRST`` prints JSON: requests, seconds, p99.
"""

import asyncio
import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import cast

import uvloop

SECTIONS = ("hero", "terms", "metrics", "value", "modules", "why", "next_steps", "cta", "documents")


_FIELDS = ",".join(f'"{section}":%d' for section in SECTIONS)
_HEAD = (
    "POST {path} HTTP/1.1\r\nhost: bench\r\ncookie: pd_portal={secret}\r\nsec-fetch-site: same-origin\r\n"
    "content-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
)


class Reader:
    """A browser that reports a little more reading each time."""

    def __init__(self, visit: str, secret: str, first: int, path: str) -> None:
        self.n = first
        self.head = _HEAD.format(path=path, secret=secret).encode()
        self.body = f'{{"v":"{visit}","n":%d,"ms":{{{_FIELDS}}},"at":"%b","human":true}}'.encode()

    def request(self) -> bytes:
        """The next beacon, as bytes on the wire."""
        self.n += 1
        growing = self.n // 3 % len(SECTIONS)
        ms = [1_000 + 2 * (self.n // 27 * 3)] * len(SECTIONS)
        ms[growing] += 2 * (1 + self.n % 3)
        body = self.body % (self.n, *ms, SECTIONS[growing].encode())
        return self.head % (len(body), body)


class Connection(asyncio.Protocol):
    """Sends the next request when the last one is answered."""

    def __init__(self, readers: list[Reader], until: float, times: list[float]) -> None:
        self.readers, self.until, self.times = readers, until, times
        self.count = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""

        self.transport = cast(asyncio.WriteTransport, transport)
        self.send()

    def send(self) -> None:
        """Ask."""
        self.count += 1
        self.sent = time.perf_counter()
        self.transport.write(self.readers[self.count % len(self.readers)].request())

    def data_received(self, data: bytes) -> None:
        """Answered: each answer is short and comes in one piece."""
        if not data.startswith(b"HTTP/1.1 204"):
            raise SystemExit(f"unexpected answer: {data[:200]!r}")
        at = time.perf_counter()
        self.times.append(at - self.sent)
        if at < self.until:
            self.send()
        else:
            self.ended.set_result(None)
            self.transport.close()


async def main(port: int, path: str, connections: int, seconds: float, file: str, first: int) -> None:
    """Load the server for so long and print what came of it."""
    readers = [Reader(visit, secret, first, path) for visit, secret in json.loads(Path(file).read_text())]
    times: list[float] = []
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    until = began + seconds
    made = []
    for number in range(connections):
        own = readers[number::connections]
        made.append(await loop.create_connection(partial(Connection, own, until, times), "127.0.0.1", port))
    await asyncio.gather(*(protocol.ended for _, protocol in made))
    took = time.perf_counter() - began
    times.sort()
    print(
        json.dumps(
            {
                "count": len(times),
                "rate": len(times) / took,
                "p50": times[len(times) // 2],
                "p99": times[int(len(times) * 0.99)],
            }
        )
    )


if __name__ == "__main__":
    _, port, path, connections, seconds, file, first = sys.argv
    uvloop.run(main(int(port), path, int(connections), float(seconds), file, int(first)))
