"""A timeline entry as a sentence."""

from datetime import datetime

from core.format import instant
from core.i18n import t
from core.timeline.kinds import Kind
from core.timeline.queries import Event


def sentence(event: Event, language: str = "en") -> str:
    """What happened, without who and when."""
    facts = dict(event.facts)
    if event.kind is Kind.MOVED:
        facts |= {side: t(f"status.{facts[side]}", language) for side in ("start", "to")}
    if event.kind is Kind.CONTACT_ADDED:
        facts["role"] = t(f"role.{facts['role']}", language)
    if event.kind is Kind.QUOTE_ANSWERED:
        facts["answer"] = t(f"answer.{facts['answer']}", language)
    if when := facts.get("when"):
        facts["when"] = instant(datetime.fromisoformat(when), language=language)
    return t(f"timeline.{event.kind}", language, **facts)


def reason(event: Event) -> str:
    """Why it was done, where somebody said so."""
    return str(event.facts.get("reason", ""))
