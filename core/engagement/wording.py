"""Reasons to call, and devices, as words."""

from core.engagement.reasons import Reason
from core.format import duration
from core.i18n import t


def why(reason: Reason, language: str = "en") -> str:
    """One reason to call, as a phrase."""
    facts = dict(reason.facts)
    for name in ("section", "missing", "furthest"):
        if facts.get(name):
            facts[name] = t(f"section.{facts[name]}", language)
    if "ms" in facts:
        facts["ms"] = duration(facts["ms"])
    lacking = "missing" in facts and facts["missing"] is None
    lacking = lacking or ("furthest" in facts and facts["furthest"] is None)
    return t(f"reason.{reason.key}" + (".short" if lacking else ""), language, **facts)
