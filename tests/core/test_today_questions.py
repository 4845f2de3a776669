"""Which questions need somebody today, and whom."""

from datetime import timedelta

import pytest

from core.actor import ContactRole
from core.db import reading, transaction
from core.questions.service import assign
from core.today import queries
from core.today.queries import Topic
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.question_acts import answered as answer_question
from tests.core.question_acts import asked as ask_question


class TestQuestions:
    @pytest.fixture
    def asked(self, clock, aisha, partner):
        """A question due in two working days, on Tuesday at noon."""
        with transaction(aisha) as session:
            contact = make_contact(session, partner, role=ContactRole.TECHNICAL)
        return ask_question(contact_actor(contact), "Does it run offline?")

    def listed(self, by, **filters):
        with reading(by) as session:
            needs = queries.overview(session, **filters).needs
            return [need.detail for need in needs if need.topic is Topic.QUESTION]

    def test_are_due_from_the_morning_of_their_day(self, asked, clock, aisha):
        clock.at(asked.due_at - timedelta(days=1))
        assert self.listed(aisha) == []
        clock.forward(hours=14)
        assert self.listed(aisha) == ["QS-0001: Does it run offline?"]
        clock.forward(days=9)
        assert self.listed(aisha) == ["QS-0001: Does it run offline?"]

    def test_are_of_who_has_them(self, asked, clock, aisha, nora):
        clock.forward(days=9)
        assert (len(self.listed(aisha, mine=True)), len(self.listed(nora, mine=True))) == (1, 0)
        with transaction(aisha) as session:
            assign(session, asked.id, staff_id=nora.id, instead_of=None, by=aisha)
        assert (len(self.listed(aisha, mine=True)), len(self.listed(nora, mine=True))) == (0, 1)

    def test_are_gone_once_answered(self, asked, clock, aisha):
        answer_question(aisha, asked)
        clock.forward(days=9)
        assert self.listed(aisha) == []
