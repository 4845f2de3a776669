"""Access codes of an older system: offered on a partner's profile only while the settings accept them."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.db import reading
from core.partners import queries
from core.partners.models import Partner


def test_a_code_is_taken_over_and_taken_away(
    open_partner: Callable[..., AppTest],
    set_settings: Callable[..., None],
    sqlite_database: str,
    partner: Partner,
    aisha: Actor,
) -> None:
    set_settings(legacy_proposal_codes_accepted="true")
    screen = open_partner(partner, aisha, "Profile")
    for code, kept in (("OMAN-2024", True), ("", False), ("short", False)):
        next(box for box in screen.text_input if box.label == "Access code").set_value(code)
        next(button for button in screen.button if button.label == "Keep this code").click().run()
        with reading(aisha) as session:
            assert queries.partner(session, partner.id).has_legacy_code is kept
    assert "An access code has at least 6 characters." in [error.value for error in screen.error]
    assert next(box for box in screen.text_input if box.label == "Access code").value == "short"


def test_otherwise_nothing_is_said_of_codes(
    open_partner: Callable[..., AppTest], sqlite_database: str, partner: Partner, aisha: Actor
) -> None:
    screen = open_partner(partner, aisha, "Profile")
    assert "Access code" not in {box.label for box in screen.text_input}
