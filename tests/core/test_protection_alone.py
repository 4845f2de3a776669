"""A protection is alone for its customer, product and territory: whoever writes, also at once."""

import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import IntegrityError

from core.actor import system
from core.db import reading, transaction
from core.deals.models import Protection, Quote
from core.deals.protection import (
    CustomerProtected,
    ProtectionOverlaps,
    protect,
    refuse_if_barred,
)
from tests.core.deal_acts import make_product
from tests.core.protection_acts import Ground, ground, protected, protection, registered


@pytest.fixture
def place(company, aisha, clock) -> Ground:
    """What two resellers want."""
    return ground(company)


@pytest.fixture
def held(place) -> UUID:
    """The first one's protection of Al Maha Trading, for 90 days."""
    return protected(place, registered(place, place.salim))


class TestAlone:
    COPY = (
        "INSERT INTO protection (id, company_id, quote_id, partner_id, customer_id, product_id, territory_id, "
        "starts_at, ends_at) SELECT '{id}', company_id, quote_id, partner_id, customer_id, product_id, territory_id, "
        "{starts}, {ends} FROM protection"
    )

    def by_hand(self, database: str, starts: str = "starts_at", ends: str = "ends_at") -> None:
        """What a stranger with the database's password would write."""
        engine = create_engine(database)
        try:
            with engine.begin() as connection:
                new_id = uuid4().hex if engine.dialect.name == "sqlite" else str(uuid4())
                connection.execute(text(self.COPY.format(id=new_id, starts=starts, ends=ends)))
        finally:
            engine.dispose()

    def test_the_database_refuses_the_same_twice(self, held, database):
        with pytest.raises(IntegrityError):
            self.by_hand(database)

    @staticmethod
    def instant(at: datetime, database: str) -> str:
        """An instant as SQL of that database writes it."""
        return f"'{at:%Y-%m-%d %H:%M:%S}.000000" + ("'" if database.startswith("sqlite") else "+00'::timestamptz")

    def test_the_database_refuses_one_that_overlaps_by_a_second(self, held, place, database):
        ends_at = protection(place, held).ends_at
        early, later = (self.instant(ends_at + by, database) for by in (-timedelta(seconds=1), timedelta(days=9)))
        with pytest.raises(IntegrityError):
            self.by_hand(database, early, later)

    def test_one_may_follow_where_the_other_ends(self, held, place, database):
        self.by_hand(database, "ends_at", self.instant(protection(place, held).ends_at + timedelta(days=9), database))
        with reading(system(place.company)) as session:
            assert session.scalar(select(func.count()).select_from(Protection)) == 2

    def test_an_end_moved_into_another_is_refused(self, held, place, database):
        engine = create_engine(database)
        self.test_one_may_follow_where_the_other_ends(held, place, database)
        first = "(SELECT min(starts_at) FROM protection)"
        try:
            with pytest.raises(IntegrityError), engine.begin() as connection:
                connection.execute(text(f"UPDATE protection SET starts_at = {first}"))
        finally:
            engine.dispose()

    def test_a_second_one_of_ours_is_refused_in_words(self, held, place):
        other = registered(place, place.huda)
        with pytest.raises(ProtectionOverlaps) as refusal:
            protected(place, other)
        assert refusal.value.message == (
            "This customer is protected for another partner, for the same product and territory. Nothing was changed."
        )

    def test_another_product_is_another_matter(self, held, place):
        with transaction(system(place.company)) as session:
            product_id = make_product(session).id
        other = registered(place, place.huda, product_id=product_id)
        assert protected(place, other) != held

    def test_two_writers_at_once_make_one(self, place):
        wishes = [registered(place, who) for who in (place.salim, place.huda) for _ in range(4)]
        barrier = threading.Barrier(len(wishes))
        came: list[UUID | None] = []

        def write(quote_id: UUID) -> None:
            barrier.wait()
            try:
                came.append(protected(place, quote_id))
            except ProtectionOverlaps:
                came.append(None)

        threads = [threading.Thread(target=write, args=(wish,)) for wish in wishes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(came) == 8
        assert came.count(None) == 4
        assert len({one for one in came if one is not None}) == 1
        with reading(system(place.company)) as session:
            assert session.scalar(select(func.count()).select_from(Protection)) == 1

    def test_two_spellings_at_once_are_one_customer(self, place):
        wishes = [
            registered(place, place.salim, waits=False),
            registered(place, place.huda, "المها للتجارة", waits=False),
        ]
        barrier, refused = threading.Barrier(2), []

        def approve(quote_id: UUID) -> None:
            barrier.wait()
            try:
                with transaction(system(place.company)) as session:
                    quote = session.get_one(Quote, quote_id)
                    refuse_if_barred(session, quote)
                    protect(session, quote)
            except CustomerProtected as refusal:
                refused.append(refusal.message)

        threads = [threading.Thread(target=approve, args=(wish,)) for wish in wishes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        assert "is protected for" in refused[0]
