"""The signed NDA as a page: what stands on it, in both languages, whatever people typed."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.nda.evidence import Party, Signer
from core.nda.texts import Agreement
from tests.core.nda_samples import AT, PORTAL, drawn, long_agreement, signing


def run(tool: str, *arguments: str) -> str:
    """What one of poppler's tools says."""
    program = shutil.which(tool)
    assert program, f"{tool} is missing: run tests/install_pdf_tools.sh"
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def page(tmp_path: Path):
    """A function that writes a PDF to a file and answers its path."""

    def write(pdf: bytes) -> str:
        file = tmp_path / "nda.pdf"
        file.write_bytes(pdf)
        return str(file)

    return write


def text_of(path: str) -> str:
    """The words of a PDF in the order they were drawn, parted by single spaces."""
    return " ".join(run("pdftotext", "-raw", path, "-").split())


def pages_of(path: str) -> int:
    return int(re.findall(r"Pages:\s+(\d+)", run("pdfinfo", path))[0])


class TestRender:
    def test_shows_the_agreement_the_signature_and_the_evidence(self, page):
        evidence, _ = signing()
        shown = text_of(page(drawn()))
        for words in (
            "NDA-00001",
            "Non-Disclosure Agreement",
            "1. Purpose",
            "Dhofar Systems and Salalah Retail talk.",
            "Salim Al Kindi",
            "Head of Partnerships",
            "simple electronic signature",
            "Royal Decree 39/2025",
            "2026-11-22 08:14:33 UTC",
            "2026-11-22 12:14:33 +04:00",
            "2029-11-22 12:14:33 +04:00",
            "203.0.113.7",
            evidence.text.sha256_ar,
            evidence.sha256(),
            evidence.check_code(),
            "I agree to sign electronically.",
        ):
            assert words in shown, words

    def test_numbers_its_pages(self, page):
        path = page(drawn(long_agreement()))
        shown, pages = text_of(path), pages_of(path)
        assert pages == 5
        assert [int(n) for n in re.findall(r"NDA-00001 (\d) ?/ ?5 2026-11-22", shown)] == [1, 2, 3, 4, 5]

    def test_carries_the_evidence_and_the_texts(self, page, tmp_path):
        evidence, text = signing()
        run("pdfdetach", "-saveall", "-o", str(tmp_path), page(drawn()))
        assert (tmp_path / "evidence.json").read_text(encoding="utf-8") == evidence.canonical()
        assert "Dhofar Systems and Salalah Retail talk." in (tmp_path / "agreement-en.txt").read_text()
        assert text.clauses[0].ar.body in (tmp_path / "agreement-ar.txt").read_text(encoding="utf-8")

    def test_leads_to_where_it_is_verified(self, page):
        evidence, _ = signing()
        address = f"{PORTAL}/verify?ref=NDA-00001&code={evidence.check_code()}"
        assert address in text_of(page(drawn())).replace(" ", ""), "a copy of it opens"

    def test_says_that_it_is_pdf_a(self):
        said = drawn().decode("latin-1")
        assert re.search(r"pdfaid:part>3<", said)
        assert re.search(r"pdfaid:conformance>B<", said)

    def test_gives_the_same_bytes_again(self):
        assert drawn() == drawn()

    def test_has_every_font_inside(self, page):
        lines = run("pdffonts", page(drawn())).splitlines()[2:]
        assert any("Amiri-Bold" in line for line in lines)
        assert all(re.search(r"\byes yes yes\b", line) for line in lines), lines

    @pytest.mark.parametrize(
        "typed",
        ('#panic("x")', "$x^2$ @ref <label> *b* _i_ `c`", '#read("/etc/passwd")', r"\u{1F600} \ //", "= Title\n- list"),
    )
    def test_takes_what_was_typed_as_words(self, page, typed):
        shown = text_of(page(drawn(signature=typed, user_agent=typed)))
        assert all(word in shown for word in typed.split())

    def test_draws_a_mark_for_a_letter_it_has_not_and_keeps_the_letter(self, page, tmp_path):
        path = page(drawn(partner=Party(name="漢字 Trading 😀", name_ar="صلالة")))
        assert "\ufffd\ufffd Trading \ufffd" in text_of(path)
        run("pdfdetach", "-saveall", "-o", str(tmp_path), path)
        assert json.loads((tmp_path / "evidence.json").read_text())["partner"]["name"] == "漢字 Trading 😀"

    def test_says_that_an_address_is_not_known(self, page):
        network = {"peer": "10.0.0.4", "forwarded": ["?"], "trusted_proxies": 1, "forwarded_is_sound": False}
        assert "peer 10.0.0.4, forwarded header invalid" in text_of(page(drawn(network=network | {"address": ""})))

    def test_fits_the_longest_names(self, page):
        name = "Abdulrahman " * 9 + "Al Mawali"
        signer = Signer(name=name, email="a" * 64 + "@" + "b" * 60 + ".om", title="T" * 200)
        shown = text_of(page(drawn(signer=signer, signature=name, partner=Party(name="W" * 200, name_ar="م" * 200))))
        assert shown.count("Abdulrahman") >= 27

    def test_needs_no_title(self, page):
        text = Agreement.model_validate(signing()[1].model_dump() | {"title_en": "", "title_ar": ""})
        assert "1. Purpose" in text_of(page(drawn(text)))

    def test_lets_a_long_clause_go_on_over_pages(self, page):
        values = signing()[1].model_dump()
        values["clauses"][0]["ar"]["body"] = "تلتزم الأطراف بحفظ السرية التامة لهذه المعلومات. " * 180
        values["clauses"][0]["en"]["body"] = "The parties keep all of this information secret. " * 180
        assert pages_of(page(drawn(Agreement.model_validate(values)))) >= 5

    def test_dates_the_document_by_the_signing(self, page):
        assert f"{AT:%b %d %H:%M:%S %Y}" in run("pdfinfo", page(drawn()))
