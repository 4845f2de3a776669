"""The training of the demo: three modules, what people tried and hold, and what earlier answers told."""

import json
import random
import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.companies.models import Company, Staff
from core.contacts.models import Contact
from core.deals.models import Product
from core.partners.models import Partner
from core.rows import add_up
from core.training.grading import grade, has_passed
from core.training.learning_models import Attempt, Certification, ItemTally
from core.training.models import ModuleKind, QuizState, QuizVersion, TrainingModule
from core.training.quiz import Choice, Question, from_json, to_json
from core.training.service import NewModule
from core.training.statistics import taken
from core.training.validity import ends, last_day

FOLDER = Path(__file__).parents[2] / "data" / "demo"
EARLIER = 46
"""Learners of former years, of whom only what their answers told is kept."""
Facts = dict[str, Any]


def add_training(session: Session, company: Company, *, by: Actor) -> None:
    """The modules with their quizzes, what earlier learners' answers told, and what today's people tried."""
    for facts in _json("training.json"):
        _module(session, facts, by=by)
    add_attempts(session, company)


def add_attempts(session: Session, company: Company, *, partner_id: UUID | None = None) -> None:
    """What people tried and hold; of one partner's only, when it is named."""
    partners = select(Contact).join(Partner, Partner.id == Contact.partner_id).where(Partner.is_demo.is_(True))
    only = [Contact.partner_id == partner_id] if partner_id else []
    people: dict[str, Contact | Staff] = {row.email: row for row in session.scalars(partners.where(*only))}
    if partner_id is None:
        people |= {row.email: row for row in session.scalars(select(Staff))}
    for facts in _json("attempts.json"):
        if facts["who"] in people:
            _attempt(session, company, people[facts["who"]], facts)


def _json(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _module(session: Session, facts: Facts, *, by: Actor) -> None:
    told = ("name", "name_ar", "content", "content_ar", "pass_pct", "cool_down_minutes", "attempts_per_day", "draw")
    typed = NewModule(
        **{name: facts[name] for name in told},
        kind=ModuleKind(facts["kind"]),
        required_roles=tuple(facts["required_roles"]),
    )
    at = now() - timedelta(days=facts["published_days_ago"])
    row = TrainingModule(**typed.cleaned(), added_at=at, added_by=by.name, published_at=at)
    session.add(row)
    session.flush()
    questions = [_question(n, *one) for n, one in enumerate(facts["questions"], 1)]
    quiz = QuizVersion(module_id=row.id, number=1, state=QuizState.PUBLISHED, questions=to_json(questions))
    quiz.saved_at = quiz.published_at = at
    quiz.saved_by = quiz.published_by = by.name
    session.add(quiz)
    session.flush()
    _tell_of_earlier(session, quiz.id, questions)
    if facts["product"]:
        session.scalars(select(Product).where(Product.code == facts["product"])).one().certificate_module_id = row.id
        session.flush()


def _question(
    number: int, topic: str, text: str, text_ar: str, choices: list[list[str]], why: str, why_ar: str, code: str = ""
) -> Question:
    """A question as the file tells it, its right choice first; it is put elsewhere."""
    told = [Choice(f"c{n}", *one) for n, one in enumerate(choices, 1)]
    right = told.pop(0)
    told.insert(number % 4, right)
    words = {"text_ar": text_ar, "topic": topic, "why": why, "why_ar": why_ar, "code": code}
    return Question(f"q{number}", text, tuple(told), right.key, code_language="text" if code else "", **words)


def _tell_of_earlier(session: Session, version_id: UUID, questions: list[Question]) -> None:
    """First attempts of former years: some questions turn out easy, one is a riddle to the able."""
    rng = random.Random(questions[0].text)  # noqa: S311 - the same demo each time, not a secret
    for _ in range(EARLIER):
        able = rng.random()
        answers = {one.key: _guess(one, n, able, rng) for n, one in enumerate(questions)}
        rows = [
            {"quiz_version_id": version_id, "question": one.question, "choice": one.choice, "times": 1}
            | {"rest_sum": one.rest, "rest_squares": one.rest * one.rest}
            for one in taken(questions, answers)
        ]
        add_up(session, ItemTally, rows, key=("quiz_version_id", "question", "choice"))


def _guess(question: Question, place: int, able: float, rng: random.Random) -> str:
    chance = (0.99, 0.35 + 0.6 * able, 0.4 + 0.5 * able, 0.85 - 0.6 * able, 0.3 + 0.65 * able)[place % 5]
    wrong = [one.key for one in question.choices if one.key != question.correct]
    return question.correct if rng.random() < chance else rng.choice(wrong[: 2 + place % 2])


def _attempt(session: Session, company: Company, who: Contact | Staff, facts: Facts) -> None:
    module = session.scalars(select(TrainingModule).where(TrainingModule.name == facts["module"])).one()
    quiz = session.scalars(select(QuizVersion).where(QuizVersion.module_id == module.id)).one()
    asked = from_json(quiz.questions)[: module.draw]
    wrong = {one.key: one.choices[0].key if one.choices[0].key != one.correct else one.choices[1].key for one in asked}
    answers = {one.key: wrong[one.key] if n < facts["missed"] else one.correct for n, one in enumerate(asked)}
    is_contact, at = isinstance(who, Contact), now() - timedelta(days=facts["days_ago"])
    owner: dict[str, UUID] = {"employee_id": who.id}
    if isinstance(who, Contact):
        owner = {"partner_contact_id": who.id, "partner_id": who.partner_id}
    column = Attempt.partner_contact_id if is_contact else Attempt.employee_id
    before = select(func.count()).where(Attempt.module_id == module.id, column == who.id)
    row = Attempt(module_id=module.id, quiz_version_id=quiz.id, number=(session.scalar(before) or 0) + 1, **owner)
    row.asked, row.answers, row.pass_pct, row.begun_at = to_json(asked), answers, module.pass_pct, at
    row.score_pct, row.saved_at, row.finished_at = grade(asked, answers).score_pct, at, at
    row.passed = has_passed(row.score_pct, module.pass_pct)
    session.add(row)
    session.flush()
    if row.passed:
        _certification(session, company, row, who, module, at)


def _certification(
    session: Session, company: Company, attempt: Attempt, who: Contact | Staff, module: TrainingModule, at: datetime
) -> None:
    number = (session.scalar(select(func.max(Certification.number))) or 0) + 1
    until = last_day(at, days=module.valid_for_days, zone=company.time_zone)
    partner = session.get_one(Partner, who.partner_id) if isinstance(who, Contact) else None
    row = Certification(number=number, reference=f"C-{number:05d}", code=secrets.token_urlsafe(15), holder=who.name)
    row.module_id, row.quiz_version_id, row.attempt_id = module.id, attempt.quiz_version_id, attempt.id
    row.partner_id, row.partner_contact_id, row.employee_id = (
        attempt.partner_id,
        attempt.partner_contact_id,
        attempt.employee_id,
    )
    row.organisation = partner.name if partner else company.name
    row.score_pct, row.completed_at = attempt.score_pct or Decimal(0), at
    row.valid_until, row.expires_at = until, ends(until, company.time_zone)
    session.add(row)
    session.flush()
