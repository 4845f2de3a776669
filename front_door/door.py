"""What the front door of one app is like: its public address, its cookie, and the paths that need no session."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from core.access.kinds import SessionKind

LOOPBACK = ("127.0.0.1", "localhost")
OPEN_TO_ALL = ("/healthz", "/robots.txt", "/favicon.png", "/manifest.json")
OPEN_FOLDERS = ("/static/", "/fonts/")
"""Streamlit's own front end and our fonts: the same bytes for everybody."""
DEVICE_COOKIE = "pd_device"


@dataclass(frozen=True)
class Door:
    """One app's front door. ``address`` is its public address, such as ``https://partners.example.om``."""

    name: str
    kinds: tuple[SessionKind, ...]
    address: str
    open_paths: tuple[str, ...] = ()
    open_folders: tuple[str, ...] = ()
    machine_paths: tuple[str, ...] = ()
    """Where other services post; what they send is signed, so that it need not come from one of our pages."""
    sign_in: str = ""
    """Where a browser without a session is sent; empty: it is told to open its link."""
    asks_for_link: str = ""
    """Where somebody without a session may ask for a link, when not everybody comes in by that."""
    uploaders: tuple[SessionKind, ...] = ()
    """Whose pages take files."""

    @cached_property
    def secure(self) -> bool:
        """Whether people reach the app by https."""
        return self.address.startswith("https://")

    @cached_property
    def cookie(self) -> str:
        """The name of the session cookie; under https browsers keep others from planting it."""
        return f"__Host-pd_{self.name}" if self.secure else f"pd_{self.name}"

    @property
    def host(self) -> str:
        """The host name of the public address, without its port."""
        return urlsplit(self.address).hostname or ""

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """The origins that are ourselves. On one's own machine both names of the loopback are."""
        scheme, _, place = self.address.partition("://")
        port = place.removeprefix(self.host)
        names = LOOPBACK if self.host in LOOPBACK else (self.host,)
        return tuple(f"{scheme}://{name}{port}" for name in names)

    def is_open(self, path: str) -> bool:
        """Whether a path answers people without a session."""
        return path in self._open_paths or path.startswith(self._open_folders)

    @cached_property
    def _open_paths(self) -> frozenset[str]:
        return frozenset((*OPEN_TO_ALL, *self.open_paths, *self.machine_paths))

    @cached_property
    def _open_folders(self) -> tuple[str, ...]:
        return (*OPEN_FOLDERS, *self.open_folders)
