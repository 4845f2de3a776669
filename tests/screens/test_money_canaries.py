"""Nothing that the portal sends to a browser has an amount in it for whom it is not meant; for others it is there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from core.actor import Actor, ContactRole
from core.i18n import LANGUAGES
from portal_app.pages import PAGES
from tests.conftest import Clock
from tests.core.money_canaries import (
    COMMISSION,
    DISCOUNT,
    DRAFTED,
    GROSS,
    LINE,
    ORDERED,
    PRICE,
    REGISTERED,
    TOTAL,
    House,
    leaked,
)  # fmt: skip
from tests.screens import ROOT

OF_CONTACTS = [page.name for page in PAGES if page.for_contacts]
SOLD = {REGISTERED, ORDERED, LINE.unit_price, GROSS, DISCOUNT, TOTAL, COMMISSION}


@pytest.fixture
def house(sqlite_database: str, clock: Clock, aisha: Actor) -> House:
    return House(aisha)


@pytest.fixture
def browse(monkeypatch: pytest.MonkeyPatch, house: House) -> Callable[[Actor], bytes]:
    """Opens every page there is as somebody, in both languages, and every deal; what a browser was sent."""

    def opened(by: Actor, page: str, **query: str) -> bytes:
        monkeypatch.setattr("portal_app.shell.find_actor", lambda: by)
        screen = AppTest.from_file(str(Path(ROOT) / "portal_app" / "main.py"), default_timeout=30).run()
        screen.switch_page(f"views/{page}.py")
        for key, value in query.items():
            screen.query_params[key] = value
        screen.run()
        assert not screen.exception, screen.exception
        return sent(screen)

    def everywhere(by: Actor) -> bytes:
        found = [opened(by, page, lang=language) for page in OF_CONTACTS for language in LANGUAGES]
        found += [opened(by, "deal", id=str(one), lang=language) for one in house.ids for language in LANGUAGES]
        return b"\n".join(found)

    return everywhere


def sent(screen: AppTest) -> bytes:
    """Every element's message as it goes to the browser: texts, values of fields, what components are given."""
    return b"\n".join(_message(node) for node in _nodes(screen._tree))


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Block):
        for child in node.children.values():
            yield from _nodes(child)


def _message(node: Any) -> bytes:
    proto: Any = getattr(node, "proto", None)
    return proto.SerializeToString() if hasattr(proto, "SerializeToString") else b""


@pytest.mark.parametrize("role", (ContactRole.TECHNICAL, ContactRole.VIEWER))
def test_no_page_has_an_amount_for_a_role_without_money(
    house: House, browse: Callable[[Actor], bytes], role: ContactRole
) -> None:
    by = house.someone(role)
    pages = browse(by)
    assert b"Muscat Pharmacies" in pages
    assert leaked(pages) == set()
    assert leaked(browse(replace(by, viewer=house.admin.id))) == set()


@pytest.mark.parametrize("role", (ContactRole.PRINCIPAL, ContactRole.FINANCE))
def test_nor_on_a_device_that_was_not_confirmed(
    house: House, browse: Callable[[Actor], bytes], role: ContactRole
) -> None:
    by = house.someone(role, trusted=False)
    if role is ContactRole.PRINCIPAL:
        house.draft(by)
    assert leaked(browse(by)) == set()


def test_nor_about_a_colleagues_deal(house: House, browse: Callable[[Actor], bytes]) -> None:
    assert leaked(browse(house.someone(ContactRole.SALESPERSON))) <= {PRICE}


@pytest.mark.parametrize("role", (ContactRole.PRINCIPAL, ContactRole.FINANCE))
def test_who_sees_money_finds_all_of_it(house: House, browse: Callable[[Actor], bytes], role: ContactRole) -> None:
    by = house.someone(role)
    house.draft(by) if role is ContactRole.PRINCIPAL else None
    assert leaked(browse(by)) == {*SOLD, *((PRICE, DRAFTED) if role is ContactRole.PRINCIPAL else ())}
