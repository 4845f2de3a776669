"""Documents in the portal: empty, filled, searched, locked; what is new; by role; the line on the first page."""

from typing import Any

import pytest

from core.actor import Actor, ContactRole
from core.library import service
from core.partners.models import Partner
from portal_app.home import news
from portal_app.library import shelves
from tests.core.contact_acts import contact_actor, do, invited
from tests.core.library_acts import (
    FINANCE,
    SALES,
    TECHNICAL,
    VIEWER,
    enter,
    fetch,
    look,
    make_reseller,
    now_is,
    open_space,
    person,
    put,
    replace_file,
)
from tests.core.library_acts import news as how_many
from tests.core.today_world import statements
from tests.screens.contacts_desk import opener, press, told

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture
def muscat(aisha: Actor) -> Partner:
    return make_reseller(aisha)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The lines of the page's lists, by the label of each."""
    found: dict[str, Any] = {}

    def draw(*, lines: Any, label: str, **_: Any) -> None:
        found[label] = list(lines)

    monkeypatch.setattr(shelves, "ledger", draw)
    monkeypatch.setattr(news, "ledger", draw)
    return found


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, shown: dict[str, Any]) -> Any:
    return opener(monkeypatch)


class TestPage:
    def test_says_what_will_be_there_when_nothing_is(self, aisha, muscat, open_page):
        assert "No documents are shared with your role yet" in told(
            open_page("documents", person(aisha, muscat, SALES))
        )

    def test_lists_each_space_with_its_documents_as_plain_links(self, clock, aisha, muscat, open_page, shown):
        sales = open_space(aisha, "Sales", roles=(SALES,))
        document = put(aisha, sales)
        put(aisha, open_space(aisha, "Engineering", roles=(TECHNICAL,)), "Runbook")
        open_space(aisha, "Empty")
        said = told(open_page("documents", person(aisha, muscat, SALES)))
        (line,) = shown["Sales"]
        assert (line.title, line.href, line.mark) == ("Brochure", f"/documents/{document.id}", "New")
        assert "PDF" in line.text
        assert "22 Nov 2026" in line.text
        assert "1 in all · 1 new since your last visit" in said
        assert "Nothing here yet." in said
        assert "Engineering" not in said

    def test_says_what_changed_and_what_is_over(self, clock, aisha, muscat, open_page, shown):
        space = open_space(aisha)
        document = put(aisha, space)
        put(aisha, space, "Offer", expires_on=clock.now().date())
        replace_file(aisha, document, "v2", note="New logo")
        clock.forward(days=1)
        open_page("documents", person(aisha, muscat, SALES))
        first, last = shown["Sales collateral"]
        assert (first.title, first.note) == ("Brochure", "Version 2: New logo")
        assert "version 2" in first.text
        assert (last.title, last.href, last.mark) == ("Offer", "", "No longer available")

    def test_is_new_until_the_next_visit(self, clock, aisha, muscat, open_page, shown):
        put(aisha, open_space(aisha))
        salim = person(aisha, muscat, SALES)
        open_page("documents", salim)
        assert how_many(salim) == 0
        assert shown["Sales collateral"][0].mark == "New", "still marked while they are here"
        clock.forward(hours=1)
        open_page("documents", salim)
        assert shown["Sales collateral"][0].mark == ""

    def test_finds_and_shows_all_again(self, aisha, muscat, open_page, shown):
        space = open_space(aisha)
        put(aisha, space, "Brochure", title_ar="كتيّب")
        put(aisha, space, "Logo")
        salim = person(aisha, muscat, SALES)
        open_page("documents", salim, find="كتيب")
        assert [line.title for line in shown["Sales collateral"]] == ["Brochure"]
        screen = open_page("documents", salim, find="zebra")
        assert "No document has these words" in told(screen)
        shown.clear()
        press(screen, "Show all")
        assert len(shown["Sales collateral"]) == 2

    def test_in_arabic_titles_and_spaces_are(self, aisha, muscat, open_page, shown):
        put(aisha, open_space(aisha, "Sales", name_ar="المبيعات"), "Brochure", title_ar="كتيّب")
        said = told(open_page("documents", person(aisha, muscat, SALES), lang="ar"))
        assert "المستندات" in said
        assert [line.title for line in shown["المبيعات"]] == ["كتيّب"]
        assert shown["المبيعات"][0].mark == "جديد"

    def test_what_people_typed_stays_as_it_is(self, aisha, muscat, open_page, shown):
        put(aisha, open_space(aisha, "<b>*Sales*</b>"), "<img src=x onerror=alert(1)>")
        screen = open_page("documents", person(aisha, muscat, SALES))
        assert "<b>*Sales*</b>" in told(screen)
        assert shown["<b>*Sales*</b>"][0].title == "<img src=x onerror=alert(1)>"


