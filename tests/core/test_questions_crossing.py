"""Every read and operation about questions, asked for what is another company's or another partner's, with its ids."""

import pytest

from core.actor import Actor
from tests.core.crossing import asked, tries
from tests.core.furnished import furnished_house, visitor
from tests.core.guarded import called
from tests.core.two_companies import betrayed, rows_of

UNHARMED = {"partner_question", "question_post", "question_document", "canned_answer", "faq_entry", "document", "mail"}
READS, OPERATIONS = ([one for one in kind if called(one).startswith("questions.")] for kind in asked())


@pytest.fixture
def houses(sqlite_database: str):
    return furnished_house(), furnished_house()


def test_nobody_reads_or_changes_what_is_somebody_elses(houses):
    ours, theirs = houses
    victim, neighbour = theirs.sides[:2]
    strangers: list[Actor] = [ours.admin, visitor(ours.sides[0].contacts[0])]
    for by in strangers:
        before = sorted((row[0], row[2]) for row in rows_of(theirs) if row[0] in UNHARMED)
        for function in (*READS, *OPERATIONS):
            for _, answer in tries(function, victim, by=by, mark="asker", owner=ours.admin):
                assert betrayed(answer, theirs.signs()) == [], (called(function), by.kind)
        assert sorted((row[0], row[2]) for row in rows_of(theirs) if row[0] in UNHARMED) == before
    by = visitor(neighbour.contacts[0])
    asked_of_victim = sorted(row[2] for row in rows_of(theirs) if row[:2] == ("partner_question", victim.id))
    for function in (*READS, *OPERATIONS):
        for _, answer in tries(function, victim, by=by, mark="asker", owner=ours.admin):
            assert betrayed(answer, [victim.mark, str(victim.id), *ours.signs()]) == [], called(function)
    assert sorted(row[2] for row in rows_of(theirs) if row[:2] == ("partner_question", victim.id)) == asked_of_victim


def test_the_same_attempts_reach_what_is_ones_own(houses):
    house = houses[1]
    side = house.sides[0]
    told: dict[str, set[str]] = {"staff": set(), "contact": set()}
    for name, by in (("staff", house.admin), ("contact", visitor(side.contacts[0]))):
        for function in READS:
            for _, answer in tries(function, side, by=by, mark=side.mark, owner=house.admin):
                if betrayed(answer, [side.mark, house.mark]):
                    told[name].add(called(function).rpartition(".")[2])
    assert told["staff"] == {"answerers", "canned_answers", "faq_entries", "inbox", "question", "questions_of_deal"}
    assert told["contact"] == {"faq", "my_question", "my_questions", "search", "subjects"}
    done = {
        called(function).rpartition(".")[2]
        for _ in range(2)
        for function in sorted(OPERATIONS, key=lambda one: "remove" in one.__name__)
        if any(was for was, _ in tries(function, side, by=house.admin, mark="owner", owner=house.admin))
    }
    every = {called(function).rpartition(".")[2] for function in OPERATIONS}
    assert every - done == {"ask", "assign", "follow_up", "fetch", "fetch_own", "set_due"}, (
        "what contacts do for themselves; the document is a vault's, the colleague an analyst, the question answered"
    )
