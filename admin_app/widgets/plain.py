"""Text that people typed, so that markdown shows it as it is."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~^=&@/])")
_SPACES = re.compile(r"[^\S\u00a0]+")


def plain(text: str) -> str:
    """The text with every mark of markdown made harmless; line breaks become spaces, no-break spaces stay."""
    return _MARKS.sub(r"\\\1", _SPACES.sub(" ", text).strip())
