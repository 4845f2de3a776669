"""PDFs: whole, without a password, without scripts, of a bearable size once unpacked, and nothing but a PDF. Pure.

The bytes are searched rather than parsed: a parser goes where a hostile file leads it, a search does not.
"""

import re
import zlib

from core.vault.looks import HEAD, looks_like, markup_in
from core.vault.unpacking import Budget, Inflater, is_deflated
from core.vault.upload_refusals import FileDamaged, NotThatKind, PasswordFirst, RunsCode, TooManyPages

MOST_PAGES = 5_000
_MOST_STREAMS = 40_000
"""An honest file of 15 MB has some thousands."""
_DEEPEST = 3
"""How often over a stream may be packed; honest ones are once."""
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_RUNS = re.compile(rb"/(?:JavaScript|JS|Launch)(?![A-Za-z0-9])")
_ODDLY_PACKED = re.compile(rb"/(?:ASCII85Decode|A85|ASCIIHexDecode|AHx|LZWDecode|LZW|RunLengthDecode|RL|Crypt)\b")
"""How objects are never packed, unless somebody wants them unread."""
_TELLING = (b"/Type", b"/J", b"/Launch", b"#")
_LETTERS = sorted(set(b"EncryptJavaScriptLaunchTypePageObjStmFilter"))
_ESCAPES = [(f"#{form}".encode(), bytes([c])) for c in _LETTERS for form in {f"{c:02x}", f"{c:02X}"}]
_OVERLAP = 64
_AT_ONCE = 8 * 1024
_DICTIONARY = 2_048
_ARCHIVE_END = b"PK\x05\x06"
_BLANK = b"\0\t\n\f\r "
_AFTER_END = 1_024
"""Bytes that some printers and scanners leave behind the end."""


def check(data: bytes) -> None:
    """Refuse what is not an honest, whole, open PDF of a bearable size.

    Raises:
        FileRefused: its subclass and its sentence say why.
    """
    if data.count(b"stream") > 3 * _MOST_STREAMS:
        raise FileDamaged(kind="PDF")
    _check_end(data)
    if markup := markup_in(data[:HEAD]):
        raise NotThatKind(claimed="a PDF", found=markup)
    outside = _unescaped(_without_streams(data))
    if _ENCRYPTED.search(outside):
        raise PasswordFirst
    seen, budget = _Seen(), Budget(len(data))
    seen.add(outside)
    for number, start in enumerate(_STREAM.finditer(data)):
        if number > _MOST_STREAMS:
            raise FileDamaged(kind="PDF")
        _look_inside(data, start.end(), budget, seen)
    if not seen.pages:
        raise FileDamaged(kind="PDF")


class _Seen:
    """What was met on the way through a file."""

    def __init__(self) -> None:
        self.pages = 0

    def add(self, text: bytes) -> None:
        """Count the pages that a text describes.

        Raises:
            RunsCode: a reader would run something from it.
            TooManyPages: there are more than people read.
        """
        if _RUNS.search(text):
            raise RunsCode(what="a script")
        self.pages += sum(1 for _ in _PAGE.finditer(text))
        if self.pages > MOST_PAGES:
            raise TooManyPages(most=f"{MOST_PAGES:,}")


class _Layer:
    """What one stream holds, looked through as it comes; what is packed in there again is unpacked too."""

    def __init__(self, budget: Budget, seen: _Seen, depth: int = 1) -> None:
        self._budget, self._seen, self._depth = budget, seen, depth
        self._begun, self._tail = False, b""
        self._inner: tuple[Inflater, _Layer] | None = None

    def add(self, piece: bytes) -> None:
        """The next piece.

        Raises:
            FileRefused: it is hostile.
        """
        if not self._begun:
            self._begin(piece)
        if any(mark in piece for mark in _TELLING):
            self._seen.add(_unescaped(self._tail + piece))
        self._tail = piece[-_OVERLAP:]
        if self._inner and not _pour(piece, *self._inner):
            self._inner = None

    def _begin(self, piece: bytes) -> None:
        self._begun = True
        _check_program(piece)
        if not is_deflated(piece):
            return
        if self._depth == _DEEPEST:
            raise FileDamaged(kind="PDF")
        self._inner = (Inflater(self._budget), _Layer(self._budget, self._seen, self._depth + 1))


def _pour(packed: bytes, inflater: Inflater, layer: _Layer) -> bool:
    """Unpack into a layer. False: there is no more, or it is damaged from here on."""
    try:
        for piece in inflater.feed(packed):
            layer.add(piece)
    except zlib.error:
        return False
    return not inflater.ended


def _look_inside(data: bytes, place: int, budget: Budget, seen: _Seen) -> None:
    """Look through one stream of the file, if it is packed the usual way.

    Raises:
        FileRefused: it is hostile.
    """
    about = data[max(0, place - _DICTIONARY) : place]
    about = _unescaped(about[about.rfind(b"obj") + 3 :])
    if b"/ObjStm" in about and _ODDLY_PACKED.search(about):
        raise RunsCode(what="objects packed so that they cannot be checked")
    start = data[place : place + _DICTIONARY]
    if not is_deflated(start):
        return _check_program(start)
    inflater, layer = Inflater(budget), _Layer(budget, seen)
    while _pour(data[place : place + _AT_ONCE], inflater, layer) and place < len(data):
        place += _AT_ONCE
    return None


def _check_program(start: bytes) -> None:
    if start[:2] == b"MZ" and b"PE\0\0" in start[:1_024]:
        raise RunsCode(what="a program")


def _check_end(data: bytes) -> None:
    """Refuse a file that was cut off, and one that goes on as something else."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise FileDamaged(kind="PDF")
    after = data[end + 5 :].strip(_BLANK)
    if len(after) > _AFTER_END or after.startswith((b"PK", b"MZ", b"\x7fELF")) or markup_in(after):
        raise NotThatKind(claimed="a PDF", found=looks_like(after))
    archive = data.rfind(_ARCHIVE_END, max(0, len(data) - 66_000))
    if archive >= 0 and archive + 22 + int.from_bytes(data[archive + 20 : archive + 22], "little") >= len(data) - 4:
        raise NotThatKind(claimed="a PDF", found="a ZIP archive")


def _without_streams(data: bytes) -> bytes:
    """The file without what its streams hold: its objects, as they stand there in the clear."""
    parts, place = [], 0
    for start in _STREAM.finditer(data):
        if start.end() <= place:
            continue
        end = data.find(b"endstream", start.end())
        parts.append(data[place : start.end()])
        place = end if end >= 0 else len(data)
    return b"".join([*parts, data[place:]])


def _unescaped(text: bytes) -> bytes:
    """The text with its names spelled plainly: ``/J#53`` is ``/JS``."""
    if b"#" in text:
        for escaped, letter in _ESCAPES:
            text = text.replace(escaped, letter)
    return text
