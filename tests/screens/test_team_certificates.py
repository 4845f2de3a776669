"""The certificates of a reseller's team, as its principal sees them; in both languages."""

from typing import Any

import pytest

from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.db import transaction
from core.partners.models import Partner
from core.training.models import TrainingModule
from core.training.my_modules import Where
from portal_app.team_training import people
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.today_world import statements
from tests.core.training_acts import certifications, offered, sit
from tests.factories import make_partner
from tests.screens.contacts_desk import Open, make, opener, press, told


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What the picture and the list showed last, by key."""
    shown: dict[str, list[Any]] = {}

    def draw(*, key: str, lines: Any = (), bars: Any = (), **_: Any) -> None:
        shown[key] = [*lines, *bars]

    for name in ("ledger", "tally"):
        monkeypatch.setattr(people, name, draw)
    return shown


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, lists: dict[str, list[Any]]) -> Open:
    return opener(monkeypatch)


@pytest.fixture
def huda(sqlite_database: str, aisha: Actor, partner: Partner, clock: Any) -> Contact:
    return make(aisha, partner, name="Huda Al Said")


@pytest.fixture
def sold(aisha: Actor, huda: Contact) -> TrainingModule:
    return offered(
        aisha, name="Selling payroll", name_ar="بيع الرواتب", required_roles=("salesperson",), valid_for_days=100
    )


@pytest.fixture
def full(aisha: Actor, partner: Partner, sold: TrainingModule, clock: Any) -> None:
    """Ali's certificate ended, Badr's ends soon, Celine has none; nobody of another reseller is told of."""
    with transaction(aisha) as session:
        rows = [make_contact(session, partner, name=name) for name in ("Ali", "Badr", "Celine")]
        elsewhere = make_partner(session, name="Usman & Partners")
        rows.append(make_contact(session, elsewhere, name="Usman"))
    sit(contact_actor(rows[0]), sold)
    sit(contact_actor(rows[3]), sold)
    clock.forward(days=40)
    sit(contact_actor(rows[1]), sold)
    clock.forward(days=61)


class TestEmpty:
    @pytest.mark.parametrize(("lang", "words"), (("en", "Nobody of your company"), ("ar", "لا يُطلب من أحد في شركتكم")))
    def test_says_why(self, open_page: Open, huda: Contact, lists: Any, lang: str, words: str) -> None:
        assert words in told(open_page("team_training", contact_actor(huda), lang=lang))
        assert lists == {}

    @pytest.mark.parametrize("role", [role for role in ContactRole if role is not ContactRole.PRINCIPAL])
    def test_is_for_principals_alone(
        self, open_page: Open, aisha: Actor, partner: Partner, full: None, role: ContactRole, lists: Any
    ) -> None:
        screen = open_page("team_training", contact_actor(make(aisha, partner, role)))
        assert "This page is not part of your role" in told(screen)
        assert lists == {}


@pytest.mark.usefixtures("full")
class TestPeople:
    def test_are_told_with_where_they_stand(self, open_page: Open, huda: Contact, aisha: Actor, lists: Any) -> None:
        screen = open_page("team_training", contact_actor(huda))
        assert "People: 4 · certificates valid: 1 of 3" in told(screen)
        assert {bar.name: bar.figure for bar in lists["team-training-picture"]} == {
            "Still to do": "1", "Ended": "1", "Ends soon": "1",
        }  # fmt: skip
        lines = lists["team-training-list"]
        assert [(line.title, line.mark, line.tone) for line in lines] == [
            ("Ali", "Ended 2 Mar 2027", "stop"),
            ("Badr", "Days left: 39", "attention"),
            ("Celine", "Still to do", "news"),
        ]
        held = certifications(aisha)[-1]
        assert (lines[1].link, lines[1].link_href) == ("Certificate C-00003", f"/training/certificates/{held.id}")
        assert not lines[0].link

    def test_are_told_in_arabic(self, open_page: Open, huda: Contact, lists: Any) -> None:
        screen = open_page("team_training", contact_actor(huda), lang="ar")
        assert screen.title[0].value == "شهادات الفريق"
        line = lists["team-training-list"][0]
        assert (line.lead, line.text) == ("مندوب مبيعات", "بيع الرواتب")
        assert lists["team-training-picture"][0].href.endswith("lang=ar")

    def test_are_narrowed_by_the_address(self, open_page: Open, huda: Contact, lists: Any) -> None:
        screen = open_page("team_training", contact_actor(huda), standing="expired")
        assert [line.title for line in lists["team-training-list"]] == ["Ali"]
        screen.button_group(key="team_training.standing").set_value(Where.MISSING).run()
        assert [line.title for line in lists["team-training-list"]] == ["Celine"]
        screen = open_page("team_training", contact_actor(huda), standing="valid")
        assert "Nobody stands there." in told(screen)
        press(screen, "Show everybody")
        assert len(lists["team-training-list"]) == 3

    def test_are_more_than_a_page(
        self, open_page: Open, huda: Contact, aisha: Actor, partner: Partner, lists: Any
    ) -> None:
        with transaction(aisha) as session:
            for n in range(55):
                make_contact(session, partner, name=f"Person {n:02d}")
        open_page("team_training", contact_actor(huda), page="2")
        assert len(lists["team-training-list"]) == 8

    def test_are_asked_for_with_few_statements(self, open_page: Open, huda: Contact) -> None:
        screen = open_page("team_training", contact_actor(huda))
        with statements() as asked:
            screen.run()
        assert len(asked) <= 9, "one more tells who is here"

    def test_are_found_from_the_team(self, open_page: Open, huda: Contact) -> None:
        screen = open_page("team", contact_actor(huda))
        assert "Who is certified" in [link.proto.label for link in screen.get("page_link")]
