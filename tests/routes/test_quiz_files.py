"""A quiz as a file, out of the admin app: with its answers, so for authors alone, and on record."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

import admin_app.routes
from admin_app.training import quiz_route
from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.db import reading, transaction
from core.training import authoring, gift, source_json
from core.training.models import TrainingModule
from tests.core.training_acts import add_module, do, offered, question, questions
from tests.routes.conftest import _client, gated


@pytest.fixture
def desk(database: str) -> Iterator[Any]:
    """A browser at the admin app's quizzes."""
    door = admin_app.routes.door()
    with _client(gated(door, [quiz_route.route()]), door.address) as client:
        yield client


@pytest.fixture
def module(desk: Any, aisha: Actor) -> TrainingModule:
    return offered(aisha, name="Selling: payroll / بيع")


def enter(desk: Any, actor: Actor) -> None:
    with transaction(actor) as session:
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=actor.id, by=actor)
    desk.cookies.set(admin_app.routes.door().cookie, secret)


def taken(actor: Actor) -> list[Any]:
    with reading(actor) as session:
        told = session.scalars(select(AuditEntry.after).where(AuditEntry.tag == Tag.EXPORT))
        return [json.loads(one or "{}") for one in told]


def test_json_reads_back_as_what_it_holds(desk: Any, aisha: Actor, module: TrainingModule) -> None:
    enter(desk, aisha)
    answer = desk.get(f"/training/{module.id}/quiz?format=json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert ".json" in answer.headers["content-disposition"]
    assert [one["correct_idx"] for one in json.loads(answer.text)["questions"]] == [2, 2, 2, 2]
    assert [one.text for one in source_json.read(answer.text)] == [one.text for one in questions()]
    [told] = taken(aisha)
    assert (told["what"], told["format"], told["rows"]) == ("quiz", "json", 4)
    assert told["filters"] == {"training": module.name}


def test_gift_is_of_the_draft_where_there_is_one(desk: Any, aisha: Actor, module: TrainingModule) -> None:
    do(aisha, authoring.save_draft, module.id, questions=[question("q9", topic="Prices")], version=None)
    enter(desk, aisha)
    answer = desk.get(f"/training/{module.id}/quiz?format=gift")
    assert answer.headers["content-type"].startswith("text/plain")
    assert ".gift.txt" in answer.headers["content-disposition"]
    [one] = gift.read(answer.text)
    assert (one.key, one.topic, one.why) == ("q9", "Prices", "Because q9")
    assert [told["rows"] for told in taken(aisha)] == [1]


@pytest.mark.parametrize("who", ("analyst", "reviewer", "member"))
def test_is_for_authors_alone(
    desk: Any, aisha: Actor, module: TrainingModule, who: str, request: pytest.FixtureRequest
) -> None:
    enter(desk, request.getfixturevalue(who))
    answer = desk.get(f"/training/{module.id}/quiz")
    assert answer.status_code == 403
    assert "choice c" not in answer.text
    assert not taken(aisha)


def test_of_another_company_is_not_found(desk: Any, aisha: Actor, outsider: Actor, module: TrainingModule) -> None:
    enter(desk, outsider)
    assert desk.get(f"/training/{module.id}/quiz").status_code == 404
    assert not taken(outsider)


def test_nobody_without_a_session_gets_it(desk: Any, aisha: Actor, module: TrainingModule) -> None:
    assert desk.get(f"/training/{module.id}/quiz").status_code == 303
    assert not taken(aisha)


def test_a_form_that_is_not_offered_is_not_found(desk: Any, aisha: Actor, module: TrainingModule) -> None:
    enter(desk, aisha)
    assert desk.get(f"/training/{module.id}/quiz?format=exe").status_code == 404
    assert not taken(aisha)


@pytest.mark.parametrize("method", ("head", "post"))
def test_is_only_got(desk: Any, aisha: Actor, module: TrainingModule, method: str) -> None:
    enter(desk, aisha)
    assert getattr(desk, method)(f"/training/{module.id}/quiz").status_code == 405
    assert not taken(aisha)


def test_an_unfinished_one_is_refused_and_leaves_no_record(desk: Any, aisha: Actor) -> None:
    module = add_module(aisha)
    do(aisha, authoring.save_draft, module.id, questions=[replace(question("q1"), correct="")], version=None)
    enter(desk, aisha)
    answer = desk.get(f"/training/{module.id}/quiz")
    assert answer.status_code == 422
    assert "No choice is marked as the right one" in answer.text
    assert not taken(aisha)
