"""Many people of many resellers who learned a lot: what reads about training are measured and explained on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.actor import Actor, ContactRole
from core.clock import now
from core.contacts.models import Contact
from core.db import transaction
from core.ids import new_id
from core.rows import insert_rows
from core.training.learning_models import Attempt, Certification, ItemTally
from core.training.models import QuizState, QuizVersion, TrainingModule
from core.training.quiz import to_json
from core.training.validity import ends
from tests.core.training_acts import questions
from tests.factories import make_partner

MODULES, RESELLERS, AT_ONCE = 40, 100, 5_000
ROLES = (ContactRole.SALESPERSON, ContactRole.TECHNICAL, ContactRole.PRINCIPAL, ContactRole.FINANCE)
Row = dict[str, Any]


@dataclass(frozen=True)
class Crowd:
    """What there is: the ids of the resellers, the modules, and of the people, who take turns at the resellers."""

    partners: Sequence[UUID]
    modules: Sequence[UUID]
    people: Sequence[Row]


def crowd(by: Actor, *, learners: int = 5_000, asked: int = 0) -> Crowd:
    """People of a hundred resellers, each certified in nine of ten of forty modules; ``asked``: questions of each."""
    at = now()
    with transaction(by) as session:
        partners = [make_partner(session, name=f"Reseller {n:03d}").id for n in range(RESELLERS)]
        versions = [_module(session, n, at, asked) for n in range(MODULES)]
        people = [_person(n, partners[n % RESELLERS], at) for n in range(learners)]
        insert_rows(session, Contact, people)
        for version in versions:
            insert_rows(session, ItemTally, _tallies(version.id, asked))
        held = list(_held(people, versions, at))
        for start in range(0, len(held), AT_ONCE):
            some = held[start : start + AT_ONCE]
            insert_rows(session, Attempt, [attempt for attempt, _ in some])
            insert_rows(session, Certification, [certification for _, certification in some])
        return Crowd(partners, [version.module_id for version in versions], people)


def _person(n: int, partner_id: UUID, at: datetime) -> Row:
    usual = {"title": "", "language": "en", "added_at": at, "added_by": "Test", "version": 1}
    told = {"partner_id": partner_id, "name": f"Person {n:04d}", "email": f"p{n}@x.example"}
    return {"id": new_id(), "role": ROLES[n % len(ROLES)], **usual, **told}


def _module(session: Any, n: int, at: datetime, asked: int) -> QuizVersion:
    roles = "salesperson,technical,principal" if n % 2 else "salesperson"
    row = TrainingModule(name=f"Module {n:02d}", kind="both", required_roles=roles, added_at=at, added_by="Test")
    row.published_at = at
    session.add(row)
    session.flush()
    version = QuizVersion(module_id=row.id, number=1, state=QuizState.PUBLISHED, saved_at=at, saved_by="Test")
    version.questions, version.published_at = to_json(questions(asked)) if asked else [], at
    session.add(version)
    session.flush()
    return version


def _tallies(version_id: UUID, asked: int) -> Iterator[Row]:
    """What first attempts told of each question: the four choices, the right one taken most."""
    for n in range(1, asked + 1):
        for place, choice in enumerate("abcd"):
            times = 900 if choice == "c" else 20 * (place + n % 5)
            rest = Decimal(times) * (Decimal("0.8") if choice == "c" else Decimal("0.6"))
            sums = {"times": times, "rest_sum": rest, "rest_squares": rest * Decimal("0.8")}
            yield {"quiz_version_id": version_id, "question": f"q{n}", "choice": choice, **sums}


def _held(people: Sequence[Row], versions: Sequence[QuizVersion], at: datetime) -> Iterator[tuple[Row, Row]]:
    """The attempts that were passed, and the certifications they led to."""
    number = 0
    for n, person in enumerate(people):
        for m, version in enumerate(versions):
            if (n + m) % 10 == 0:
                continue
            number += 1
            owner = {"partner_id": person["partner_id"], "partner_contact_id": person["id"]}
            owner |= {"module_id": version.module_id, "quiz_version_id": version.id, "version": 1, "score_pct": 90}
            graded = {"begun_at": at, "saved_at": at, "finished_at": at, "passed": True, "pass_pct": 80}
            attempt = {"id": new_id(), "number": 1, "is_delta": False, "asked": [], "answers": {}, **graded, **owner}
            until = (at + timedelta(days=(n * 7 + m * 31) % 400 - 40)).date()
            kept = {"completed_at": at - timedelta(days=300), "valid_until": until, "is_current": True}
            names = {"holder": person["name"], "organisation": "Reseller", "revoked_by": "", "reason": ""}
            marks = {"number": number, "reference": f"C-{number:05d}", "code": f"code{number}"}
            ended = {"expires_at": ends(until, "Asia/Muscat"), "id": new_id(), "attempt_id": attempt["id"]}
            yield attempt, owner | kept | names | marks | ended
