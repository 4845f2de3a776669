"""``python -m core.audit verify``: recompute every company's chain; exit status 1 when one was tampered with."""

import sys
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import core.tables  # noqa: F401 - relations between tables are known only once every table is
from core.actor import system
from core.audit.models import AuditHead
from core.audit.queries import verification
from core.db import reading


def main(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    if arguments != ["verify"]:
        print("usage: python -m core.audit verify")
        return 2
    with reading(system()) as session:
        verdicts = {company: verification(session, company=company) for company in _companies(session)}
    for company, verdict in verdicts.items():
        state = "intact" if verdict.intact else f"NOT INTACT at entry {verdict.bad_seq}: {verdict.reason}"
        print(f"{company}: {verdict.checked} entries verified, {state}")
    return 0 if all(verdict.intact for verdict in verdicts.values()) else 1


def _companies(session: Session) -> Sequence[UUID]:
    return session.scalars(select(AuditHead.company_id)).all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
