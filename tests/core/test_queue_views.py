"""Views of a list that somebody keeps under a name."""

import pytest

from core.actor import Actor
from core.db import reading, transaction
from core.deals import queue_views
from core.deals.queue_views import MOST, TooManyViews
from core.errors import Invalid, NotAllowed, NotFound

PAGE = "deal_intents"


def kept(by: Actor, name: str = "Mine", query: str = "status=pending", page: str = PAGE) -> None:
    with transaction(by) as session:
        queue_views.keep(session, page=page, name=name, query=query, by=by)


def names(by: Actor, page: str = PAGE) -> list[tuple[str, str]]:
    with reading(by) as session:
        return [(one.name, one.query) for one in queue_views.views(session, page=page)]


@pytest.mark.usefixtures("database")
class TestViews:
    def test_are_ones_own_of_one_page_by_name(self, aisha: Actor, reviewer: Actor) -> None:
        kept(aisha, "Rejected ones", "status=rejected")
        kept(aisha, "By amount", "sort=-amount")
        kept(aisha, "Sold", page="deals")
        kept(reviewer, "Theirs")
        assert names(aisha) == [("By amount", "sort=-amount"), ("Rejected ones", "status=rejected")]
        assert names(reviewer) == [("Theirs", "status=pending")]

    def test_of_the_same_name_is_overwritten(self, aisha: Actor) -> None:
        kept(aisha, query="status=pending")
        kept(aisha, " Mine ", query="status=rejected")
        assert names(aisha) == [("Mine", "status=rejected")]

    def test_are_bounded(self, aisha: Actor) -> None:
        for number in range(MOST):
            kept(aisha, f"View {number}")
        with pytest.raises(TooManyViews, match="You keep 20 views of this page already"):
            kept(aisha, "One more")
        kept(aisha, "View 3", query="status=returned")
        with pytest.raises(Invalid, match="The name is missing"):
            kept(aisha, "  ")

    def test_are_dropped_by_their_owner_alone(self, aisha: Actor, reviewer: Actor) -> None:
        kept(aisha)
        with reading(aisha) as session:
            view_id = queue_views.views(session, page=PAGE)[0].id
        with pytest.raises(NotFound), transaction(reviewer) as session:
            queue_views.drop(session, view_id, by=reviewer)
        with transaction(aisha) as session:
            queue_views.drop(session, view_id, by=aisha)
        assert names(aisha) == []

    def test_are_for_who_reads_deals(self, member: Actor) -> None:
        with pytest.raises(NotAllowed):
            names(member)
        with pytest.raises(NotAllowed):
            kept(member)
