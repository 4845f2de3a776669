"""The acts of the audit log in words."""

from core.audit.tags import Tag
from core.i18n import t


def word(tag: str) -> str:
    """An act in words; a tag of an older release, which has none, as it is."""
    return t(f"act.{tag.replace(':', '_').replace('.', '_')}") if tag in set(Tag) else tag


def by_word() -> list[str]:
    """Every tag, in the order of the words."""
    return sorted((tag.value for tag in Tag), key=word)
