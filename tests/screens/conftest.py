"""What tests of screens are given besides."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from admin_app.intents import queue
from admin_app.partner import documents, mails, nda, timeline, visits
from admin_app.training import looking, writing
from core.actor import Actor
from core.clock import now
from core.db import transaction
from core.deals import protection
from core.deals.models import Quote
from core.partners.models import Partner
from core.training.models import TrainingModule
from tests.conftest import Clock
from tests.core.deal_acts import make_contact, make_intent, make_product, make_quote, make_reseller
from tests.core.deal_acts import make_territory as make_place
from tests.screens import opener, staying
from tests.screens.portal_deals import opener as portal_opener
from tests.screens.portal_training import person

Open = Callable[..., AppTest]
WAITED = (60, 40, 1)
"""Hours that the three deals of the review queue wait already."""


@pytest.fixture(scope="session", autouse=True)
def _scanned_once() -> Iterator[None]:
    """What is installed stays so: every AppTest reads the metadata of all packages again to look for components."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def _nothing_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppTest, "_run", staying.watched(AppTest._run))


@pytest.fixture
def feeds(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the lists of the page showed last, by key: each line's mark, title and text."""
    shown: dict[str, list[str]] = {}

    def draw(*, entries: Any, key: str, **_: Any) -> None:
        shown[key] = [" ".join(part for part in (one.mark, one.title, one.text) if part) for one in entries]

    for module in (documents, timeline, mails, nda, visits):
        monkeypatch.setattr(module, "feed", draw)
    return shown


@pytest.fixture
def open_partner(monkeypatch: pytest.MonkeyPatch, feeds: dict[str, list[str]]) -> Callable[..., AppTest]:
    """A function that opens a partner's page, at a tab if wanted."""
    open_page = opener(monkeypatch)

    def open_tab(partner: Partner, actor: Actor, tab: str = "Timeline") -> AppTest:
        screen = open_page("partner", actor)
        screen.query_params.update({"id": str(partner.id), "tab": tab})
        return screen.run()

    return open_tab


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the grid was told last; ``checked`` are the rows that count as checked."""
    told: dict[str, Any] = {"checked": ()}

    def draw(**options: Any) -> tuple[str, ...]:
        told.update(options)
        return tuple(told["checked"])

    monkeypatch.setattr(queue, "grid", draw)
    return told


@pytest.fixture
def open_page(sqlite_database: str, shown: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody, with the grid in plain sight."""
    return opener(monkeypatch)


@pytest.fixture
def reseller(aisha: Actor) -> Partner:
    with transaction(aisha) as session:
        partner = make_reseller(session, slug="muscat-tech", name="Muscat Tech", default_commission_pct=Decimal("12.5"))
        make_contact(session, partner, name="Salim Al Kindi")
        return partner


@pytest.fixture
def deals(aisha: Actor, reseller: Partner) -> list[UUID]:
    """Three deals that wait, the longest first."""
    with transaction(aisha) as session:
        partner = session.get_one(Partner, reseller.id)
        contact = make_contact(session, partner, name="Huda Al Saadi")
        product, place = make_product(session, name="Ledger"), make_place(session, name="Muscat")
        return [
            make_intent(
                session, partner, contact, customer_name=name, product_id=product.id, territory_id=place.id,
                submitted_at=now() - timedelta(hours=hours), amount=Decimal(amount),
            ).id
            for name, hours, amount in zip(
                ("Bank Sohar", "Nizwa Hospital", "Rustaq College"), WAITED, ("100", "300", "200"), strict=True
            )
        ]  # fmt: skip


@pytest.fixture
def protected(aisha: Actor, deals: list[UUID]) -> UUID:
    """The first deal's customer, protected for somebody else."""
    with transaction(aisha) as session:
        deal = session.get_one(Quote, deals[0])
        other = make_reseller(session, slug="dhofar-soft", name="Dhofar Soft")
        same = {name: getattr(deal, name) for name in ("customer_id", "customer_name", "product_id", "territory_id")}
        held = make_quote(session, other, **same)
        protection.protect(session, held, days=90, at=now())
        return held.id


@pytest.fixture
def outlined(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the list of questions was told last."""
    given: dict[str, Any] = {}

    def draw(**options: Any) -> None:
        given.update(options)

    for module in (writing, looking):
        monkeypatch.setattr(module, "outline", draw)
    return given


@pytest.fixture
def at_training(monkeypatch: pytest.MonkeyPatch, outlined: dict[str, Any]) -> Open:
    """A function that opens a training as somebody: ``at(aisha, module, "Versions", question="q2")``."""
    open_any = opener(monkeypatch)

    def go(actor: Actor, module: TrainingModule, tab: str = "Questions", **query: str) -> AppTest:
        screen: AppTest = open_any("training_module", actor)
        screen.query_params.update({"id": str(module.id), "tab": tab} | query)
        screen.run()
        assert not screen.exception, screen.exception
        return screen

    return go


@pytest.fixture
def at_my_training(
    monkeypatch: pytest.MonkeyPatch, set_settings: Callable[..., None], sqlite_database: str, clock: Clock
) -> Open:
    """Opens the portal's training as somebody."""
    set_settings(code_on_new_device=False)
    return portal_opener(monkeypatch, "training")


@pytest.fixture
def learner(at_my_training: Open, aisha: Actor, partner: Partner) -> Actor:
    """A salesperson."""
    return person(aisha, partner)
