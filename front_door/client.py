"""Where a request comes from: the address of its client, counted through our own proxies only."""

from dataclasses import dataclass, field
from ipaddress import ip_address

import structlog
from starlette.datastructures import Headers
from starlette.types import Scope

from core.actor import Actor, system
from core.settings import settings

log = structlog.get_logger()
MOST_OF_A_USER_AGENT = 400
MOST_OF_A_HEADER = 400


@dataclass(frozen=True)
class Client:
    """A client: its address, what its browser calls itself, and whether the forwarded header made sense.

    ``peer`` and ``forwarded`` are what the address was found from: the connection's own address, and the forwarded
    headers as received.
    """

    ip: str
    user_agent: str
    forwarded_is_sound: bool = True
    peer: str = field(default="", compare=False)
    forwarded: tuple[str, ...] = field(default=(), compare=False)

    def actor(self) -> Actor:
        """The product itself, acting for this client before it is known who it is."""
        return system(ip=self.ip, user_agent=self.user_agent)

    def origin(self) -> dict[str, object]:
        """Where the request came from, for evidence: nothing in it is guessed."""
        return {
            "peer": self.peer,
            "forwarded": [value[:MOST_OF_A_HEADER] for value in self.forwarded[:5]],
            "trusted_proxies": settings().trusted_proxies,
            "forwarded_is_sound": self.forwarded_is_sound,
            "address": self.ip if self.forwarded_is_sound else "",
        }


def client_of(scope: Scope) -> Client:
    """The client of a request or a websocket.

    With ``trusted_proxies`` = n, the n-th address of ``X-Forwarded-For`` from the right was written by our outermost
    proxy; everything left of it is the client's own claim and ignored. A header that is too short or is not made of
    addresses is never believed: the peer counts then, and the log says so. A peer that the header names itself was put
    there by the HTTP server, from the client's own claim (uvicorn does so unless told ``--no-proxy-headers``): then the
    address is unknown, and all such clients are counted as one.
    """
    headers = Headers(scope=scope)
    agent, proxies = headers.get("user-agent", "")[:MOST_OF_A_USER_AGENT], settings().trusted_proxies
    chain = tuple(headers.getlist("x-forwarded-for"))
    hops = [hop.strip() for value in chain for hop in value.split(",")]
    peer = _address((scope.get("client") or ("",))[0]) or ""
    if proxies and (named := _address(hops[-proxies]) if len(hops) >= proxies else None):
        return Client(named, agent, peer=peer, forwarded=chain)
    is_claimed = bool(peer) and any(peer in hop for hop in hops)
    if is_claimed or proxies:
        log.warning("client.forwarded_header_not_believed", peer=peer, hops=len(hops), proxies=proxies)
    is_sound = not (is_claimed or proxies)
    return Client("" if is_claimed else peer, agent, forwarded_is_sound=is_sound, peer=peer, forwarded=chain)


def _address(text: str) -> str | None:
    """The address a text spells, in its one spelling; None when it spells none."""
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
