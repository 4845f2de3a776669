"""The pipeline's rules, which need no database: every move there is, what it asks, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.partners.pipeline import (
    LIMIT_DAYS,
    NAMES,
    STAGES,
    Ask,
    Move,
    MoveRefused,
    SignatureNeeded,
    Status,
    check,
    is_stuck,
    moves,
)

DRAFT, SENT, MEETING, NDA, MOU, ACTIVE, HOLD = Status
ALLOWED = {
    DRAFT: {SENT: Ask.NOTE, HOLD: Ask.CLOSE_HOLD},
    SENT: {MEETING: Ask.NOTHING, DRAFT: Ask.REASON, HOLD: Ask.CLOSE_HOLD},
    MEETING: {SENT: Ask.REASON, HOLD: Ask.CLOSE_HOLD},
    NDA: {MOU: Ask.DATE, HOLD: Ask.CLOSE_HOLD},
    MOU: {ACTIVE: Ask.CLOSE_WON, NDA: Ask.REASON, HOLD: Ask.CLOSE_HOLD},
    ACTIVE: {HOLD: Ask.CLOSE_HOLD},
}
EVERY_PAIR = [(start, to) for start in STAGES for to in Status]
REFUSED = [(start, to) for start, to in EVERY_PAIR if to not in ALLOWED[start]]
BY_SIGNATURE = [(SENT, NDA), (MEETING, NDA)]


class TestMoves:
    @pytest.mark.parametrize("start", STAGES)
    def test_are_these_and_no_others(self, start: Status):
        assert {move.to: move.ask for move in moves(start)} == ALLOWED[start]

    @pytest.mark.parametrize("left", STAGES)
    def test_lead_from_hold_only_to_the_stage_it_left(self, left: Status):
        assert moves(HOLD, left=left) == [Move(left, Ask.NOTE)]

    @given(start=st.sampled_from(list(Status)), left=st.sampled_from(STAGES))
    def test_never_stay_and_never_offer_a_stage_twice(self, start: Status, left: Status):
        targets = [move.to for move in moves(start, left=left)]
        assert start not in targets
        assert len(targets) == len(set(targets))

    @given(start=st.sampled_from(list(Status)), to=st.sampled_from(list(Status)), left=st.sampled_from(STAGES))
    def test_are_what_check_allows(self, start: Status, to: Status, left: Status):
        offered = {move.to: move for move in moves(start, left=left)}
        if to in offered:
            assert check(start, to, left=left) == offered[to]
        else:
            with pytest.raises((MoveRefused, SignatureNeeded)):
                check(start, to, left=left)


class TestCheck:
    @pytest.mark.parametrize(("start", "to"), [pair for pair in EVERY_PAIR if pair not in REFUSED])
    def test_says_what_an_allowed_move_asks_for(self, start: Status, to: Status):
        assert check(start, to).ask is ALLOWED[start][to]

    @pytest.mark.parametrize(("start", "to"), [pair for pair in REFUSED if pair not in BY_SIGNATURE])
    def test_refuses_the_rest_and_names_what_there_is(self, start: Status, to: Status):
        with pytest.raises(MoveRefused) as refused:
            check(start, to)
        choices = ", ".join(NAMES[move.to] for move in moves(start))
        assert refused.value.message == f"From {NAMES[start]} you can go to: {choices}."

    def test_words_a_jump_as_people_say_it(self):
        with pytest.raises(MoveRefused) as refused:
            check(DRAFT, ACTIVE)
        assert refused.value.message == "From Draft you can go to: Proposal sent, On hold."

    @pytest.mark.parametrize(("start", "to"), BY_SIGNATURE)
    def test_asks_for_a_signature_where_only_that_leads_on(self, start: Status, to: Status):
        with pytest.raises(SignatureNeeded, match="Ask Bank Sohar to sign it"):
            check(start, to, partner="Bank Sohar")

    @pytest.mark.parametrize("left", STAGES)
    @pytest.mark.parametrize("to", list(Status))
    def test_lets_a_partner_off_hold_only_to_the_stage_it_left(self, left: Status, to: Status):
        if to is left:
            assert check(HOLD, to, left=left).ask is Ask.NOTE
        else:
            with pytest.raises(MoveRefused, match="From On hold you can go to"):
                check(HOLD, to, left=left)


class TestStuck:
    @pytest.mark.parametrize(("status", "limit"), LIMIT_DAYS.items())
    def test_begins_the_day_after_the_limit(self, status: Status, limit: int):
        assert not is_stuck(status, limit)
        assert is_stuck(status, limit + 1)

    @given(days=st.integers(min_value=0, max_value=10_000))
    def test_never_happens_to_an_active_partner(self, days: int):
        assert not is_stuck(ACTIVE, days)
