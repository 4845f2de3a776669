"""PDFs drawn by typst with the vendored fonts. The same values give the same bytes.

What people typed comes in as data, so that nothing in it is markup.
"""

import json
import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parents[1] / "data" / "fonts"
_NOT_DRAWN = "\ufffd"
_DRAWN = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x60C, 0x6FF),
    (0x2010, 0x2026),
    (0x200B, 0x200F),
    (0x2066, 0x2069),
    (0x20AC, 0x20AC),
)
"""Letters the vendored fonts have for certain: Latin, Arabic, the signs between them, and what parts directions."""


def typeset(
    template: Path,
    values: Mapping[str, Any],
    *,
    standard: Any,
    moment: int,
    whole: Collection[str] = (),
    attached: Mapping[str, Any] | None = None,
) -> bytes:
    """The PDF that a template makes of some values. A letter no font has is drawn as U+FFFD.

    ``moment``: the second since the epoch it is dated with. ``whole``: names of values that are never broken into
    lines. ``attached``: further values, passed on just as they are.
    """
    drawn: dict[str, Any] = _breakable(dict(values), whole)
    try:
        return _compiled(template, drawn | dict(attached or {}), standard, moment)
    except typst.TypstError as failure:
        if "could not be displayed" not in str(failure):
            raise
    return _compiled(template, _drawable(drawn) | dict(attached or {}), standard, moment)


def isolated(text: str) -> str:
    """A name that keeps its own direction between words of the other one."""
    return f"\u2068{text}\u2069"


def _compiled(template: Path, values: dict[str, Any], standard: Any, moment: int) -> bytes:
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(values, ensure_ascii=False)},
        pdf_standards=[standard],
        timestamp=moment,
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The vendored fonts, read once a process."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def _breakable(value: Any, whole: Collection[str]) -> Any:
    """The same values where a word too long for its line may go on in the next; hashes and keys stay as they are."""
    if isinstance(value, dict):
        return {name: item if name in whole else _breakable(item, whole) for name, item in value.items()}
    if isinstance(value, list):
        return [_breakable(item, whole) for item in value]
    if not isinstance(value, str) or re.fullmatch(r"[0-9a-f-]{1,64}", value):
        return value
    return re.sub(r"\S{20}(?=\S{8})", lambda run: f"{run[0]}\u200b", value)


def _drawable(value: Any) -> Any:
    """The same values with every letter that may have no glyph replaced."""
    if isinstance(value, dict):
        return {name: _drawable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_drawable(item) for item in value]
    if not isinstance(value, str):
        return value
    return "".join(letter if _is_drawn(letter) else _NOT_DRAWN for letter in value)


def _is_drawn(letter: str) -> bool:
    return letter == "\n" or any(first <= ord(letter) <= last for first, last in _DRAWN)
