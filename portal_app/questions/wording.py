"""Words for questions: where one stands, and texts of several lines as they were typed."""

from core.clock import now
from core.questions.models import QuestionState
from core.questions.own_queries import MyQuestionRow
from portal_app.deals.page import Page
from portal_app.widgets.ledger import Line

TONES = {QuestionState.OPEN: "news", QuestionState.ANSWERED: "good", QuestionState.CLOSED: ""}


def state(page: Page, value: QuestionState) -> str:
    """Where a question stands."""
    return page.word(f"question.state.{value}")


def clock(page: Page, row: MyQuestionRow) -> str:
    """By when an answer is promised; nothing once that is over or there is one."""
    if row.state is not QuestionState.OPEN or row.due_at <= now():
        return ""
    return page.word("question.due", day=page.day(row.due_at))


def typed(page: Page, text: str) -> str:
    """A text of several lines for where markdown is read: it stays as it is, each line in its own direction."""
    paragraphs = [part.splitlines() for part in text.split("\n\n") if part.strip()]
    shown = ("  \n".join(f"\u2068{page.plain(line)}\u2069" for line in lines if line.strip()) for lines in paragraphs)
    return "\n\n".join(shown)


def line(page: Page, row: MyQuestionRow) -> Line:
    """A thread in a list: its subject leads to it."""
    by = "" if row.is_own else page.word("question.by", name=row.contact)
    return Line(
        title=row.subject,
        lead=row.reference,
        text=page.joined(row.quote, by, page.word("question.last", day=page.day(row.last_said_at))),
        aside=clock(page, row),
        mark=state(page, row.state),
        tone=TONES[row.state],
        href=page.address("question", id=row.id),
    )
