"""The list of proposals: filled, filtered, turned, empty and refused."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from core.db import reader, transaction
from tests.core.proposal_acts import invite, publish, save, written
from tests.factories import make_partner
from tests.screens import is_closed, opener, texts

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """A function that opens a page as an actor."""
    return opener(monkeypatch)


def table(screen: AppTest) -> list[Any]:
    """The rows of the list."""
    return list(screen.dataframe[0].value.to_dict("records"))


class TestList:
    def test_shows_each_partner_with_version_draft_link_and_owner(self, open_page, aisha, partner):
        with transaction(aisha) as session:
            second, _third = make_partner(session, name="Nizwa Dairy"), make_partner(session, name="Sur Shipping")
        publish(aisha, partner)
        link = invite(aisha, partner)
        save(aisha, second, written(), None)
        rows = {row["Partner"]: row for row in table(open_page("proposals", aisha))}
        assert [rows[name]["Published"] for name in ("Salalah Retail", "Nizwa Dairy", "Sur Shipping")] == [
            "Version 1", "Draft only", "Not written"
        ]  # fmt: skip
        assert (rows["Salalah Retail"]["Owner"], rows["Salalah Retail"]["Stage"]) == (aisha.name, "Proposal sent")
        assert rows["Salalah Retail"]["Link until"] == link.expires_at
        assert rows["Nizwa Dairy"]["Owner"] == ""

    def test_says_what_was_published_and_never_sent(self, open_page, aisha, partner):
        publish(aisha, partner)
        assert "1 partner, 1 of them published without a link in force" in texts(open_page("proposals", aisha))

    def test_filters_by_name_and_owner(self, open_page, aisha, nora, partner):
        with transaction(aisha) as session:
            make_partner(session, name="Nizwa Dairy", owner_id=nora.id)
        screen = open_page("proposals", aisha)
        screen.text_input(key="proposals.text").set_value("nizwa").run()
        assert [row["Partner"] for row in table(screen)] == ["Nizwa Dairy"]
        assert screen.query_params["text"] == "nizwa"
        screen.selectbox(key="proposals.owner").set_value(str(aisha.id)).run()
        assert "No partner passes these filters." in texts(screen)
        screen.button[0].click().run()
        assert len(table(screen)) == 2

    def test_a_filter_of_the_address_that_means_nothing_is_ignored(self, open_page, aisha, partner):
        for owner, page in (("nobody", "x"), ("", "0"), ("", "99")):
            screen = open_page("proposals", aisha, owner=owner, page=page)
            assert not screen.exception

    def test_without_partners_leads_to_the_board(self, open_page, aisha):
        assert "There are no partners yet" in texts(open_page("proposals", aisha))

    def test_has_pages(self, open_page, aisha):
        with transaction(aisha) as session:
            for number in range(51):
                make_partner(session, name=f"Partner {number:03}")
        assert len(table(open_page("proposals", aisha))) == 50
        assert [row["Partner"] for row in table(open_page("proposals", aisha, page="2"))] == ["Partner 050"]

    def test_is_read_by_reviewers_and_analysts_alone(self, open_page, reviewer, analyst, member, partner):
        for who in (reviewer, analyst):
            assert len(table(open_page("proposals", who))) == 1
        assert is_closed(open_page("proposals", member))


class TestCost:
    """A page asks the database a few questions, however much it shows."""

    @pytest.fixture
    def asked(self, database: str) -> Iterator[list[str]]:
        """Every statement that a page reads by."""
        found: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            found.append(statement)

        event.listen(reader(), "before_cursor_execute", note)
        yield found
        event.remove(reader(), "before_cursor_execute", note)

    @pytest.mark.parametrize(("page", "most"), (("proposals", 5), ("proposal", 6)))
    def test_is_a_few_statements(self, open_page, asked, aisha, partner, page, most):
        publish(aisha, partner)
        with transaction(aisha) as session:
            for _ in range(60):
                make_partner(session)
        screen = open_page(page, aisha, id=str(partner.id))
        asked.clear()
        screen.run()
        assert len([one for one in asked if one.startswith("SELECT")]) <= most
