"""The audit log: what was done stands there, and cannot be bent unseen."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from core.actor import Actor, system
from core.audit import anchors
from core.audit.__main__ import main
from core.audit.chain import START, Link, canonical, link_hash, verify
from core.audit.models import AuditEntry
from core.audit.queries import entries, verification
from core.audit.service import record
from core.audit.tags import Tag
from core.companies.models import Company
from core.db import reading, transaction, writer
from core.errors import NotAllowed
from core.ids import new_id

KEY = b"k" * 32
COMPANY = new_id()


def _chain(length: int) -> list[Link]:
    found, last = [], START
    for seq in range(1, length + 1):
        at, fields = datetime(2026, 1, 1, tzinfo=UTC), (f"act {seq}", "who")
        last = link_hash(KEY, last, seq, at, COMPANY, fields)
        found.append(Link(seq, at, COMPANY, fields, last))
    return found


def _head(links: list[Link]) -> tuple[int, bytes]:
    return links[-1].seq, links[-1].hash


def _edit(links: list[Link], at: int) -> list[Link]:
    return [*links[:at], replace(links[at], fields=("forged", "who")), *links[at + 1 :]]


def _delete(links: list[Link], at: int) -> list[Link]:
    return [*links[:at], *links[at + 1 :]]


def _swap(links: list[Link], at: int) -> list[Link]:
    other = (at + 1) % len(links)
    found = list(links)
    found[at], found[other] = found[other], found[at]
    return found


def _insert(links: list[Link], at: int) -> list[Link]:
    return [*links[:at], links[at], *links[at:]]


def _rehash_with_another_key(links: list[Link], at: int) -> list[Link]:
    found, last = links[:at], links[at - 1].hash if at else START
    for link in links[at:]:
        last = link_hash(b"x" * 32, last, link.seq, link.at, link.company, link.fields)
        found.append(replace(link, hash=last))
    return found


TAMPERING: list[Callable[[list[Link], int], list[Link]]] = [_edit, _delete, _swap, _insert, _rehash_with_another_key]


class TestChain:
    def test_an_untouched_chain_is_intact(self) -> None:
        links = _chain(50)
        assert verify(links, key=KEY, head=_head(links)).intact

    @pytest.mark.parametrize("tamper", TAMPERING)
    def test_tampering_is_found_where_it_was_done(self, tamper: Callable[[list[Link], int], list[Link]]) -> None:
        links, rng = _chain(60), random.Random(7)
        for at in rng.sample(range(60), 25):
            verdict = verify(tamper(links, at), key=KEY, head=_head(links))
            expected = {at + 1, 1} if tamper is _swap and at == 59 else {at + 1, at + 2}
            assert verdict.bad_seq in expected, (tamper.__name__, at)

    @pytest.mark.soak
    def test_a_thousand_cases_in_a_long_chain(self) -> None:
        links, rng = _chain(5_000), random.Random(11)
        for case in range(1_000):
            tamper, at = TAMPERING[case % len(TAMPERING)], rng.randrange(1, 4_999)
            verdict = verify(tamper(links, at), key=KEY, head=_head(links))
            assert verdict.bad_seq in (at + 1, at + 2), (tamper.__name__, at)

    @pytest.mark.soak
    def test_fifty_thousand_links_a_second(self) -> None:
        links = _chain(100_000)
        began = time.process_time()
        assert verify(links, key=KEY, head=_head(links)).checked == 100_000
        assert 100_000 / (time.process_time() - began) >= 50_000

    def test_a_cut_tail_is_found_by_the_head(self) -> None:
        links = _chain(20)
        assert verify(links[:15], key=KEY, head=_head(links)).bad_seq == 16

    def test_a_cut_tail_with_its_head_set_back_is_found_by_an_anchor(self) -> None:
        links = _chain(20)
        verdict = verify(links[:15], key=KEY, head=_head(links[:15]), anchors={18: links[17].hash})
        assert (verdict.bad_seq, verdict.reason) == (16, "entries after it were cut off")

    def test_a_chain_made_anew_differs_from_its_anchor(self) -> None:
        links = _chain(20)
        anew = _rehash_with_another_key(links, 0)
        assert verify(anew, key=b"x" * 32, head=_head(anew), anchors={10: links[9].hash}).bad_seq == 10

    def test_values_have_one_text(self) -> None:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        assert canonical({"b": at, "a": "ع"}) == '{"a":"ع","b":"2026-01-01T00:00:00+00:00"}'
        with pytest.raises(TypeError):
            canonical({"a": object()})


def _act(by: Actor, times: int = 1) -> None:
    for _ in range(times):
        with transaction(by) as session:
            record(session, Tag.EXPORT, by=by, after={"rows": 3})


class TestLog:
    def test_an_act_is_written_with_who_what_and_where(self, company: Company, aisha: Actor) -> None:
        with transaction(aisha) as session:
            record(session, Tag.COMPANY_CHANGE, by=aisha, subject=company, before={"name": "A"}, after={"name": "B"})
        with reading(aisha) as session:
            found, total = entries(session)
        assert total == 1
        assert (found[0].tag, found[0].who, found[0].subject) == ("admin:company:change", aisha.name, company.name)
        assert (found[0].before, found[0].after, found[0].ip) == ('{"name":"A"}', '{"name":"B"}', aisha.ip)

    def test_it_verifies_and_says_so_on_the_command_line(
        self, aisha: Actor, outsider: Actor, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _act(aisha, 3)
        _act(outsider, 2)
        assert main(["verify"]) == 0
        assert sorted(line.split(": ")[1] for line in capsys.readouterr().out.splitlines()) == [
            "2 entries verified, intact",
            "3 entries verified, intact",
        ]

    def test_the_database_refuses_to_change_it(self, aisha: Actor) -> None:
        _act(aisha)
        for statement in ("UPDATE audit_log SET actor_name = 'x'", "DELETE FROM audit_log"):
            with pytest.raises(DatabaseError, match="append-only"), writer().begin() as connection:
                connection.execute(text(statement))

    def test_postgresql_refuses_to_empty_it(self, postgresql_database: str, aisha: Actor) -> None:
        _act(aisha)
        with pytest.raises(DatabaseError, match="append-only"), writer().begin() as connection:
            connection.execute(text("TRUNCATE audit_log CASCADE"))

    def test_who_gets_round_the_triggers_is_found_out(
        self, sqlite_database: str, aisha: Actor, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _act(aisha, 4)
        with writer().begin() as connection:
            connection.execute(text("DROP TRIGGER audit_log_no_update"))
            connection.execute(text("UPDATE audit_log SET actor_name = 'Somebody' WHERE seq = 3"))
        with reading(aisha) as session:
            assert verification(session).bad_seq == 3
        assert main(["verify"]) == 1
        assert "NOT INTACT at entry 3: changed" in capsys.readouterr().out

    def test_a_tail_cut_off_after_anchoring_is_found(self, sqlite_database: str, aisha: Actor) -> None:
        _act(aisha, 2)
        before = _head_hash()
        _act(aisha, 2)
        with transaction(system()) as session:
            assert anchors.keep(session) == 1
            assert anchors.keep(session) == 0
        with writer().begin() as connection:
            connection.execute(text("DROP TRIGGER audit_log_no_delete"))
            connection.execute(text("DELETE FROM audit_log WHERE seq > 2"))
            connection.execute(text("UPDATE audit_head SET seq = 2, hash = :hash"), {"hash": before})
        with reading(aisha) as session:
            assert verification(session).reason == "entries after it were cut off"

    def test_writers_at_once_make_one_chain(self, aisha: Actor) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: _act(aisha, 5), range(8)))
        with reading(aisha) as session:
            assert verification(session).checked == 40
            assert session.scalar(select(func.count(AuditEntry.seq.distinct()))) == 40

    def test_it_is_found_by_text_and_tag_page_by_page(self, aisha: Actor, company: Company) -> None:
        _act(aisha, 3)
        with transaction(aisha) as session:
            record(session, Tag.MODULE_SWITCH, by=aisha, subject=company)
        with reading(aisha) as session:
            assert entries(session, tag=Tag.MODULE_SWITCH)[1] == 1
            assert entries(session, text="EXPORT")[1] == 3
            assert entries(session, subject_id=company.id)[1] == 1
            page, total = entries(session, size=2, page=2)
        assert ([row.seq for row in page], total) == ([2, 1], 4)

    def test_nobody_verifies_another_company(self, aisha: Actor, outsider: Actor) -> None:
        _act(outsider)
        with pytest.raises(NotAllowed), reading(aisha) as session:
            verification(session, company=outsider.company)

    def test_only_who_may_reads_it(self, member: Actor) -> None:
        with pytest.raises(NotAllowed), reading(member) as session:
            entries(session)


def _head_hash() -> bytes:
    with writer().begin() as connection:
        return bytes(connection.execute(text("SELECT hash FROM audit_head")).scalar_one())
