"""The link of the booking page, with the partner it is for; pure."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

PARTNER = "partner"
_PARAM = f"metadata[{PARTNER}]"
"""The booking service hands what stands under ``metadata[…]`` back with the booking."""


def booking_link(url: str, slug: str) -> str:
    """The address of a booking page that tells which partner books; nothing for no address."""
    if not url:
        return ""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != _PARAM]
    return urlunsplit(parts._replace(query=urlencode([*kept, (_PARAM, slug)])))
