"""Unpacking what a file holds under caps, piece by piece, so that no bomb goes off. Pure."""

import zlib
from collections.abc import Iterator

from core.vault.upload_refusals import ExpandsTooMuch

MB = 1_000_000
MOST_EXPANDED = 150 * MB
"""Bytes that a file may hold once everything in it is unpacked."""
PIECE = 256 * 1024
_SUSPICIOUS = 8 * MB
_STEEPEST = 200
"""Times by which a file that unpacks to more than ``_SUSPICIOUS`` may grow."""
_ROUNDS = 4
"""How often over the bytes of a file may be read: parts that overlap are a trick."""


class Budget:
    """How much one file may still be read and expand, over all its parts."""

    def __init__(self, packed: int) -> None:
        self._packed = max(packed, 1)
        self._read = self._unpacked = 0

    def spend(self, *, read: int = 0, unpacked: int = 0) -> None:
        """Count some bytes.

        Raises:
            ExpandsTooMuch: that was more than any honest file needs.
        """
        self._read += read
        self._unpacked += unpacked
        steep = self._unpacked > _SUSPICIOUS and self._unpacked > _STEEPEST * self._packed
        if steep or self._unpacked > MOST_EXPANDED or self._read > _ROUNDS * self._packed + MB:
            raise ExpandsTooMuch


class Inflater:
    """A deflated stream that is fed bit by bit. ``raw``: it has no zlib header."""

    def __init__(self, budget: Budget, *, raw: bool = False) -> None:
        self._budget = budget
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS)

    @property
    def ended(self) -> bool:
        """Whether the stream has come to its end."""
        return self._stream.eof

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What these bytes unpack to, in pieces.

        Raises:
            ExpandsTooMuch: the budget is used up.
            zlib.error: the stream is damaged.
        """
        while packed and not self._stream.eof:
            piece = self._stream.decompress(packed, PIECE)
            left = self._stream.unconsumed_tail
            self._budget.spend(read=len(packed) - len(left) - len(self._stream.unused_data), unpacked=len(piece))
            packed = left
            if piece:
                yield piece


def is_deflated(start: bytes) -> bool:
    """Whether bytes begin like a zlib stream."""
    return len(start) > 1 and start[0] & 0x8F == 0x08 and (start[0] << 8 | start[1]) % 31 == 0 and not start[1] & 0x20
