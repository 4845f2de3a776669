"""What a partner's people see of their timeline, and what never leaves the company."""

from typing import Any

import pytest

from core.actor import Actor
from core.clock import now
from core.db import reading, transaction
from core.errors import NotAllowed
from core.i18n import LANGUAGES
from core.partners import service
from core.partners.models import Partner
from core.timeline.kinds import Kind
from core.timeline.room_queries import SHOWN, RoomEvent, room_timeline
from core.timeline.room_wording import room_sentence
from core.timeline.service import note
from tests.core.proposal_acts import let_in
from tests.core.room_acts import guest, person, send

CANARY = "canary-7f3a"


class TestTimeline:
    def written(self, aisha: Actor, partner: Partner) -> None:
        """One entry of every kind there is, each fact of it a canary unless it is one the partner may see."""
        said = {name: f"said {name}" for names in SHOWN.values() for name in names}
        with transaction(aisha) as session:
            for kind in Kind:
                allowed = {name: said[name] for name in SHOWN.get(kind, ())}
                hidden = dict.fromkeys(("reason", "text", "note", "to", "what", "device", "start", "title"), CANARY)
                facts: dict[str, Any] = hidden | allowed
                if "when" in allowed:
                    facts["when"] = now().isoformat()
                note(session, partner.id, kind, by=aisha, **facts)
            for to in ("on_hold", "nda_signed", "draft"):
                note(session, partner.id, Kind.MOVED, by=aisha, start="active", to=to, reason=CANARY)
            for to in ("mou_signed", "active"):
                note(session, partner.id, Kind.MOVED, by=aisha, start="nda_signed", to=to, reason=CANARY)

    def seen(self, by: Actor, most: int = 100) -> tuple[list[RoomEvent], int]:
        with reading(by) as session:
            return room_timeline(session, most=most)

    def test_tells_a_closed_list_and_none_of_what_is_internal(self, aisha: Actor, partner: Partner) -> None:
        salim = guest(send(aisha, partner))
        self.written(aisha, partner)
        events, total = self.seen(salim)
        assert sorted(one.kind for one in events) == sorted([*SHOWN, Kind.MOVED, Kind.MOVED])
        assert total == len(events)
        assert CANARY not in repr(events)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_entry_is_a_sentence_in_both_languages(self, aisha: Actor, partner: Partner, language: str) -> None:
        salim = guest(send(aisha, partner))
        self.written(aisha, partner)
        sentences = [room_sentence(one, language, zone="Asia/Muscat") for one in self.seen(salim)[0]]
        assert len(set(sentences)) == len(sentences)
        assert CANARY not in " ".join(sentences)
        assert not any("{" in sentence for sentence in sentences)

    def test_what_stays_inside_is_a_decision_for_each_kind(self) -> None:
        inside = {
            Kind.CREATED, Kind.CHANGED, Kind.MOVED, Kind.NOTE, Kind.PROPOSAL_PUBLISHED, Kind.LINK_ISSUED,
            Kind.LINK_REVOKED, Kind.LINK_REQUESTED, Kind.INVITATION_SENT, Kind.OPENED, Kind.OPENED_UNMEASURED,
            Kind.FIRST_VIEW, Kind.NDA_DECLINED, Kind.NDA_HANDED_OVER, Kind.DOCUMENT_FETCHED, Kind.ROOM_LINK_SENT,
            Kind.ROOM_LINK_ROTATED, Kind.ROOM_ENTERED,
        }  # fmt: skip
        of_resellers = (
            "agreement_", "certification_", "contact_", "intent_", "order_", "protection_", "question_", "quote_",
            "sale_",
        )  # fmt: skip
        inside |= {kind for kind in Kind if kind.startswith(of_resellers)}
        assert set(Kind) - set(SHOWN) == inside

    def test_is_of_ones_own_partner_only(self, aisha: Actor, partner: Partner) -> None:
        with transaction(aisha) as session:
            other = service.create(session, service.Profile("OCCI", contact_email="a@occi.om"), by=aisha)
        self.written(aisha, other)
        assert self.seen(guest(send(aisha, partner))) == ([], 0)

    def test_counts_what_it_does_not_show_yet(self, aisha: Actor, partner: Partner) -> None:
        salim = guest(send(aisha, partner))
        self.written(aisha, partner)
        events, total = self.seen(salim, most=3)
        assert (len(events), total) == (3, len(SHOWN) + 2)

    def test_is_closed_to_readers_and_staff(self, aisha: Actor, partner: Partner) -> None:
        reader = person(let_in(aisha, partner))
        for actor in (reader, aisha):
            assert actor is not None
            with reading(actor) as session, pytest.raises(NotAllowed):
                room_timeline(session)
