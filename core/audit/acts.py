"""Acts upon the record as a whole, which are recorded themselves: a list taken out, the log verified."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.chain import Verdict
from core.audit.service import record
from core.audit.tags import Tag


@permits(Act.EXPORT)
def take_export(
    session: Session, what: str, *, file_format: str, rows: int, filters: Mapping[str, str], by: Actor
) -> None:
    """Note that a list was taken out as a file: which one, how it was filtered, how many rows it has."""
    taken = {"what": what, "format": file_format, "rows": rows}
    record(session, Tag.EXPORT, by=by, after=taken | {"filters": dict(filters)} if filters else taken)


@permits(Act.READ_AUDIT)
def note_verification(session: Session, verdict: Verdict, *, by: Actor) -> None:
    """Note that the log was verified, and what was found."""
    found = {"entries": verdict.checked, "intact": verdict.intact}
    record(session, Tag.AUDIT_VERIFY, by=by, after=found | ({} if verdict.intact else {"reason": verdict.reason}))
