"""The kinds of session."""

from enum import StrEnum


class SessionKind(StrEnum):
    """Who a session lets in."""

    STAFF = "staff"
    READER = "reader"
    """Opened a proposal by its link."""
    ROOM = "room"
    """Came in by the room's link, or proved the mailbox while signing; reads the proposal too."""
    CONTACT = "contact"
    """A person of a reseller, or staff who look as one."""


STAFF_KINDS = (SessionKind.STAFF,)
PORTAL_KINDS = (SessionKind.READER, SessionKind.ROOM, SessionKind.CONTACT)
"""The kinds of session that each app lets in."""
