"""The portal's pages about deals as tests open them, and what their lists showed."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import own_queries, selling, service
from core.deals.lines import NewLine
from core.deals.models import Quote
from core.partners.models import Partner
from portal_app.deals import ordering, papers, summary
from portal_app.widgets.ledger import Line
from tests.core.contact_acts import make_contact
from tests.screens import ROOT, texts

Open = Callable[..., AppTest]
Shown = dict[str, Any]


def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What the lists, facts and steps of a page showed last, by key: they are drawn in the browser."""
    found: Shown = {}

    def draw(*, key: str, label: str, **given: Any) -> None:
        (found[key],) = (list(value) for value in given.values())

    for module in (ordering, papers, summary):
        monkeypatch.setattr(module, "ledger", draw)
    for module in (papers, summary):
        monkeypatch.setattr(module, "facts", draw)
    monkeypatch.setattr("portal_app.widgets.ledger.ledger", draw)
    monkeypatch.setattr("portal_app.widgets.steps.steps", draw)
    return found


def opener(monkeypatch: pytest.MonkeyPatch, page: str) -> Open:
    """Opens a page as somebody: ``open(salim, lang="ar")``."""

    def open_page(actor: Actor, **query: str) -> AppTest:
        monkeypatch.setattr("portal_app.shell.find_actor", lambda: actor)
        screen = AppTest.from_file(str(Path(ROOT) / "portal_app" / "main.py"), default_timeout=20)
        screen.run()
        screen.switch_page(f"views/{page}.py")
        for key, value in query.items():
            screen.query_params[key] = value
        screen.run()
        assert not screen.exception, screen.exception
        return screen

    return open_page


def told(screen: AppTest) -> str:
    """Everything a page says, without what keeps markdown from reading it and what isolates directions."""
    return texts(screen).replace("\\", "").replace("\u2068", "").replace("\u2069", "").replace("\xa0", " ")


def lines(found: Shown, key: str) -> list[Line]:
    """The lines of a list."""
    rows: list[Line] = found[key]
    return rows


def press(screen: AppTest, label: str) -> AppTest:
    """Press the button of that name."""
    found = next(button for button in screen.button if button.label == label).click().run()
    assert not found.exception, found.exception
    return found


def person(by: Actor, partner: Partner, role: ContactRole = ContactRole.SALESPERSON) -> Contact:
    with transaction(by) as session:
        return make_contact(session, partner, role=role, name=f"{role.value.title()} One")


def sent_back(by: Actor, deal: Quote, note: str = "Who signs?") -> None:
    with transaction(by) as session:
        service.return_(session, deal.id, note=note, version=deal.version, by=by)


def approved(by: Actor, deal: Quote) -> None:
    with transaction(by) as session:
        service.approve(session, deal.id, terms=service.flat("10"), version=deal.version, by=by)


def quoted(by: Actor, deal: Quote) -> None:
    approved(by, deal)
    line = NewLine(text="40 seats", quantity="40", unit_price="30")
    with transaction(by) as session:
        version = session.get_one(Quote, deal.id).version
        selling.save_lines(
            session, deal.id, lines=[line], valid_until=date(2026, 12, 31), conditions="Net 30", version=version, by=by
        )
    with transaction(by) as session:
        selling.send(session, deal.id, by=by)


def standing(by: Actor, deal_id: UUID) -> own_queries.MyDeal:
    with reading(by) as session:
        return own_queries.my_deal(session, deal_id)


def places(lists: Shown) -> list[str]:
    """How each step stands, in their order."""
    return [one.place.value for one in lists["deal-steps"]]


def labels(screen: AppTest) -> list[str]:
    return [one.label for one in screen.button]
