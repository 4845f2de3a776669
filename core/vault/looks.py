"""What a file that is refused looks like, in words. Pure."""

import re

import filetype

_WORDS = {
    "exe": "a Windows program",
    "elf": "a Linux program",
    "zip": "a ZIP archive",
    "gz": "a GZIP archive",
    "rar": "a RAR archive",
    "7z": "a 7-Zip archive",
    "doc": "an old Word document",
    "xls": "an old Excel workbook",
    "ppt": "an old PowerPoint presentation",
    "pdf": "a PDF",
    "png": "a PNG image",
    "jpg": "a JPEG image",
}
_HTML = re.compile(rb"<!doctype html|<html|<head|<body|<script|<iframe|<!--", re.IGNORECASE)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
HEAD = 2_048


def looks_like(data: bytes) -> str:
    """A name for what it seems to be, such as "HTML" or "a Windows program"."""
    head = data[:HEAD]
    if markup := markup_in(head):
        return markup
    if head.startswith(b"#!"):
        return "a script"
    if head.startswith(b"MZ"):
        return _WORDS["exe"]
    found = filetype.guess(head)
    if found is not None:
        return _WORDS.get(found.extension, f"a file of type {found.extension.upper()}")
    return "something else"


def markup_in(head: bytes) -> str:
    """The markup that the beginning of a file is written in; nothing when it is in none."""
    text = head.replace(b"\0", b"")  # UTF-16 is read as well as UTF-8.
    if _SVG.search(text):
        return "SVG"
    if _HTML.search(text):
        return "HTML"
    start = text.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
    return "XML" if start.startswith(b"<?xml") else ""
