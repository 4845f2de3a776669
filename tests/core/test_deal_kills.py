"""A process that is killed while somebody submits a deal or decides on it leaves nothing of it behind, or all of it."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from core.actor import Actor
from core.db import transaction
from core.deals import service
from core.deals.models import Quote
from core.deals.terms import NewDeal
from tests.core.deal_acts import as_contact, make_product, make_reseller, make_territory, new_deal
from tests.core.nda_acts import done
from tests.core.partner_life import Life, left_by, marks, verified
from tests.core.test_kills import DETAIL, attempted

Scene = tuple[Actor, Actor, NewDeal, Quote]
POINTS = {
    "submit": {"deal:number", "deal:row", "mail:deal_submitted", "audit:partner:intent:submit"},
    "resubmit": {"deal:seized", "deal:row", "mail:deal_submitted", "audit:partner:intent:resubmit"},
    "withdraw": {"deal:seized", "deal:withdrawn", "mail:deal_withdrawn", "audit:partner:intent:withdraw"},
    "approve": {
        "deal:seized", "deal:review", "deal:quote", "deal:protected", "mail:deal_approved",
        "audit:admin:intent:approve",
    },
    "reject": {"deal:seized", "deal:review", "deal:decided", "mail:deal_rejected", "audit:admin:intent:reject"},
    "return": {"deal:seized", "deal:review", "deal:decided", "mail:deal_returned", "audit:admin:intent:return"},
}  # fmt: skip


@pytest.fixture
def scene(aisha, clock, request) -> Scene:
    """Who registers deals, who decides, a deal to submit, and one that was: returned, where it is to be sent again."""
    with transaction(aisha) as session:
        partner = make_reseller(session, owner_id=aisha.id)
        product, place = make_product(session), make_territory(session)
    salim, fresh = as_contact(partner), new_deal(product, place)
    quote = done(service.submit, salim, deal=new_deal(product, place))
    if request.getfixturevalue("act") is resubmit:
        quote = done(service.return_, aisha, quote.id, note="Seats?", version=quote.version)
    return salim, aisha, fresh, quote


def submit(salim: Actor, _admin: Actor, fresh: NewDeal, _quote: Quote) -> str:
    return str(done(service.submit, salim, deal=fresh).reference)


def resubmit(salim: Actor, _admin: Actor, fresh: NewDeal, quote: Quote) -> str:
    return str(done(service.resubmit, salim, quote.id, deal=fresh, version=quote.version).reference)


def withdraw(salim: Actor, _admin: Actor, _fresh: NewDeal, quote: Quote) -> str:
    return str(done(service.withdraw, salim, quote.id).reference)


def approve(_salim: Actor, admin: Actor, _fresh: NewDeal, quote: Quote) -> str:
    told: dict[str, Any] = {"terms": service.flat("10"), "version": quote.version}
    return str(done(service.approve, admin, quote.id, **told).quote_reference)


def reject(_salim: Actor, admin: Actor, _fresh: NewDeal, quote: Quote) -> str:
    return str(done(service.reject, admin, quote.id, note="Not now.", version=quote.version).reference)


def return_(_salim: Actor, admin: Actor, _fresh: NewDeal, quote: Quote) -> str:
    return str(done(service.return_, admin, quote.id, note="Seats?", version=quote.version).reference)


@pytest.mark.parametrize("detail", DETAIL)
@pytest.mark.parametrize("act", (submit, resubmit, withdraw, approve, reject, return_))
def test_killed_at_any_point_it_is_done_wholly_or_not_at_all(
    database: str, scene: Scene, aisha: Actor, act: Callable[..., str], detail: str
) -> None:
    before, life = marks(), Life(aisha, "")
    for last in count(1):
        answer, points = attempted(lambda _life: act(*scene), life, detail, last)
        if answer is not None:
            break
        assert left_by(before, marks()) == {}, last
    assert points[-1] == "commit"
    assert len(points) == last - 1
    assert set(points) >= POINTS[act.__name__.rstrip("_")]
    assert left_by(before, marks())
    assert verified(aisha).intact
