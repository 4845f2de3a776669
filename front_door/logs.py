"""What the processes say: one JSON line per event, and never a secret in it."""

import logging
import re
import sys
import traceback
from typing import Any

import structlog

from core.settings import settings

REMOVED = "[removed]"
_SECRET_KEYS = re.compile(r"token|secret|cookie|password|authorization|\bcode\b", re.IGNORECASE)
_SECRET_TEXTS = (
    re.compile(r"eyJ[\w-]{5,}\.[\w-]+(?:\.[\w=-]+)?"),
    re.compile(r"(?<=token=)[^\s&\"']+|(?<=[?& ]code=)[^\s&\"']+|(?<=[?& ]state=)[^\s&\"']+", re.IGNORECASE),
    re.compile(r"(?<=pd_admin=)[^\s;\"']+|(?<=pd_portal=)[^\s;\"']+|(?<=pd_device=)[^\s;\"']+"),
    re.compile(r"(?<=/sign-in/)[\w-]{20,}|(?<=/portal/)[^\s/?&\"']{20,}"),
    re.compile(r"(?<![\w-])(?=[\w-]*[A-Z0-9])[\w-]{43}(?![\w-])"),
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b"),
)
"""Tokens, codes and cookies where they stand; 256-bit secrets anywhere; Streamlit's session ids (random UUIDs)."""


def without_secrets(text: str) -> str:
    """A text with every token, cookie, code and Streamlit session id taken out."""
    for pattern in _SECRET_TEXTS:
        text = pattern.sub(REMOVED, text)
    return text


def configure() -> None:
    """Log as JSON lines to standard error, from our own code and from the libraries alike."""
    logging.setLogRecordFactory(_CleanRecord)
    level = logging.getLevelName(settings().log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            clean_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def silence_access_log() -> None:
    """Keep the HTTP server from logging each request, address and all; Streamlit switches that on when imported."""
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.disabled = True


def clean_event(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Take secrets out of an event: whole values under a telling name, and wherever else they stand."""
    return {key: REMOVED if _SECRET_KEYS.search(key) else _clean(value) for key, value in event.items()}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return without_secrets(value)
    return value if isinstance(value, bool | int | float | None) else without_secrets(str(value))


class _CleanRecord(logging.LogRecord):
    """A record of the standard library's logging, cleaned before any handler sees it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.exc_info and self.exc_info[0]:
            self.exc_text = without_secrets("".join(traceback.format_exception(*self.exc_info)))

    def getMessage(self) -> str:  # noqa: N802
        """The message with its values in place and its secrets out."""
        return without_secrets(super().getMessage())
