"""A process that is killed while somebody signs, declines or hands over leaves nothing of it behind, or all of it.

The PDF is prepared before the process is made, since the threads that draw it do not live on in a fork.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from core.actor import Actor, system
from core.db import reading, transaction
from core.nda import service
from core.nda.gathering import Prepared
from core.nda.models import Nda
from core.vault.storage import blobs, digest
from tests.core.nda_acts import NAME, done, ready_to_sign, signed, view, visitor
from tests.core.partner_life import Life, left_by, marks, verified
from tests.core.test_kills import DETAIL, NAMED, attempted
from tests.factories import make_partner

WISH: dict[str, Any] = {"signature": NAME, "confirmed_name": False, "consent": True, "text_number": 1}


def sign(by: Actor, prepared: Prepared) -> str:
    return str(done(service.sign, by, **WISH, prepared=prepared).reference)


def decline(by: Actor, _prepared: Prepared) -> str:
    done(service.decline, by, reason="The term is too long.")
    return "declined"


def hand_over(by: Actor, _prepared: Prepared) -> str:
    return str(done(service.hand_over, by, name="Nasser Ali", email="nasser@salalah.om").id)


def prepared_for(by: Actor) -> Prepared:
    with reading(by) as session:
        found = service.prepare(session, **WISH)
    assert found is not None
    return found


@pytest.fixture
def salim(partner, aisha, clock):
    """Somebody about to sign, in a company that has an NDA already."""
    with transaction(aisha) as session:
        other = make_partner(session, owner_id=aisha.id)
    signed(other)
    return ready_to_sign(visitor(partner))


@pytest.mark.parametrize("detail", DETAIL)
@pytest.mark.parametrize("act", (sign, decline, hand_over))
def test_killed_at_any_point_it_is_done_wholly_or_not_at_all(
    salim: Actor, aisha: Actor, act: Callable[[Actor, Prepared], str], detail: str
) -> None:
    prepared = prepared_for(salim)
    before, life = marks(), Life(aisha, "")
    for last in count(1):
        answer, points = attempted(lambda _life: act(salim, prepared), life, detail, last)
        if answer is not None:
            break
        assert left_by(before, marks()) == {}, last
    assert points[-1] == "commit"
    assert len(points) == last - 1
    assert len(points) >= 4
    assert left_by(before, marks())
    assert verified(aisha).intact


def test_what_was_acknowledged_is_there_with_its_pdf(salim: Actor, aisha: Actor) -> None:
    prepared = prepared_for(salim)
    answer, points = attempted(lambda _life: sign(salim, prepared), Life(aisha, ""), NAMED, 1_000)
    assert answer == "NDA-00002"
    assert {"nda:number", "blob:kept", "nda:row", "nda:moved", "nda:room", "audit:partner:nda:sign"} <= set(points)
    assert view(salim).signed is not None
    with reading(system(aisha.company)) as session:
        for nda in session.scalars(select(Nda)):
            assert digest(blobs().read(nda.pdf_sha256)) == nda.pdf_sha256
