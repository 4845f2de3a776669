"""What lets somebody in stands in one mail and nowhere else: not in lists, logs of acts, exports or other rows."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.access.models import MailedCode
from core.actor import Actor, Role, system
from core.db import Base, reading
from core.mail.models import Mail
from tests.core.crossing import asked, tries
from tests.core.furnished import furnished_house
from tests.core.guarded import called
from tests.core.two_companies import House, betrayed, exported, said

HANDED_OUT = {"mail.queries.mail_with_links", "partners.room_queries.room_access", "proposals.queries.links"}
"""Reads that hand links out, to who may."""
MAILED_CODES = 7
"""Two at each of three partners, and one with the reseller agreement that was signed."""
IN_THE_MAIL = {("mail", "text"), ("mail", "html"), ("mail", "secrets")}


@pytest.fixture
def house(filled_once: Callable[[Callable[[], House]], House]) -> House:
    return filled_once(furnished_house)


def secrets(house: House) -> list[str]:
    """Everything that was mailed or given to a browser to let somebody in, without what stands around it."""
    with reading(system(house.admin.company)) as session:
        mailed = [secret for found in session.scalars(select(Mail.secrets)) for secret in found]
    mailed = [one.partition("token=")[2] or one.rpartition("/")[2] for one in mailed]
    return [*mailed, *(secret for side in house.sides for secret in (*side.sessions, *side.rooms))]


def everything_read(house: House, by: Actor) -> dict[str, object]:
    """What every read answers somebody, by the read's name."""
    side = house.sides[0]
    return {
        called(read): [answer for _, answer in tries(read, side, by=by, mark=side.mark, owner=house.admin)]
        for read in asked()[0]
    }


def test_there_are_secrets_of_every_kind(house: House) -> None:
    found = secrets(house)
    assert all(len(one) >= 9 for one in found)
    assert {one for side in house.sides for one in side.tokens} <= set(found)
    with reading(house.admin) as session:
        assert len(list(session.scalars(select(MailedCode)))) == MAILED_CODES
    assert sum(one.replace(" ", "").isdigit() for one in found) == MAILED_CODES


def test_no_read_tells_them_to_who_only_reads(house: House) -> None:
    analyst = replace(house.admin, role=Role.ANALYST)
    for read, answer in everything_read(house, analyst).items():
        assert betrayed(answer, secrets(house)) == [], read


def test_reads_tell_them_where_they_are_for(house: House) -> None:
    told = {read for read, answer in everything_read(house, house.admin).items() if betrayed(answer, secrets(house))}
    assert told == HANDED_OUT


def test_no_other_row_holds_them(house: House) -> None:
    with reading(system()) as session:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if (table.name, column.name) not in IN_THE_MAIL]
            for row in session.execute(select(*columns)):
                assert betrayed([*said(list(row))], secrets(house)) == [], table.name


def test_no_export_holds_them(house: House) -> None:
    with reading(house.admin) as session:
        assert betrayed(exported(session, text=""), secrets(house)) == []
