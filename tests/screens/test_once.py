"""A double press does it once, also when the second press cuts the first one's callback short."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import streamlit as st

from admin_app import shell
from admin_app.partner import once
from core.actor import Actor
from core.companies.sign_in import Present
from core.db import reading
from core.partners import queries, service
from core.partners.service import Profile

pytestmark = pytest.mark.usefixtures("sqlite_database")


class NextPress(BaseException):
    """What Streamlit raises in a callback when the next press has arrived."""


class State(dict[str, object]):
    """The session's state, which ends the callback when an act says that it is done, while ``busy``."""

    busy = False

    def __setitem__(self, key: str, value: object) -> None:
        if self.busy:
            self.busy = False
            raise NextPress
        super().__setitem__(key, value)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch, aisha: Actor) -> State:
    found = State()
    monkeypatch.setattr(st, "session_state", found)
    monkeypatch.setattr(shell, "find_here", lambda: Present(aisha, "Dhofar Systems", offers_portal=True))
    return found


def add(name: str = "Gulf Steel") -> object:
    """Press the button that adds a partner."""
    return once.act_once(("add", name), service.create, Profile(name=name), done="Added")


def names(actor: Actor) -> list[str]:
    with reading(actor) as session:
        return [card.name for card in queries.cards(session)]


class TestActOnce:
    def test_does_it_once_for_two_presses(self, state, aisha):
        assert add() == add()
        assert names(aisha) == ["Gulf Steel"]

    def test_does_it_once_when_the_first_callback_was_cut_short(self, state, aisha):
        state.busy = True
        with pytest.raises(NextPress):
            add()
        assert add()
        assert names(aisha) == ["Gulf Steel"]

    def test_does_it_again_after_a_while(self, state, aisha, monkeypatch):
        add()
        monkeypatch.setattr(once, "SECONDS", 0.0)
        add()
        assert names(aisha) == ["Gulf Steel", "Gulf Steel"]

    def test_does_it_again_after_something_else_was_done(self, state, aisha):
        for name in ("Gulf Steel", "Buraimi Foods", "Gulf Steel"):
            add(name)
        assert sorted(names(aisha)) == ["Buraimi Foods", "Gulf Steel", "Gulf Steel"]

    def test_may_be_tried_again_at_once_when_it_was_refused(self, state, aisha, monkeypatch):
        assert add(" ") is None
        assert shell.refusal() == "Name is missing. Fill it in."
        assert add(" ") is None
        assert shell.refusal() == "Name is missing. Fill it in."

    def test_lets_a_press_wait_for_the_one_before(self, state, aisha):
        with ThreadPoolExecutor(8) as presses:
            made = set(presses.map(lambda _: add(), range(8)))
        assert len(made) == 1
        assert names(aisha) == ["Gulf Steel"]