class TestDevice:
    def test_a_new_one_shows_no_prices_and_opens_nothing(self, aisha, muscat, open_page, shown):
        put(aisha, open_space(aisha, "Prices", holds_prices=True), "Gold at 12.500")
        put(aisha, open_space(aisha, "Sales"))
        said = told(open_page("documents", person(aisha, muscat, SALES, known=False)))
        assert "Prices are shown here once this device is confirmed." in said
        assert "12.500" not in said + str(shown)
        assert shown["Sales"][0].href == ""
        assert "Confirm this device" in said

    def test_a_known_one_shows_them(self, aisha, muscat, open_page, shown):
        put(aisha, open_space(aisha, "Prices", holds_prices=True), "Gold at 12.500")
        open_page("documents", person(aisha, muscat, FINANCE))
        assert shown["Prices"][0].href


class TestRoles:
    def test_a_viewer_is_told_that_it_is_not_part_of_the_role(self, aisha, muscat, open_page, shown):
        put(aisha, open_space(aisha))
        said = told(open_page("documents", person(aisha, muscat, VIEWER)))
        assert "This page is not part of your role (Viewer)" in said
        assert shown == {}

    def test_a_withdrawn_space_is_gone_at_the_next_click(self, aisha, muscat, open_page, shown):
        space = open_space(aisha)
        put(aisha, space)
        screen = open_page("documents", person(aisha, muscat, SALES))
        do(aisha, service.withdraw_space, space.id, version=now_is(aisha, space).version)
        shown.clear()
        assert "No documents are shared with your role yet" in told(screen.run())
        assert shown == {}

    def test_staff_who_look_see_it_and_leave_no_visit(self, aisha, muscat, open_page, shown):
        put(aisha, open_space(aisha))
        contact = invited(aisha, muscat, role=SALES)
        open_page("documents", contact_actor(contact, viewer=aisha.id))
        assert shown["Sales collateral"][0].title == "Brochure"
        assert how_many(enter(contact)) == 1


class TestFirstPage:
    def test_says_how_many_are_new_and_leads_there(self, clock, aisha, muscat, open_page, shown):
        space = open_space(aisha)
        put(aisha, space)
        salim = person(aisha, muscat, SALES)
        open_page("home", salim)
        (line,) = shown["New documents"]
        assert (line.title, line.href) == ("1 new document", "/documents?lang=en")
        put(aisha, space, "Logo")
        open_page("home", salim)
        assert shown["New documents"][0].title == "2 new documents"

    def test_says_nothing_when_none_is(self, aisha, muscat, open_page, shown):
        document = put(aisha, open_space(aisha))
        salim = person(aisha, muscat, SALES)
        fetch(salim, document)
        look(salim)
        open_page("home", salim)
        assert shown == {}

    def test_tells_a_viewer_nothing_of_it(self, aisha, muscat, open_page, shown):
        put(aisha, open_space(aisha))
        open_page("home", person(aisha, muscat, ContactRole.VIEWER))
        assert shown == {}


def test_the_database_is_asked_little_however_much_there_is(aisha, muscat, open_page, shown):
    asked_for = []
    salim = person(aisha, muscat, SALES)
    for name in ("Sales", "Engineering", "Prices"):
        space = open_space(aisha, name, holds_prices=name == "Prices")
        replace_file(aisha, put(aisha, space, f"{name} one"), name, note="Newer")
        screen = open_page("documents", salim)
        with statements() as asked:
            screen.run()
        asked_for.append(len(asked))
    assert max(asked_for) == min(asked_for) < 10
