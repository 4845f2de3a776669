"""Text that people typed, so that markdown shows it as it is."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$:~^=&@/])")


def plain(text: str) -> str:
    """The text with every mark of markdown made harmless; line breaks become spaces."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
