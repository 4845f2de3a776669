"""The gate before the websocket: who may connect, and to which Streamlit session."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.actor import system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.companies import sign_in
from core.companies.models import Staff
from core.db import reading, transaction
from front_door.gate import Gate
from front_door.sockets import ConnectLimit

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _socket_app(scope, receive, send):
    """A stand-in for Streamlit: announces a session's id, then echoes what it was asked for."""
    if scope["type"] != "websocket":
        return
    socket = WebSocket(scope, receive, send)
    await socket.accept("streamlit")
    frame = ForwardMsg()
    frame.new_session.initialize.session_id = str(uuid4())
    await socket.send_bytes(frame.SerializeToString())
    await socket.send_text(socket.headers.get("sec-websocket-protocol", ""))
    await socket.send_text(socket.headers.get("x-partnerdesk-client", ""))
    await socket.close()


@pytest.fixture
def stream(admin, sign_in_secret):
    """A function that opens a websocket through a gate; it answers what was announced and asked for."""
    gate = Gate(_socket_app, admin.app.door, limit=ConnectLimit(per_minute=20))
    origin = {"Origin": admin.app.door.address}
    admin.post(f"/sign-in/{sign_in_secret}")
    admin.app, admin._transport.app = gate, gate

    def connect(*wish: str, cookie: str = "", **headers: str) -> tuple[str, str, str]:
        given = origin | {"Cookie": cookie or f"pd_admin={admin.cookies['pd_admin']}"} | headers
        with admin.websocket_connect("/_stcore/stream", subprotocols=["streamlit", "xsrf", *wish], headers=given) as ws:
            frame = ForwardMsg()
            frame.ParseFromString(ws.receive_bytes())
            return frame.new_session.initialize.session_id, ws.receive_text(), ws.receive_text()

    return connect


def refused(connect, *wish, **headers) -> int:
    with pytest.raises(WebSocketDisconnect) as caught:
        connect(*wish, **headers)
    return caught.value.code


class TestWebsocket:
    def test_opens_with_a_session_from_our_own_page(self, stream):
        assert stream()[1] == "streamlit, xsrf"

    def test_needs_a_session(self, stream):
        assert refused(stream, cookie="pd_admin=made-up") == 4401

    @pytest.mark.parametrize("origin", ("", "null", "https://evil.example", "http://127.0.0.1:9", "http://127.0.0.1"))
    def test_needs_our_own_origin(self, stream, origin):
        assert refused(stream, Origin=origin) == 1008

    def test_is_limited_by_address(self, stream):
        for _ in range(20):
            stream()
        assert refused(stream) == 1013

    def test_tells_scripts_the_address_that_we_saw(self, stream):
        assert stream(**{"X-Partnerdesk-Client": "6.6.6.6"})[2] == "203.0.113.9"

    def test_may_go_on_with_its_own_streamlit_session(self, stream):
        mine = stream()[0]
        assert stream(mine)[1] == f"streamlit, xsrf, {mine}"

    def test_never_goes_on_with_one_that_nobody_was_given(self, stream):
        assert stream("made-up")[1] == "streamlit, xsrf"
        assert mismatches() == 0

    def test_never_goes_on_with_somebody_elses(self, stream, admin, nora):
        theirs = stream()[0]
        assert stream(theirs, cookie=f"pd_admin={session_of(nora)}")[1] == "streamlit, xsrf"
        assert mismatches() == 1


def session_of(staff) -> str:
    with transaction(system()) as session:
        return sign_in.open_for_email(session, session.get_one(Staff, staff.id).email, by=system())


def mismatches() -> int:
    with reading(system()) as session:
        found = select(func.count()).select_from(AuditEntry).where(AuditEntry.tag == Tag.SESSION_MISMATCH.value)
        return session.scalar(found) or 0
