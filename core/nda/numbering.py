"""References without gaps: a number is taken in the transaction that signs, and comes back when it is not kept."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import lock
from core.nda.models import NdaCounter


def reference(number: int) -> str:
    """A number as people quote it: NDA-00001."""
    return f"NDA-{number:05d}"


def next_number(session: Session) -> int:
    """The number that would be taken now; somebody else may take it first."""
    return (session.scalar(select(NdaCounter.last)) or 0) + 1


def take_number(session: Session, *, by: Actor) -> int:
    """The company's next number, held until the transaction ends."""
    lock(session, f"nda-number:{by.company}")
    raised = update(NdaCounter).values(last=NdaCounter.last + 1).returning(NdaCounter.last)
    number = session.scalar(raised.execution_options(synchronize_session=False))
    if number is None:
        session.add(NdaCounter(last=1))
        session.flush()
        number = 1
    return number
