"""What people type, made safe to keep: trimmed, bounded, without what a database or a mail header cannot hold."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from core.errors import Invalid

MAX_BODY = 10_000
_NO_CHARACTERS = {"\ufffe", "\uffff"}
"""Code points that stand for nothing; XML cannot hold them."""
_DIRECTION = {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}


def line(value: str, *, name: str, least: int = 1, most: int = 200) -> str:
    """One line of text.

    Raises:
        Invalid: it is too short or too long, has a line break, or characters that cannot be stored.
    """
    text = _storable(value, name).strip()
    if any(mark in text for mark in "\r\n\u2028\u2029"):
        raise Invalid("{name} cannot contain line breaks.", name=name)
    if any(unicodedata.category(mark) == "Cc" or mark in _DIRECTION for mark in text):
        raise Invalid("{name} contains characters that cannot be stored.", name=name)
    if len(text) < least:
        raise Invalid("{name} is missing. Fill it in.", name=name)
    if len(text) > most:
        raise Invalid("{name}: maximum {most} characters.", name=name, most=most)
    return text


def body(value: str, *, name: str, least: int = 0, most: int = MAX_BODY) -> str:
    """Text of several lines.

    Raises:
        Invalid: it is too short or too long, or has characters that cannot be stored.
    """
    text = _storable(value, name).replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(unicodedata.category(mark) == "Cc" and mark not in "\n\t" for mark in text):
        raise Invalid("{name} contains characters that cannot be stored.", name=name)
    if len(text) < least:
        raise Invalid("{name} is missing. Fill it in.", name=name)
    if len(text) > most:
        raise Invalid("{name}: maximum {most:,} characters.", name=name, most=most)
    return text


def _storable(value: str, name: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Invalid("{name} contains characters that cannot be stored.", name=name) from None
    if any(mark in _NO_CHARACTERS for mark in value):
        raise Invalid("{name} contains characters that cannot be stored.", name=name)
    return unicodedata.normalize("NFC", value)


def email(value: str, *, name: str = "E-mail address") -> str:
    """An e-mail address, in lower case.

    Raises:
        Invalid: it is not an address that mail can be sent to.
    """
    text = line(value, name=name, most=254)
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise Invalid("{name} does not look like name@company.com. Check it.", name=name) from None


def web_address(value: str, *, name: str) -> str:
    """An https (or http) address, or nothing.

    Raises:
        Invalid: it does not begin with https:// or http://.
    """
    text = line(value, name=name, least=0, most=500)
    if text and not text.startswith(("https://", "http://")):
        raise Invalid("{name} must begin with https://", name=name)
    return text
