"""A process that is killed while somebody sells leaves nothing of it behind, or all of it: rows, mails and files.

The pages are drawn before the process is made, since the threads that draw them do not live on in a fork.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from core.actor import Actor
from core.db import transaction
from core.deals import issuing
from core.deals.models import PurchaseOrder, Quote, Sale
from core.deals.protection import protect
from core.partners.models import Partner
from core.vault.storage import blobs, digest
from tests.conftest import Clock
from tests.core import sale_acts as acts
from tests.core.deal_acts import as_contact, make_reseller
from tests.core.partner_life import Life, left_by, marks, verified
from tests.core.test_deal_papers import invoice as invoice_page
from tests.core.test_deal_papers import paper
from tests.core.test_deal_papers import quote as quote_page
from tests.core.test_kills import DETAIL, attempted
from tests.core.test_vault_kills import kept, swept

ORDER, ATTACHMENT = acts.a_file("PO-118"), acts.a_file("letter", "letter.pdf")


@dataclass(frozen=True)
class Scene:
    """Who sells, and who buys on: the partner's principal."""

    admin: Actor
    partner: Partner
    huda: Actor

    def approved(self) -> Quote:
        """A deal of the partner's with its lines, protected."""
        quote = acts.deal(self.admin, self.partner)
        acts.save_lines(self.admin, quote)
        with transaction(self.admin) as session:
            protect(session, session.get_one(Quote, quote.id))
        return quote

    def sent(self) -> Quote:
        """A quote that was sent."""
        return acts.send(self.admin, self.approved())

    def accepted(self) -> Quote:
        """A quote with a purchase order that matches, which its customer accepted."""
        quote = self.sent()
        acts.upload_order(self.huda, quote, file=ORDER)
        return acts.answer(self.admin, quote)

    def invoiced(self) -> Sale:
        """An open invoice."""
        return acts.invoice(self.admin, self.accepted())

    def paid(self) -> Sale:
        """A paid invoice."""
        return acts.pay(self.admin, self.invoiced())

    def differing(self) -> PurchaseOrder:
        """A purchase order over another amount."""
        return acts.upload_order(self.huda, self.sent(), file=ORDER, amount="1")


@dataclass(frozen=True)
class Case:
    """An act on what was arranged for it, the points it passes besides, and the pages and files it adds."""

    arrange: Callable[[Scene], object]
    act: Callable[[Scene, object], object]
    points: frozenset[str]
    adds: tuple[str, ...] = ()


def case(arrange: object, act: object, *points: str, adds: tuple[str, ...] = ()) -> Case:
    return Case(arrange, act, frozenset(points), adds)  # type: ignore[arg-type]


QUOTE_PAGE, INVOICE_PAGE = "the quote's page", "the invoice's page"
FILED = ("blob:written", "blob:kept", "document:version", "deal:document")
CASES = {
    "lines": case(
        Scene.approved, lambda at, deal: acts.save_lines(at.admin, deal, conditions="Net 60 days"), "quote:lines",
        "audit:admin:quote:change",
    ),
    "send": case(
        Scene.approved, lambda at, deal: acts.send(at.admin, deal), "quote:drawn", *FILED, "mail:quote_sent",
        "audit:admin:quote:send", adds=(QUOTE_PAGE,),
    ),
    "decline": case(
        Scene.sent, lambda at, deal: acts.answer(at.admin, deal, False, "Too dear"), "quote:answer",
        "audit:admin:quote:answer",
    ),
    "attach": case(
        Scene.approved, lambda at, deal: acts.attach(at.huda, deal), *FILED, "audit:partner:attachment:add",
        adds=(ATTACHMENT.sha256,),
    ),
    "order": case(
        Scene.sent, lambda at, deal: acts.upload_order(at.huda, deal, file=ORDER), *FILED, "order:row",
        "audit:partner:order:upload", adds=(ORDER.sha256,),
    ),
    "differing order": case(
        Scene.sent, lambda at, deal: acts.upload_order(at.huda, deal, file=ORDER, amount="1"), *FILED, "order:row",
        "mail:order_waiting", "audit:partner:order:upload", adds=(ORDER.sha256,),
    ),
    "settle": case(
        Scene.differing, lambda at, order: acts.settle(at.admin, order), "order:settled", "mail:order_settled",
        "audit:admin:order:settle",
    ),
    "invoice": case(
        Scene.accepted, lambda at, deal: acts.invoice(at.admin, deal), "sale:number", "sale:row", "sale:drawn", *FILED,
        "mail:invoice_issued", "audit:admin:sale:invoice", adds=(INVOICE_PAGE,),
    ),
    "pay": case(
        Scene.invoiced, lambda at, sale: acts.pay(at.admin, sale), "sale:paid", "mail:invoice_paid",
        "audit:admin:sale:pay",
    ),
    "refund": case(
        Scene.paid, lambda at, sale: acts.refund(at.admin, sale), "sale:refunded", "mail:invoice_refunded",
        "audit:admin:sale:refund",
    ),
    "cancel": case(
        Scene.invoiced, lambda at, sale: acts.cancel(at.admin, sale), "sale:cancelled", "mail:invoice_cancelled",
        "audit:admin:sale:cancel",
    ),
}  # fmt: skip


@pytest.fixture
def own_store(tmp_path: Path, set_settings: Callable[..., None]) -> None:
    """A store of files of this test's alone; named before the people, whose acts are sealed with its key."""
    set_settings(state_dir=tmp_path)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The pages that are filed, drawn already."""
    drawn = {QUOTE_PAGE: quote_page(paper()), INVOICE_PAGE: invoice_page(paper())}
    monkeypatch.setattr(issuing, "quote_pdf", lambda *_, **__: drawn[QUOTE_PAGE])
    monkeypatch.setattr(issuing, "invoice_pdf", lambda *_, **__: drawn[INVOICE_PAGE])
    return drawn


@pytest.fixture
def scene(own_store: None, clock: Clock, aisha: Actor, pages: dict[str, bytes]) -> Scene:
    """A reseller whose principal is told everything."""
    with transaction(aisha) as session:
        partner = make_reseller(session, owner_id=aisha.id)
    return Scene(aisha, partner, as_contact(partner, email="huda@s.om"))


@pytest.mark.parametrize("detail", DETAIL)
@pytest.mark.parametrize("name", tuple(CASES))
def test_killed_at_any_point_it_is_done_wholly_or_not_at_all(
    scene: Scene, clock: Clock, pages: dict[str, bytes], name: str, detail: str
) -> None:
    found = CASES[name]
    subject = found.arrange(scene)
    before, named = marks(), kept()
    for last in count(1):
        clock.forward(seconds=1)
        answer, points = attempted(lambda _life: str(found.act(scene, subject)), Life(scene.admin, ""), detail, last)
        if answer is not None:
            break
        assert left_by(before, marks()) == {}, last
        swept(clock, named)
    added = {digest(pages[one]) if one in pages else one for one in found.adds}
    swept(clock, named | added)
    assert [digest(blobs().read(one)) for one in added] == list(added)
    assert points[-1] == "commit"
    assert len(points) == last - 1
    assert set(points) >= found.points
    left = left_by(before, marks())
    assert left["audit_log",] == sum(point.startswith("audit:") for point in points)
    assert left.get(("document_version",), 0) == len(added)
    assert left.get(("mail",), 0) == sum(point.startswith("mail:") for point in points)
    assert verified(scene.admin).intact
