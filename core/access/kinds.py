"""The kinds of session."""

from enum import StrEnum


class SessionKind(StrEnum):
    """Who a session lets in."""

    STAFF = "staff"
    READER = "reader"
