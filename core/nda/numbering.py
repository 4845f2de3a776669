"""References without gaps: a number is taken in the transaction that signs, and comes back when it is not kept."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import lock
from core.nda.models import Instrument, NdaCounter


def next_number(session: Session, instrument: Instrument) -> int:
    """The number that would be taken now; somebody else may take it first."""
    return (session.scalar(select(NdaCounter.last).where(NdaCounter.instrument == instrument)) or 0) + 1


def take_number(session: Session, instrument: Instrument = Instrument.NDA, *, by: Actor) -> int:
    """The company's next number of an agreement, held until the transaction ends."""
    lock(session, f"{instrument}-number:{by.company}")
    mine = update(NdaCounter).where(NdaCounter.instrument == instrument)
    raised = mine.values(last=NdaCounter.last + 1).returning(NdaCounter.last)
    number = session.scalar(raised.execution_options(synchronize_session=False))
    if number is None:
        session.add(NdaCounter(instrument=instrument, last=1))
        session.flush()
        number = 1
    return number
