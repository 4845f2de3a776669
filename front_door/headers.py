"""The headers that every answer of the apps carries."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from front_door.door import Door

Header = tuple[bytes, bytes]
CACHEABLE = ("/static/", "/fonts/", "/favicon.png")
NO_STORE = (b"cache-control", b"no-store")
NAMED_BY_HASH = "/component/st_aggrid.AgGrid.agGrid/static/"
"""The grid's own script and style: five megabytes that are fetched at each look, unless they may be kept."""
KEPT = (b"cache-control", b"private, max-age=31536000, immutable")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_NOT_NEEDED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone")
_NOT_NEEDED_EITHER = ("midi", "payment", "serial", "usb", "xr-spatial-tracking")


def inline_hashes(page: Path) -> tuple[str, ...]:
    """The CSP sources that allow exactly the inline scripts of an HTML file."""
    scripts = _INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)


def content_policy(door: Door, hashes: Iterable[str]) -> str:
    """What a page of this app may load and run: its own scripts and styles, and nothing from elsewhere."""
    sockets = [origin.replace("http", "ws", 1) for origin in door.origins]
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "blob:", *hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", *sockets],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in rules.items())


def security_headers(door: Door, hashes: Iterable[str]) -> tuple[Header, ...]:
    """The headers for every answer of an app, whatever its status."""
    found = {
        "content-security-policy": content_policy(door, hashes),
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": ", ".join(f"{name}=()" for name in (*_NOT_NEEDED, *_NOT_NEEDED_EITHER)),
    }
    if door.secure:
        found["strict-transport-security"] = "max-age=31536000"
    return tuple((name.encode(), value.encode()) for name, value in found.items())


def dressed(given: Iterable[Header], ours: tuple[Header, ...], *, path: str, status: int, secure: bool) -> list[Header]:
    """An answer's headers with ours in place of its own; what is not the same for everybody is never stored.

    A content policy of the answer's own stays beside ours: browsers obey both, so it can only forbid more.
    """
    replaced = ({name for name, _ in ours} | {b"server"}) - {b"content-security-policy"}
    cacheable = path.startswith(CACHEABLE) and status in (200, 206, 304)
    if not cacheable:
        replaced |= {b"cache-control", b"expires", b"etag", b"last-modified"}
    kept = [(name, _secured(value) if secure and name.lower() == b"set-cookie" else value) for name, value in given]
    kept = [(name, value) for name, value in kept if name.lower() not in replaced]
    if cacheable:
        return [*kept, *ours]
    return [*kept, *ours, KEPT if path.startswith(NAMED_BY_HASH) and status == 200 else NO_STORE]


def _secured(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"
