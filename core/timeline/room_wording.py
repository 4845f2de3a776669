"""A timeline entry as it is told to the partner."""

from datetime import datetime

from core.format import instant
from core.i18n import is_rtl, t
from core.timeline.kinds import Kind
from core.timeline.room_queries import RoomEvent


def room_sentence(event: RoomEvent, language: str, *, zone: str) -> str:
    """What happened, without who and when. ``zone``: the company's, for instants in the sentence."""
    facts = dict(event.facts)
    if when := facts.get("when"):
        facts["when"] = instant(datetime.fromisoformat(when), zone=zone, language=language)
    if is_rtl(language):
        facts = {name: f"\u2068{value}\u2069" for name, value in facts.items()}
    milestone = f".{event.facts['to']}" if event.kind is Kind.MOVED else ""
    return t(f"room.event.{event.kind}{milestone}", language, **facts)
