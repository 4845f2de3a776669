"""Pictures of questions, taken in from outside: PNG and JPEG as everywhere, and WebP besides. Pure."""

import struct

from core.vault import image_check, intake
from core.vault.intake import MEGABYTE, Taken
from core.vault.names import extension_of, safe_name
from core.vault.storage import digest
from core.vault.upload_refusals import FileDamaged, FileTooBig, KindNotAccepted

MOST_MEGABYTES = 2
WEBP = "image/webp"
PICTURES = ("image/png", "image/jpeg", WEBP)
ACCEPTED = ("png", "jpg", "jpeg", "webp")
"""The extensions a form may offer."""
_MOST_SIDE = 8_000


def take_in(file_name: str, data: bytes) -> Taken:
    """Check a picture from outside.

    Raises:
        FileRefused: it is none, is damaged, carries something else, or has more than 2 MB.
    """
    if len(data) > MOST_MEGABYTES * MEGABYTE:
        raise FileTooBig(most=MOST_MEGABYTES)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        _check_webp(data)
        return Taken(data, WEBP, safe_name(file_name, extension="webp", known=ACCEPTED), digest(data))
    taken = intake.take_in(file_name, data)
    if taken.media_type not in PICTURES:
        raise KindNotAccepted(found=f"a {extension_of(file_name).upper() or 'different'} file")
    measured(taken)
    return taken


def measured(picture: Taken) -> tuple[int, int]:
    """Width and height in pixels.

    Raises:
        FileDamaged: they cannot be read.
    """
    sizes = {"image/png": _png, "image/jpeg": _jpeg, WEBP: _webp}[picture.media_type](picture.data)
    if sizes is None or not all(0 < side <= _MOST_SIDE for side in sizes):
        raise FileDamaged(kind="image")
    return sizes


def _png(data: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", data[16:24]) if len(data) >= 24 else None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    for height, width in image_check.frame_sizes(data):
        return width, height
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    """The size that the first chunk tells: lossy, lossless, or extended."""
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    return None


def _check_webp(data: bytes) -> None:
    """A WebP says its own length; whatever follows it is none of a picture."""
    length = int.from_bytes(data[4:8], "little") + 8
    if length > len(data) or data[length:].strip(b"\0"):
        raise FileDamaged(kind="image")
    image_check.check_code(data, "a WebP image")
