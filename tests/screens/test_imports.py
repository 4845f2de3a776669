"""The page that takes tables over: tried first, refused lines by name, carried out once."""

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from admin_app.importing.running import counted
from core.actor import Actor
from core.companies.models import Company
from core.db import reading, transaction
from core.imports.service import Fate, Result
from core.partners.models import Partner
from tests.screens import is_closed, opener, texts

PARTNERS = b"Account Name,Website\nNizwa Networks,nizwanet.example\nSur Ship,sur.example\nBad,ftp://x\n"


@pytest.fixture
def open_page(monkeypatch, sqlite_database, aisha: Actor):
    """Opens the page as somebody, where the portal is switched on."""
    with transaction(aisha) as session:
        session.get_one(Company, aisha.company).module_partner_portal_enabled = True
    return lambda actor: opener(monkeypatch)("imports", actor)


def partners(by: Actor) -> int:
    with reading(by) as session:
        return session.scalar(select(func.count()).select_from(Partner)) or 0


def choose(screen: AppTest, name: str, data: bytes) -> AppTest:
    """Choose a file."""
    return screen.file_uploader[0].set_value((name, data, "text/csv")).run()


def test_says_where_to_begin(open_page, aisha):
    assert "Begin with the partners, then their contacts, then the deals" in texts(open_page(aisha))


def test_tries_a_file_and_keeps_nothing_until_it_is_told_to(open_page, aisha):
    screen = choose(open_page(aisha), "accounts.csv", PARTNERS)
    assert [metric.value for metric in screen.metric] == ["2", "0", "1"]
    table = screen.dataframe[-1].value
    assert list(table["Line"]) == [4]
    assert "Website" in table["Why it is refused"][0]
    assert partners(aisha) == 0
    button = next(button for button in screen.button if button.label == "Import 2 of 3 lines")
    screen = button.click().run()
    assert "2 of 3 lines were imported." in texts(screen)
    assert partners(aisha) == 2
    screen.run()
    assert partners(aisha) == 2


@pytest.mark.parametrize(
    ("data", "says"),
    (
        (b"City\nNizwa\n", "The file has no column for Partner"),
        (b"Name\n", "whose first line names the columns"),
        (b"Name\n\xff\xfe\x00\n", "not"),
    ),
    ids=["no column", "no lines", "no text"],
)
def test_says_what_is_wrong_with_a_file(open_page, aisha, data, says):
    screen = choose(open_page(aisha), "list.csv", data)
    assert says in screen.error[0].value
    assert not screen.metric


def test_is_offered_to_admins_only(open_page, analyst):
    assert is_closed(open_page(analyst))


def test_counts_fates():
    results = [Result(2, "a", Fate.ADDED), Result(3, "b", Fate.REFUSED, "why"), Result(4, "c", Fate.REFUSED, "why")]
    assert counted(results) == {Fate.ADDED: 1, Fate.THERE: 0, Fate.REFUSED: 2}
