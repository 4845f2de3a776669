"""What a day may hold, as tests arrange it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from core.db import reader, writer
from core.nda.models import Form, Nda
from core.partners.models import Partner


def sign(session: Session, partner: Partner, *, at: datetime, **facts: Any) -> Nda:
    """A paper NDA signed at an instant; the first of its company."""
    usual = {"number": 1, "reference": "NDA-00001", "form": Form.PAPER, "signer_name": "Salim Al Kindi"}
    usual |= {"signed_at": at, "expires_at": at + timedelta(days=1_095), "recorded_by": "Aisha"}
    usual |= {"evidence": {}, "evidence_sha256": "0" * 64, "pdf_sha256": "0" * 64}
    row = Nda(partner_id=partner.id, **usual | facts)
    session.add(row)
    session.flush()
    return row


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    engines = (reader(), writer())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
