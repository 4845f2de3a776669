"""The portal's process entry: ``uvicorn portal_app.asgi:app``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from core.engagement.ingest import Ingest
from front_door import logs
from front_door.answers import EXCEPTION_HANDLERS
from front_door.gate import Gate
from front_door.startup import adapt_streamlit, answer_script_error, front_end_hashes, running
from portal_app.door import door
from portal_app.routes import beacons_first, routes

logs.configure()
_door = door()
_ingest = Ingest()


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    async with running(_door):
        _ingest.start()
        yield
        await _ingest.stop()


_streamlit = st.App(
    Path(__file__).with_name("main.py"),
    routes=routes(_ingest),
    lifespan=_lifespan,
    on_script_error=answer_script_error,
    exception_handlers=EXCEPTION_HANDLERS,
)
adapt_streamlit(_door)
app = Gate(beacons_first(_streamlit, _ingest), _door, hashes=front_end_hashes())
