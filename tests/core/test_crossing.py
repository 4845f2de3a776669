"""Every read and every operation there is, asked for what is another company's or another partner's, with its ids."""

from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy
from typing import Any

import pytest

from core.actor import Actor
from tests.core import crossing_training
from tests.core.crossing import asked, ids_told, tries, with_ids
from tests.core.furnished import OF_THE_PRODUCT, empty_tables, furnished_house, visitor
from tests.core.guarded import Guarded, called
from tests.core.two_companies import House, Side, betrayed, of_partner, rows_of, said
from tests.filled import Filled

UNHARMED = {"company", "staff", "partner", "product", "territory", "plan_version", "saved_view"}
"""What has no partner of its own but must not change either, when somebody of the portal asks."""


class World:
    """Two companies, and who asks whom."""

    def __init__(self) -> None:
        self.ours, self.theirs = furnished_house(), furnished_house()

    def askers(self) -> Iterator[tuple[str, Actor, Side]]:
        """Everybody to whom the first partner of the second company is none of their business."""
        victim, neighbour = self.theirs.sides[0], self.theirs.sides[1]
        yield "another company's admin", self.ours.admin, victim
        yield "another company's reader", visitor(self.ours.sides[0].sessions[0]), victim
        yield "another company's guest", visitor(self.ours.sides[0].rooms[0]), victim
        yield "another partner's reader", visitor(neighbour.sessions[0]), victim
        yield "another partner's guest", visitor(neighbour.rooms[0]), victim
        yield "another company's contact", visitor(self.ours.sides[0].contacts[0]), victim
        yield "another partner's contact", visitor(neighbour.contacts[0]), victim

    def signs(self, by: Actor) -> list[str]:
        """What an asker must never hear: all of another company, or its own company's other partners."""
        if by.company == self.ours.admin.company:
            return self.theirs.signs()
        others = [side for side in self.theirs.sides if side.id != by.partner]
        return [sign for side in others for sign in (side.mark, str(side.id))] + self.ours.signs()

    def kept(self, by: Actor) -> list[tuple[str, str]]:
        """The rows that nobody else may change: all of another company, or those of the partner who is asked about."""
        rows = rows_of(self.theirs)
        if by.company == self.ours.admin.company:
            return sorted((table, text) for table, _, text in rows)
        unharmed = {(table, text) for table, _, text in rows if table in UNHARMED}
        return sorted(unharmed.union(of_partner(rows, self.theirs.sides[0])))


Kept = dict[str, tuple[World, Filled]]


@pytest.fixture(scope="module")
def kept() -> Iterator[tuple[Kept, ExitStack]]:
    with ExitStack() as until:
        yield {}, until


@pytest.fixture
def world(database: str, kept: tuple[Kept, ExitStack], request: Any, tmp_path_factory: Any) -> Iterator[World]:
    worlds, until = kept
    kind = request.node.callspec.params["database"]
    if kind not in worlds:
        place, made = tmp_path_factory.mktemp(kind), World()
        if kind == "sqlite":
            worlds[kind] = made, Filled.from_sqlite(place)
        else:
            worlds[kind] = made, Filled.from_postgres(place, request.getfixturevalue("postgres_cluster"), until)
    found, filled = worlds[kind]
    with filled.used():
        yield deepcopy(found)


def test_every_table_has_rows(world: World) -> None:
    assert empty_tables(world.ours) == empty_tables(world.theirs) == OF_THE_PRODUCT


def test_no_read_tells_of_somebody_else(world: World) -> None:
    reads = asked()[0]
    assert len(reads) > 70
    for _who, by, victim in world.askers():
        for read in reads:
            for _, answer in tries(read, victim, by=by, mark="asker", owner=world.ours.admin):
                assert betrayed(answer, world.signs(by)) == [], (called(read), by.kind, answer)


def test_no_operation_touches_what_is_somebody_elses(world: World) -> None:
    operations = asked()[1]
    assert len(operations) > 55
    for who, by, victim in world.askers():
        before = world.kept(by)
        for operation in operations:
            for _, answer in tries(operation, victim, by=by, mark="asker", owner=world.ours.admin):
                assert betrayed(answer, world.signs(by)) == [], (called(operation), who, answer)
        assert world.kept(by) == before, who


