"""Signing in through the company's identity provider: Streamlit speaks OpenID Connect, we decide whom that lets in.

Streamlit's own routes carry out the exchange and leave a signed cookie; it is read once, within minutes, and then
taken away.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks, get_secrets_auth_section
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from core.clock import now
from core.errors import NotAllowed

FRESH_SECONDS = 600
_SINGLE = "default"


class AddressNotVerified(NotAllowed):
    """Your identity provider has not confirmed your e-mail address. Confirm it there, then sign in again."""


class ProviderTooOld(NotAllowed):
    """It is some time since you signed in at your identity provider. Sign in again."""


@dataclass(frozen=True)
class Provider:
    """One provider people may sign in with."""

    key: str
    name: str


def providers() -> list[Provider]:
    """The providers that Streamlit's secrets name under ``[auth]``; none when there is no such section.

    A provider's ``label`` is what its button says; without one, its section's name, or the host it is found at.
    """
    section: Mapping[str, Any] = get_secrets_auth_section().to_dict()
    if "server_metadata_url" in section:
        return [Provider(_SINGLE, str(section.get("label", "SSO")))]
    named = ((key, value) for key, value in section.items() if isinstance(value, Mapping) and "client_id" in value)
    return [Provider(key, str(value.get("label", key.title()))) for key, value in named]


def login_address(provider: Provider) -> str:
    """Where the exchange with a provider starts; the address is good for two minutes."""
    return "/auth/login?" + urlencode({"provider": encode_provider_token(provider.key)})


def is_back(request: Request) -> bool:
    """Whether this browser comes from its provider."""
    return USER_COOKIE_NAME in request.cookies


def vouched_email(request: Request) -> str:
    """The address that a provider has vouched for, just now.

    Raises:
        ProviderTooOld: nothing that we signed, or it was vouched for too long ago.
        AddressNotVerified: the provider names no address, or says that it is not confirmed.
    """
    claims = _claims(request)
    issued = claims.get("iat")
    if not isinstance(issued, int) or not -60 < now().timestamp() - issued < FRESH_SECONDS:
        raise ProviderTooOld
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified", True) is not True:
        raise AddressNotVerified
    return email


def forget(request: Request, response: Response) -> None:
    """Take Streamlit's cookies away: from here on our own session counts."""
    for name in _cookie_names(request):
        response.delete_cookie(name, path="/", httponly=True, samesite="lax")


def _cookie_names(request: Request) -> Iterator[str]:
    return (name for name in request.cookies if name.startswith((USER_COOKIE_NAME, TOKENS_COOKIE_NAME)))


def _claims(request: Request) -> dict[str, Any]:
    def signed(name: str) -> bytes | None:
        return decode_signed_value(get_cookie_secret(), name, request.cookies.get(name, "").encode("latin-1"))

    kept = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    try:
        found = json.loads(kept or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
