"""Training in the words of its authors: whom a module is for, where its quiz stands, what to do about a question."""

from collections.abc import Sequence

from core import format as say
from core.actor import ContactRole
from core.training.audience import EMPLOYEE
from core.training.models import ModuleKind
from core.training.quiz import Question
from core.training.statistics import FEWEST, Advice, Item

KINDS = {ModuleKind.SALES: "Sales", ModuleKind.TECHNICAL: "Technical", ModuleKind.BOTH: "Sales and technical"}
OFFERED_TO = {
    ModuleKind.SALES: "salespeople and principals",
    ModuleKind.TECHNICAL: "technical contacts and principals",
    ModuleKind.BOTH: "salespeople, technical contacts and principals",
}
"""Which contacts find a module without having to."""
ROLES: dict[str, str] = {
    ContactRole.PRINCIPAL: "principals",
    ContactRole.SALESPERSON: "salespeople",
    ContactRole.TECHNICAL: "technical contacts",
    ContactRole.FINANCE: "finance contacts",
    EMPLOYEE: "own staff",
}
"""Who can be required to hold a module."""
_SHORT = 90


def many(count: int, noun: str) -> str:
    """ "1 question", "1,204 questions"."""
    return f"{say.number(count)} {noun}{'' if count == 1 else 's'}"


def required(roles: Sequence[str]) -> str:
    """Who must hold it: "Principals and own staff"; empty for nobody."""
    *some, last = [ROLES[role] for role in roles if role in ROLES] or [""]
    return (f"{', '.join(some)} and {last}" if some else last).capitalize()


def called(place: int) -> str:
    """What the choice at a place, from 0, is called wherever it is named."""
    return str(place + 1)


def short(text: str, most: int = _SHORT) -> str:
    """A text in one line that fits a list."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def named(question: Question) -> str:
    """What a list calls a question."""
    return short(question.text) or "Not written yet"


def figures(item: Item) -> str:
    """What first attempts tell, in one line."""
    if item.facility is None:
        return "Nobody has answered it yet."
    parts = [f"{say.percent(item.facility)} got it right", many(item.attempts, "first attempt")]
    if item.discrimination is not None:
        parts.insert(1, f"discrimination {item.discrimination:.2f}")
    return " · ".join(parts)


def advice(item: Item) -> list[str]:
    """What to do about a question, a sentence each; nothing where it does its work."""
    facility = say.percent(item.facility or 0)
    dead = [called(place) for place, one in enumerate(item.shares) if one.is_dead]
    sentences = {
        Advice.TOO_FEW: f"Too few answers to judge: {item.attempts} of {FEWEST} first attempts so far.",
        Advice.TOO_EASY: f"Too easy: {facility} get it right. Ask for more, or make the wrong choices more tempting.",
        Advice.TOO_HARD: f"Too hard: only {facility} get it right. Check which choice is marked, and whether the "
        "content teaches it.",
        Advice.NEGATIVE_DISCRIMINATION: "Misleading: those who do well otherwise get this one wrong more often. Check "
        "which choice is marked, and whether the text can be read in two ways.",
        Advice.DEAD_DISTRACTOR: f"Hardly anybody takes choice {' or '.join(dead)}. Put a mistake there that "
        "people really make.",
    }
    return [sentences[one] for one in item.advice]


VERDICTS = {
    Advice.TOO_FEW: "Too few answers",
    Advice.TOO_EASY: "Too easy",
    Advice.TOO_HARD: "Too hard",
    Advice.NEGATIVE_DISCRIMINATION: "Misleading",
    Advice.DEAD_DISTRACTOR: "A dead choice",
}
"""Each advice in two words."""
FINE = "Does its work"
GRAVEST = (
    Advice.TOO_FEW,
    Advice.NEGATIVE_DISCRIMINATION,
    Advice.TOO_HARD,
    Advice.TOO_EASY,
    Advice.DEAD_DISTRACTOR,
)
"""The order in which one of several counts."""
TOO_FEW = VERDICTS[Advice.TOO_FEW]
GRAVE = {VERDICTS[one] for one in (Advice.NEGATIVE_DISCRIMINATION, Advice.TOO_HARD, Advice.TOO_EASY)}
"""What is worth a mark in the list."""


def verdict(item: Item) -> str:
    """The figures of a question in two words; the gravest comes first."""
    return next((VERDICTS[one] for one in GRAVEST if one in item.advice), FINE)
