"""Taking a file in from outside: what it is by its bytes, whether it may do harm, and a safe name for it. Pure."""

from dataclasses import dataclass

from core.settings import settings
from core.vault import image_check, office_check, pdf_check, text_check
from core.vault.looks import looks_like
from core.vault.names import extension_of, safe_name
from core.vault.storage import digest
from core.vault.upload_refusals import FileEmpty, FileTooBig, KindNotAccepted, NotThatKind

MEGABYTE = 1024 * 1024
OOXML = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OOXML}.wordprocessingml.document",
    "xlsx": f"{OOXML}.spreadsheetml.sheet",
    "pptx": f"{OOXML}.presentationml.presentation",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""Everything that is taken in, by its extension."""
ACCEPTED = (*MEDIA_TYPES, "jpeg")
"""The extensions a form may offer."""
_NAMES = {
    "pdf": "a PDF",
    "docx": "a Word document",
    "xlsx": "an Excel workbook",
    "pptx": "a PowerPoint presentation",
    "png": "a PNG image",
    "jpg": "a JPEG image",
    "jpeg": "a JPEG image",
    "txt": "a text",
    "csv": "a table in CSV",
}
_IMAGES = ("png", "jpg", "jpeg")
_TEXTS = ("txt", "csv")


@dataclass(frozen=True, repr=False)
class Taken:
    """A file that was checked: its bytes, what it is, and the name to keep it under."""

    data: bytes
    media_type: str
    file_name: str
    sha256: str


def take_in(file_name: str, data: bytes) -> Taken:
    """Check a file from outside.

    Raises:
        FileRefused: it cannot be taken in; its subclass and its sentence say why.
    """
    _check_size(data)
    claimed = extension_of(file_name)
    kind = _kind(data, claimed)
    {"pdf": pdf_check.check, "png": image_check.check_png, "jpg": image_check.check_jpeg}.get(kind, _nothing)(data)
    name = safe_name(file_name, extension=kind, known=(*_IMAGES, "jpeg") if kind in _IMAGES else (kind,))
    return Taken(data, MEDIA_TYPES[kind], name, digest(data))


def _nothing(_data: bytes) -> None:
    """Office files and texts were checked when their kind was found."""


def _check_size(data: bytes) -> None:
    if not data:
        raise FileEmpty
    most = settings().max_upload_mb
    if len(data) > most * MEGABYTE:
        raise FileTooBig(most=most)


def _kind(data: bytes, claimed: str) -> str:
    """What a file is. An image under another image's ending is taken for what it is; nothing else may pretend."""
    found = _found(data, claimed)
    if claimed in _IMAGES and found in _IMAGES:
        return found
    if claimed in _NAMES and claimed != found:
        raise NotThatKind(claimed=_NAMES[claimed], found=_NAMES.get(found) or looks_like(data))
    if not found:
        raise KindNotAccepted(found=looks_like(data))
    return found


def _found(data: bytes, claimed: str) -> str:
    """The extension that the bytes deserve; nothing when they are of no accepted kind."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(image_check.PNG):
        return "png"
    if data.startswith(image_check.JPEG):
        return "jpg"
    if data.startswith(office_check.ZIP):
        return office_check.kind_of(data)
    if data.startswith(office_check.COMPOUND):
        office_check.refuse_compound(data)
    if claimed in _TEXTS and text_check.is_text(data):
        return claimed
    return ""
