"""Files to upload: small honest ones of every kind, and the parts that hostile ones are made of."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import openpyxl
import typst
from PIL import Image

MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_SPACE = "http://schemas.openxmlformats.org/package/2006"


def pdf(text: str = "Hello", *, standard: Any = "1.7", pages: int = 1) -> bytes:
    """A PDF as a typesetter writes it, with packed objects."""
    body = "#pagebreak()\n".join([f"{text} {number}\n" for number in range(pages)])
    return typst.compile(f"#set document(title: [x])\n{body}".encode(), pdf_standards=[standard])


def plain_pdf(*objects: bytes, pages: int = 1, head: bytes = b"%PDF-1.7\n", tail: bytes = b"%%EOF\n") -> bytes:
    """A PDF written by hand: its pages, then some objects."""
    kids = b"".join(b"%d 0 obj\n<</Type /Page /Parent 2 0 R>>\nendobj\n" % (number + 10) for number in range(pages))
    more = b"".join(b"%d 0 obj\n%b\nendobj\n" % (number + 90_000, one) for number, one in enumerate(objects))
    return head + kids + more + b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n" + tail


def stream(data: bytes, about: bytes = b"", *, packed: int = 1) -> bytes:
    """A stream object, packed so often."""
    for _ in range(packed):
        data = zlib.compress(data, 9)
    filters = b"/Filter [" + b"/FlateDecode " * packed + b"]" if packed else b""
    return b"<<%b %b /Length %d>>\nstream\n%b\nendstream" % (about, filters, len(data), data)


def office(
    kind: str = "docx", parts: Mapping[str, bytes] | None = None, *, types: bytes = b"", stored: bool = False
) -> bytes:
    """A Word, Excel or PowerPoint file of the fewest parts, and some more."""
    usual = {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="%b/content-types">%b</Types>'
        % (_SPACE.encode(), types),
        "_rels/.rels": relations(("officeDocument", MAIN[kind], "")),
        MAIN[kind]: b'<?xml version="1.0"?><document><body><t>Hello</t></body></document>',
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**usual, **(parts or {})}.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return file.getvalue()


def relations(*found: tuple[str, str, str]) -> bytes:
    """A part of relations: each a type, a target, and "External" or nothing."""
    lines = [
        f'<Relationship Id="r{n}" Type="{_SPACE}/relationships/{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"' if mode else "")
        + "/>"
        for n, (kind, target, mode) in enumerate(found)
    ]
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{_SPACE}/relationships">{"".join(lines)}</Relationships>'.encode()
    )


def workbook(rows: int = 20) -> bytes:
    """A real workbook."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for number in range(rows):
        book.active.append([f"Item {number}", "بند", number * 1.5, "=A1"])
    book.save(file)
    return file.getvalue()


def image(kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> bytes:
    """A real image; kind PNG or JPEG."""
    file = io.BytesIO()
    Image.new(mode, size, 120).save(file, kind)
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, *more: bytes) -> bytes:
    """A PNG that claims a size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IEND", b"")


def zipped(**files: bytes) -> bytes:
    """A plain archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def compound(*streams: str) -> bytes:
    """The container of old Office files, with the names of its streams."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1_000) + "".join(streams).encode("utf-16-le") + bytes(1_000)


PROGRAM = b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0" + bytes(400)
ELF = b"\x7fELF\x02\x01\x01" + bytes(400)
HTML = b"<!DOCTYPE html><html><body><script>alert(document.domain)</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
