"""Word, Excel and PowerPoint files: what they are, and nothing in them that runs or blows up. Pure."""

import io
import re
import struct
import zipfile
import zlib

from core.vault.unpacking import MB, Budget, Inflater
from core.vault.upload_refusals import (
    ExpandsTooMuch,
    FileDamaged,
    KindNotAccepted,
    NotThatKind,
    PasswordFirst,
    RunsCode,
)

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_PARTS = 5_000
_MOST_OF_THE_INDEX = 2 * MB
_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_TYPES = "[Content_Types].xml"
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_MACROS = re.compile(
    r"vbaproject|vbadata|macrosheets/|/activex/|customui/|\.(exe|dll|js|vbs|bat|cmd|scr|ps1)$", re.IGNORECASE
)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject", re.IGNORECASE)
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATION = re.compile(rb"<[\w:]{0,40}Relationship\s[^<>]{0,4000}>", re.IGNORECASE)
_FETCHED = re.compile(rb"attachedTemplate|oleObject|/frame|subDocument", re.IGNORECASE)
_FROM_AFAR = re.compile(rb"Target\s*=\s*[\"']\s*(?:mhtml:|ms-|https?:|ftp:|javascript:)", re.IGNORECASE)
"""A template or object on a disk is a habit of Word's; one on the web is fetched and run."""
_STARTS = re.compile(rb"instrText[^<>]{0,200}>\s{0,50}\"?DDE(?:AUTO)?\b|<ddeLink\b", re.IGNORECASE)
_OVERLAP = 512
_LOCAL_HEADER = 30


def kind_of(data: bytes) -> str:
    """The extension of an Office file that may come in.

    Raises:
        FileRefused: it is another kind of archive, or hostile; its subclass and its sentence say why.
    """
    _check_index(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise FileDamaged(kind="Office file") from None
    names = [member.filename for member in members]
    kind = next((kind for part, kind in _PARTS.items() if part in names), "")
    if not kind or _TYPES not in names:
        raise KindNotAccepted(found="a ZIP archive")
    _check_names(names)
    budget = Budget(len(data))
    for member in members:
        _check_member(data, member, budget)
    return kind


def refuse_compound(data: bytes) -> None:
    """Refuse the container of Office files with a password, and of those from before 2007.

    Raises:
        FileRefused: always.
    """
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise PasswordFirst
    raise KindNotAccepted("This is an old Office file. Save it as .docx, .xlsx or .pptx and upload that.")


def _check_index(data: bytes) -> None:
    """Refuse before the list of parts is read: too many of them, or something behind the archive."""
    end = data.rfind(_END, max(0, len(data) - 65_557))
    if end < 0 or end + 22 > len(data):
        raise FileDamaged(kind="Office file")
    entries, size, place, comment = struct.unpack("<HLLH", data[end + 10 : end + 22])
    if _END_64 in data[max(0, end - 64) : end] or entries > MOST_PARTS or size > _MOST_OF_THE_INDEX:
        raise ExpandsTooMuch
    if end + 22 + comment != len(data) or place + size != end:
        raise NotThatKind(claimed="an Office file", found="two files in one")


def _check_names(names: list[str]) -> None:
    if any(_MACROS.search(name) for name in names):
        raise RunsCode(what="macros or programs")
    if len(set(names)) < len(names) or any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise FileDamaged(kind="Office file")


def _check_member(data: bytes, member: zipfile.ZipInfo, budget: Budget) -> None:
    """Look through one part.

    Raises:
        FileRefused: it has a password, blows up, or runs something.
    """
    if member.flag_bits & 1:
        raise PasswordFirst
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileDamaged(kind="Office file")
    head = data[member.header_offset : member.header_offset + _LOCAL_HEADER]
    if len(head) < _LOCAL_HEADER or head[:4] != ZIP:
        raise FileDamaged(kind="Office file")
    name, extra = struct.unpack("<HH", head[26:30])
    start = member.header_offset + _LOCAL_HEADER + name + extra
    packed = data[start : start + member.compress_size]
    _check_content(member.filename, packed, Budget(len(packed)), budget, stored=not member.compress_type)


def _check_content(name: str, packed: bytes, own: Budget, whole: Budget, *, stored: bool) -> None:
    is_xml, tail = name.lower().endswith((".xml", ".rels", ".vml")), b""
    pieces = iter([packed]) if stored else Inflater(own, raw=True).feed(packed)
    try:
        for piece in pieces:
            whole.spend(unpacked=len(piece))
            if is_xml:
                _check_xml(name.lower(), (tail + piece).replace(b"\0", b""))
            tail = piece[-_OVERLAP:]
    except zlib.error:
        raise FileDamaged(kind="Office file") from None


def _check_xml(name: str, text: bytes) -> None:
    """Look through a piece of XML. UTF-16 is read as well as UTF-8: its zero bytes were left out."""
    if _ENTITIES.search(text):
        raise RunsCode(what="definitions of its own")
    if _STARTS.search(text):
        raise RunsCode(what="a field that starts a program")
    if name == _TYPES.lower() or name.endswith(".rels"):
        if _MACRO_TYPE.search(text):
            raise RunsCode(what="macros or programs")
        for found in _RELATION.finditer(text):
            if _FETCHED.search(found[0]) and _FROM_AFAR.search(found[0]):
                raise RunsCode(what="a template or an object that is fetched from the web")
