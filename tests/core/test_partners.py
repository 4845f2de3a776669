"""Partners and their moves on both databases: what is kept, what is refused, and what happens when people race."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.db import transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.partners import queries, service
from core.partners.models import Hop, Partner
from core.partners.moves import Answer, MovedMeanwhile, close_deal, move, reopen
from core.partners.pipeline import AnswerMissing, HoldReason, MoveRefused, SignatureNeeded, Status
from core.partners.queries import Filter
from core.partners.service import PartnerChanged, Profile
from core.timeline.kinds import Kind
from core.timeline.models import TimelineEntry
from tests.factories import make_partner

DRAFT, SENT, MEETING, NDA, MOU, ACTIVE, HOLD = Status


def standing(session: Session, status: Status, **facts: object) -> Partner:
    """A partner that stands in a stage, as if it had come there long ago."""
    return make_partner(session, status=status, **facts)


def count(session: Session, kind: type, **equal: object) -> int:
    """How many rows of a kind have these values."""
    return session.scalar(select(func.count()).select_from(kind).filter_by(**equal)) or 0


class TestMove:
    def test_keeps_the_hop_the_entry_and_the_audit_line(self, clock, session, aisha):
        partner = standing(session, SENT, name="Bank Sohar")
        clock.forward(days=2)
        move(session, partner.id, to=MEETING, version=1, by=aisha)
        (hop,) = queries.hops(session, partner.id)
        assert (hop.start, hop.to, hop.seconds_in_stage, hop.who) == (SENT, MEETING, 2 * 86_400, aisha.name)
        entry = session.scalars(select(TimelineEntry).filter_by(partner_id=partner.id)).one()
        assert (entry.kind, entry.facts["start"], entry.facts["to"]) == (
            Kind.MOVED,
            "proposal_sent",
            "meeting_scheduled",
        )
        assert count(session, AuditEntry, tag=Tag.PARTNER_MOVE, subject_id=partner.id) == 1
        assert (partner.version, partner.status_entered_at) == (2, clock.now())

    def test_needs_a_note_when_a_draft_was_sent_by_hand(self, session, aisha):
        partner = standing(session, DRAFT)
        with pytest.raises(AnswerMissing, match="Say why"):
            move(session, partner.id, to=SENT, version=1, by=aisha)
        move(session, partner.id, to=SENT, version=1, answer=Answer("Handed over in the meeting"), by=aisha)
        assert queries.hops(session, partner.id)[0].reason == "Handed over in the meeting"

    def test_stamps_the_day_the_mou_was_signed(self, session, aisha):
        partner = standing(session, NDA)
        move(session, partner.id, to=MOU, version=1, answer=Answer(on=date(2026, 11, 2)), by=aisha)
        assert partner.mou_signed_at == date(2026, 11, 2)

    @pytest.mark.parametrize("on", (None, date(2099, 1, 1)))
    def test_takes_no_mou_without_a_day_or_in_the_future(self, session, aisha, on):
        partner = standing(session, NDA)
        with pytest.raises(AnswerMissing):
            move(session, partner.id, to=MOU, version=1, answer=Answer(on=on), by=aisha)
        assert (partner.status, partner.mou_signed_at) == (NDA, None)

    def test_refuses_a_jump_and_says_what_there_is(self, session, aisha):
        partner = standing(session, DRAFT)
        with pytest.raises(MoveRefused, match="From Draft you can go to: Proposal sent, On hold"):
            move(session, partner.id, to=ACTIVE, version=1, by=aisha)

    def test_leaves_the_nda_to_a_signature(self, session, aisha):
        partner = standing(session, MEETING, name="Bank Sohar")
        with pytest.raises(SignatureNeeded, match="Bank Sohar"):
            move(session, partner.id, to=NDA, version=1, by=aisha)

    def test_changes_nothing_when_it_is_refused(self, session, aisha):
        partner = standing(session, SENT)
        with pytest.raises(AnswerMissing):
            move(session, partner.id, to=DRAFT, version=1, by=aisha)
        assert (partner.status, partner.version) == (SENT, 1)
        assert count(session, Hop) == count(session, TimelineEntry) == 0

    def test_tells_the_second_admin_who_moved_it_where(self, clock, partner, aisha, nora):
        with transaction(aisha) as session:
            move(session, partner.id, to=SENT, version=1, answer=Answer("By courier"), by=aisha)
        with pytest.raises(MovedMeanwhile) as refused, transaction(nora) as session:
            move(session, partner.id, to=HOLD, version=1, answer=Answer("Quiet", hold=HoldReason.LOST), by=nora)
        assert refused.value.message == "Moved to Proposal sent by Aisha Al Balushi at 12:00. Showing the new state."

    def test_tells_when_the_card_was_only_edited(self, partner, aisha, nora):
        with transaction(aisha) as session:
            service.change(session, partner.id, profile=Profile(name="Salalah Retail LLC"), version=1, by=aisha)
        with pytest.raises(Conflict, match="Salalah Retail LLC was changed meanwhile"), transaction(nora) as session:
            move(session, partner.id, to=SENT, version=1, answer=Answer("By courier"), by=nora)

    @pytest.mark.parametrize("who", ("reviewer", "analyst", "member"))
    def test_is_for_admins(self, request, partner, who):
        actor: Actor = request.getfixturevalue(who)
        with pytest.raises(NotAllowed), transaction(actor) as session:
            move(session, partner.id, to=SENT, version=1, answer=Answer("x"), by=actor)

    def test_finds_no_partner_of_another_company(self, partner, outsider):
        with pytest.raises(NotFound), transaction(outsider) as session:
            move(session, partner.id, to=SENT, version=1, answer=Answer("x"), by=outsider)


class TestCloseDeal:
    def test_won_makes_an_active_partner(self, clock, session, aisha):
        partner = standing(session, MOU)
        close_deal(session, partner.id, outcome="won", reason="", version=1, by=aisha)
        assert (partner.status, partner.activated_at) == (ACTIVE, clock.now())
        assert count(session, AuditEntry, tag=Tag.PARTNER_CLOSE) == 1

    def test_won_is_open_from_mou_signed_only(self, session, aisha):
        partner = standing(session, MEETING)
        with pytest.raises(MoveRefused):
            close_deal(session, partner.id, outcome="won", reason="", version=1, by=aisha)

    @pytest.mark.parametrize("outcome", list(HoldReason))
    @pytest.mark.parametrize("start", (DRAFT, SENT, MEETING, NDA, MOU, ACTIVE))
    def test_lost_and_stalled_put_any_stage_on_hold_and_back(self, session, aisha, start, outcome):
        partner = standing(session, start)
        close_deal(session, partner.id, outcome=outcome.value, reason="No budget", version=1, by=aisha)
        assert (partner.status, partner.hold_reason, partner.stage_left) == (HOLD, outcome, start)
        reopen(session, partner.id, reason="Budget found", version=2, by=aisha)
        assert (partner.status, partner.hold_reason, partner.stage_left) == (start, None, None)
        assert count(session, AuditEntry, tag=Tag.PARTNER_REOPEN) == 1

    def test_needs_a_reason(self, session, aisha):
        partner = standing(session, SENT)
        with pytest.raises(AnswerMissing):
            close_deal(session, partner.id, outcome="lost", reason=" ", version=1, by=aisha)

    def test_needs_to_know_whether_it_was_lost_or_stalled(self, session, aisha):
        partner = standing(session, SENT)
        with pytest.raises(AnswerMissing, match="lost or stalled"):
            move(session, partner.id, to=HOLD, version=1, answer=Answer("Quiet"), by=aisha)


class TestRecord:
    def test_starts_as_a_draft_with_its_own_web_name(self, session, aisha):
        made = [service.create(session, Profile(name="Gulf Steel"), by=aisha) for _ in range(2)]
        assert made[0].slug == "gulf-steel"
        assert made[1].slug.startswith("gulf-steel-")
        assert {partner.status for partner in made} == {DRAFT}

    def test_gets_a_web_name_even_for_an_arabic_name(self, session, aisha):
        assert service.create(session, Profile(name="شركة الخليج"), by=aisha).slug == "partner"

    def test_is_changed_with_what_changed_on_record(self, session, partner, aisha):
        profile = replace(queries.partner(session, partner.id).profile, city="Salalah")
        service.change(session, partner.id, profile=profile, version=1, by=aisha)
        assert session.scalars(select(TimelineEntry.facts).filter_by(kind=Kind.CHANGED)).all() == [{"what": "city"}]
        assert queries.partner(session, partner.id).version == 2

    def test_is_not_saved_over_a_colleague(self, session, partner, aisha):
        service.change(session, partner.id, profile=Profile(name="One"), version=1, by=aisha)
        with pytest.raises(PartnerChanged, match="Your text is still in the form"):
            service.change(session, partner.id, profile=Profile(name="Two"), version=1, by=aisha)
        assert queries.partner(session, partner.id).profile.name == "One"

    @pytest.mark.parametrize(
        ("facts", "message"),
        (
            ({"name": " "}, "Name is missing"),
            ({"name": "x\r\nBcc: e@x"}, "Name cannot contain line breaks"),
            ({"contact_email": "nobody"}, "Contact e-mail does not look like"),
            ({"website": "javascript:alert(1)"}, "Website must begin with https"),
            ({"language": "fr"}, "English or Arabic"),
            ({"summary": "a\x00b"}, "characters that cannot be stored"),
            ({"city": "x" * 121}, "City: maximum 120"),
        ),
    )
    def test_refuses_what_cannot_be_kept(self, session, aisha, facts, message):
        with pytest.raises(Invalid, match=message):
            service.create(session, Profile(**{"name": "Gulf Steel"} | facts), by=aisha)

    def test_takes_notes(self, session, partner, aisha):
        service.add_note(session, partner.id, text="  Called them.\r\nThey agree. ", by=aisha)
        (facts,) = session.scalars(select(TimelineEntry.facts).filter_by(kind=Kind.NOTE))
        assert facts == {"text": "Called them.\nThey agree."}
        with pytest.raises(Invalid, match="The note is missing"):
            service.add_note(session, partner.id, text="\n", by=aisha)


class TestBoard:
    def test_has_a_lane_for_every_stage_and_its_median_age(self, clock, session):
        for days in (1, 5, 30):
            standing(session, SENT, status_entered_at=clock.now() - timedelta(days=days))
        lanes = {lane.status: lane for lane in queries.board(session)}
        assert list(lanes) == list(Status)
        assert (lanes[SENT].count, lanes[SENT].median_days) == (3, 5)
        assert [card.days for card in lanes[SENT].cards] == [30, 5, 1]
        assert [card.stuck for card in lanes[SENT].cards] == [True, False, False]
        assert (lanes[DRAFT].count, lanes[DRAFT].median_days) == (0, 0.0)

    @pytest.mark.parametrize(
        ("asked", "names"),
        (
            (Filter(text="SOHAR"), {"Bank Sohar"}),
            (Filter(text="بنك"), {"Bank Sohar"}),
            (Filter(text="kindi"), {"Gulf Steel"}),
            (Filter(text="100%"), set()),
            (Filter(territory="Dhofar"), {"Gulf Steel"}),
            (Filter(status=SENT), {"Bank Sohar"}),
            (Filter(stuck_only=True), {"Bank Sohar"}),
        ),
    )
    def test_is_filtered(self, clock, session, asked, names):
        long_ago = clock.now() - timedelta(days=90)
        standing(session, SENT, name="Bank Sohar", name_ar="بنك صحار", status_entered_at=long_ago, contact_name="Ali")
        standing(session, DRAFT, name="Gulf Steel", territory="Dhofar")
        assert {card.name for card in queries.cards(session, filters=asked)} == names

    def test_is_filtered_by_owner(self, session, partner, aisha, nora):
        assert [card.name for card in queries.cards(session, filters=Filter(owner_id=aisha.id))] == ["Salalah Retail"]
        assert queries.cards(session, filters=Filter(owner_id=nora.id)) == []

    def test_shows_when_something_last_happened(self, clock, session, partner, aisha):
        at = clock.forward(days=1)
        service.add_note(session, partner.id, text="Called", by=aisha)
        clock.forward(days=1)
        (card,) = queries.cards(session)
        assert card.last_activity == at

    def test_offers_the_record_its_moves(self, session, partner):
        assert [found.to for found in queries.partner(session, partner.id).moves] == [SENT, HOLD]
