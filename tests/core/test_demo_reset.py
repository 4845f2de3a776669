"""A demo partner gets its past back; a real one is never touched, whatever is asked for."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, inspect, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

import core.tables  # noqa: F401 - every table is looked at
from core.actor import Actor, Role, system
from core.audit.models import AuditEntry
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.sign_in import staff_actor
from core.db import Base, reading, transaction
from core.demo.load import load
from core.demo.reset import NotADemo, belongings, reset_partner_test_data
from core.engagement.models import ReadingDay
from core.errors import NotAllowed, NotFound
from core.meetings.actions import add_action
from core.meetings.decisions import add_decision
from core.meetings.models import Decision, Side
from core.meetings.plans import NewAction
from core.meetings.service import add_meeting
from core.partners.models import Partner
from core.proposals.service import send_invitation
from tests.core.meeting_acts import plan
from tests.core.today_world import sign
from tests.factories import make_partner, make_staff

ABOUT_NO_PARTNER = {
    "nda_text",
    "nda_counter",
    "staff",
    "company",
    "sign_in_link",
    "worker_beat",
    "attempt",
    "territory",
}


@pytest.fixture
def demo(database: str) -> Company:
    """The demo company."""
    with transaction(system()) as session:
        company = load(session, by=system())
    assert company is not None
    return company


@pytest.fixture
def rahma(demo: Company) -> Actor:
    """The demo's admin."""
    with reading(system(demo.id)) as session:
        return staff_actor(session.scalars(select(Staff).where(Staff.role == Role.ADMIN).order_by(Staff.id)).first())  # type: ignore[arg-type]


def id_of(slug: str, by: Actor) -> UUID:
    with reading(by) as session:
        return session.scalars(select(Partner.id).where(Partner.slug == slug)).one()


def holdings(session: Session, partner_id: UUID) -> dict[str, int]:
    """How many rows a partner has in each table."""
    return {
        str(model.__tablename__): session.scalar(select(func.count()).select_from(model).where(whose)) or 0
        for model, whose in belongings(partner_id)
    }


def everybodys(by: Actor, but: UUID) -> list[dict[str, int]]:
    with reading(by) as session:
        others = session.scalars(select(Partner.id).where(Partner.id != but).order_by(Partner.slug)).all()
        return [holdings(session, one) for one in others]


def days(by: Actor) -> list[tuple[Any, ...]]:
    """The sums of each day's reading."""
    columns = [getattr(ReadingDay, one.key) for one in inspect(ReadingDay).column_attrs if one.key != "company_id"]
    with reading(by) as session:
        return sorted(tuple(row) for row in session.execute(select(*columns)) if any(list(row)[1:-1]))


def live(session: Session, partner_id: UUID, by: Actor) -> None:
    """Let much happen to a partner."""
    partner = session.get_one(Partner, partner_id)
    add_meeting(session, partner_id, plan=plan(RealTime), actions=[NewAction(Side.OURS, "x")], by=by)
    add_action(session, partner_id, action=NewAction(Side.PARTNER, "y"), by=by)
    first = add_decision(session, partner_id, text="One", decided_on=date(2020, 1, 1), by=by)
    add_decision(session, partner_id, text="Two", decided_on=date(2020, 1, 1), replaces_id=first.id, by=by)
    send_invitation(session, partner_id, language="en", by=by)
    sign(session, partner, at=now(), number=90_001, reference="NDA-90001", superseded_at=now())


class RealTime:
    """The clock of these tests, as ``plan`` asks for it."""

    now = staticmethod(now)


class TestReset:
    def test_gives_a_demo_partner_its_past_back(self, demo, rahma):
        usman = id_of("usman", rahma)
        with reading(rahma) as session:
            before, was = holdings(session, usman), session.get_one(Partner, usman)
            others, sums = everybodys(rahma, usman), days(rahma)
        with transaction(rahma) as session:
            live(session, usman, rahma)
            session.get_one(Partner, usman).next_action = "Changed"
        with transaction(rahma) as session:
            reset_partner_test_data(session, usman, by=rahma)
        with reading(rahma) as session:
            assert holdings(session, usman) == before
            now_is = session.get_one(Partner, usman)
            for name in ("status", "next_action", "owner_id", "contact_email", "mou_signed_at"):
                assert getattr(now_is, name) == getattr(was, name), name
            assert session.scalar(select(func.count()).where(AuditEntry.tag == "admin:demo:reset")) == 1
        assert everybodys(rahma, usman) == others
        assert [row[0] for row in days(rahma)] == [row[0] for row in sums]
        assert Counter(sum(row[1:-1]) for row in days(rahma)) == Counter(sum(row[1:-1]) for row in sums)

    def test_can_be_done_again(self, demo, rahma):
        sohar = id_of("bank-sohar", rahma)
        with reading(rahma) as session:
            before = holdings(session, sohar)
        for _ in range(2):
            with transaction(rahma) as session:
                reset_partner_test_data(session, sohar, by=rahma)
        with reading(rahma) as session:
            assert holdings(session, sohar) == before


