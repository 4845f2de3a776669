"""What a contact has to learn, on its first page: required, ended, ending, changed, begun; in both languages."""

from typing import Any

import pytest

from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.partners.models import Partner
from core.training import learning as core_learning
from portal_app.home import learning
from tests.core.contact_acts import contact_actor
from tests.core.today_world import statements
from tests.core.training_acts import do, offered, publish, question, questions, sit
from tests.screens.contacts_desk import Open, make, opener, told, trusted


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What the list showed last; nothing where it was not drawn."""
    shown: dict[str, list[Any]] = {}
    monkeypatch.setattr(learning, "ledger", lambda *, lines, key, **_: shown.update({key: list(lines)}))
    return shown


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(monkeypatch)


@pytest.fixture
def huda(sqlite_database: str, aisha: Actor, partner: Partner, clock: Any) -> Contact:
    return make(aisha, partner, name="Huda Al Said")


def test_nothing_to_learn_takes_no_place(open_page: Open, aisha: Actor, huda: Contact, lines: Any) -> None:
    offered(aisha, name="May")
    screen = open_page("home", trusted(huda))
    assert "Training for you" not in told(screen)
    assert lines == {}


def test_leads_to_what_is_required(open_page: Open, aisha: Actor, huda: Contact, lines: Any) -> None:
    module = offered(aisha, name="Selling payroll", name_ar="بيع الرواتب", required_roles=("principal",))
    screen = open_page("home", trusted(huda))
    assert "Training for you" in told(screen)
    (line,) = lines["home-training"]
    assert (line.title, line.mark, line.tone) == ("Selling payroll", "Required", "attention")
    assert line.text == "Read it, then take the quiz for your certificate"
    assert line.href == f"/training?id={module.id}&lang=en"
    do(contact_actor(huda), core_learning.begin, module.id)
    open_page("home", trusted(huda), lang="ar")
    (line,) = lines["home-training"]
    assert (line.title, line.mark, line.text) == ("بيع الرواتب", "مطلوب", "أكمل الاختبار الذي بدأته")


def test_tells_what_ends_and_what_changed(open_page: Open, aisha: Actor, huda: Contact, lines: Any, clock: Any) -> None:
    by = contact_actor(huda)
    sit(by, offered(aisha, name="First", valid_for_days=50))
    clock.forward(days=10)
    changed = offered(aisha, name="Fourth", valid_for_days=3_000)
    for name, days in (("Second", 41), ("Third", 200)):
        sit(by, offered(aisha, name=name, valid_for_days=days))
    sit(by, changed)
    publish(aisha, changed.id, (question("q1", text="What else?"), *questions()[1:]), asks_holders=True)
    clock.forward(days=41)
    open_page("home", trusted(huda))
    assert [(line.title, line.mark, line.tone) for line in lines["home-training"]] == [
        ("First", "Ended 11 Jan 2027", "stop"),
        ("Second", "Ends today", "attention"),
        ("Fourth", "Changed", "news"),
    ]
    clock.forward(days=100)
    open_page("home", trusted(huda))
    assert ("Third", "Days left: 59", "news") in [(one.title, one.mark, one.tone) for one in lines["home-training"]]


def test_shows_the_first_few_of_many(open_page: Open, aisha: Actor, huda: Contact, lines: Any) -> None:
    for _ in range(7):
        offered(aisha, required_roles=("principal",))
    screen = open_page("home", trusted(huda))
    assert len(lines["home-training"]) == learning.MOST
    assert "Trainings to do: 7" in told(screen)


def test_is_nothing_to_a_viewer(open_page: Open, aisha: Actor, partner: Partner, huda: Contact, lines: Any) -> None:
    offered(aisha, required_roles=("principal",))
    open_page("home", trusted(make(aisha, partner, ContactRole.VIEWER)))
    assert lines == {}


def test_asks_the_database_little(open_page: Open, aisha: Actor, huda: Contact, lines: Any) -> None:
    for _ in range(7):
        offered(aisha, required_roles=("principal",))
    screen = open_page("home", trusted(huda))
    with statements() as asked:
        screen.run()
    assert len(asked) <= 9, "one more tells who is here"
