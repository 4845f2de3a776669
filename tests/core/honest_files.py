"""Seventy files as people have them, each with the name it is kept under."""

import zlib

from tests.core.files import chunk, image, office, pdf, plain_pdf, png_of, relations, stream, workbook

Case = tuple[str, bytes, str]
MIB = 1024 * 1024
STANDARDS = ("1.4", "1.5", "1.6", "1.7", "2.0", "a-1b", "a-2b", "a-3b", "a-2u", "a-3u", "a-4")


def honest() -> dict[str, Case]:
    """Every one by what it is: its name, its bytes, and the name to keep it under."""
    return {**_pdfs(), **_names(), **_office(), **_images(), **_texts()}


def _pdfs() -> dict[str, Case]:
    noise = zlib.compress(bytes(range(256)) * 40_000)
    one = pdf("Agreement اتفاقية")
    made = {f"PDF {name}": ("Agreement.pdf", pdf(standard=name), "Agreement.pdf") for name in STANDARDS}
    return made | {
        "a PDF in Arabic": ("اتفاقية.pdf", one, "اتفاقية.pdf"),
        "a long PDF": ("long.pdf", pdf("Clause", pages=300), "long.pdf"),
        "4,900 pages": ("book.pdf", plain_pdf(pages=4_900), "book.pdf"),
        "old objects": ("old.pdf", plain_pdf(head=b"%PDF-1.3\n%\xe2\xe3\xcf\xd3\n"), "old.pdf"),
        "a scan": (
            "scan.pdf",
            plain_pdf(stream(image("JPEG", size=(900, 1200)), b"/Subtype /Image", packed=0)),
            "scan.pdf",
        ),
        "14 MB of pictures": ("big.pdf", plain_pdf(stream(b"\xff\xd8" + noise * 330, packed=0)), "big.pdf"),
        "a page that packs well": ("white.pdf", plain_pdf(stream(bytes(6 * MIB))), "white.pdf"),
        "an attachment": ("with.pdf", plain_pdf(stream(b'{"signed":true}', b"/Type /EmbeddedFile")), "with.pdf"),
        "a printer's blanks at the end": ("p.pdf", plain_pdf(tail=b"%%EOF\r\n\0\0\0\n"), "p.pdf"),
        "a job ticket at the end": ("j.pdf", plain_pdf(tail=b"%%EOF\n\x1b%-12345X@PJL EOJ\n"), "j.pdf"),
        "saved twice": ("s.pdf", one + b"\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n", "s.pdf"),
        "a damaged picture": ("d.pdf", plain_pdf(stream(b"x\x9cnot really packed", packed=0)), "d.pdf"),
    }


def _names() -> dict[str, Case]:
    one = pdf()
    return {
        "a path": ("../../app.py", one, "app.py.pdf"),
        "a path of Windows": ("C:\\Users\\me\\Price list.pdf", one, "Price list.pdf"),
        "a device": ("CON.pdf", one, "_CON.pdf"),
        "another device": ("lpt1.tar.pdf", one, "_lpt1.tar.pdf"),
        "300 characters": ("a" * 300 + ".pdf", one, "a" * 116 + ".pdf"),
        "300 Arabic characters": ("ع" * 300 + ".pdf", one, "ع" * 116 + ".pdf"),
        "a zero": ("a.pdf\0.exe", one, "a.pdf"),
        "turned around": ("invoice\u202efdp.exe", one, "invoicefdp.exe.pdf"),
        "no ending": ("Agreement", one, "Agreement.pdf"),
        "only an ending": (".pdf", one, "document.pdf"),
        "nothing": ("", one, "document.pdf"),
        "capitals": ("PRICES.PDF", one, "PRICES.pdf"),
        "dots": ("a.b.c.pdf", one, "a.b.c.pdf"),
        "blanks": ("  Price   list .pdf ", one, "Price list.pdf"),
        "lines": ("a\r\nSet-Cookie: x.pdf", one, "aSet-Cookie_ x.pdf"),
        "quotes": ('a"b<c>|d?.pdf', one, "a_b_c__d_.pdf"),
        "Arabic": ("قائمة الأسعار ٢٠٢٧.pdf", one, "قائمة الأسعار ٢٠٢٧.pdf"),
        "Persian joiners": ("می\u200cخواهم.pdf", one, "می\u200cخواهم.pdf"),
        "smileys": ("🙂🙂.pdf", one, "🙂🙂.pdf"),
        "four bytes each": ("𝕏" * 300 + ".pdf", one, "𝕏" * 59 + ".pdf"),
    }


