"""Learners, and what their pages show, for the screens of training."""

from typing import Any
from uuid import UUID

from streamlit.testing.v1 import AppTest

from core.actor import Actor, ContactRole
from core.db import transaction
from core.partners.models import Partner
from tests.core.contact_acts import contact_actor, make_contact
from tests.screens.portal_deals import labels


def person(by: Actor, partner: Partner, role: ContactRole = ContactRole.SALESPERSON, **facts: Any) -> Actor:
    with transaction(by) as session:
        row = make_contact(session, partner, role=role)
    return contact_actor(row, **facts)


def links(screen: AppTest) -> dict[str, str]:
    """Where the links of a page lead, by their words."""
    return {one.proto.label: one.proto.url for one in screen.get("link_button")}


def ways(screen: AppTest) -> list[str]:
    """The words of the buttons of a page."""
    return [label.replace("\\", "").strip("\u2068\u2069") for label in labels(screen)]


def opened(screen: AppTest) -> UUID:
    """The attempt that the address names."""
    named = screen.query_params["attempt"]
    return UUID(named if isinstance(named, str) else named[0])


def choose(screen: AppTest, number: int) -> AppTest:
    """Take a choice of the question that is shown."""
    found = screen.radio[0].set_value(number).run()
    assert not found.exception, found.exception
    return found
