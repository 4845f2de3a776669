"""The register of NDAs: who has signed what, until when, and would it stand up?"""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import event, select, update
from streamlit.testing.v1 import AppTest

from admin_app.nda.asked import asked
from admin_app.nda.export import HEADER, ndas_sheet
from admin_app.nda.wording import left, standing, whole
from core.actor import Actor, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.db import reader, reading, transaction
from core.export import FORMULA_STARTS, csv_bytes, xlsx_bytes
from core.nda import recording
from core.nda.models import Form, Instrument, Nda
from core.nda.register import Order
from core.nda.steps import State
from core.partners.models import Partner
from tests.core.nda_acts import done, signed
from tests.core.test_nda_records import filled
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]
pytestmark = pytest.mark.usefixtures("sqlite_database", "clock")


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody."""
    return opener(monkeypatch)


def pressed(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def labels(screen: AppTest) -> set[str]:
    links = {str(getattr(link, "label", "")) for link in screen.get("link_button")}
    return {button.label for button in screen.button} | links


def recorded(by: Actor, tag: Tag) -> int:
    with reading(by) as session:
        return len(session.scalars(select(AuditEntry.seq).where(AuditEntry.tag == tag)).all())


class TestList:
    def test_without_any_says_how_they_come(self, open_page: Open, aisha: Actor) -> None:
        said = texts(open_page("ndas", aisha))
        assert "No NDA is on record yet" in said
        assert "No NDA was signed yet." in said

    def test_shows_them_in_words(self, open_page: Open, aisha: Actor, partner: Partner) -> None:
        signed(partner)
        screen = open_page("ndas", aisha)
        row = screen.dataframe[0].value.iloc[0]
        assert (row["Reference"], row["Partner"], row["Signer"]) == ("NDA-00001", "Salalah Retail", "Salim Al Kindi")
        assert (row["State"], row["Days left"], row["How"]) == ("Valid", 1096, "Electronically")
        assert "1 valid, of which 0 expire within 90 days · 0 expired" in texts(screen)

    def test_the_address_carries_state_form_text_and_order(self, open_page: Open, aisha: Actor, clock: Any) -> None:
        filled(aisha, 120, clock.now())
        screen = open_page("ndas", aisha)
        screen.button_group(key="ndas.state").set_value("expired").run()
        assert screen.query_params["state"] == "expired"
        assert set(screen.dataframe[0].value["State"]) == {"Expired"}
        screen.selectbox(key="ndas.sort").set_value("reference").run()
        assert list(screen.dataframe[0].value["Reference"])[:2] == ["NDA-00001", "NDA-00002"]
        screen.text_input(key="ndas.text").set_value("Signer 99").run()
        assert list(screen.dataframe[0].value["Reference"]) == ["NDA-00099"]
        screen.selectbox(key="ndas.form").set_value("electronic").run()
        assert "No NDA is like this." in texts(screen)
        assert len(pressed(screen, "Show all NDAs").dataframe[0].value) == 50

    def test_pages_by_the_address(self, open_page: Open, aisha: Actor, clock: Any) -> None:
        filled(aisha, 120, clock.now())
        screen = open_page("ndas", aisha)
        screen.query_params["page"] = "3"
        screen.run()
        assert len(screen.dataframe[0].value) == 20
        assert "101–120 of 120 NDAs" in texts(screen)

    @pytest.mark.parametrize("query", ({"state": "x", "sort": "y", "form": "z", "page": "-1"}, {"page": "9" * 30}))
    def test_what_an_address_says_wrongly_is_not_heard(
        self, open_page: Open, aisha: Actor, partner: Partner, query: dict[str, str]
    ) -> None:
        signed(partner)
        screen = open_page("ndas", aisha)
        screen.query_params.update(query)
        assert not screen.run().exception
        assert len(screen.dataframe[0].value) == 1

    @pytest.mark.parametrize("who", ("reviewer", "member"))
    def test_is_not_offered_to_others(self, open_page: Open, who: str, request: pytest.FixtureRequest) -> None:
        assert is_closed(open_page("ndas", request.getfixturevalue(who)))

    def test_of_another_company_nothing_is_in_it(self, open_page: Open, partner: Partner, outsider: Actor) -> None:
        made = signed(partner)
        screen = open_page("ndas", outsider)
        assert "No NDA was signed yet." in texts(screen)
        screen.query_params["nda"] = str(made.id)
        assert not screen.run().exception
        assert "NDA-00001" not in texts(screen)


class TestCost:
    @pytest.fixture
    def asked_for(self, sqlite_database: str) -> Iterator[list[str]]:
        """Every statement that a page reads by."""
        found: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            found.append(statement)

        event.listen(reader(), "before_cursor_execute", note)
        yield found
        event.remove(reader(), "before_cursor_execute", note)

    def test_of_ten_thousand_is_a_few_statements(
        self, open_page: Open, asked_for: list[str], aisha: Actor, clock: Any
    ) -> None:
        filled(aisha, 10_000, clock.now())
        screen = open_page("ndas", aisha)
        screen.query_params.update({"text": "Partner", "state": "valid", "page": "70"})
        asked_for.clear()
        screen.run()
        assert len(screen.dataframe[0].value) == 50
        assert len([one for one in asked_for if one.startswith("SELECT")]) <= 7


class TestOne:
    @pytest.fixture
    def nda_id(self, partner: Partner) -> UUID:
        made: UUID = signed(partner).id
        return made

    @pytest.fixture
    def opened(self, open_page: Open, aisha: Actor, nda_id: UUID) -> AppTest:
        """The register with that NDA open."""
        screen = open_page("ndas", aisha)
        screen.query_params["nda"] = str(nda_id)
        return screen.run()

    def test_shows_who_when_and_the_evidence(self, opened: AppTest) -> None:
        said = texts(opened)
        assert "**Salim Al Kindi**, Director" in said
        assert "Signed electronically on 22 Nov 2026, 12:00 · valid until **22 Nov 2029**, 1,096 d left" in said
        for heading in ("The agreement", "The signer", "The signing", "The connection", "The record"):
            assert f"**{heading}**" in said
        assert "`203.0.113.20`" in said
        assert "verify?ref=NDA-00001&code=" in said

    @pytest.mark.parametrize("ref", ("NDA-00001", "nda-00001"))
    def test_opens_by_its_reference(self, open_page: Open, aisha: Actor, nda_id: UUID, ref: str) -> None:
        screen = open_page("ndas", aisha)
        screen.query_params["ref"] = ref
        assert "**Salim Al Kindi**, Director" in texts(screen.run())

    @pytest.mark.parametrize("query", ({"nda": "x"}, {"ref": "NDA-99999"}, {"nda": str(UUID(int=7))}))
    def test_one_that_is_not_there_is_said_so(
        self, open_page: Open, aisha: Actor, nda_id: UUID, query: dict[str, str]
    ) -> None:
        screen = open_page("ndas", aisha)
        screen.query_params.update(query)
        assert not screen.run().exception
        assert "was not found" in screen.toast[0].value

    def test_verifies_and_records_it(self, opened: AppTest, aisha: Actor) -> None:
        screen = pressed(opened, "Verify")
        assert "**NDA-00001 stands**: all 8 checks passed at 12:00." in screen.success[0].value
        assert texts(screen).count("✓") == 8
        assert recorded(aisha, Tag.NDA_VERIFY) == 1

    def test_says_which_check_fails(self, opened: AppTest, aisha: Actor, nda_id: UUID) -> None:
        with transaction(system(aisha.company)) as session:
            session.execute(update(Nda).where(Nda.id == nda_id).values(signer_name="Somebody Else"))
        screen = pressed(opened, "Verify")
        assert "does not stand as it is kept**: 1 of 8 checks failed" in screen.error[0].value
        assert ":red[**✕**] The record says what the evidence says" in texts(screen)

    def test_countersigns_after_saying_what_it_means(self, opened: AppTest, aisha: Actor, nda_id: UUID) -> None:
        screen = pressed(opened, "Countersign…")
        assert "This cannot be taken back." in texts(screen)
        assert screen.text_input(key="nda.countersign.name").value == aisha.name
        screen.text_input(key="nda.countersign.title").set_value("Head of partnerships")
        screen = pressed(screen, "Countersign NDA-00001")
        assert f"Countersigned by {aisha.name}, Head of partnerships on 22 Nov 2026" in texts(screen)
        assert "Countersign…" not in labels(screen)

    def test_a_refused_countersignature_keeps_what_was_typed(self, opened: AppTest, nora: Actor, nda_id: UUID) -> None:
        screen = pressed(opened, "Countersign…")
        screen.text_input(key="nda.countersign.title").set_value("Head of partnerships")
        done(recording.countersign, nora, nda_id, name="Nora Al Harthy")
        screen = pressed(screen, "Countersign NDA-00001")
        assert "Countersigned by Nora Al Harthy on 22 Nov 2026 already." in screen.error[0].value
        assert screen.text_input(key="nda.countersign.title").value == "Head of partnerships"

    def test_an_analyst_reads_and_changes_nothing(self, open_page: Open, analyst: Actor, nda_id: UUID) -> None:
        screen = open_page("ndas", analyst)
        screen.query_params["nda"] = str(nda_id)
        assert {"Countersign…", "Evidence bundle"} & labels(screen.run()) == set()
        assert {"Verify", "Download the PDF"} <= labels(screen)


class TestExport:
    @pytest.fixture
    def hostile(self, aisha: Actor, clock: Any) -> None:
        """As many NDAs as there are ways to begin a formula, each with one in name, address and partner."""
        filled(aisha, len(FORMULA_STARTS), clock.now())
        with transaction(aisha) as session:
            for nda, start in zip(session.scalars(select(Nda)), FORMULA_STARTS, strict=True):
                session.get_one(Partner, nda.partner_id).name = f"{start}1+1"
                session.execute(
                    update(Nda).where(Nda.id == nda.id).values(signer_name=f"{start}2", signer_email=f"{start}3")
                )

    @pytest.mark.usefixtures("hostile")
    def test_no_cell_is_a_formula(self, aisha: Actor) -> None:
        with reading(aisha) as session:
            sheet = ndas_sheet(session, {})
        rows = list(csv.DictReader(io.StringIO(csv_bytes(sheet).decode("utf-8-sig"), newline="")))
        assert len(rows) == len(FORMULA_STARTS)
        for row in rows:
            assert all(row[name].startswith("'") for name in ("Partner", "Signer", "E-mail"))
        page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(sheet))).active
        assert {cell.data_type for line in page.iter_rows(min_row=2) for cell in line} <= {"s", "n", "d"}

    def test_goes_by_the_filters_of_the_page(self, aisha: Actor, clock: Any) -> None:
        filled(aisha, 120, clock.now())
        with reading(aisha) as session:
            sheet = ndas_sheet(session, {"state": "superseded", "sort": "reference"})
            assert len(ndas_sheet(session, {}).rows) == 120
        assert sheet.header == HEADER
        assert [row[0] for row in sheet.rows] == [f"NDA-{n:05d}" for n in range(10, 121, 10)]

    def test_stands_beside_the_filters(self, open_page: Open, analyst: Actor, partner: Partner) -> None:
        signed(partner)
        screen = open_page("ndas", analyst)
        screen.query_params["state"] = "valid"
        links = [str(getattr(link, "url", "")) for link in screen.run().get("link_button")]
        links = [link for link in links if "/export/" in link]
        assert links == ["/export/ndas?state=valid&format=csv", "/export/ndas?state=valid&format=xlsx"]


class TestWords:
    @pytest.mark.parametrize(
        ("days", "told", "listed"),
        (
            (1095, "1,095 d left", 1095),
            (0, "ends today", 0),
            (-1, "ended today", 0),
            (-2, "ended 1 d ago", -1),
            (None, "", None),
        ),
    )
    def test_of_the_time_left(self, days: int | None, told: str, listed: int | None) -> None:
        assert (left(days), whole(days)) == (told, listed)

    def test_of_the_whole(self) -> None:
        counts = {State.VALID: 3, State.EXPIRING: 1, State.EXPIRED: 2, State.SUPERSEDED: 9}
        assert standing(counts) == "4 valid, of which 1 expires within 90 days · 2 expired"

    def test_of_an_address(self) -> None:
        found = asked({"state": "valid", "form": "paper", "text": "x" * 300, "sort": "ending"})
        assert found.filters == {
            "instrument": Instrument.NDA, "state": State.VALID, "form": Form.PAPER, "text": "x" * 200,
            "order": Order.EXPIRES, "descending": False,
        }  # fmt: skip
        assert asked(found.params) == found
