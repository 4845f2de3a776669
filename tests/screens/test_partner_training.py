"""Where a reseller's people stand in training, beside its contacts."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.contacts.models import Contact
from core.db import transaction
from core.partners.models import Partner
from tests.core.catalogue_acts import make_reseller
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.today_world import statements
from tests.core.training_acts import offered, sit
from tests.screens import texts

Open = Callable[..., AppTest]


@pytest.fixture
def people(sqlite_database: str, aisha: Actor, partner: Partner, clock: Any) -> list[Contact]:
    """Three salespeople of a reseller."""
    make_reseller(aisha, partner)
    with transaction(aisha) as session:
        return [make_contact(session, partner, name=name) for name in ("Ali", "Badr", "Celine")]


def test_is_not_told_while_nothing_is_taught(
    open_partner: Open, partner: Partner, aisha: Actor, people: list[Contact]
) -> None:
    screen = open_partner(partner, aisha, "Contacts")
    assert "Training:" not in texts(screen)
    assert "Certified" not in screen.dataframe[0].value.columns


def test_is_told_beside_each_and_in_one_line(
    open_partner: Open, partner: Partner, aisha: Actor, people: list[Contact], clock: Any
) -> None:
    payroll = offered(aisha, name="Payroll", required_roles=("salesperson",), valid_for_days=100)
    sit(contact_actor(people[0]), payroll)
    clock.forward(days=50)
    sit(contact_actor(people[1]), payroll)
    screen = open_partner(partner, aisha, "Contacts")
    assert "2 certificates valid · 1 ending within 90 days · lacking: Celine (Payroll)" in texts(screen).replace(
        "\\", ""
    )
    rows = screen.dataframe[0].value
    assert dict(zip(rows["Name"], rows["Certified"], strict=True)) == {
        "Ali": "1 of 1", "Badr": "1 of 1", "Celine": "0 of 1",
    }  # fmt: skip
    clock.forward(days=51)
    screen = open_partner(partner, aisha, "Contacts")
    assert "lacking: Ali (Payroll, ended), Celine (Payroll)" in texts(screen).replace("\\", "")
    assert "Their certifications" in [link.proto.label for link in screen.get("page_link")]


def test_is_asked_with_few_statements(
    open_partner: Open, partner: Partner, aisha: Actor, people: list[Contact]
) -> None:
    offered(aisha, required_roles=("salesperson",))
    screen = open_partner(partner, aisha, "Contacts")
    with statements() as asked:
        screen.run()
    assert len(asked) <= 9, "one more tells who is here"
