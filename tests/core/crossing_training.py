"""Training as somebody else's: its rows by their ids, what is told about it, and a house that has taught."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.db import transaction
from core.partners.models import Partner
from core.training import authoring, learning, service
from core.training.learning_models import Attempt, Certification, CertificationNotice
from core.training.models import QuizImage, TrainingModule
from core.training.quiz import Choice, Question
from core.training.service import NewModule
from core.training.team_figures import Group
from core.vault.intake import Taken
from core.vault.storage import digest
from tests.core.files import image
from tests.core.two_companies import oldest

ROWS: dict[str, Any] = {"module_id": TrainingModule, "image_id": QuizImage}
THEIRS: dict[str, Any] = {"attempt_id": Attempt, "certification_id": Certification}

OF_EVERYBODY = {"module_id", "image_id"}
"""What names rows of the company that all of its partners may name."""
TOLD_TO_CONTACTS = {
    "training.learning.my_attempt",
    "training.learning.my_result",
    "training.my_modules.my_certifications",
    "training.my_modules.my_module",
    "training.my_modules.my_modules",
    "training.own_queries.team_training",
}
SILENT_TO_STAFF = {
    "training.home_queries.due",
    "training.learning.my_attempt",
    "training.learning.my_result",
    "training.my_modules.my_certifications",
    "training.my_modules.picture",
    "training.own_queries.team_figures",
    "training.own_queries.team_training",
    "training.queries.certifications_of",
    "training.queries.item_statistics",
}
"""Sums, what is a learner's own, and what is asked about nobody; nothing is left to learn."""
DONE_BY_CONTACTS = {"training.certificates.fetch", "training.learning.finish"}
"""The quiz is passed already, so that nothing is begun or answered; to finish it again gives the same."""
NOT_DONE_BY_STAFF = {"training.learning.answer", "training.learning.finish"}
"""Somebody else's attempts."""


def ids(session: Session, partner: Partner) -> dict[str, UUID | None]:
    """A row of each kind of training, by the name of the parameter that asks for it."""
    found: dict[str, UUID | None] = {
        name: session.scalar(oldest(row, row.company_id == partner.company_id)) for name, row in ROWS.items()
    }
    theirs = {name: session.scalar(oldest(row, row.partner_id == partner.id)) for name, row in THEIRS.items()}
    return found | theirs


def details(mark: str) -> dict[str, Any]:
    """What is told about training, with a mark in every text."""
    return {
        "module": NewModule(f"{mark} training", f"{mark} تدريب", content=f"{mark} content"),
        "questions": asked(mark),
        "form": "json",
        "asks_holders": False,
        **dict.fromkeys(("choice", "size"), 1),
        "group": Group.PARTNER,
    }


def instead(function: Any, mark: str) -> dict[str, Any]:
    """What a quiz is filled with: a file of questions, a picture."""
    if function is authoring.import_quiz:
        return {
            "text": json.dumps({"questions": [{"q": f"{mark} q", "choices": [f"{mark} a", "b"], "correct_idx": 0}]})
        }
    return {"file": _picture(mark)} if function is authoring.add_image else {}


def _picture(mark: str) -> Taken:
    data = image("PNG", size=(len(mark), 30))
    return Taken(data, "image/png", f"{mark}.png", digest(data))


def asked(mark: str) -> tuple[Question, ...]:
    """A quiz of one question, with a mark in every text."""
    choices = (Choice("a", f"{mark} yes"), Choice("b", f"{mark} no"))
    return (Question("q1", f"{mark} question", choices, "a", topic=f"{mark} topic", why=f"{mark} why"),)


def teach(by: Actor, mark: str) -> UUID:
    """A module that every contact is offered, with a picture and a quiz."""
    with transaction(by) as session:
        module = service.add_module(session, module=details(mark)["module"], by=by)
        authoring.add_image(session, module.id, file=_picture(mark), by=by)
    with transaction(by) as session:
        draft = authoring.save_draft(session, module.id, questions=asked(mark), version=None, by=by)
        authoring.publish(session, module.id, asks_holders=False, version=draft.version, by=by)
    with transaction(by) as session:
        more = replace(asked(mark)[0], key="q2", text=f"{mark} more")
        authoring.save_draft(session, module.id, questions=[*asked(mark), more], version=None, by=by)
    return module.id


def learn(by: Actor, module_id: UUID) -> None:
    """A contact passes a module and was told of its end."""
    with transaction(by) as session:
        attempt = learning.begin(session, module_id, by=by)
        asked_first = session.get_one(Attempt, attempt).asked[0]
        keys = [choice["key"] for choice in asked_first["choices"]]
        learning.answer(session, attempt, number=1, choice=keys.index("a") + 1, by=by)
        learning.finish(session, attempt, by=by)
        held = session.scalars(select(Certification.id).where(Certification.attempt_id == attempt)).one()
        session.add(CertificationNotice(certification_id=held, days=90, at=now()))
