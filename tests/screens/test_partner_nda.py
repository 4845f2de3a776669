"""A partner's NDAs on its page: what is signed, how far the next one is, and recording one signed on paper."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from core.access import limits
from core.actor import Actor
from core.db import reader, reading, transaction
from core.nda import queries, stepping_aside
from core.nda.models import Form
from core.nda.queries import SignedNda
from core.partners.models import Partner
from tests.core.files import pdf
from tests.core.nda_acts import done, give_contact, read_through, signed, visitor
from tests.factories import make_partner
from tests.screens import texts

Open = Callable[..., AppTest]
Feeds = dict[str, list[str]]
pytestmark = pytest.mark.usefixtures("sqlite_database", "clock")


def ndas(by: Actor, partner: Partner) -> list[SignedNda]:
    with reading(by) as session:
        return queries.partner_ndas(session, partner.id)


def pressed(screen: AppTest, label: str) -> AppTest:
    return [button for button in screen.button if button.label == label][-1].click().run()


def button(screen: AppTest, label: str) -> Any:
    return next((one for one in screen.button if one.label == label), None)


@pytest.fixture
def another(aisha: Actor) -> Partner:
    """Another partner of the company."""
    with transaction(aisha) as session:
        return make_partner(session)


class TestSigned:
    def test_without_any_says_how_one_comes(self, open_partner: Open, partner: Partner, aisha: Actor) -> None:
        screen = open_partner(partner, aisha, "NDA")
        assert "Salalah Retail has not signed an NDA yet." in texts(screen)
        assert not button(screen, "Record a paper NDA").disabled

    def test_says_what_it_is_worth(self, open_partner: Open, feeds: Feeds, partner: Partner, analyst: Actor) -> None:
        signed(partner)
        screen = open_partner(partner, analyst, "NDA")
        told = "Signed electronically by Salim Al Kindi · valid until 22 Nov 2029 · not countersigned"
        assert feeds["nda.feed"] == [f"Valid NDA-00001 · signed 22 Nov 2026 {told}"]
        assert button(screen, "Record a paper NDA") is None

    def test_opens_with_its_evidence(self, open_partner: Open, partner: Partner, aisha: Actor) -> None:
        made = signed(partner)
        screen = open_partner(partner, aisha, "NDA")
        screen.query_params["nda"] = str(made.id)
        assert "**The signer**" in texts(screen.run())
        assert "**NDA-00001 stands**" in pressed(screen, "Verify").success[0].value
        assert "This cannot be taken back." in texts(pressed(screen, "Countersign…"))

    def test_one_of_another_partner_does_not_open_here(
        self, open_partner: Open, partner: Partner, aisha: Actor, another: Partner
    ) -> None:
        made = signed(another)
        screen = open_partner(partner, aisha, "NDA")
        screen.query_params["nda"] = str(made.id)
        assert "**The signer**" not in texts(screen.run())

    def test_is_not_offered_to_reviewers(self, open_partner: Open, partner: Partner, reviewer: Actor) -> None:
        assert "NDA" not in [tab.label for tab in open_partner(partner, reviewer).tabs]


class TestUnderWay:
    def test_says_who_is_where_and_what_became_of_others(
        self, open_partner: Open, feeds: Feeds, partner: Partner, analyst: Actor, clock: Any
    ) -> None:
        refusing, going_on, asking = (visitor(partner, device=name) for name in "abc")
        give_contact(refusing, "Karim Nasser")
        done(stepping_aside.decline, refusing, reason="Clause 7 goes too far.")
        clock.forward(minutes=1)
        give_contact(asking)
        done(stepping_aside.hand_over, asking, name="Huda Al Said", email="huda@salalah.om")
        clock.forward(minutes=1)
        give_contact(going_on)
        read_through(going_on)
        open_partner(partner, analyst, "NDA")
        begun = "begun 22 Nov 2026, 12:0"
        assert feeds["nda.under_way"] == [
            f"Signing Salim Al Kindi, Director Step 3 of 4, read it all; the signature is next · {begun}2",
            f"Handed over Salim Al Kindi, Director {begun}1 · asked a colleague to sign instead",
            f"Declined Karim Nasser, Director {begun}0\n“Clause 7 goes too far.”",
            "Asked to sign Huda Al Said, huda@salalah.om "
            "Asked by Salim Al Kindi · has not opened the link yet · it works until 22 Dec 2026",
        ]

    def test_says_that_submitting_fails_and_until_when(
        self, open_partner: Open, partner: Partner, analyst: Actor
    ) -> None:
        by = visitor(partner)
        give_contact(by)
        for _ in range(3):
            limits.submitted_nda(by.ip or "", str(partner.id))
        warning = open_partner(partner, analyst, "NDA").warning[0].value
        assert "**Submitting the NDA fails for them right now**: 3 submissions an hour" in warning
        assert "again from 13:00 on" in warning


class TestPaper:
    @pytest.fixture
    def asking(self, open_partner: Open, partner: Partner, aisha: Actor) -> AppTest:
        """The dialog, with the contact filled in."""
        return pressed(open_partner(partner, aisha, "NDA"), "Record a paper NDA")

    def test_is_recorded_with_its_scan(self, asking: AppTest, partner: Partner, aisha: Actor) -> None:
        assert asking.text_input(key="paper.signer_name").value == "Salim Al Kindi"
        asking.text_input(key="paper.signer_name").set_value("Huda Al Said")
        asking.date_input(key="paper.signed_on").set_value(date(2026, 11, 2))
        asking.file_uploader(key="paper.scan").upload("scan.pdf", pdf(), "application/pdf")
        pressed(asking, "Record it")
        [nda] = ndas(aisha, partner)
        assert (nda.form, nda.signer) == (Form.PAPER, "Huda Al Said")
        assert button(asking, "Record a paper NDA").disabled
        assert button(asking, "Record it") is None
        asking.query_params["nda"] = str(nda.id)
        assert "**NDA-00001 stands**: all 6 checks passed" in pressed(asking.run(), "Verify").success[0].value

    @pytest.mark.parametrize(
        ("name", "data", "says"),
        (
            ("scan.pdf", b"<html>signed, honestly</html>", "This is not a PDF"),
            ("scan.pdf", b"", "empty"),
            (None, b"", "Upload the scan of the signed NDA as a PDF or a PNG."),
        ),
        ids=("html", "empty", "none"),
    )
    def test_a_scan_that_is_none_is_refused_and_nothing_is_lost(
        self, asking: AppTest, partner: Partner, aisha: Actor, name: str | None, data: bytes, says: str
    ) -> None:
        asking.text_input(key="paper.signer_title").set_value("CEO")
        if name:
            asking.file_uploader(key="paper.scan").upload(name, data, "application/pdf")
        pressed(asking, "Record it")
        assert says in asking.error[0].value.replace("\\", "")
        assert asking.text_input(key="paper.signer_title").value == "CEO"
        assert ndas(aisha, partner) == []

    def test_a_day_to_come_is_refused_and_nothing_is_lost(
        self, asking: AppTest, partner: Partner, aisha: Actor
    ) -> None:
        asking.text_input(key="paper.signer_title").set_value("CEO")
        asking.date_input(key="paper.signed_on").set_value(date(2026, 11, 23))
        asking.file_uploader(key="paper.scan").upload("scan.pdf", pdf(), "application/pdf")
        pressed(asking, "Record it")
        assert "cannot be signed in the future" in asking.error[0].value
        assert asking.text_input(key="paper.signer_title").value == "CEO"
        assert ndas(aisha, partner) == []


def test_is_a_few_statements(open_partner: Open, partner: Partner, aisha: Actor) -> None:
    for device in "abcdefgh":
        give_contact(visitor(partner, device=device))
    screen = open_partner(partner, aisha, "NDA")
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(reader(), "before_cursor_execute", note)
    screen.run()
    event.remove(reader(), "before_cursor_execute", note)
    assert len([one for one in found if one.startswith("SELECT")]) <= 9
