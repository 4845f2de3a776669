"""An act on a proposal that is stopped half way, at any of its points, has not happened."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import transaction
from core.failpoints import watch
from core.partners.models import Partner
from core.proposals import service
from tests.core.proposal_acts import everything, invite, let_in, publish, save, written
from tests.factories import make_partner

Act = Callable[[Session, UUID, Actor], Any]
ACTS: dict[str, Act] = {
    "save": lambda session, id_, who: service.save_draft(session, id_, content=written("New"), version=1, by=who),
    "discard": lambda session, id_, who: service.discard_draft(session, id_, version=1, by=who),
    "publish": lambda session, id_, who: service.publish(session, id_, version=1, by=who),
    "issue": lambda session, id_, who: service.issue_proposal_token(session, id_, by=who),
    "invite": lambda session, id_, who: service.send_invitation(session, id_, language="en", by=who),
    "revoke": lambda session, id_, who: service.revoke_link(session, id_, by=who),
}
POINTS = {
    "save": ["audit:admin:proposal:save"],
    "discard": ["audit:admin:proposal:save"],
    "publish": ["publish:state", "audit:admin:proposal:publish"],
    "issue": ["move:status", "audit:admin:partner:move", "audit:admin:proposal_link:issue"],
    "invite": [
        "move:status",
        "audit:admin:partner:move",
        "audit:admin:proposal_link:issue",
        "mail:invitation",
        "audit:admin:invitation:send",
    ],
    "revoke": ["audit:admin:proposal_link:revoke"],
}
"""What each act passes on its way, in order."""


class Stopped(BaseException):
    """The process ends here."""


def stop_at(point: str) -> Callable[[str], None]:
    def stop(reached: str) -> None:
        if reached == point:
            raise Stopped

    return stop


@pytest.fixture(autouse=True)
def _unwatched() -> Iterator[None]:
    yield
    watch(None)


def prepared(actor: Actor, act: str) -> Partner:
    """A partner for whom an act can happen: published, with a draft; for revoking, with a link and a reader."""
    with transaction(actor) as session:
        partner = make_partner(session, owner_id=actor.id)
    publish(actor, partner)
    save(actor, partner, written("Second"), None)
    if act == "revoke":
        let_in(actor, partner, invite(actor, partner))
    return partner


def do(act: str, actor: Actor, partner: Partner) -> None:
    with transaction(actor) as session:
        ACTS[act](session, partner.id, actor)


@pytest.mark.parametrize("act", tuple(ACTS))
def test_the_points_are_known(aisha, act):
    partner, passed = prepared(aisha, act), list[str]()
    watch(passed.append)
    do(act, aisha, partner)
    assert passed == POINTS[act]


@pytest.mark.parametrize(("act", "point"), tuple((act, point) for act in ACTS for point in POINTS[act]))
def test_stopped_there_nothing_is_left_and_it_can_be_done_again(aisha, act, point):
    partner = prepared(aisha, act)
    before = everything(aisha, partner)
    watch(stop_at(point))
    with pytest.raises(Stopped):
        do(act, aisha, partner)
    watch(None)
    assert everything(aisha, partner) == before
    do(act, aisha, partner)
    assert everything(aisha, partner) != before
