"""Names of files, made safe for every disk and every eye. Pure."""

import re
import unicodedata

MOST_CHARACTERS = 120
MOST_BYTES = 240
_JOINERS = {"\u200c", "\u200d"}
"""Invisible, yet part of how some words are spelled."""
_NOT_IN_NAMES = set('<>:"|?*')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
"""What Windows takes for a device, whatever the extension."""


def safe_name(given: str, *, extension: str, known: tuple[str, ...] = ()) -> str:
    """A name to show and to save under: no folder, no control or direction marks, no device; Arabic is kept.

    ``extension``: of what the file is. An ending among ``known`` is replaced by it; any other stays before it.
    """
    last = re.split(r"[/\\]", given.split("\0")[0])[-1]
    stem = _plain(last)
    head, dot, end = stem.rpartition(".")
    if dot and end.lower() in (extension, *known):
        stem = head
    stem = stem.strip(". ") or "document"
    if _DEVICES.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}"
    return f"{_shortened(stem, len(extension) + 1)}.{extension}"


def extension_of(given: str) -> str:
    """What a name says the file is, in lower case; empty when it says nothing."""
    _head, dot, end = _plain(re.split(r"[/\\]", given.split("\0")[0])[-1]).rstrip(". ").rpartition(".")
    return end.lower() if dot and re.fullmatch(r"[A-Za-z0-9]{1,8}", end) else ""


def _plain(text: str) -> str:
    kept = (mark for mark in unicodedata.normalize("NFC", text) if not _is_unsafe(mark))
    return re.sub(r"\s+", " ", "".join("_" if mark in _NOT_IN_NAMES else mark for mark in kept)).strip()


def _is_unsafe(mark: str) -> bool:
    return unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Co", "Cn") and mark not in _JOINERS | {"\t"}


def _shortened(stem: str, room: int) -> str:
    stem = stem[: MOST_CHARACTERS - room]
    return stem.encode()[: MOST_BYTES - room].decode(errors="ignore").rstrip(". ")
