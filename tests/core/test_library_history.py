"""Who could see a document on which day: each day's answer is right, wherever in the day something changed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.actor import ContactRole
from core.companies.models import Company
from core.contacts import service as contacts
from core.contacts.models import Contact
from core.contacts.rows import NewContact
from core.db import reading, transaction
from core.library import queries, service
from core.library.history import Why, day_of
from core.library.queries import DayToCome
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.vault.rows import DocumentNotFound
from core.vault.visibility import Reach
from tests.core.contact_acts import do, invited
from tests.core.library_acts import (
    FINANCE,
    PRINCIPAL,
    SALES,
    TECHNICAL,
    aim,
    enter,
    make_reseller,
    now_is,
    open_space,
    put,
    seers,
    titles,
)
from tests.core.today_world import sign
from tests.core.vault_acts import upload

MUSCAT = ZoneInfo("Asia/Muscat")
SUNDAY, MONDAY, TUESDAY = date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)
SATURDAY = date(2026, 11, 21)
PARTNER = UUID(int=7)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of a day in Muscat."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=MUSCAT).astimezone(UTC)


def told(aisha, document, day) -> list[tuple[object, ...]]:
    """Each part of a day: role, answer, from and until in Muscat."""
    return [
        (one.role, one.answer, *(t and t.astimezone(MUSCAT).strftime("%H:%M") for t in (one.since, one.until)))
        for one in seers(aisha, document, day)
    ]


def become(aisha, contact, role: ContactRole) -> None:
    with reading(aisha) as session:
        now = session.get_one(Contact, contact.id)
    person = NewContact(now.name, now.email, now.title, role, now.language)
    do(aisha, contacts.change, now.id, person=person, version=now.version)


@pytest.fixture
def muscat(aisha) -> Partner:
    return make_reseller(aisha)


@pytest.fixture
def morning(clock):
    """Eight on Sunday, in Muscat."""
    clock.at(at(SUNDAY, 8))
    return clock


class TestRole:
    def test_a_role_that_changed_at_noon(self, morning, aisha, muscat):
        salim = invited(aisha, muscat, role=SALES)
        document = put(aisha, open_space(aisha, roles=(SALES,)))
        morning.at(at(MONDAY, 12))
        become(aisha, salim, TECHNICAL)
        morning.at(at(TUESDAY, 12))
        assert told(aisha, document, SUNDAY) == [
            (None, Reach.NOT_LET_IN, None, "08:00"),
            (SALES, Reach.SEES, "08:00", None),
        ]
        assert told(aisha, document, MONDAY) == [
            (SALES, Reach.SEES, None, "12:00"),
            (TECHNICAL, Reach.ROLE_LEFT_OUT, "12:00", None),
        ]
        assert told(aisha, document, TUESDAY) == [(TECHNICAL, Reach.ROLE_LEFT_OUT, None, None)]

    def test_one_who_was_shut_out_and_let_in_again(self, morning, aisha, muscat):
        salim = invited(aisha, muscat, role=SALES)
        document = put(aisha, open_space(aisha))
        morning.at(at(MONDAY, 9))
        do(aisha, contacts.disable, salim.id)
        morning.at(at(MONDAY, 15, 30))
        do(aisha, contacts.enable, salim.id)
        morning.at(at(TUESDAY, 1))
        assert told(aisha, document, MONDAY) == [
            (SALES, Reach.SEES, None, "09:00"),
            (None, Reach.NOT_LET_IN, "09:00", "15:30"),
            (SALES, Reach.SEES, "15:30", None),
        ]

    def test_nobody_saw_it_before_the_first_contact(self, morning, aisha, muscat):
        document = put(aisha, open_space(aisha))
        morning.at(at(MONDAY, 9))
        invited(aisha, muscat, role=SALES)
        assert told(aisha, document, SUNDAY) == []


class TestDocument:
    def test_its_life_cuts_the_day(self, morning, aisha, muscat):
        invited(aisha, muscat, role=SALES)
        space = open_space(aisha)
        morning.at(at(MONDAY, 10))
        document = put(aisha, space)
        morning.at(at(MONDAY, 17))
        do(aisha, service.remove, document.id, version=document.version)
        morning.at(at(TUESDAY, 9))
        assert told(aisha, document, MONDAY) == [
            (SALES, Why.NOT_THERE_YET, None, "10:00"),
            (SALES, Reach.SEES, "10:00", "17:00"),
            (SALES, Why.REMOVED, "17:00", None),
        ]
        assert told(aisha, document, TUESDAY) == [(SALES, Why.REMOVED, None, None)]

    def test_its_last_day_is_one_where_the_company_is(self, morning, aisha, muscat):
        invited(aisha, muscat, role=SALES)
        document = put(aisha, open_space(aisha), expires_on=MONDAY)
        morning.at(at(TUESDAY, 9))
        assert told(aisha, document, MONDAY) == [(SALES, Reach.SEES, None, None)]
        assert told(aisha, document, TUESDAY) == [(SALES, Why.EXPIRED, None, None)]

    def test_a_last_day_that_was_given_later_does_not_reach_back(self, morning, aisha, muscat):
        invited(aisha, muscat, role=SALES)
        document = put(aisha, open_space(aisha), expires_on=SUNDAY)
        morning.at(at(MONDAY, 11))
        do(aisha, service.change, document.id, version=document.version, title="Brochure", expires_on=None)
        morning.at(at(TUESDAY, 9))
        assert told(aisha, document, MONDAY) == [
            (SALES, Why.EXPIRED, None, "11:00"),
            (SALES, Reach.SEES, "11:00", None),
        ]

    def test_the_nda_opens_what_asks_for_it(self, morning, aisha):
        partner = make_reseller(aisha, "Nizwa Net")
        invited(aisha, partner, role=SALES)
        document = put(aisha, open_space(aisha), requires_nda=True)
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).status = Status.MOU_SIGNED
        morning.at(at(MONDAY, 14))
        with transaction(aisha) as session:
            sign(session, session.get_one(Partner, partner.id), at=at(MONDAY, 14), number=1, reference="NDA-00001")
        morning.at(at(TUESDAY, 9))
        assert told(aisha, document, MONDAY) == [
            (SALES, Why.NDA_FIRST, None, "14:00"),
            (SALES, Reach.SEES, "14:00", None),
        ]

    def test_one_of_a_vault_has_no_such_answer(self, aisha, muscat):
        with pytest.raises(DocumentNotFound):
            seers(aisha, upload(aisha, muscat), SUNDAY)


class TestRules:
    def test_a_rule_that_changed_names_each_part_of_the_day(self, morning, aisha, nora, muscat):
        invited(aisha, muscat, role=SALES)
        invited(aisha, muscat, role=FINANCE)
        space = open_space(aisha, roles=(SALES,))
        document = put(aisha, space)
        morning.at(at(MONDAY, 12))
        aim(nora, space, roles=(FINANCE,))
        morning.at(at(TUESDAY, 9))
        found = [
            (one.role, one.could, one.rule.audience.roles, one.rule.set_by)
            for one in seers(aisha, document, MONDAY)
            if one.rule is not None
        ]
        ours, hers = ("salesperson", "Aisha Al Balushi"), ("finance", "Nora Al Harthy")
        assert sorted(found) == sorted(
            [(SALES, True, *ours), (SALES, False, *hers), (FINANCE, False, *ours), (FINANCE, True, *hers)]
        )

    def test_a_space_that_was_withdrawn_is_nobodys(self, morning, aisha, muscat):
        invited(aisha, muscat, role=SALES)
        space = open_space(aisha)
        document = put(aisha, space)
        morning.at(at(MONDAY, 12))
        do(aisha, service.withdraw_space, space.id, version=now_is(aisha, space).version)
        morning.at(at(MONDAY, 13))
        do(aisha, service.open_space_again, space.id, version=now_is(aisha, space).version)
        morning.at(at(TUESDAY, 9))
        assert told(aisha, document, MONDAY) == [
            (SALES, Reach.SEES, None, "12:00"),
            (SALES, Reach.NO_AUDIENCE, "12:00", "13:00"),
            (SALES, Reach.SEES, "13:00", None),
        ]

    def test_who_could_stands_first_and_strangers_to_every_rule_are_left_out(self, morning, aisha, muscat):
        sohar, barka = make_reseller(aisha, "Sohar Soft"), make_reseller(aisha, "Barka Data")
        for partner, role in ((muscat, TECHNICAL), (muscat, SALES), (sohar, SALES), (barka, SALES)):
            invited(aisha, partner, role=role)
        space = open_space(aisha, partner=muscat, roles=(SALES,))
        document = put(aisha, space)
        morning.at(at(MONDAY, 12))
        aim(aisha, space, partner_id=sohar.id, roles=(SALES,))
        morning.at(at(TUESDAY, 9))
        found = [(one.partner, one.role, one.answer) for one in seers(aisha, document, MONDAY)]
        assert found == [
            ("Muscat Tech", SALES, Reach.SEES),
            ("Muscat Tech", SALES, Reach.OTHER_RESELLER),
            ("Sohar Soft", SALES, Reach.OTHER_RESELLER),
            ("Sohar Soft", SALES, Reach.SEES),
            ("Muscat Tech", TECHNICAL, Reach.ROLE_LEFT_OUT),
            ("Muscat Tech", TECHNICAL, Reach.OTHER_RESELLER),
        ]


class TestDays:
    def test_begin_and_end_at_midnight_where_the_company_is(self, clock, aisha, muscat):
        clock.at(at(SUNDAY, 8))
        invited(aisha, muscat, role=SALES)
        space = open_space(aisha, roles=(SALES,))
        document = put(aisha, space)
        clock.at(datetime(2026, 11, 22, 20, 0, tzinfo=UTC))  # Midnight in Muscat, Sunday still in London.
        aim(aisha, space, roles=(FINANCE,))
        clock.at(at(TUESDAY, 9))
        assert [one.could for one in seers(aisha, document, SUNDAY)] == [False, True]
        assert [one.could for one in seers(aisha, document, MONDAY)] == [False]
        with transaction(aisha) as session:
            session.scalars(select(Company).where(Company.id == aisha.company)).one().time_zone = "Europe/London"
        assert [one.could for one in seers(aisha, document, SUNDAY)] == [False, True, False]

    def test_today_ends_now_and_tomorrow_is_refused(self, morning, aisha, muscat):
        invited(aisha, muscat, role=SALES)
        document = put(aisha, open_space(aisha))
        morning.at(at(SUNDAY, 12))
        assert told(aisha, document, SUNDAY)[-1] == (SALES, Reach.SEES, "08:00", None)
        with pytest.raises(DayToCome, match="Choose today or a day before it"):
            seers(aisha, document, MONDAY)

    def test_what_is_now_is_what_the_portal_shows(self, morning, aisha, muscat):
        """The answer for this instant and the rule that lets people in are one."""
        people = {role: invited(aisha, muscat, role=role) for role in (PRINCIPAL, SALES, TECHNICAL, FINANCE)}
        document = put(aisha, open_space(aisha, holds_prices=True, roles=(PRINCIPAL, SALES)))
        last = {one.role: one.could for one in seers(aisha, document, SUNDAY) if one.until is None}
        assert last == {role: bool(titles(enter(contact))) for role, contact in people.items()}

    @pytest.mark.parametrize(
        ("day", "zone", "hours"),
        (
            (SUNDAY, "Asia/Muscat", 24),
            (date(2026, 3, 29), "Europe/Berlin", 23),
            (date(2026, 10, 25), "Europe/Berlin", 25),
        ),
    )
    def test_a_day_is_as_long_as_its_zone_has_it(self, day, zone, hours):
        start, end = day_of(day, zone)
        assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)


def test_an_answer_names_nobody_of_another_company(morning, aisha, outsider, muscat):
    document = put(aisha, open_space(aisha))
    with pytest.raises(DocumentNotFound), reading(outsider) as session:
        queries.who_could_see(session, document.id, day=SUNDAY)
