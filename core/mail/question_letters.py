"""The mails around questions. Every one of a thread refers to the same message id, so that mailboxes keep it together.

Instants come as text in the reader's language, "" where none is shown; what was said comes as it was typed.
"""

from dataclasses import asdict, dataclass, replace

from core.mail.brand import Brand
from core.mail.meeting_letters import Addressee
from core.mail.messages import Kind, Letterhead, Message


@dataclass(frozen=True)
class QuestionFacts:
    """A question as its mails tell it. ``about``: the deal or document it is tied to; ``files``: how many, as text."""

    partner_name: str
    reference: str
    subject: str
    contact: str
    thread: str
    about: str = ""
    due: str = ""
    files: str = ""
    assignee: str = ""
    sender_name: str = ""

    def values(self) -> dict[str, str]:
        """What the sentences name."""
        names = ("partner_name", "reference", "subject", "contact", "due", "sender_name")
        return {name: value for name in names if (value := getattr(self, name))}

    def shown(self) -> dict[str, str]:
        """What stands in a mail's table, as far as it is known."""
        return {name: text for name, text in asdict(self).items() if text and name != "thread"}


def question_asked(brand: Brand, to: Addressee, question: QuestionFacts, *, text: str, url: str) -> Message:
    """A contact asks; to who answers."""
    return _letter(Kind.QUESTION_ASKED, brand, to, question, url, text=text)


def question_followed_up(brand: Brand, to: Addressee, question: QuestionFacts, *, text: str, url: str) -> Message:
    """A contact wrote again; to who answers."""
    return _letter(Kind.QUESTION_FOLLOWED_UP, brand, to, question, url, text=text)


def question_assigned(brand: Brand, to: Addressee, question: QuestionFacts, *, url: str) -> Message:
    """A question was given to a colleague; to the colleague."""
    return _letter(Kind.QUESTION_ASSIGNED, brand, to, question, url)


def question_late(brand: Brand, to: Addressee, question: QuestionFacts, *, url: str) -> Message:
    """A question is past its time; to the assignee and the admins."""
    return _letter(Kind.QUESTION_LATE, brand, to, question, url)


def question_answered(
    brand: Brand, to: Addressee, question: QuestionFacts, *, text: str, is_last: bool, url: str
) -> Message:
    """An answer; to the contacts who wrote in the thread. ``is_last``: the question is closed with it."""
    wording = "question_answered_closed" if is_last else ""
    return _letter(Kind.QUESTION_ANSWERED, brand, to, question, url, wording=wording, text=text)


def question_closed(brand: Brand, to: Addressee, question: QuestionFacts, *, url: str) -> Message:
    """A question was closed; to the contacts who wrote in the thread."""
    return _letter(Kind.QUESTION_CLOSED, brand, to, question, url)


def _letter(
    kind: Kind, brand: Brand, to: Addressee, question: QuestionFacts, url: str, *, wording: str = "", **texts: str
) -> Message:
    told = {"reply_to": to.reply_to, "wording": wording}
    letter = Letterhead(kind, brand, to.to, to.name, to.language, question.values(), texts=texts, **told)
    return replace(letter.message(link=url, facts=question.shown()), thread=question.thread)
