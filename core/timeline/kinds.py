"""What can stand on a timeline."""

from enum import StrEnum


class Kind(StrEnum):
    """The kind of an entry; its sentence is the word ``timeline.<kind>``."""

    CREATED = "created"
    CHANGED = "changed"
    MOVED = "moved"
    NOTE = "note"
    PROPOSAL_PUBLISHED = "proposal_published"
    LINK_ISSUED = "link_issued"
    LINK_REVOKED = "link_revoked"
    LINK_REQUESTED = "link_requested"
    INVITATION_SENT = "invitation_sent"
    OPENED = "opened"
    OPENED_UNMEASURED = "opened_unmeasured"
    FIRST_VIEW = "first_view"
