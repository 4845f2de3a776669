"""Streamlit's websockets: how often an address may connect, and who may take up a Streamlit session again.

A browser that lost its connection asks Streamlit to go on with an old session by naming its id. Streamlit believes
whoever names it; so we remember to which of our sessions each id was given, and drop the wish of anybody else.
"""

import json
import time
from collections import OrderedDict, deque
from uuid import UUID

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import Message, Scope
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from front_door.client import Client

CONNECTS_PER_MINUTE = 600
_WINDOW = 60.0
_MOST_ADDRESSES = 10_000
_MOST_IDS = 50_000
CLIENT_HEADER = b"x-partnerdesk-client"
ORIGIN_HEADER = b"x-partnerdesk-origin"
"""Where the client came from, as JSON."""
_PROTOCOL = b"sec-websocket-protocol"


class ConnectLimit:
    """Counts connections by address over the last minute, in this process."""

    def __init__(self, per_minute: int = CONNECTS_PER_MINUTE) -> None:
        self.per_minute = per_minute
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def admits(self, address: str) -> bool:
        """Count a connection; False when the address has had its share of this minute."""
        at = time.monotonic()
        times = self._seen.setdefault(address, deque(maxlen=self.per_minute))
        self._seen.move_to_end(address)
        if len(self._seen) > _MOST_ADDRESSES:
            self._seen.popitem(last=False)
        if len(times) == self.per_minute and at - times[0] < _WINDOW:
            return False
        times.append(at)
        return True


class Owners:
    """Which of our sessions each Streamlit session id was given to."""

    def __init__(self) -> None:
        self._owner: OrderedDict[str, UUID] = OrderedDict()

    def give(self, streamlit_id: str, session: UUID) -> None:
        """Streamlit opened a session for one of ours."""
        self._owner[streamlit_id] = session
        self._owner.move_to_end(streamlit_id)
        if len(self._owner) > _MOST_IDS:
            self._owner.popitem(last=False)

    def owner(self, streamlit_id: str) -> UUID | None:
        """The session of ours that a Streamlit session was opened for; None when it was not in this process."""
        return self._owner.get(streamlit_id)


def wished_id(scope: Scope) -> str:
    """The Streamlit session that a websocket asks to go on with; empty when it asks for none."""
    entries = _entries(scope)
    return entries[2] if len(entries) > 2 else ""


def without_wish(scope: Scope) -> Scope:
    """The same websocket, asking for a new Streamlit session."""
    kept = ", ".join(_entries(scope)[:2]).encode("latin-1")
    headers = [(name, kept if name == _PROTOCOL else value) for name, value in scope["headers"]]
    return {**scope, "headers": headers, "subprotocols": scope.get("subprotocols", [])[:2]}


def opened_id(message: Message) -> str:
    """The Streamlit session id that a message to the browser announces; empty when it announces none."""
    frame = ForwardMsg()
    try:
        frame.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return ""
    return frame.new_session.initialize.session_id if frame.WhichOneof("type") == "new_session" else ""


def naming(scope: Scope, client: Client) -> Scope:
    """The same websocket with the client's address and origin in headers that only we can write; scripts read them."""
    headers = [(name, value) for name, value in scope["headers"] if name not in (CLIENT_HEADER, ORIGIN_HEADER)]
    origin = json.dumps(client.origin()).encode("ascii")
    return {**scope, "headers": [*headers, (CLIENT_HEADER, client.ip.encode("latin-1")), (ORIGIN_HEADER, origin)]}


def _entries(scope: Scope) -> list[str]:
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == _PROTOCOL]
    return [entry.strip() for entry in ",".join(values).split(",")]
