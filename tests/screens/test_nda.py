"""The signing page: each step as it is drawn, what a press does, and what stays when something is refused."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.access.kinds import SessionKind
from core.actor import Actor
from core.mail.messages import Kind
from core.partners.models import Partner
from tests.core import nda_acts as acts
from tests.screens import ROOT, texts

Open = Callable[..., AppTest]


@pytest.fixture
def signer(sqlite_database: str, partner: Partner) -> Actor:
    """Somebody who came by the proposal's link."""
    return acts.visitor(partner)


@pytest.fixture
def open_nda(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the signing page as somebody: ``open_nda(signer, lang="ar")``."""

    def open_page(actor: Actor, **query: str) -> AppTest:
        monkeypatch.setattr("portal_app.shell.find_actor", lambda: actor)
        screen = AppTest.from_file(str(ROOT / "portal_app" / "main.py"), default_timeout=30)
        for key, value in query.items():
            screen.query_params[key] = value
        screen.run()
        screen = screen.switch_page("views/nda.py").run()
        assert not screen.exception
        return screen

    return open_page


def press(screen: AppTest, label: str) -> AppTest:
    """Press the button with this label."""
    (button,) = (button for button in screen.button if button.label == label)
    return button.click().run()


def field(screen: AppTest, key: str):
    """The field of a key."""
    (found,) = (each for each in (*screen.text_input, *screen.text_area, *screen.checkbox) if each.key == key)
    return found


class TestWhoSigns:
    def test_the_invited_name_stands_there_already(self, open_nda: Open, signer: Actor) -> None:
        screen = open_nda(signer)
        assert field(screen, "nda.name").value == acts.NAME
        assert "Step 1 of 4" in screen.get("progress")[0].proto.text
        assert "s•••@" in texts(screen)

    def test_going_on_shows_the_text(self, open_nda: Open, signer: Actor) -> None:
        screen = press(open_nda(signer), "Continue to the text")
        assert "Step 2 of 4" in screen.get("progress")[0].proto.text
        assert acts.view(signer).shown_at is not None

    def test_a_name_that_is_none_is_refused_and_stays(self, open_nda: Open, signer: Actor) -> None:
        screen = open_nda(signer)
        field(screen, "nda.name").set_value("x")
        screen = press(screen, "Continue to the text")
        assert "Type your full name as on your ID" in screen.error[0].value
        assert field(screen, "nda.name").value == "x"

    def test_a_colleague_can_be_asked_instead(self, open_nda: Open, signer: Actor) -> None:
        screen = open_nda(signer)
        field(screen, "nda.hand_name").set_value("Huda Al Lawati")
        field(screen, "nda.hand_email").set_value("huda@partner.om")
        screen = press(screen, "Send the request")
        assert "Handed over to Huda Al Lawati" in screen.success[0].value
        assert [mail.to_address for mail in acts.mailed(signer, Kind.NDA_HAND_OVER)] == ["huda@partner.om"]


class TestSigning:
    @pytest.fixture
    def reader(self, signer: Actor) -> Actor:
        """Somebody who has read to the end."""
        acts.give_contact(signer)
        acts.read_through(signer)
        self.reader_actor = signer
        return signer

    def sign(self, screen: AppTest, code: str, name: str = acts.NAME) -> AppTest:
        field(screen, "nda.signature").set_value(name).run()
        if not acts.view(self.reader_actor).code.verified_at:
            field(screen, "nda.code").set_value(code)
        field(screen, "nda.consent").check()
        return press(screen, "Sign the agreement")

    def code(self, reader: Actor) -> str:
        secrets: list[str] = acts.mailed(reader, Kind.MAILED_CODE)[-1].secrets
        return next(s for s in secrets if s.replace(" ", "").isdigit())

    def test_from_the_code_to_the_reference(self, open_nda: Open, reader: Actor) -> None:
        screen = press(open_nda(reader), "Mail me the code")
        assert "We sent a code to s•••@" in screen.info[0].value
        screen = self.sign(screen, self.code(reader))
        assert [error.value for error in screen.error] == []
        assert "NDA-00001" in screen.success[0].value
        assert "The documents in your room are open" in texts(screen)

    def test_a_wrong_code_says_how_many_tries_are_left_and_counts_no_submission(
        self, open_nda: Open, reader: Actor
    ) -> None:
        screen = press(open_nda(reader), "Mail me the code")
        for _ in range(4):
            screen = self.sign(screen, "0000 0000")
            assert "tr" in screen.error[0].value
        screen = self.sign(screen, self.code(reader))
        assert "NDA-00001" in screen.success[0].value

    def test_another_name_is_asked_about_and_then_taken(self, open_nda: Open, reader: Actor) -> None:
        screen = press(open_nda(reader), "Mail me the code")
        screen = self.sign(screen, self.code(reader), name="Ahmed Ali")
        assert "You typed 'Ahmed Ali' but are invited as" in screen.error[0].value
        field(screen, "nda.other").check()
        screen = press(screen, "Sign the agreement")
        assert "NDA-00001" in screen.success[0].value

    def test_without_the_tick_nothing_is_signed(self, open_nda: Open, reader: Actor) -> None:
        screen = press(open_nda(reader), "Mail me the code")
        field(screen, "nda.signature").set_value(acts.NAME)
        field(screen, "nda.code").set_value(self.code(reader))
        screen = press(screen, "Sign the agreement")
        assert "Tick the box" in screen.error[0].value
        assert field(screen, "nda.signature").value == acts.NAME

    def test_what_was_typed_outlives_a_reload(self, open_nda: Open, reader: Actor) -> None:
        field(open_nda(reader), "nda.signature").set_value("Salim Al K").run()
        assert field(open_nda(reader), "nda.signature").value == "Salim Al K"

    def test_the_fourth_submission_in_an_hour_is_told_when_to_try_again(self, open_nda: Open, reader: Actor) -> None:
        screen = press(open_nda(reader), "Mail me the code")
        for _ in range(3):
            screen = press(screen, "Decline the agreement")
            assert "Say why" in screen.error[0].value
        screen = self.sign(screen, self.code(reader))
        assert "Try again at" in screen.error[0].value

    def test_a_slip_of_the_pen_counts_as_no_submission(self, open_nda: Open, reader: Actor) -> None:
        screen = press(open_nda(reader), "Mail me the code")
        for _ in range(4):
            screen = self.sign(screen, self.code(reader), name="x")
            assert "Type your full name" in screen.error[0].value
        assert "Signed: NDA-00001" in texts(self.sign(screen, self.code(reader)))

    def test_declining_needs_a_reason_and_can_be_taken_back(self, open_nda: Open, reader: Actor) -> None:
        screen = press(open_nda(reader), "Decline the agreement")
        assert "Say why" in screen.error[0].value
        field(screen, "nda.reason").set_value("Clause 4 binds our parent company.")
        screen = press(screen, "Decline the agreement")
        assert "You declined" in texts(screen)
        assert "Continue to the text" in [button.label for button in screen.button]


def test_whoever_is_in_the_room_sees_that_it_is_signed(open_nda: Open, partner: Partner, signer: Actor) -> None:
    acts.press(acts.ready_to_sign(signer))
    screen = open_nda(acts.visitor(partner, kind=SessionKind.ROOM), lang="ar")
    assert "NDA-00001" in screen.success[0].value
    assert "ماذا بعد" in screen.subheader[0].value
