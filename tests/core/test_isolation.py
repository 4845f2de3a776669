"""Whatever two companies and their partners' readers do, nobody meets a word of the other company or partner."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.access import tokens
from core.access.secret import hashed
from core.actor import Actor, Role, system
from core.audit.acts import note_verification, take_export
from core.audit.queries import verification
from core.companies import service as companies
from core.db import reading, transaction
from core.engagement.batch import Outcome, keep
from core.engagement.beacons import parse
from core.engagement.reading import resume
from core.errors import DomainError
from core.mail import service as mails
from core.mail.models import Mail, MailState
from core.partners import moves
from core.partners import service as partners
from core.partners.models import Partner
from core.partners.pipeline import HoldReason, Status
from core.proposals import queries, unlock
from core.proposals import service as proposals
from core.proposals.rows import find_draft
from tests.core.two_companies import (
    House,
    Side,
    answer,
    betrayed,
    content,
    exported,
    new_house,
    new_mark,
    profile,
    reader,
    reads,
    rows_of,
)

WHO, WHOM, PICK = st.integers(0, 1), st.integers(0, 5), st.integers(0, 10**6)
OF_ONE_PARTNER = ("mail", "timeline_entry", "proposal_version", "visit", "hop")
STEPS = ((1, 100), pytest.param((200, 50), marks=pytest.mark.soak))


class Neighbours(RuleBasedStateMachine):
    """Two companies at work beside each other."""

    build = staticmethod(new_house)
    houses: tuple[House, ...] = ()
    sides: tuple[tuple[House, Side], ...] = ()

    @initialize(luck=st.integers(0, 2**32))
    def move_in(self, luck: int) -> None:
        """The first example has no luck: there each step does the same, which is not worth two companies."""
        assume(luck)
        self.houses = self.build(), self.build()
        self.sides = tuple((house, side) for house in self.houses for side in house.sides)

    def foreign(self, house: House) -> list[str]:
        """What betrays the other company."""
        return self.houses[1 - self.houses.index(house)].signs()

    def do(self, who: int, whom: int, act: Callable[[Session, Side, Actor], Any]) -> Any:
        """Let a company's admin act on any partner: on the other company's it is refused."""
        house, (owner, side) = self.houses[who], self.sides[whom]
        done, heard = None, ""
        try:
            with transaction(house.admin) as session:
                done = act(session, side, house.admin)
        except DomainError as refusal:
            heard = refusal.message
        else:
            assert owner is house, "a partner of the other company was reached"
        assert betrayed(heard, self.foreign(house)) == []
        return done

    @rule(who=WHO, whom=WHOM, language=st.sampled_from(("en", "ar")))
    def change(self, who: int, whom: int, language: str) -> None:
        house = self.houses[who]

        def act(session: Session, side: Side, by: Actor) -> None:
            version = session.get(Partner, side.id)
            mark = side.mark if side in house.sides else house.mark
            new = profile(mark, by, language=language)
            partners.change(session, side.id, profile=new, version=version.version if version else 1, by=by)

        self.do(who, whom, act)

    @rule(who=WHO, whom=WHOM)
    def note(self, who: int, whom: int) -> None:
        self.do(who, whom, lambda s, side, by: partners.add_note(s, side.id, text=f"{side.mark} note", by=by))

    @rule(who=WHO, whom=WHOM, to=st.sampled_from(Status))
    def move(self, who: int, whom: int, to: Status) -> None:
        def act(session: Session, side: Side, by: Actor) -> None:
            with reading(system()) as everywhere:
                version = everywhere.get_one(Partner, side.id).version
            answered = moves.Answer(f"{side.mark} reason", hold=HoldReason.STALLED)
            moves.move(session, side.id, to=to, version=version, answer=answered, by=by)

        self.do(who, whom, act)

    @rule(who=WHO, whom=WHOM)
    def save(self, who: int, whom: int) -> None:
        def act(session: Session, side: Side, by: Actor) -> None:
            draft = find_draft(session, side.id)
            version = draft.version if draft else None
            proposals.save_draft(session, side.id, content=content(side.mark), version=version, by=by)

        self.do(who, whom, act)

    @rule(who=WHO, whom=WHOM)
    def publish(self, who: int, whom: int) -> None:
        def act(session: Session, side: Side, by: Actor) -> None:
            draft = find_draft(session, side.id)
            proposals.publish(session, side.id, version=draft.version if draft else 1, by=by)

        self.do(who, whom, act)

    @rule(who=WHO, whom=WHOM, language=st.sampled_from(("en", "ar")), mailed=st.booleans())
    def send(self, who: int, whom: int, language: str, mailed: bool) -> None:
        def act(session: Session, side: Side, by: Actor) -> str:
            if mailed:
                return tokens.spell(proposals.send_invitation(session, side.id, language=language, by=by))
            return tokens.spell(proposals.issue_proposal_token(session, side.id, by=by))

        if token := self.do(who, whom, act):
            self.sides[whom][1].tokens.append(token)

    @rule(who=WHO, whom=WHOM)
    def withdraw(self, who: int, whom: int) -> None:
        self.do(who, whom, lambda session, side, by: proposals.revoke_link(session, side.id, by=by))

    @rule(who=WHO, role=st.sampled_from((Role.ANALYST, Role.REVIEWER)))
    def add_staff(self, who: int, role: Role) -> None:
        house, number = self.houses[who], new_mark()
        with transaction(house.admin) as session:
            facts = {"name": f"{house.mark} {number}", "email": f"{house.mark}.{number}@staff.example"}
            companies.add_staff(session, **facts, role=role, by=house.admin)

    @rule(who=WHO, pick=PICK)
    def resend(self, who: int, pick: int) -> None:
        with transaction(system()) as session:
            session.execute(update(Mail).where(Mail.state == MailState.QUEUED).values(state=MailState.SENT))
            mine = [house.admin.company for house in self.houses]
            known = list(session.execute(select(Mail.id, Mail.company_id).where(Mail.company_id.in_(mine))))
        if known:
            house, mail = self.houses[who], known[pick % len(known)]
            try:
                with transaction(house.admin) as session:
                    mails.resend(session, mail.id, by=house.admin)
            except DomainError:
                assert mail.company_id != house.admin.company
            else:
                assert mail.company_id == house.admin.company

    @rule(who=WHO)
    def verify(self, who: int) -> None:
        admin = self.houses[who].admin
        with transaction(admin) as session:
            verdict = verification(session)
            note_verification(session, verdict, by=admin)
        assert verdict.intact

    @rule(who=WHO, searched=st.booleans())
    def export(self, who: int, searched: bool) -> None:
        house, text = self.houses[who], self.houses[1 - who].sides[0].mark if searched else ""
        with reading(house.admin) as session:
            taken = exported(session, text=text)
        assert betrayed(taken, self.foreign(house)) == []
        with transaction(house.admin) as session:
            take_export(session, "audit", file_format="csv", rows=1, filters={}, by=house.admin)

    @rule(who=WHO, whom=WHOM, pick=PICK, spying=st.booleans())
    def look(self, who: int, whom: int, pick: int, spying: bool) -> None:
        asked = reads()
        self.ask(self.houses[who], self.sides[whom][1], asked[pick % len(asked)], spying=spying)

    def ask(self, house: House, side: Side, read: Callable[..., Any], *, spying: bool) -> None:
        """Ask one read as a company's admin; a refusal is an answer too."""
        try:
            with reading(house.admin) as session:
                found = answer(read, session, side, spying=side.mark if spying else "")
        except DomainError as refusal:
            found = refusal.message
        assert betrayed(found, self.foreign(house)) == [], read.__qualname__

    @rule(whom=WHOM, other=WHOM, pick=PICK, measured=st.booleans())
    def open_by_link(self, whom: int, other: int, pick: int, measured: bool) -> None:
        side, door, by = self.sides[whom][1], self.sides[other][1], system(ip="203.0.113.10")
        if not side.tokens:
            return
        token = side.tokens[pick % len(side.tokens)]
        try:
            with transaction(by) as session:
                secret = unlock.open_by_link(session, door.slug, token, measured=measured, device="d", by=by)
        except DomainError as refusal:
            heard = refusal.message
        else:
            heard = ""
            assert door is side, "a link opened another partner's proposal"
            side.sessions.append(secret)
        assert betrayed(heard, self._beyond(side)) == []

    def _beyond(self, side: Side | None) -> list[str]:
        """What betrays any partner but this one."""
        return [sign for _, one in self.sides if one is not side for sign in (one.mark, str(one.id))]

    @rule(whom=WHOM, pick=PICK, language=st.sampled_from(("en", "ar")))
    def read_on(self, whom: int, pick: int, language: str) -> None:
        house, side = self.sides[whom]
        secret = side.sessions[pick % len(side.sessions)] if side.sessions else ""
        by = reader(secret) if secret else None
        if by is None:
            return
        with transaction(by) as session:
            side.visits.append((resume(session, language=language, by=by).visit, secret))
        with reading(by) as session:
            shown = queries.reading(session)
        assert betrayed(shown, [side.mark]) == [side.mark]
        assert betrayed(shown, [*self._beyond(side), *self.foreign(house)]) == []

    @rule(whom=WHOM, read=PICK, pick=PICK)
    def look_as_reader(self, whom: int, read: int, pick: int) -> None:
        house, side = self.sides[whom]
        by = reader(side.sessions[-1]) if side.sessions else None
        if by is None:
            return
        asked, about = reads()[read % len(reads())], self.sides[pick % 6][1]
        try:
            with reading(by) as session:
                found = answer(asked, session, about)
        except DomainError as refusal:
            found = refusal.message
        assert betrayed(found, [*self._beyond(side), *self.foreign(house)]) == [], asked.__qualname__

    @precondition(lambda self: any(side.visits for _, side in self.sides))
    @rule(pick=PICK, whose=PICK, ms=st.integers(0, 20_000))
    def beacon(self, pick: int, whose: int, ms: int) -> None:
        visits = [(side, *visit) for _, side in self.sides for visit in side.visits]
        (read, visit, _), (sender, _, secret) = visits[pick % len(visits)], visits[whose % len(visits)]
        sent = json.dumps({"v": visit, "n": 1, "ms": {"hero": ms}, "at": "hero", "human": True})
        outcome = keep([(parse(sent.encode()), hashed(secret))])[0]
        assert sender is read or outcome is Outcome.DROPPED

    def teardown(self) -> None:
        """At the end every read is asked about every partner, and every row is looked at."""
        for house in self.houses:
            for read in reads():
                for _, side in self.sides:
                    self.ask(house, side, read, spying=side not in house.sides)
            self._look_at_rows(house)

    def _look_at_rows(self, house: House) -> None:
        names = {side.id: side for side in house.sides}
        for table, partner, text in rows_of(house):
            assert betrayed(text, self.foreign(house)) == [], (table, text)
            if table in OF_ONE_PARTNER and partner is not None:
                others = [side.mark for side in house.sides if side is not names.get(partner)]
                assert betrayed(text, others) == [], (table, text)


@pytest.mark.parametrize("steps", STEPS)
def test_no_word_crosses(database: str, steps: tuple[int, int]) -> None:
    examples, length = steps
    run_state_machine_as_test(
        Neighbours,
        settings=settings(
            max_examples=examples,
            stateful_step_count=length,
            deadline=None,
            database=None,
            derandomize=examples < 10,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_marks_are_found_however_deep_they_stand(database: str) -> None:
    house = new_house()
    side = house.sides[0]
    showing = {"board", "cards", "names", "proposals", "company", "team", "outbox", "workbench", "timeline", "links"}
    asked = {read.__name__: read for read in reads()}
    assert showing <= asked.keys()
    for name in showing:
        with reading(house.admin) as session:
            assert betrayed(answer(asked[name], session, side), house.signs()), name
    with reading(house.admin) as session:
        assert betrayed(exported(session, text=""), house.signs())
    assert {table for table, _, text in rows_of(house) if side.mark in text} >= {"mail", "audit_log", "partner"}
