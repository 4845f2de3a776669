"""The process entry: ``uvicorn tests.widgets.grid_app.asgi:app``; its address comes from ``ADDRESS``."""

import os
import tomllib
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.types import Message, Receive, Scope, Send
from streamlit import config

from front_door.door import Door
from front_door.headers import dressed, security_headers
from front_door.startup import front_end_hashes

HERE = Path(__file__)
SETTINGS = tomllib.loads((HERE.parents[3] / "admin_app" / ".streamlit" / "config.toml").read_text())
HEADERS = security_headers(Door("admin", (), os.environ["ADDRESS"]), front_end_hashes())
_page = st.App(HERE.with_name("main.py"))


def use_settings_of_the_app(settings: dict[str, Any], above: str = "") -> None:
    """The settings of the admin app, which lie beside its own page."""
    for name, value in settings.items():
        if isinstance(value, dict):
            use_settings_of_the_app(value, f"{above}{name}.")
        else:
            config.set_option(f"{above}{name}", value)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Streamlit with the headers that every answer of the admin app carries."""

    async def dressed_send(message: Message) -> None:
        if message["type"] == "http.response.start":
            given, status = message.get("headers", ()), message["status"]
            message["headers"] = dressed(given, HEADERS, path=scope["path"], status=status, secure=False)
        await send(message)

    await _page(scope, receive, dressed_send if scope["type"] == "http" else send)


use_settings_of_the_app(SETTINGS)
