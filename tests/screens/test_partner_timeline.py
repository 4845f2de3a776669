"""What happened with a partner: its timeline, filtered by kind, with notes; and its moves."""

from typing import Any

import pytest

from core.db import transaction
from core.partners import service
from core.partners.moves import Answer, move
from core.partners.pipeline import Status
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry
from core.timeline.service import note
from tests.screens import texts
from tests.screens.test_partner import count, press

pytestmark = pytest.mark.usefixtures("sqlite_database")


class TestTimeline:
    def test_is_one_stream_that_is_filtered_by_kind(self, partner, aisha, open_partner, feeds):
        with transaction(aisha) as session:
            service.add_note(session, partner.id, text="They like it", by=aisha)
            move(session, partner.id, to=Status.PROPOSAL_SENT, version=1, answer=Answer("Courier"), by=aisha)
        screen = open_partner(partner, aisha)
        assert feeds["timeline.feed"] == [
            "Stage Moved from Draft to Proposal sent Courier\nAisha Al Balushi",
            "Note They like it Aisha Al Balushi",
        ]
        screen.button_group(key="timeline.topics").set_value(["Notes"]).run()
        assert feeds["timeline.feed"] == ["Note They like it Aisha Al Balushi"]
        screen.button_group(key="timeline.topics").set_value(["Reading"]).run()
        assert "Nothing of this kind happened yet." in texts(screen)

    @pytest.mark.parametrize("kinds", (list(Kind)[::2], list(Kind)[1::2]), ids=("even", "odd"))
    def test_tells_of_every_kind_of_thing(self, partner, aisha, open_partner, feeds, kinds):
        said = "text what number until device subject title reference signer name module customer"
        facts: dict[str, Any] = {
            "start": "draft",
            "to": "proposal_sent",
            "reason": "",
            "language": "en",
            "role": "finance",
        }
        more = {**dict.fromkeys(said.split(), "x"), "answer": "accepted", "when": "2026-11-24T08:00:00+00:00"}
        with transaction(aisha) as session:
            for kind in kinds:
                note(session, partner.id, kind, by=aisha, **(facts | more))
        open_partner(partner, aisha)
        said = feeds["timeline.feed"]
        assert len(said) == len(kinds)
        assert not [line for line in said if "finance" in line]

    def test_takes_a_note_once(self, partner, aisha, open_partner):
        screen = open_partner(partner, aisha)
        screen.text_area(key="timeline.note").input("They like it")
        press(screen, "Add note")
        screen.text_area(key="timeline.note").input("They like it")
        press(screen, "Add note")
        assert count(aisha, TimelineEntry, kind=Kind.NOTE) == 1
        assert screen.text_area(key="timeline.note").value == ""

    def test_says_when_a_note_is_empty(self, partner, aisha, open_partner):
        assert "The note is missing" in texts(press(open_partner(partner, aisha), "Add note"))


class TestHistory:
    def test_says_that_it_never_moved(self, partner, aisha, open_partner):
        assert "It has not moved since it was added" in texts(open_partner(partner, aisha, "History"))

    def test_lists_each_move_with_its_time_and_reason(self, clock, partner, aisha, open_partner):
        clock.forward(days=3)
        with transaction(aisha) as session:
            move(session, partner.id, to=Status.PROPOSAL_SENT, version=1, answer=Answer("Courier"), by=aisha)
        (row,) = open_partner(partner, aisha, "History").dataframe[0].value.to_dict("records")
        assert (row["From"], row["To"], row["After"], row["By"], row["Why"]) == (
            "Draft", "Proposal sent", "3 d", "Aisha Al Balushi", "Courier",
        )  # fmt: skip
