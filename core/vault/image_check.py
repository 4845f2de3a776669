"""Images: whole, of a bearable size once unpacked, and nothing but an image. Pure."""

import re
import struct
from collections.abc import Iterator

from core.vault.looks import looks_like
from core.vault.upload_refusals import ExpandsTooMuch, FileDamaged, NotThatKind

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
MOST_PIXELS = 120_000_000
_CODE = re.compile(rb"<(?:script[\s>]|\?php\s|html[\s>]|svg\s[^>]{0,200}xmlns)", re.IGNORECASE)
_MOST_PARTS = 100_000
"""Chunks or segments; a real image has thousands at most."""
_ARCHIVE_END = b"PK\x05\x06"
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_BARE = {0x01, *range(0xD0, 0xD9)}
_END_OF_IMAGE, _START_OF_SCAN = 0xD9, 0xDA


def check_png(data: bytes) -> None:
    """Refuse a PNG that is damaged, would fill the memory, or carries something else behind or inside it."""
    place = len(PNG)
    for _ in range(_MOST_PARTS):
        if place + 12 > len(data):
            raise FileDamaged(kind="image")
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        if place == len(PNG):
            if kind != b"IHDR" or length != 13:
                raise FileDamaged(kind="image")
            _check_pixels(*struct.unpack(">II", data[place + 8 : place + 16]))
        place += 12 + length
        if kind == b"IEND":
            break
    else:
        raise FileDamaged(kind="image")
    if data[place:].strip(b"\0\r\n "):
        raise NotThatKind(claimed="an image", found=looks_like(data[place:]))
    check_code(data, "a PNG image")


def check_jpeg(data: bytes) -> None:
    """Refuse a JPEG that is damaged, would fill the memory, or carries something else.

    Cameras put more pictures and notes behind the first one, so what follows it is let be unless it could run.
    """
    sizes = list(frame_sizes(data))
    if not sizes or b"\xff\xd9" not in data[-65_536:]:
        raise FileDamaged(kind="image")
    for height, width in sizes:
        _check_pixels(width, height)
    if _ARCHIVE_END in data[-66_000:]:
        raise NotThatKind(claimed="an image", found="a ZIP archive")
    check_code(data, "a JPEG image")


def frame_sizes(data: bytes) -> Iterator[tuple[int, int]]:
    """Height and width that the image's headers name, before its pixels begin."""
    place = 2
    for _ in range(_MOST_PARTS):
        if place + 4 > len(data) or data[place] != 0xFF:
            return
        mark = data[place + 1]
        if mark == 0xFF:
            place += 1
            continue
        if mark in _BARE:
            place += 2
            continue
        if mark in (_END_OF_IMAGE, _START_OF_SCAN):
            return
        length = int.from_bytes(data[place + 2 : place + 4])
        if mark in _FRAMES and place + 9 <= len(data):
            yield struct.unpack(">HH", data[place + 5 : place + 9])
        place += 2 + max(2, length)


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise FileDamaged(kind="image")
    if width * height > MOST_PIXELS:
        raise ExpandsTooMuch


def check_code(data: bytes, kind: str) -> None:
    if found := _CODE.search(data):
        raise NotThatKind(claimed=kind, found="HTML" if b"?php" not in found[0].lower() else "a PHP script")
