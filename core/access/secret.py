"""Random secrets: made once, handed out once, kept as SHA-256."""

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits as text for a link or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
