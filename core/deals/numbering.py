"""Numbers without gaps: one is taken in the transaction that uses it, and comes back when that is not kept."""

from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import lock
from core.deals.models import Counter


class Series(StrEnum):
    """What a company numbers."""

    INTENT = "intent"
    QUOTE = "quote"
    INVOICE = "invoice"
    QUESTION = "question"


_SHAPES = {
    Series.INTENT: "DI-{:04d}", Series.QUOTE: "Q-{:05d}", Series.INVOICE: "INV-{:05d}", Series.QUESTION: "QS-{:04d}",
}  # fmt: skip


def reference(series: Series, number: int) -> str:
    """A number as people quote it: DI-0042, Q-00017, INV-00001."""
    return _SHAPES[series].format(number)


def take(session: Session, series: Series, *, by: Actor) -> int:
    """The company's next number of a series, held until the transaction ends."""
    lock(session, f"number:{by.company}:{series}")
    raised = update(Counter).where(Counter.series == series).values(last=Counter.last + 1).returning(Counter.last)
    number = session.scalar(raised.execution_options(synchronize_session=False))
    if number is None:
        session.add(Counter(series=series, last=1))
        session.flush()
        number = 1
    return number