def test_what_is_told_by_an_id_is_not_done_for_another_company(world: World) -> None:
    admin, victim = world.ours.admin, world.theirs.sides[0]
    for by in (admin, visitor(world.ours.sides[0].contacts[0])):
        for operation in with_ids(asked()[1]):
            if called(operation) in TOLD_NOTHING:
                continue
            done = [was_done for was_done, _ in tries(operation, victim, by=by, mark="asker", owner=admin)]
            assert not any(done), called(operation)


def test_somebody_elses_id_is_answered_as_a_made_up_one(world: World) -> None:
    """Nobody learns from an answer which ids there are."""
    for who, by, victim in world.askers():
        for function in with_ids([*asked()[0], *asked()[1]]):
            made_up = ids_told(function) - (OF_EVERYBODY if by.company == world.theirs.admin.company else set())
            answers = [
                [(done, *said("done" if function in asked()[1] and done else answer)) for done, answer in attempts]
                for attempts in (
                    tries(function, victim, by=by, mark="asker", owner=world.ours.admin),
                    tries(function, victim, by=by, mark="asker", owner=world.ours.admin, made_up=made_up),
                )
            ]
            assert answers[0] == answers[1], (called(function), who)


class TestTheseAttempts:
    """The same calls, made by who may, reach what they ask for: they would have met it above."""

    def test_reads_tell_the_company_of_its_own(self, world: World) -> None:
        silent = set(map(called, asked()[0])) - set(_telling(world.theirs, world.theirs.admin))
        assert silent == SILENT_TO_STAFF

    def test_reads_tell_a_guest_of_its_own(self, world: World) -> None:
        guest = visitor(world.theirs.sides[0].rooms[0])
        assert set(_telling(world.theirs, guest)) == TOLD_TO_GUESTS

    def test_reads_tell_a_contact_of_its_own(self, world: World) -> None:
        contact = visitor(world.theirs.sides[0].contacts[0])
        assert set(_telling(world.theirs, contact)) == TOLD_TO_CONTACTS

    def test_operations_are_done_for_the_company(self, world: World) -> None:
        house, done = world.theirs, set[str]()
        side, operations = house.sides[0], sorted(with_ids(asked()[1]), key=_how_final)
        for operation in [*operations, *operations]:
            if any(was for was, _ in tries(operation, side, by=house.admin, mark="owner", owner=house.admin)):
                done.add(called(operation))
        assert set(map(called, with_ids(asked()[1]))) - done == NOT_DONE_BY_STAFF

    def test_operations_are_done_for_a_contact(self, world: World) -> None:
        house = world.theirs
        side, contact = house.sides[0], visitor(house.sides[0].contacts[0])
        done = {
            called(operation)
            for operation in sorted(asked()[1], key=_how_final)
            if any(was for was, _ in tries(operation, side, by=contact, mark="owner", owner=house.admin))
        }
        assert done == DONE_BY_CONTACTS


def _telling(house: House, by: Actor) -> Iterator[str]:
    """The reads that tell somebody something of the first partner."""
    side = house.sides[0]
    for read in asked()[0]:
        for _, answer in tries(read, side, by=by, mark=side.mark, owner=house.admin):
            if betrayed(answer, [side.mark, house.mark, str(side.id)]):
                yield called(read)


def _how_final(operation: Guarded) -> int:
    """A draft is saved before it is published; ending comes after changing."""
    return 1 if operation.__name__.startswith(FINAL) else -operation.__name__.startswith("save")


