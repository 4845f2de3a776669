"""The gate that an NDA opens. Pure."""

from datetime import datetime

from core.partners.pipeline import Status


def nda_is_settled(status: Status, nda_expires_at: datetime | None, at: datetime) -> bool:
    """Whether what stands behind the NDA is open: an active partner needs none, any other one a valid one."""
    return status is Status.ACTIVE or (nda_expires_at is not None and at < nda_expires_at)
