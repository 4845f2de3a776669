"""Modules with quizzes, and people who sit them, for tests about training."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.actor import Actor, system
from core.db import reading, transaction
from core.training import authoring, learning, service, team_queries
from core.training.learning_models import Attempt, Certification
from core.training.models import ModuleKind, TrainingModule
from core.training.quiz import Choice, Question, from_json
from core.training.results import Result
from core.training.service import NewModule
from core.training.team_figures import Group
from core.training.team_queries import Overview

_number = count(1)


def question(key: str, *, topic: str = "", text: str = "", **facts: Any) -> Question:
    """A question with four choices, of which ``c`` is the right one."""
    choices = tuple(Choice(mark, f"{key}: choice {mark}", f"{key}: خيار {mark}") for mark in "abcd")
    usual: dict[str, Any] = {"why": f"Because {key}", "why_ar": f"لأن {key}", "text_ar": f"سؤال {key}"}
    return Question(key, text or f"What about {key}?", choices, "c", topic=topic, **usual | facts)


def questions(amount: int = 4) -> tuple[Question, ...]:
    """Some questions about prices and wages in turn."""
    return tuple(question(f"q{n}", topic=("Prices", "Wages")[n % 2]) for n in range(1, amount + 1))


def do(by: Actor, operation: Any, *subject: Any, **details: Any) -> Any:
    """What an operation answers, done in its own transaction."""
    with transaction(by) as session:
        return operation(session, *subject, **details, by=by)


def ask(by: Actor, query: Any, *subject: Any, **filters: Any) -> Any:
    """What a read answers."""
    with reading(by) as session:
        return query(session, *subject, **filters)


def overview(by: Actor, *, group: Group = Group.MODULE, **filters: Any) -> Overview:
    """Who stands where, as staff read it."""
    found: Overview = ask(by, team_queries.overview, group=group, **filters)
    return found


def add_module(by: Actor, **facts: Any) -> TrainingModule:
    """A module for sales that nobody must hold, without a quiz."""
    usual: dict[str, Any] = {
        "name": f"Selling payroll {next(_number)}",
        "name_ar": "بيع الرواتب",
        "kind": ModuleKind.SALES,
    }
    added: TrainingModule = do(by, service.add_module, module=NewModule(**usual | {"content": "Read this."} | facts))
    return added


def publish(by: Actor, module_id: UUID, asked: Sequence[Question], *, asks_holders: bool = False) -> None:
    """Have some questions taken from now on."""
    draft = do(by, authoring.save_draft, module_id, questions=asked, version=None)
    do(by, authoring.publish, module_id, asks_holders=asks_holders, version=draft.version)


def offered(by: Actor, asked: Sequence[Question] | None = None, **facts: Any) -> TrainingModule:
    """A module with a quiz that can be taken."""
    module = add_module(by, **facts)
    publish(by, module.id, asked or questions())
    return module


def asked_in(attempt_id: UUID) -> tuple[Question, ...]:
    """What an attempt asks, with the right answers, as nobody who sits it ever sees it."""
    with reading(system()) as session:
        return from_json(session.get_one(Attempt, attempt_id).asked)


def answer_all(by: Actor, attempt_id: UUID, *, wrong: Iterable[str] = ()) -> None:
    """Answer every question rightly, but those with the keys ``wrong``."""
    missed = set(wrong)
    for number, one in enumerate(asked_in(attempt_id), 1):
        keys = [choice.key for choice in one.choices]
        place = keys.index(one.correct) + 1
        taken = place % len(keys) + 1 if one.key in missed else place
        do(by, learning.answer, attempt_id, number=number, choice=taken)


def sit(by: Actor, module: TrainingModule, *, wrong: Iterable[str] = (), **details: Any) -> Result:
    """Take a module's quiz from beginning to end."""
    attempt_id = do(by, learning.begin, module.id, **details)
    answer_all(by, attempt_id, wrong=wrong)
    result: Result = do(by, learning.finish, attempt_id)
    return result


def certifications(by: Actor) -> list[Certification]:
    """Every certification of a company, the oldest first."""
    with reading(system(by.company)) as session:
        return list(session.scalars(select(Certification).order_by(Certification.number)))
