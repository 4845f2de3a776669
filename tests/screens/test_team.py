"""The team's page: who may do what, and who is signed in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.access import sessions
from core.access.kinds import SessionKind
from core.access.models import AccessSession
from core.actor import Actor, Role
from core.companies.models import Staff
from core.db import reading, transaction
from core.mail.models import Mail
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody."""
    return opener(monkeypatch)


def _button(screen: AppTest, label: str) -> Any:
    return next(button for button in screen.button if button.label == label)


def _labels(screen: AppTest) -> list[str]:
    return [button.label for button in screen.button]


def _signed_in(actor: Actor) -> Actor:
    with transaction(actor) as session:
        sessions.open_session(session, kind=SessionKind.STAFF, staff_id=actor.id, by=actor)
        row = session.scalars(
            select(AccessSession).where(AccessSession.staff_id == actor.id).order_by(AccessSession.opened_at.desc())
        ).first()
    assert row
    return replace(actor, session=row.id)


def _staff(actor: Actor, of: Actor) -> Staff:
    with reading(actor) as session:
        return session.get_one(Staff, of.id)


def test_lists_everybody(open_page: Open, aisha: Actor, analyst: Actor, reviewer: Actor) -> None:
    screen = open_page("team", aisha)
    table = screen.dataframe[0].value
    assert sorted(table["Name"]) == ["Aisha Al Balushi (you)", "Maryam Al Lawati", "Said Al Rawahi"]
    assert dict(zip(table["Name"], table["Role"], strict=True))["Maryam Al Lawati"] == "Analyst"
    assert "3 colleagues, 1 of them admins" in texts(screen)
    assert "Reads everything, exports lists, changes nothing." in texts(screen)


def test_does_not_count_somebody_who_is_alone(open_page: Open, aisha: Actor) -> None:
    assert "Only you so far" in texts(open_page("team", aisha))


def test_adds_a_colleague_and_sends_the_mail(open_page: Open, aisha: Actor) -> None:
    screen = open_page("team", aisha)
    _button(screen, "Add a colleague").click().run()
    screen.text_input(key="team.name").set_value("Huda Al Said")
    screen.text_input(key="team.email").set_value("huda@dhofar.om")
    screen.radio(key="team.role").set_value(Role.REVIEWER)
    _button(screen, "Add and send the mail").click().run()
    assert not screen.exception
    with reading(aisha) as session:
        assert session.scalars(select(Staff.role).where(Staff.email == "huda@dhofar.om")).one() is Role.REVIEWER
        assert session.scalars(select(Mail.to_address)).all() == ["huda@dhofar.om"]
    assert "team.email" not in [field.key for field in screen.text_input]


def test_keeps_what_was_typed_when_refused(open_page: Open, aisha: Actor) -> None:
    screen = open_page("team", aisha)
    _button(screen, "Add a colleague").click().run()
    screen.text_input(key="team.name").set_value("Twin")
    screen.text_input(key="team.email").set_value("aisha.al.balushi@dhofar.om")
    _button(screen, "Add and send the mail").click().run()
    assert any("already belongs to a member of staff" in error.value for error in screen.error)
    assert screen.text_input(key="team.name").value == "Twin"


def test_changes_a_role(open_page: Open, aisha: Actor, analyst: Actor) -> None:
    screen = open_page("team", aisha)
    screen.query_params["person"] = str(analyst.id)
    screen.run()
    screen.radio(key=f"team.role_of.{analyst.id}").set_value(Role.MEMBER)
    _button(screen, "Change the role").click().run()
    assert not screen.exception
    assert _staff(aisha, analyst).role is Role.MEMBER
    assert "person" not in screen.query_params


def test_says_that_sessions_end_before_it_disables(open_page: Open, aisha: Actor, analyst: Actor) -> None:
    _signed_in(analyst)
    screen = open_page("team", aisha)
    screen.query_params["person"] = str(analyst.id)
    screen.run()
    _button(screen, "Disable…").click().run()
    assert any("signed in on 1 device: they end at the next click" in warning.value for warning in screen.warning)
    assert _staff(aisha, analyst).disabled_at is None
    _button(screen, "Disable Maryam Al Lawati").click().run()
    assert _staff(aisha, analyst).disabled_at is not None
    screen.query_params["person"] = str(analyst.id)
    screen.run()
    _button(screen, "Enable again").click().run()
    assert _staff(aisha, analyst).disabled_at is None


def test_the_last_admin_is_kept_and_told_why(open_page: Open, aisha: Actor) -> None:
    screen = open_page("team", aisha)
    screen.query_params["person"] = str(aisha.id)
    screen.run()
    _button(screen, "Disable…").click().run()
    assert any("You are shut out" in warning.value for warning in screen.warning)
    _button(screen, "Disable Aisha Al Balushi").click().run()
    assert any("last admin" in error.value for error in screen.error)
    assert _staff(aisha, aisha).disabled_at is None


def test_signs_somebody_out_everywhere(open_page: Open, aisha: Actor, analyst: Actor) -> None:
    _signed_in(analyst)
    screen = open_page("team", aisha)
    screen.query_params["person"] = str(analyst.id)
    screen.run()
    _button(screen, "Sign out everywhere (1)").click().run()
    with reading(aisha) as session:
        assert session.scalars(select(AccessSession.revoked_at)).one() is not None


def test_ends_ones_own_other_sessions(open_page: Open, aisha: Actor) -> None:
    _signed_in(aisha)
    me = _signed_in(aisha)
    screen = open_page("team", me)
    assert "this one" in texts(screen)
    _button(screen, "End the others (1)").click().run()
    with reading(aisha) as session:
        left = session.scalars(select(AccessSession.id).where(AccessSession.revoked_at.is_(None))).all()
    assert left == [me.session]
    assert "End the others (1)" not in _labels(screen)


def test_an_analyst_looks_and_changes_nothing(open_page: Open, aisha: Actor, analyst: Actor) -> None:
    screen = open_page("team", analyst)
    screen.query_params["person"] = str(aisha.id)
    screen.run()
    assert not screen.exception
    assert "you can look, an admin can change" in texts(screen)
    assert not {"Add a colleague", "Change the role", "Disable…"} & set(_labels(screen))


@pytest.mark.parametrize("person", ("nobody", "00000000-0000-0000-0000-000000000000"))
def test_a_link_to_nobody_shows_the_team(open_page: Open, aisha: Actor, person: str) -> None:
    screen = open_page("team", aisha)
    screen.query_params["person"] = person
    screen.run()
    assert not screen.exception
    assert len(screen.dataframe) == 1


def test_is_not_offered_to_a_member(open_page: Open, member: Actor) -> None:
    assert is_closed(open_page("team", member))
