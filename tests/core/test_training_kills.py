"""A process that is killed while a quiz is begun, finished, published or a certificate taken back leaves nothing of it
behind, or all of it.

The certificate is not drawn here, since the threads that draw it do not live on in a fork.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from core.actor import Actor
from core.db import reading, transaction
from core.partners.models import Partner
from core.training import authoring, learning, notices, service
from core.training.learning_models import Attempt
from core.training.models import TrainingModule
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.partner_life import Life, left_by, marks, verified
from tests.core.test_kills import DETAIL, attempted
from tests.core.training_acts import answer_all, ask, certifications, do, offered, question, questions, sit

GIVEN = {"attempt:graded", "certification:given", "mail:certification_given", "audit:access:attempt:finish"}


@dataclass(frozen=True)
class Scene:
    """Who writes training and who learns it: a quiz to begin, one that is answered wholly, one that is passed."""

    author: Actor
    learner: Actor
    module: TrainingModule
    attempt_id: UUID
    failing_id: UUID
    certification_id: UUID
    draft_version: int


@pytest.fixture(autouse=True)
def plain_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates that are mailed without being drawn."""
    monkeypatch.setattr("core.training.certifying.certificate_pdf", lambda _page, *, at: f"%PDF-1.7 {at}".encode())


@pytest.fixture
def scene(aisha: Actor, partner: Partner, clock: Any) -> Scene:
    with transaction(aisha) as session:
        contact = make_contact(session, partner, name="Salim Al Kindi")
    learner = contact_actor(contact)
    fresh, sat, failed, held = (offered(aisha, valid_for_days=100) for _ in range(4))
    attempts = [do(learner, learning.begin, one.id) for one in (sat, failed)]
    answer_all(learner, attempts[0])
    answer_all(learner, attempts[1], wrong=("q1", "q2", "q3"))
    sit(learner, held)
    changed = (question("q1", text="What else?"), *questions()[1:])
    draft = do(aisha, authoring.save_draft, held.id, questions=changed, version=None)
    certification = certifications(aisha)[-1].id
    clock.forward(days=12)
    return Scene(aisha, learner, fresh, attempts[0], attempts[1], certification, draft.version)


def begin(scene: Scene) -> str:
    return str(do(scene.learner, learning.begin, scene.module.id))


def pass_it(scene: Scene) -> str:
    return str(do(scene.learner, learning.finish, scene.attempt_id).reference)


def fail_it(scene: Scene) -> str:
    return str(do(scene.learner, learning.finish, scene.failing_id).passed)


def publish(scene: Scene) -> str:
    held = _held_module(scene)
    return str(do(scene.author, authoring.publish, held, asks_holders=True, version=scene.draft_version).number)


def revoke(scene: Scene) -> str:
    return str(do(scene.author, service.revoke, scene.certification_id, reason="Cheated").reference)


def remind(_scene: Scene) -> str:
    notices.remind()
    return "reminded"


def _held_module(scene: Scene) -> UUID:
    return next(row for row in certifications(scene.author) if row.id == scene.certification_id).module_id


POINTS: dict[Callable[[Scene], str], set[str]] = {
    begin: {"attempt:begun", "audit:access:attempt:begin"},
    pass_it: GIVEN | {"audit:access:certification:give"},
    fail_it: {"attempt:graded", "audit:access:attempt:finish"},
    publish: {"quiz:published", "audit:admin:quiz:publish"},
    revoke: {"certification:revoked", "mail:certification_revoked", "audit:admin:certification:revoke"},
    remind: {"certification:reminded", "mail:certification_ending"},
}


@pytest.mark.parametrize("detail", DETAIL)
@pytest.mark.parametrize("act", POINTS)
def test_killed_at_any_point_it_is_done_wholly_or_not_at_all(
    database: str, scene: Scene, act: Callable[[Scene], str], detail: str
) -> None:
    before, life = marks(), Life(scene.author, "")
    for last in count(1):
        answer, points = attempted(lambda _life: act(scene), life, detail, last)
        if answer is not None:
            break
        assert left_by(before, marks()) == {}, last
    assert points[-1] == "commit"
    assert len(points) == last - 1
    assert set(points) >= POINTS[act]
    left = {table for table, *_ in left_by(before, marks())}
    assert left >= TABLES[act]
    assert verified(scene.author).intact


TABLES = {
    begin: {"quiz_attempt", "audit_log"},
    pass_it: {"quiz_attempt", "certification", "mail", "timeline_entry", "quiz_item_tally", "audit_log"},
    fail_it: {"quiz_attempt", "quiz_item_tally", "audit_log"},
    publish: {"quiz_version", "audit_log"},
    revoke: {"certification", "mail", "timeline_entry", "audit_log"},
    remind: {"certification_notice", "mail"},
}
"""What each act leaves behind when it is done."""


def test_answered_again_after_a_kill_it_gives_the_same(database: str, scene: Scene) -> None:
    """Whoever was not told of the result asks again, and gets the one certificate."""
    life, asked = Life(scene.author, ""), len(certifications(scene.author))
    killed, points = attempted(lambda _life: pass_it(scene), life, "named points", 1_000)
    assert points[-1] == "commit"
    assert pass_it(scene) == killed
    assert len(certifications(scene.author)) == asked + 1
    assert ask(scene.learner, learning.my_result, scene.attempt_id).reference == killed


def test_an_answer_that_was_kept_outlives_a_kill(database: str, scene: Scene) -> None:
    attempt_id = do(scene.learner, learning.begin, scene.module.id)

    def answer(_life: Life) -> str:
        do(scene.learner, learning.answer, attempt_id, number=1, choice=2)
        return "kept"

    for last in count(1):
        said, _points = attempted(answer, Life(scene.author, ""), "named points", last)
        with reading(scene.learner) as session:
            kept = session.get_one(Attempt, attempt_id).answers
        assert bool(kept) == bool(said), last
        if said:
            break
