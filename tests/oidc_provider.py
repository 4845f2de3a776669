"""A small OpenID provider on this machine: discovery, keys, a page with a button, codes exchanged for tokens."""

import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from secrets import token_urlsafe
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.servers import free_port, wait_until

CLIENT_ID, CLIENT_SECRET = "partnerdesk", "a-secret-of-the-client"


class OidcProvider:
    """The provider; whoever asks is signed in with the claims of ``person``, to which a test adds what it is about."""

    def __init__(self) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.person: dict[str, Any] = {"sub": "7", "email": "aisha@example.om", "email_verified": True}
        self.exchanges = 0
        self._key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, dict[str, str]] = {}
        routes: dict[str, Callable[[Request], Any]] = {
            "/.well-known/openid-configuration": self._configuration,
            "/keys": self._keys,
            "/authorize": self._authorize,
            "/token": self._token,
        }
        app = Starlette(routes=[Route(path, answer, methods=["GET", "POST"]) for path, answer in routes.items()])
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def secrets(self, app: str) -> str:
        """What stands in Streamlit's secrets for the app at an address."""
        return f"""
[auth]
redirect_uri = "{app}/oauth2callback"
cookie_secret = "{token_urlsafe(32)}"
[auth.company]
label = "Dhofar account"
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
server_metadata_url = "{self.address}/.well-known/openid-configuration"
"""

    async def _configuration(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if request.method == "GET":
            return HTMLResponse('<title>Provider</title><form method="post"><button>Continue</button></form>')
        code = token_urlsafe(16)
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 303)

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        asked = self._codes.pop(str(form["code"]), None)
        verifier = sha256(str(form.get("code_verifier", "")).encode()).digest()
        if (
            asked is None
            or self._client(request, dict(form)) != (CLIENT_ID, CLIENT_SECRET)
            or form["redirect_uri"] != asked["redirect_uri"]
            or urlsafe_b64encode(verifier).rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.exchanges += 1
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])})

    def _client(self, request: Request, form: dict[str, Any]) -> tuple[str, str]:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return str(form.get("client_id")), str(form.get("client_secret"))
        name, _, secret = b64decode(encoded).decode().partition(":")
        return unquote(name), unquote(secret)

    def _id_token(self, nonce: str) -> str:
        at = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT_ID, "iat": at, "exp": at + 300, "nonce": nonce} | self.person
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, self._key)

    def __enter__(self) -> Self:
        self._thread.start()
        wait_until(lambda: self._server.started, what="the provider")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(5)
