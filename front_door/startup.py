"""Starting a process: Streamlit's configuration checked, garbage collected on a timer, faults of scripts answered.

The one module here that knows Streamlit, besides those of the websockets and of what fields hold.
"""

import asyncio
import gc
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
import structlog
from streamlit import config, file_util

import core.tables  # noqa: F401 - relations between tables are known only once every table is
from core.errors import DomainError
from core.keys import signing_keys
from core.settings import settings
from front_door.answers import Crashed
from front_door.door import LOOPBACK, Door
from front_door.headers import inline_hashes
from front_door.held_values import tell_until_heard
from front_door.logs import silence_access_log

log = structlog.get_logger()
COLLECT_SECONDS = 30.0
REQUIRED: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.allowedOrigins": [],
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "global.developmentMode": False,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
    "server.baseUrlPath": "",
    "server.disconnectedSessionTTL": 60,
    "server.enableAgentApi": False,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 15,
    "server.maxWidgetStateSize": 2,
    "server.runOnSave": False,
    "server.trustedUserHeaders": {},
}


class ConfigurationUnsafe(RuntimeError):
    """Streamlit is configured otherwise than this product needs; the message lists each difference."""


def adapt_streamlit(door: Door) -> None:
    """Tell Streamlit what depends on our own settings, and have it tell browsers what fields hold."""
    hosts = list(LOOPBACK) if door.host in LOOPBACK else [door.host]
    config.set_option("server.allowedHosts", hosts)
    config.set_option("server.corsAllowedOrigins", list(door.origins))
    config.set_option("server.cookieSecret", cookie_secret(door))
    config.set_option("server.maxUploadSize", settings().max_upload_mb)
    tell_until_heard()


def cookie_secret(door: Door) -> str:
    """The key of Streamlit's own cookies in one app: drawn from ours, so that none has to be configured."""
    key = next(iter(signing_keys().values()))
    return hmac.digest(key, f"streamlit cookies:{door.name}".encode(), hashlib.sha256).hex()


def check_streamlit(door: Door) -> None:
    """Refuse to start on a configuration that would open what the gate and the pages rely on being closed.

    Raises:
        ConfigurationUnsafe: an option differs.
    """
    wanted = REQUIRED | {"server.cookieSecret": cookie_secret(door), "server.corsAllowedOrigins": list(door.origins)}
    wanted["server.maxUploadSize"] = settings().max_upload_mb
    wrong = [name for name, value in wanted.items() if config.get_option(name) != value]
    if not config.get_option("server.allowedHosts"):
        wrong.append("server.allowedHosts")
    if wrong:
        raise ConfigurationUnsafe(f"Streamlit's configuration is not ours: {', '.join(sorted(wrong))}")


def front_end_hashes() -> tuple[str, ...]:
    """The CSP sources of the inline scripts in the installed Streamlit's own page."""
    return inline_hashes(Path(file_util.get_static_dir()) / "index.html")


@asynccontextmanager
async def running(door: Door) -> AsyncIterator[None]:
    """The part of an app's life that both apps have."""
    check_streamlit(door)
    silence_access_log()
    collecting = asyncio.create_task(_collect_garbage())
    log.info("app.started", app=door.name, address=door.address)
    try:
        yield
    finally:
        collecting.cancel()
        with suppress(asyncio.CancelledError):
            await collecting
        log.info("app.stopped", app=door.name)


async def _collect_garbage() -> None:
    """Collect on a timer, off the event loop: Streamlit's own collection after each run costs more than the run."""
    while True:
        await asyncio.sleep(COLLECT_SECONDS)
        await asyncio.to_thread(gc.collect)


def answer_script_error(error: Exception) -> bool:
    """Show a person the refusal, or an error id that stands in the log; never the fault itself."""
    if isinstance(error, DomainError):
        st.error(error.message)
        return True
    crash = Crashed(error_id=secrets.token_hex(2).upper())
    log.error("script.crashed", error_id=crash.facts["error_id"], kind=type(error).__name__, exc_info=error)
    st.error(crash.message)
    return True