class TestRefusals:
    def test_a_real_partner_keeps_everything(self, partner, aisha):
        with transaction(aisha) as session:
            add_decision(session, partner.id, text="One", decided_on=date(2020, 1, 1), by=aisha)
            before = holdings(session, partner.id)
        with pytest.raises(NotADemo), transaction(aisha) as session:
            reset_partner_test_data(session, partner.id, by=aisha)
        with reading(aisha) as session:
            assert holdings(session, partner.id) == before

    def test_a_real_partner_with_a_demo_partners_name_keeps_everything(self, aisha):
        with transaction(aisha) as session:
            real = make_partner(session, slug="usman", name="Usman")
            add_decision(session, real.id, text="One", decided_on=date(2020, 1, 1), by=aisha)
        with pytest.raises(NotADemo), transaction(aisha) as session:
            reset_partner_test_data(session, real.id, by=aisha)
        with reading(aisha) as session:
            assert session.scalar(select(func.count()).select_from(Decision)) == 1

    def test_a_demo_partner_of_no_known_name_stays_as_it_is(self, aisha):
        with transaction(aisha) as session:
            own = make_partner(session, slug="somebody", is_demo=True)
        with pytest.raises(NotADemo), transaction(aisha) as session:
            reset_partner_test_data(session, own.id, by=aisha)

    def test_made_up_ids_and_those_of_other_companies_find_nothing(self, demo, rahma, outsider):
        usman = id_of("usman", rahma)
        with reading(rahma) as session:
            before = holdings(session, usman)
        for by, forged in ((rahma, uuid4()), (rahma, outsider.id), (outsider, usman), (outsider, demo.id)):
            with pytest.raises(NotFound), transaction(by) as session:
                reset_partner_test_data(session, forged, by=by)
        with reading(rahma) as session:
            assert holdings(session, usman) == before

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
    def test_only_those_who_work_the_pipeline_may(self, demo, rahma, role):
        with transaction(system()) as session:
            by = staff_actor(make_staff(session, demo, name="Somebody", role=role))
        with pytest.raises(NotAllowed), transaction(by) as session:
            reset_partner_test_data(session, id_of("usman", rahma), by=by)


class TestDatabase:
    def test_keeps_the_decisions_of_real_partners(self, partner, aisha):
        with transaction(aisha) as session:
            add_decision(session, partner.id, text="One", decided_on=date(2020, 1, 1), by=aisha)
        with pytest.raises(DatabaseError, match="a decision is never changed"), transaction(aisha) as session:
            session.execute(delete(Decision))

    def test_lets_those_of_a_demo_partner_be_deleted_and_never_changed(self, aisha):
        with transaction(aisha) as session:
            demo = make_partner(session, is_demo=True)
            add_decision(session, demo.id, text="One", decided_on=date(2020, 1, 1), by=aisha)
        with pytest.raises(DatabaseError, match="a decision is never changed"), transaction(aisha) as session:
            session.execute(update(Decision).values(text="Two"))
        with transaction(aisha) as session:
            session.execute(delete(Decision))

    def test_lets_no_real_partner_become_a_demo(self, partner, aisha):
        with pytest.raises(DatabaseError, match="a real partner never becomes a demo"), transaction(aisha) as session:
            session.execute(update(Partner).values(is_demo=True))
        with transaction(aisha) as session:
            session.execute(update(Partner).values(is_demo=False))


def test_no_table_with_rows_of_a_partner_is_forgotten():
    known = {str(model.__tablename__) for model, _ in belongings(uuid4())} | {"partner"}
    reached = {"partner"}
    for _ in range(5):
        reached |= {
            table.name
            for table in Base.metadata.sorted_tables
            if any(key.column.table.name in reached for key in table.foreign_keys)
        }
    assert reached - known - ABOUT_NO_PARTNER == set()
