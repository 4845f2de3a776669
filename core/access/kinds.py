"""The kinds of session."""

from enum import StrEnum


class SessionKind(StrEnum):
    """Who a session lets in."""

    STAFF = "staff"
    READER = "reader"
    """Opened a proposal by its link."""
    ROOM = "room"
    """Came in by the room's link, or proved the mailbox while signing; reads the proposal too."""


STAFF_KINDS = (SessionKind.STAFF,)
PORTAL_KINDS = (SessionKind.READER, SessionKind.ROOM)
"""The kinds of session that each app lets in."""
