"""What the benches of pages call: the admin app, the portal and an empty page behind the same gate.

``uvicorn --factory bench.served:admin`` (or ``portal``, ``empty``); ``/statements`` answers how many SQL statements the
process has sent, BEGIN not counted.
"""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import streamlit as st
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from tests.servers import ROOT, SERVE, Process, default_environment, free_port, wait_until


class Counted:
    """An app that can say how many statements its process has sent."""

    def __init__(self, app: ASGIApp) -> None:
        self.app, self.count = app, 0
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.count += not statement.startswith("BEGIN")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] == "/statements":
            return await JSONResponse(self.count)(scope, receive, send)
        return await self.app(scope, receive, send)


def admin() -> ASGIApp:
    """The admin app."""
    from admin_app.asgi import app

    return Counted(app)


def portal() -> ASGIApp:
    """The portal."""
    from portal_app.asgi import app

    return Counted(app)


def empty() -> ASGIApp:
    """The empty page, with the admin app's configuration of Streamlit, routes and gate."""
    from admin_app.routes import door, routes
    from front_door import logs
    from front_door.gate import Gate
    from front_door.startup import adapt_streamlit, front_end_hashes, running

    logs.configure()
    here = door()

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        async with running(here):
            yield

    config._main_script_path = str(ROOT / "admin_app" / "main.py")
    app = st.App(Path(__file__).parent / "pages" / "empty.py", routes=routes(), lifespan=lifespan)
    adapt_streamlit(here)
    return Counted(Gate(app, here, hashes=front_end_hashes()))


@dataclass(frozen=True)
class Served:
    """A running app: its address and its process."""

    address: str
    process: Process

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.running.pid if self.process.running else 0

    def statements(self) -> int:
        """How many SQL statements it has sent so far."""
        return int(httpx.get(f"{self.address}/statements", trust_env=False, timeout=30).text)


@contextmanager
def serving(*names: str, database_url: str, folder: Path) -> Iterator[dict[str, Served]]:
    """Apps of this module over one database, each in a process of its own."""
    apps = {name: _process(name, database_url, folder) for name in names}
    try:
        for app in apps.values():
            app.process.start()
        for app in apps.values():
            wait_until(partial(_answers, app.address), what=f"the start of {app.process.name}", seconds=90)
        yield apps
    finally:
        for app in apps.values():
            app.process.stop()


def environment(database_url: str, folder: Path) -> dict[str, str]:
    """The environment of a process of the product: every setting at its default but these."""
    given = {"DATABASE_URL": database_url, "STATE_DIR": str(folder), "LOG_LEVEL": "warning"}
    return os.environ | default_environment() | given


def load_demo(database_url: str, folder: Path) -> None:
    """Put the demo company into a migrated database."""
    command = [sys.executable, "-m", "core.demo", "load"]
    subprocess.run(command, cwd=ROOT, env=environment(database_url, folder), check=True)


def _process(name: str, database_url: str, folder: Path) -> Served:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    given = environment(database_url, folder) | {"ADMIN_URL": address, "PORTAL_URL": address}
    command = [sys.executable, "-m", "uvicorn", "--factory", f"bench.served:{name}", "--port", str(port), *SERVE]
    return Served(address, Process(name, command, environment=given, log=folder / f"{name}.log"))


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", trust_env=False, timeout=2).is_success
    except httpx.TransportError:
        return False
