"""Where a request comes from: the address of its client, counted through our own proxies only."""

from dataclasses import dataclass
from ipaddress import ip_address

import structlog
from starlette.datastructures import Headers
from starlette.types import Scope

from core.actor import Actor, system
from core.settings import settings

log = structlog.get_logger()
MOST_OF_A_USER_AGENT = 400


@dataclass(frozen=True)
class Client:
    """A client: its address, what its browser calls itself, and whether the forwarded header made sense."""

    ip: str
    user_agent: str
    forwarded_is_sound: bool = True

    def actor(self) -> Actor:
        """The product itself, acting for this client before it is known who it is."""
        return system(ip=self.ip, user_agent=self.user_agent)


def client_of(scope: Scope) -> Client:
    """The client of a request or a websocket.

    With ``trusted_proxies`` = n, the n-th address of ``X-Forwarded-For`` from the right was written by our outermost
    proxy; everything left of it is the client's own claim and ignored. A header that is too short or is not made of
    addresses is never believed: the peer counts then, and the log says so.
    """
    headers = Headers(scope=scope)
    peer = _address((scope.get("client") or ("",))[0]) or ""
    agent = headers.get("user-agent", "")[:MOST_OF_A_USER_AGENT]
    proxies = settings().trusted_proxies
    if not proxies:
        return Client(peer, agent)
    hops = [hop.strip() for value in headers.getlist("x-forwarded-for") for hop in value.split(",")]
    named = _address(hops[-proxies]) if len(hops) >= proxies else None
    if named is None:
        log.warning("client.forwarded_header_invalid", peer=peer, hops=len(hops), proxies=proxies)
        return Client(peer, agent, forwarded_is_sound=False)
    return Client(named, agent)


def _address(text: str) -> str | None:
    """The address a text spells, in its one spelling; None when it spells none."""
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
