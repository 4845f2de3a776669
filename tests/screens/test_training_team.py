"""Who is certified, as staff see it: the picture, the people, the filters of the address, files, taking back."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from admin_app.exports import EXPORTS
from admin_app.training_team import asked as address
from admin_app.training_team.picture import MOST, build_standings, most_to_do
from core.actor import Actor, ContactRole
from core.db import reading, transaction
from core.export import csv_bytes
from core.partners.models import Partner
from core.training import team_queries
from core.training.models import TrainingModule
from core.training.my_modules import Where
from core.training.team_figures import Figures, Group, Line
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.deal_acts import make_reseller
from tests.core.today_world import statements
from tests.core.training_acts import certifications, offered, sit
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(monkeypatch)


def at(screen: AppTest, **query: str) -> AppTest:
    screen.query_params.update(query)
    return screen.run()


def press(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def table(screen: AppTest) -> Any:
    return screen.dataframe[-1].value


@pytest.fixture
def reseller(sqlite_database: str, aisha: Actor) -> Partner:
    with transaction(aisha) as session:
        return make_reseller(session, slug="muscat-tech", name="Muscat Tech")


@pytest.fixture
def sold(aisha: Actor, clock: Any) -> TrainingModule:
    """A training that salespeople and employees must hold, for a hundred days."""
    return offered(aisha, name="Selling payroll", required_roles=("salesperson", "employee"), valid_for_days=100)


@pytest.fixture
def people(aisha: Actor, reseller: Partner, sold: TrainingModule, clock: Any) -> dict[str, Actor]:
    """Ali's certificate ended, Badr's ends soon, Celine has none; of another reseller is Dana, who is certified."""
    with transaction(aisha) as session:
        elsewhere = make_reseller(session, slug="dhofar-soft", name="Dhofar Soft")
        there = (("Ali", reseller), ("Badr", reseller), ("Celine", reseller), ("Dana", elsewhere))
        rows = [make_contact(session, partner, name=name, role=ContactRole.SALESPERSON) for name, partner in there]
    found = {row.name: contact_actor(row) for row in rows}
    sit(found["Ali"], sold)
    clock.forward(days=40)
    sit(found["Badr"], sold)
    clock.forward(days=61)
    sit(found["Dana"], sold)
    return found


class TestEmpty:
    def test_without_trainings_leads_to_them(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page("training_team", aisha)
        assert "No training is offered yet." in texts(screen)
        assert not screen.dataframe

    def test_without_learners_says_what_to_do(self, open_page: Open, aisha: Actor) -> None:
        offered(aisha, name="Selling payroll")
        assert "Nobody has to hold any of the trainings" in texts(open_page("training_team", aisha))

    def test_is_not_offered_to_a_member(self, open_page: Open, member: Actor) -> None:
        assert is_closed(open_page("training_team", member))

    def test_is_not_offered_without_the_partner_portal(self, open_page: Open, aisha: Actor) -> None:
        assert is_closed(open_page("training_team", aisha, portal=False))


@pytest.mark.usefixtures("people")
class TestPeople:
    def test_are_told_with_where_they_stand(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page("training_team", aisha)
        assert "5 people · 2 certificates valid · 1 of them ending within 90 days · 1 ended · 2 missing" in texts(
            screen
        )
        rows = table(screen)
        assert list(zip(rows["Name"], rows["Company"], rows["State"], strict=True)) == [
            ("Aisha Al Balushi", "Dhofar Systems", "Missing"),
            ("Dana", "Dhofar Soft", "Certified"),
            ("Ali", "Muscat Tech", "Ended"),
            ("Badr", "Muscat Tech", "Ending soon"),
            ("Celine", "Muscat Tech", "Missing"),
        ]
        assert list(rows["Role"]) == ["Employee", *["Salesperson"] * 4]
        assert rows["Certificate"][3] == "C-00002"

    @pytest.mark.parametrize(
        ("query", "names"),
        (
            ({"standing": "missing"}, ["Aisha Al Balushi", "Celine"]),
            ({"role": "employee"}, ["Aisha Al Balushi"]),
            ({"text": "dhofar soft"}, ["Dana"]),
            ({"text": "badr", "standing": "expiring"}, ["Badr"]),
            ({"standing": "nonsense", "role": "boss", "partner": "x"}, None),
        ),
    )
    def test_are_narrowed_by_the_address(
        self, open_page: Open, aisha: Actor, query: dict[str, str], names: list[str] | None
    ) -> None:
        screen = at(open_page("training_team", aisha), **query)
        every = ["Aisha Al Balushi", "Dana", "Ali", "Badr", "Celine"]
        assert list(table(screen)["Name"]) == (names or every)

    def test_are_narrowed_by_what_is_chosen(self, open_page: Open, aisha: Actor, reseller: Partner) -> None:
        screen = open_page("training_team", aisha)
        screen.selectbox(key="training_team.partner").set_value(str(reseller.id)).run()
        assert screen.query_params["partner"] == [str(reseller.id)] or screen.query_params["partner"] == str(
            reseller.id
        )
        assert "3 people" in texts(screen)
        screen.button_group(key="training_team.standing").set_value("expired").run()
        assert list(table(screen)["Name"]) == ["Ali"]
        screen.text_input(key="training_team.text").set_value("nobody").run()
        assert "Nobody is like this." in texts(screen)
        assert len(press(screen, "Show everybody").dataframe[-1].value) == 5

    def test_are_asked_for_with_few_statements(self, open_page: Open, aisha: Actor, people: Any, sold: Any) -> None:
        screen = at(open_page("training_team", aisha), row=f"{people['Ali'].id}.{sold.id}", by="partner")
        with statements() as asked:
            screen.run()
        assert len(asked) <= 9, "one more tells who is here"

    def test_of_a_row_that_is_not_there_is_said(self, open_page: Open, aisha: Actor) -> None:
        screen = at(open_page("training_team", aisha), row="gone")
        assert "That row is not on this page." in screen.toast[0].value


@pytest.mark.usefixtures("people")
class TestPicture:
    @pytest.mark.parametrize(
        ("by", "names"),
        (
            ("module", ["Selling payroll"]),
            ("partner", ["Dhofar Soft", "Muscat Tech", "Dhofar Systems"]),
            ("role", ["Salesperson", "Employee"]),
        ),
    )
    def test_tells_apart_what_is_asked(self, open_page: Open, aisha: Actor, by: str, names: list[str]) -> None:
        screen = at(open_page("training_team", aisha), by=by)
        behind = screen.dataframe[0].value
        assert [name for name in behind[behind.columns[0]] if name in names] == names
        assert behind["Missing"].sum() == 2

    def test_is_drawn_of_those_with_the_most_to_do(self) -> None:
        lines = [Line(str(n), f"Module {n:02d}", "", Figures(9, 5, 0, n % 7, n % 5)) for n in range(30)]
        shown = most_to_do([*lines, Line("x", "Nobody's", "", Figures(0, 0, 0, 0, 0))])
        left = [line.figures.missing + line.figures.expired for line in shown]
        assert (len(shown), left) == (MOST, sorted(left, reverse=True))
        drawn = build_standings(shown, Group.MODULE).to_dict()
        kinds = {row["kind"] for rows in drawn["datasets"].values() for row in rows}
        assert kinds == {"Certified", "Ended", "Missing"}


class TestOne:
    def opened(self, open_page: Open, by: Actor, learner: Actor, sold: TrainingModule) -> AppTest:
        return at(open_page("training_team", by), row=f"{learner.id}.{sold.id}")

    def test_tells_what_was_held(self, open_page: Open, aisha: Actor, people: Any, sold: Any) -> None:
        sit(people["Badr"], sold, renews=True)
        screen = self.opened(open_page, aisha, people["Badr"], sold)
        said = texts(screen)
        assert "Valid until" in said
        assert "Salesperson at Muscat Tech" in said
        held = table(screen)
        assert list(held["Certificate"]) == ["C-00004", "C-00002"]
        assert list(held["State"]) == ["Valid", "Replaced by a newer one"]

    def test_of_somebody_without_says_so(self, open_page: Open, aisha: Actor, people: Any, sold: Any) -> None:
        screen = self.opened(open_page, aisha, people["Celine"], sold)
        assert "Not certified, and has to be · required" in texts(screen)
        assert "Revoke…" not in [button.label for button in screen.button]

    def test_is_revoked_with_a_reason(self, open_page: Open, aisha: Actor, people: Any, sold: Any) -> None:
        screen = press(self.opened(open_page, aisha, people["Badr"], sold), "Revoke…")
        assert "This cannot be undone" in texts(screen)
        press(screen, "Revoke C-00002")
        assert "The reason is missing" in texts(screen)
        assert certifications(aisha)[1].revoked_at is None
        screen.text_area(key="training_team.reason").input("Somebody else sat it")
        press(screen, "Revoke C-00002")
        row = certifications(aisha)[1]
        assert (row.reason, row.revoked_by) == ("Somebody else sat it", "Aisha Al Balushi")
        assert "row" not in screen.query_params
        assert list(table(screen)["State"]) == ["Missing", "Certified", "Ended", "Missing", "Missing"]

    def test_is_kept(self, open_page: Open, aisha: Actor, people: Any, sold: Any) -> None:
        screen = press(self.opened(open_page, aisha, people["Badr"], sold), "Revoke…")
        press(screen, "Keep it")
        assert "This cannot be undone" not in texts(screen)

    def test_is_only_read_by_an_analyst(self, open_page: Open, analyst: Actor, people: Any, sold: Any) -> None:
        screen = self.opened(open_page, analyst, people["Badr"], sold)
        assert list(table(screen)["Certificate"]) == ["C-00002"]
        assert "Revoke…" not in [button.label for button in screen.button]


@pytest.mark.usefixtures("people")
class TestFile:
    def test_has_everybody_who_passes_the_filters(self, aisha: Actor) -> None:
        with reading(aisha) as session:
            sheet = EXPORTS["certifications"](session, {"standing": "missing"})
        rows = list(csv.reader(io.StringIO(csv_bytes(sheet).decode("utf-8-sig"))))
        assert rows[0][:4] == ["Name", "E-mail", "Company", "Role"]
        assert [(row[0], row[3], row[6]) for row in rows[1:]] == [
            ("Aisha Al Balushi", "Employee", "Missing"),
            ("Celine", "Salesperson", "Missing"),
        ]

    def test_is_offered_with_what_is_filtered(self, open_page: Open, aisha: Actor, reviewer: Actor) -> None:
        screen = at(open_page("training_team", aisha), standing="expired")
        links = [link.proto.url for link in screen.get("link_button")]
        assert "/export/certifications?standing=expired&format=csv" in links
        assert not [
            link for link in open_page("training_team", reviewer).get("link_button") if "export" in link.proto.url
        ]

    def test_is_more_than_a_page(self, aisha: Actor, reseller: Partner) -> None:
        with transaction(aisha) as session:
            for n in range(60):
                make_contact(session, reseller, name=f"Person {n:02d}")
        with reading(aisha) as session:
            found = team_queries.everybody(session, standing=Where.MISSING, size=1_000)
        assert len(found) == 62


def test_an_address_is_read_as_it_is_written() -> None:
    said = {"role": "finance", "standing": "expired", "text": "x"}
    assert address.asked(said).params == said
    assert address.asked({"standing": "x", "by": "y"}).params == {}