def _office() -> dict[str, Case]:
    normal = relations(("attachedTemplate", "file:///C:\\Templates\\House.dotx", "External"))
    links = relations(("hyperlink", "https://dhofar.om/prices", "External"))
    return {
        "Word": ("a.docx", office(), "a.docx"),
        "Excel": ("a.xlsx", workbook(), "a.xlsx"),
        "Excel of 20,000 rows": ("b.xlsx", workbook(20_000), "b.xlsx"),
        "PowerPoint": ("a.pptx", office("pptx"), "a.pptx"),
        "Word on a house template": ("a.docx", office(parts={"word/_rels/settings.xml.rels": normal}), "a.docx"),
        "Word with links": ("a.docx", office(parts={"word/_rels/document.xml.rels": links}), "a.docx"),
        "Word with pictures": ("a.docx", office(parts={"word/media/1.png": image("PNG")}), "a.docx"),
        "Word with a workbook in it": ("a.docx", office(parts={"word/embeddings/1.xlsx": workbook()}), "a.docx"),
        "Word in Arabic": ("عقد.docx", office(parts={"word/x.xml": "<t>اتفاقية</t>".encode()}), "عقد.docx"),
        "Word that speaks of macros": (
            "a.docx",
            office(parts={"word/x.xml": b"<t>vbaProject, DDE, frame</t>"}),
            "a.docx",
        ),
        "Word, not packed": ("a.docx", office(stored=True), "a.docx"),
        "Word by an unknown ending": ("a.backup", office(), "a.backup.docx"),
    }


def _images() -> dict[str, Case]:
    made = {f"PNG {mode}": ("a.png", image("PNG", mode), "a.png") for mode in ("RGB", "RGBA", "L", "1", "P")}
    made |= {f"JPEG {mode}": ("a.jpg", image("JPEG", mode), "a.jpg") for mode in ("RGB", "L", "CMYK")}
    return made | {
        "a large photo": ("photo.JPG", image("JPEG", size=(6_000, 4_000)), "photo.jpg"),
        "a JPEG by its other ending": ("a.jpeg", image("JPEG"), "a.jpg"),
        "a PNG under a JPEG's name": ("a.jpg", image("PNG"), "a.png"),
        "two pictures in one JPEG": ("a.jpg", image("JPEG") + image("JPEG", size=(9, 9)), "a.jpg"),
        "a PNG with a text": (
            "a.png",
            png_of(9, 9, chunk(b"tEXt", b"Author\0Salim"), chunk(b"IDAT", zlib.compress(b"x"))),
            "a.png",
        ),
    }


def _texts() -> dict[str, Case]:
    return {
        "a text": ("notes.txt", b"What was agreed.\r\n", "notes.txt"),
        "an Arabic text": ("ملاحظات.txt", "ما اتفقنا عليه".encode(), "ملاحظات.txt"),
        "a text with a mark": ("a.txt", "\ufeffHello".encode(), "a.txt"),
        "a table": ("a.csv", b"name,price\nBox,1.500\n", "a.csv"),
        "an Arabic table": ("a.csv", "اسم;سعر\nصندوق;١٫٥\n".encode(), "a.csv"),
        "a table with formulas": ("a.csv", b"a,=A1+B1\n-5,+3\n", "a.csv"),
        "a large table": ("b.csv", b"Box,1.500,OMR\n" * 700_000, "b.csv"),
        "a text that speaks of tags": ("a.txt", b"The price is < 5 and > 3, see a|b!", "a.txt"),
    }
