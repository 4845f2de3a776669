"""The portal's front door: whom it lets in, and which paths need no session."""

from core.access.kinds import PORTAL_KINDS, SessionKind
from core.settings import settings
from front_door.door import Door


def door() -> Door:
    """The portal's front door."""
    return Door(
        "portal",
        PORTAL_KINDS,
        settings().portal_url,
        open_paths=("/seen", "/leave", "/verify", "/sign-in"),
        open_folders=("/partnership/", "/portal/", "/sign/", "/join/", "/view/", "/certificate/"),
        asks_for_link="/sign-in",
        machine_paths=("/hooks/cal",),
        uploaders=(SessionKind.CONTACT,),
    )