FINAL = ("remove", "cancel", "disable", "discard", "revoke", "close", "end_")
OF_EVERYBODY = {"product_id", "territory_id"} | crossing_training.OF_EVERYBODY
"""What names rows of the company that all of its partners may name."""
TOLD_NOTHING = {"engagement.rebuild.set_aside"}
"""Operations that answer how much they found instead of refusing; that nothing changed is seen by the rows."""
TOLD_TO_GUESTS = {
    "meetings.queries.room_actions",
    "meetings.queries.room_decisions",
    "meetings.queries.room_meetings",
    "nda.queries.my_ndas",
    "nda.queries.my_signing",
    "partners.room_queries.room",
    "proposals.queries.reading",
    "timeline.room_queries.room_timeline",
    "vault.queries.room_documents",
}
TOLD_TO_CONTACTS = crossing_training.TOLD_TO_CONTACTS | {
    "contacts.desk.desk",
    "contacts.own_queries.colleagues",
    "deals.catalogue_queries.places",
    "deals.catalogue_queries.price_list",
    "library.own_queries.my_library",
    "questions.own_queries.faq",
    "questions.own_queries.my_question",
    "questions.own_queries.my_questions",
    "questions.own_queries.search",
    "questions.own_queries.subjects",
    "deals.home_queries.home",
    "deals.order_queries.my_orders",
    "deals.own_queries.my_deal",
    "deals.own_queries.my_deals",
    "deals.own_queries.my_draft",
    "deals.protection_queries.my_protections",
    "deals.quote_queries.my_quote",
    "nda.agreement_queries.my_agreement",
    "nda.queries.my_signing",
}
ONLY_NUMBERS = {
    "access.queries.own_sessions",
    "contacts.own_queries.my_sessions",
    "contacts.queries.sessions_of",
    "deals.analytics.overview",
    "deals.reseller_queries.not_resellers",
    "deals.reseller_queries.terms",
    "audit.queries.record_state",
    "audit.queries.verification",
    "engagement.calls.call_list",
    "engagement.cohorts.conversion",
    "engagement.cohorts.time_in_stage",
    "engagement.overview.over_time",
    "engagement.overview.overview",
    "engagement.queries.days",
    "engagement.queries.drop_off",
    "engagement.queries.excluded",
    "engagement.queries.figures",
    "engagement.queries.sections",
    "engagement.queries.visits_per_day",
    "engagement.readers.forwarded",
    "engagement.readers.returning",
    "library.own_queries.new_documents",
    "library.queries.active_resellers",
    "library.queries.would_reach",
    "mail.queries.email_config",
    "nda.progress.reading_now",
    "nda.queries.text_version",
    "nda.register.find_by_reference",
    "nda.register.standing",
    "nda.service.prepare",
    "proposals.queries.has_reading",
}
"""Reads whose answer names nobody here: sums, or lists for which these partners were read too little."""
TOLD_TO_BOTH = crossing_training.TOLD_TO_CONTACTS - crossing_training.SILENT_TO_STAFF
SILENT_TO_STAFF = (
    ONLY_NUMBERS | TOLD_TO_GUESTS | TOLD_TO_CONTACTS | crossing_training.SILENT_TO_STAFF | {"today.trouble.troubles"}
) - TOLD_TO_BOTH
"""Nothing is wrong with the first partner."""
ABOUT_OWN_DEALS = {
    "deals.attachments.attach",
    "deals.fetching.fetch_own",
    "deals.orders.upload_order",
    "deals.pre_check.pre_check",
    "deals.protections.ask_extension",
    "deals.registering.resubmit",
    "deals.registering.withdraw",
}
DONE_BY_CONTACTS = (
    ABOUT_OWN_DEALS
    | crossing_training.DONE_BY_CONTACTS
    | {
        "library.fetching.fetch_own",
        "library.own_service.look",
        "questions.asking.ask",
        "questions.asking.follow_up",
        "vault.fetching.fetch_shared",
        "access.service.end_other_sessions",
        "access.service.leave",
        "access.service.report_mismatch",
        "contacts.desk.end_other_sessions",
        "contacts.desk.prove_device",
        "contacts.desk.send_device_code",
        "contacts.own_service.add_colleague",
        "contacts.own_service.change_colleague",
        "contacts.own_service.disable_colleague",
        "contacts.own_service.end_session",
        "contacts.own_service.resend_invite",
        "deals.registering.save_draft",
        "deals.registering.submit",
        "nda.service.enter_code",
        "nda.service.save_signature_draft",
        "nda.service.sign",
    }
)
NOT_DONE_BY_STAFF = (
    ABOUT_OWN_DEALS
    | crossing_training.NOT_DONE_BY_STAFF
    | {
        "contacts.own_service.change_colleague",
        "contacts.own_service.disable_colleague",
        "contacts.own_service.end_session",
        "contacts.own_service.resend_invite",
        "contacts.service.make_reseller",
        "meetings.actions.mark_own_done",
        "vault.fetching.fetch_own",
        "vault.fetching.fetch_shared",
        "library.fetching.fetch_own",
        "nda.recording.record_paper",
        "proposals.service.discard_draft",
        "questions.answering.assign",
        "questions.answering.set_due",
        "questions.asking.follow_up",
        "questions.fetching.fetch",
        "questions.fetching.fetch_own",
        "demo.reset.reset_partner_test_data",
    }
)
"""Those of contacts and of a room's guests are for themselves; the partner is a reseller already; the NDA is valid
still, the draft was published before, and the partner is none of the demo's."""
