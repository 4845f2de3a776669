"""Browser tabs without a browser: Streamlit's websocket spoken by hand, for load."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

SHORT = 100
"""Bytes: the message that ends a run is shorter, so longer ones need not be parsed."""


class Tab:
    """One open connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def run(self, page: str = "", query: str = "") -> list[bytes]:
        """Run a page's script once; what came until it had finished."""
        request = BackMsg()
        request.rerun_script.page_name, request.rerun_script.query_string = page, query
        await self.connection.send(request.SerializeToString())
        came: list[bytes] = []
        while not came or not _ends(came[-1]):
            came.append(await self.connection.recv(decode=False))
        return came


def _ends(raw: bytes) -> bool:
    if len(raw) > SHORT:
        return False
    message = ForwardMsg()
    message.ParseFromString(raw)
    return bool(message.WhichOneof("type") == "script_finished")


@asynccontextmanager
async def opened(address: str, cookies: Sequence[str]) -> AsyncIterator[list[Tab]]:
    """A tab for each cookie."""
    async with AsyncExitStack() as stack:
        yield [await _open(stack, address, cookie) for cookie in cookies]


async def _open(stack: AsyncExitStack, address: str, cookie: str) -> Tab:
    connecting = websockets.connect(
        address.replace("http", "ws", 1) + "/_stcore/stream",
        origin=websockets.Origin(address),
        subprotocols=[websockets.Subprotocol(name) for name in ("streamlit", "xsrf")],
        additional_headers={"Cookie": cookie},
        max_size=None,
        proxy=None,
        open_timeout=60,
        ping_interval=None,
    )
    return Tab(await stack.enter_async_context(connecting))


@dataclass(frozen=True)
class Load:
    """What came of a load: runs a second, and how long 95 of 100 runs took at most, in ms."""

    runs: int
    rate: float
    p95: float


async def load(tabs: Sequence[Tab], page: str, query: str, *, seconds: float) -> Load:
    """Every tab runs a page again and again without pause for so long, and once at least."""
    spent: list[float] = []
    began = time.perf_counter()

    async def busy(tab: Tab) -> None:
        at = time.perf_counter()
        while at < began + seconds or at == began:
            await tab.run(page, query)
            spent.append(time.perf_counter() - at)
            at = time.perf_counter()

    await asyncio.gather(*(busy(tab) for tab in tabs))
    spent.sort()
    rate = len(spent) / (time.perf_counter() - began)
    return Load(len(spent), rate, 1_000 * spent[int(len(spent) * 0.95)])
