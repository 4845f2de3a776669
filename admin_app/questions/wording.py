"""Words for questions: where one stands, how its clock stands, and texts that people typed, as they typed them."""

from datetime import datetime, timedelta

from admin_app.widgets.plain import plain
from core import format as say
from core.questions.models import QuestionState
from core.questions.queries import QuestionRow

SOON = timedelta(hours=8)
"""How long before its time an answer is called for."""
STATES = {QuestionState.OPEN: "Waiting", QuestionState.ANSWERED: "Answered", QuestionState.CLOSED: "Closed"}
COLOURS = {QuestionState.OPEN: "blue", QuestionState.ANSWERED: "green", QuestionState.CLOSED: "gray"}


def clock(row: QuestionRow, at: datetime) -> str:
    """How long is left for an answer, or by how much it is over; else when something was said last."""
    if row.state is not QuestionState.OPEN:
        return say.ago(row.last_said_at, at)
    left = row.due_at - at
    return f"{say.age(left)} left" if left > timedelta(0) else f"{say.age(-left)} late"


def tone(row: QuestionRow, at: datetime) -> str:
    """How urgent an answer is."""
    if row.state is not QuestionState.OPEN:
        return ""
    left = row.due_at - at
    return "stop" if left <= timedelta(0) else "attention" if left <= SOON else ""


def many(count: int, noun: str) -> str:
    """A number of things, as "1 question", "2 questions"."""
    return f"{say.number(count)} {noun}{'s' * (count != 1)}"


def typed(text: str) -> str:
    """A text of several lines for where markdown is read: every mark stays as it is, each line in its own direction."""
    paragraphs = [part.splitlines() for part in text.split("\n\n") if part.strip()]
    return "\n\n".join(
        "  \n".join(f"\u2068{plain(line)}\u2069" for line in lines if line.strip()) for lines in paragraphs
    )
