"""The audit page: what happened, by whom, and is the record intact?"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from streamlit.testing.v1 import AppTest

from admin_app.record import acts
from admin_app.record.entry import differences, summary
from core.actor import Actor, system
from core.audit import anchors, queries
from core.audit.models import AuditEntry
from core.audit.service import record
from core.audit.tags import Tag
from core.companies.models import Company
from core.db import reading, transaction, writer
from core.i18n import words
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody."""
    return opener(monkeypatch)


def _act(by: Actor, tag: Tag = Tag.COMPANY_CHANGE, times: int = 1, **facts: Any) -> None:
    with transaction(by) as session:
        for _ in range(times):
            record(session, tag, by=by, **facts)


def _press(screen: AppTest, label: str) -> Any:
    return next(button for button in screen.button if button.label == label).click().run()


def test_every_act_has_words_in_both_languages() -> None:
    for tag in Tag:
        assert acts.word(tag) != tag
        for language in ("en", "ar"):
            assert words(language)[f"act.{tag.replace(':', '_')}"]
    assert acts.word("admin:older:act") == "admin:older:act"


def test_lists_in_words_newest_first(open_page: Open, aisha: Actor, company: Company) -> None:
    _act(aisha, subject=company, before={"name": "Dhofar"}, after={"name": "Dhofar Systems"})
    _act(aisha, Tag.MAIL_TEST)
    table = open_page("audit", aisha).dataframe[0].value
    assert list(table["Act"]) == ["Test mail sent", "Company settings changed"]
    assert (table["What changed"][1], table["Who"][1]) == ("Name: Dhofar → Dhofar Systems", "Aisha Al Balushi")


def test_filters_by_act_and_text_and_the_address_carries_it(open_page: Open, aisha: Actor, nora: Actor) -> None:
    _act(aisha, Tag.MAIL_TEST)
    _act(nora, Tag.MODULE_SWITCH, times=2)
    screen = open_page("audit", aisha)
    screen.selectbox(key="audit.act").set_value(Tag.MODULE_SWITCH.value).run()
    assert len(screen.dataframe[0].value) == 2
    assert screen.query_params["act"] == Tag.MODULE_SWITCH.value
    screen.text_input(key="audit.text").set_value("Aisha").run()
    assert "No act is like this." in texts(screen)
    _press(screen, "Show all acts")
    assert len(screen.dataframe[0].value) == 3


def test_pages_and_opens_an_entry_of_any_page(open_page: Open, aisha: Actor) -> None:
    _act(aisha, times=60, before={"status": "draft"}, after={"status": "proposal_sent", "note": None, "ok": True})
    screen = open_page("audit", aisha)
    assert "1–50 of 60 acts" in texts(screen)
    screen.query_params["page"] = "2"
    screen.run()
    assert list(screen.dataframe[0].value["Entry"])[-1] == 1
    screen.query_params["entry"] = "33"
    screen.run()
    detail = screen.dataframe[1].value
    assert [tuple(row) for row in detail.itertuples(index=False)] == [
        ("Status", "Draft", "Proposal sent"),
        ("Note", "", ""),
        ("Ok", "", "yes"),
    ]
    assert "entry 33" in texts(screen)
    for wrong in ("61", "x", "-1", "9" * 30):
        screen.query_params["entry"] = wrong
        assert not screen.run().exception


def test_verifies_and_notes_it(open_page: Open, aisha: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_TELL_EVERY", 2)
    _act(aisha, times=7)
    screen = open_page("audit", aisha)
    assert "not yet anchored" in texts(screen)
    _press(screen, "Verify")
    assert any("7 entries verified" in said.value and "intact" in said.value for said in screen.success)
    with reading(aisha) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert (last.tag, last.after) == (Tag.AUDIT_VERIFY, '{"entries":7,"intact":true}')


def test_says_when_it_was_anchored(open_page: Open, aisha: Actor) -> None:
    _act(aisha, times=3)
    with transaction(system()) as session:
        anchors.keep(session)
    screen = open_page("audit", aisha)
    assert "last anchored" in texts(screen)
    _press(screen, "Verify")
    assert any("agrees up to entry 3" in said.value for said in screen.success)


def test_names_the_first_bad_entry(open_page: Open, aisha: Actor) -> None:
    _act(aisha, times=5)
    with writer().begin() as connection:
        connection.execute(text("DROP TRIGGER audit_log_no_update"))
        connection.execute(text("UPDATE audit_log SET actor_name = 'Somebody' WHERE seq = 4"))
    screen = open_page("audit", aisha)
    _press(screen, "Verify")
    assert any("Not intact from entry 4 on" in error.value for error in screen.error)
    assert any("its content is not what was written" in error.value for error in screen.error)


def test_an_analyst_reads_and_exports(open_page: Open, analyst: Actor) -> None:
    _act(analyst)
    screen = open_page("audit", analyst)
    assert len(screen.dataframe) == 1
    links = [str(getattr(link, "url", "")) for link in screen.get("link_button")]
    assert [link for link in links if "/export/" in link] == ["/export/audit?format=csv", "/export/audit?format=xlsx"]


def test_an_empty_record_says_so(open_page: Open, aisha: Actor) -> None:
    assert "Nothing was recorded yet." in texts(open_page("audit", aisha))


@pytest.mark.parametrize("who", ("reviewer", "member"))
def test_is_not_offered_to_others(open_page: Open, who: str, request: pytest.FixtureRequest) -> None:
    assert is_closed(open_page("audit", request.getfixturevalue(who)))


class TestDifferences:
    def test_stand_side_by_side(self) -> None:
        assert differences('{"role":"admin"}', '{"role":"analyst"}') == [("Role", "Admin", "Analyst")]
        assert differences("", "") == []
        assert differences("{}", '{"filters":{"act":"x"},"rows":12000}') == [
            ("Filters", "", "act x"),
            ("Rows", "", "12,000"),
        ]
        assert differences('{"a":["x",false]}', "[1]") == [("A", "x, no", ""), ("Value", "", "1")]

    def test_the_list_shows_no_bare_ids(self, sqlite_database: str, aisha: Actor) -> None:
        _act(aisha, after={"owner_id": aisha.id, "name": "x"})
        with reading(aisha) as session:
            assert summary(queries.entries(session)[0][0]) == "Name: x"
