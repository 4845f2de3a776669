"""Streamlit's websocket spoken by hand: for sessions that are stolen, and for load."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection


class Wire:
    """One open connection, as a browser's tab has it."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.session_id = ""
        """Streamlit's id of the session, once it was announced."""
        self.received: list[bytes] = []
        """Every message so far, as bytes."""

    async def rerun(self, query: str = "") -> list[ForwardMsg]:
        """Run the script once; answers what came until it had finished."""
        request = BackMsg()
        request.rerun_script.query_string = query
        await self.connection.send(request.SerializeToString())
        return await self.until_finished()

    async def until_finished(self) -> list[ForwardMsg]:
        """Everything that comes until a script run has finished."""
        found: list[ForwardMsg] = []
        while not found or found[-1].WhichOneof("type") != "script_finished":
            found.append(await self._next())
        return found

    async def _next(self) -> ForwardMsg:
        raw = await self.connection.recv()
        assert isinstance(raw, bytes)
        self.received.append(raw)
        message = ForwardMsg()
        message.ParseFromString(raw)
        if message.WhichOneof("type") == "new_session":
            self.session_id = message.new_session.initialize.session_id
        return message


@asynccontextmanager
async def connected(
    address: str, *, cookie: str = "", resume: str = "", origin: str | None = None
) -> AsyncIterator[Wire]:
    """A connection to the app at an address, with cookies as one text.

    ``resume``: the Streamlit session to ask for. ``origin``: the app's own unless given; empty for none.

    Raises:
        websockets.InvalidStatus: the app refused it.
    """
    protocols = [websockets.Subprotocol(name) for name in ("streamlit", "xsrf", resume) if name]
    async with websockets.connect(
        address.replace("http", "ws", 1) + "/_stcore/stream",
        origin=websockets.Origin(address if origin is None else origin) if origin != "" else None,
        subprotocols=protocols,
        additional_headers={"Cookie": cookie} if cookie else {},
        max_size=None,
        proxy=None,
    ) as connection:
        yield Wire(connection)
