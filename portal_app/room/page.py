"""What every part of the room's page needs: what there is to show, in which language, and its words."""

from dataclasses import dataclass

from core.db import Reads
from core.i18n import is_rtl, t
from core.meetings import queries as meetings
from core.meetings.queries import RoomAction, RoomDecision, RoomMeeting
from core.nda import queries as ndas
from core.nda.queries import SignedNda
from core.partners import room_queries
from core.partners.room_queries import Host
from core.proposals.content import Language, plain_text
from core.timeline.room_queries import RoomEvent, room_timeline
from core.vault import queries as vault
from core.vault.queries import RoomDocument


@dataclass(frozen=True)
class Room:
    """Everything the page shows, in one read. ``events``: the newest of ``events_in_all``."""

    host: Host
    actions: list[RoomAction]
    documents: list[RoomDocument]
    ndas: list[SignedNda]
    meetings: list[RoomMeeting]
    decisions: list[RoomDecision]
    events: list[RoomEvent]
    events_in_all: int

    @property
    def todo(self) -> list[RoomAction]:
        """What the partner is to do."""
        return [one for one in self.actions if one.is_ours and one.done_at is None]

    @property
    def coming(self) -> list[RoomMeeting]:
        """The meetings that are not over, the soonest first."""
        return sorted((one for one in self.meetings if not one.is_over), key=lambda one: one.at)


@dataclass(frozen=True)
class Page:
    """One drawing of the room."""

    room: Room
    language: Language

    def say(self, key: str, /, **values: object) -> str:
        """A phrase of the page, ``room.<key>``; between Arabic words a value keeps its own direction."""
        if is_rtl(self.language):
            values = {name: f"\u2068{value}\u2069" for name, value in values.items()}
        return t(f"room.{key}", self.language, **values)

    def joined(self, *parts: str) -> str:
        """Some facts in one line, each in its own direction; empty ones are left out."""
        return " · ".join(f"\u2068{part}\u2069" for part in parts if part)

    def shown(self, key: str, /, **values: object) -> str:
        """The same phrase for where markdown is read: whatever people typed stays as it is."""
        return plain_text(self.say(key, **values))

    @property
    def company(self) -> str:
        """The company's name in the page's language."""
        host = self.room.host
        return host.company_ar if self.language == "ar" and host.company_ar else host.company


def look(session: Reads, *, events: int) -> Room:
    """What there is in the room of whoever asks, with the newest ``events`` of its timeline."""
    newest, in_all = room_timeline(session, most=events)
    return Room(
        host=room_queries.room(session),
        actions=meetings.room_actions(session),
        documents=vault.room_documents(session),
        ndas=ndas.my_ndas(session),
        meetings=meetings.room_meetings(session),
        decisions=meetings.room_decisions(session),
        events=newest,
        events_in_all=in_all,
    )
