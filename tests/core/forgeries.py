"""Tokens that no one may get in with: each built from a valid one, by name."""

import base64
import hashlib
import hmac
import json
import random
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.access.models import ProposalLink
from core.access.tokens import LIFETIME
from core.keys import signing_keys

ISSUED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ORDER = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
"""The characters of a token, in the order of their six bits."""
ANYTHING = ORDER + ".=+/ \n\0%é؟\ud800"
AUDIENCE = "partnerdesk:proposal"


def a_link(**facts: Any) -> ProposalLink:
    """A link as it is issued, without a database."""
    usual = {
        "id": UUID(int=7 << 64),
        "partner_id": UUID(int=9 << 64),
        "key_id": next(iter(signing_keys())),
        "issued_at": ISSUED,
        "expires_at": ISSUED + LIFETIME,
    }
    return ProposalLink(**usual | facts)


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the claims of a token."""
    header, claims, _ = token.split(".")
    return decoded(header), decoded(claims)


def sign(header: Any, claims: Any, *, key: bytes | None = None, compact: bool = True) -> str:
    """A token with these parts and a good HMAC-SHA256, by our own key unless another is given."""
    gaps = (",", ":") if compact else (", ", ": ")
    written = [
        part if isinstance(part, bytes) else json.dumps(part, separators=gaps).encode() for part in (header, claims)
    ]
    signed = ".".join(map(encoded, written))
    own = key if key is not None else next(iter(signing_keys().values()))
    return f"{signed}.{encoded(hmac.digest(own, signed.encode(), hashlib.sha256))}"


def substitutions(token: str) -> Iterator[str]:
    """The token with each of its characters replaced by each other one."""
    for at, kept in enumerate(token):
        for other in ORDER + ".":
            if other != kept:
                yield token[:at] + other + token[at + 1 :]


def mutations(token: str, count: int) -> Iterator[str]:
    """The token after one to four random changes: characters replaced, added, taken, parts swapped or cut."""
    rng = random.Random(20261122)
    for _ in range(count):
        text = token
        for _ in range(rng.randint(1, 4)):
            at, other = rng.randrange(len(text) + 1), rng.choice(ANYTHING)
            text = rng.choice(
                (
                    text[:at] + other + text[at + 1 :],
                    text[:at] + other + text[at:],
                    text[:at] + text[at + 1 :],
                    text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
                    text[:at] or other,
                )
            )
        if text != token:
            yield text


def headers_and_claims(token: str) -> dict[str, str]:
    """Forgeries with a good signature: a header, or claims, that we would not write."""
    return _headers(token) | _claims(token)


def _headers(token: str) -> dict[str, str]:
    header, claims = parts(token)
    kid = header["kid"]
    forged: dict[str, Any] = {
        "alg none": header | {"alg": "none"},
        "alg None": header | {"alg": "None"},
        "alg empty": header | {"alg": ""},
        "alg null": header | {"alg": None},
        "alg list": header | {"alg": ["HS256"]},
        "alg lower case": header | {"alg": "hs256"},
        "alg HS384": header | {"alg": "HS384"},
        "alg HS512": header | {"alg": "HS512"},
        "alg RS256": header | {"alg": "RS256"},
        "alg ES256": header | {"alg": "ES256"},
        "alg EdDSA": header | {"alg": "EdDSA"},
        "alg missing": {"kid": kid, "typ": "JWT"},
        "kid missing": {"alg": "HS256", "typ": "JWT"},
        "kid unknown": header | {"kid": "other"},
        "kid a path": header | {"kid": "../../dev/null"},
        "kid SQL": header | {"kid": "x' OR '1'='1"},
        "kid null": header | {"kid": None},
        "kid a number": header | {"kid": 0},
        "kid a list": header | {"kid": [kid]},
        "kid an object": header | {"kid": {"kid": kid}},
        "kid with a space": header | {"kid": kid + " "},
        "crit": header | {"crit": ["exp"]},
        "b64 false": header | {"b64": False, "crit": ["b64"]},
        "jku": header | {"jku": "https://a.example/keys"},
        "jwk": header | {"jwk": {"kty": "oct", "k": "AAAA"}},
        "typ other": header | {"typ": "at+jwt"},
        "header a list": [header],
        "header a number": 1,
    }
    return {name: sign(changed, claims) for name, changed in forged.items()}


def _claims(token: str) -> dict[str, str]:
    header, claims = parts(token)
    exp, iat = claims["exp"], claims["iat"]
    forged: dict[str, Any] = {
        "aud other": claims | {"aud": "partnerdesk:portal"},
        "aud list": claims | {"aud": [AUDIENCE]},
        "aud two": claims | {"aud": [AUDIENCE, "partnerdesk:portal"]},
        "aud null": claims | {"aud": None},
        "aud case": claims | {"aud": AUDIENCE.upper()},
        "iss other": claims | {"iss": "elsewhere"},
        "iss list": claims | {"iss": ["partnerdesk"]},
        "exp a text": claims | {"exp": str(exp)},
        "exp 10^30": claims | {"exp": 10**30},
        "exp 1e30": claims | {"exp": 1e30},
        "exp a fraction": claims | {"exp": exp + 0.5},
        "exp negative": claims | {"exp": -exp},
        "exp true": claims | {"exp": True},
        "exp null": claims | {"exp": None},
        "exp NaN": claims | {"exp": float("nan")},
        "exp a list": claims | {"exp": [exp]},
        "exp before iat": claims | {"exp": iat - 1},
        "lives a day longer": claims | {"exp": exp + 86_400},
        "iat a text": claims | {"iat": str(iat)},
        "iat in the far past": claims | {"iat": 0},
        "jti not hexadecimal": claims | {"jti": "z" * 32},
        "jti short": claims | {"jti": "7"},
        "jti empty": claims | {"jti": ""},
        "jti a number": claims | {"jti": 7},
        "jti with dashes": claims | {"jti": str(UUID(claims["jti"]))},
        "jti upper case": claims | {"jti": "A" * 32},
        "sub a number": claims | {"sub": 9},
        "sub a path": claims | {"sub": "../9"},
        "one claim more": claims | {"role": "admin"},
        "not before": claims | {"nbf": iat},
        "claims a list": [claims],
        "claims a text": "claims",
        **{f"{name} missing": {k: v for k, v in claims.items() if k != name} for name in claims},
    }
    return {name: sign(header, changed) for name, changed in forged.items()}


def spellings(token: str) -> dict[str, str]:
    """Forgeries that are other spellings of a valid token, or borrow its parts."""
    header, claims = parts(token)
    head, body, mac = token.split(".")
    near = ORDER[ORDER.index(mac[-1]) ^ 1]
    far = ORDER[ORDER.index(mac[-1]) ^ 3]
    twice = json.dumps(claims, separators=(",", ":")).replace("{", '{"sub":"0",', 1).encode()
    deep = encoded(b"[" * 20_000)
    return {
        "padded": token + "=",
        "padded twice": token + "==",
        "padded parts": f"{head}=.{body}=.{mac}=",
        "last character's alias": token[:-1] + near,
        "last character's other alias": token[:-1] + far,
        "standard base64": f"{head}.{body}.{mac}".replace("-", "+").replace("_", "/") + "+",
        "trailing line break": token + "\n",
        "leading space": " " + token,
        "trailing NUL": token + "\0",
        "upper case": token.upper(),
        "empty": "",
        "one dot": ".",
        "two dots": "..",
        "no signature": f"{head}.{body}.",
        "no dots": head + body + mac,
        "a fourth part": token + ".AAAA",
        "cut by a mail client": token[:-10],
        "twice": token + token,
        "claims of another": f"{head}.{encoded(json.dumps(claims | {'sub': '0' * 32}).encode())}.{mac}",
        "spaced JSON": sign(header, claims, compact=False),
        "claims in another order": sign(header, dict(reversed(claims.items()))),
        "a claim twice": sign(header, twice),
        "signed by nobody's key": sign(header, claims, key=b"k" * 32),
        "signed by an empty key": sign(header, claims, key=b""),
        "signed by the key's name": sign(header, claims, key=header["kid"].encode()),
        "claims not JSON": sign(header, b"{"),
        "claims not UTF-8": sign(header, b"\xff\xfe"),
        "header not JSON": sign(b"{", claims),
        "header of a huge number": sign(b'{"alg":' + b"9" * 5_000 + b"}", claims),
        "header nested deep": f"{deep}.{body}.{mac}",
        "claims nested deep": sign(header, b"[" * 20_000),
        "half a letter": token[:40] + "\ud800" + token[40:],
        "Arabic digits": token.replace("0", "٠").replace("1", "١") + "٢",
        "a page of text": "a" * 60_000,
        "the secret alone": next(iter(signing_keys().values())).decode(),
    }
