"""What comes in and what does not: seventy hostile files, seventy honest ones, and the limits of looking at them."""

import random
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from core.vault.intake import MEDIA_TYPES, take_in
from core.vault.names import safe_name
from core.vault.storage import digest
from core.vault.upload_refusals import FileRefused, FileTooBig
from tests.core.files import office, pdf, plain_pdf, stream
from tests.core.honest_files import honest
from tests.core.hostile_files import hostile

HOSTILE, HONEST = hostile(), honest()
SECONDS, MEMORY = 2.0, 100 * 1024 * 1024


def bounded(name: str, data: bytes) -> object:
    """Look at a file; more than two seconds of work or 100 MB are a failure. The answer or the refusal."""
    tracemalloc.start()
    began = time.process_time()
    try:
        answer: object = take_in(name, data)
    except FileRefused as refusal:
        answer = refusal
    spent, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert spent < SECONDS
    assert peak < MEMORY
    return answer


def test_there_are_seventy_of_each() -> None:
    assert len(HOSTILE) >= 70
    assert len(HONEST) >= 70


@pytest.mark.parametrize("which", HOSTILE)
def test_a_hostile_file_is_refused(which: str) -> None:
    name, data, why = HOSTILE[which]
    refusal = bounded(name, data)
    assert type(refusal) is why
    assert isinstance(refusal, FileRefused)
    assert "{" not in refusal.message


@pytest.mark.parametrize("which", HONEST)
def test_an_honest_file_is_taken(which: str) -> None:
    name, data, kept = HONEST[which]
    taken = bounded(name, data)
    assert not isinstance(taken, FileRefused), taken
    found = take_in(name, data)
    assert (found.file_name, found.data, found.sha256) == (kept, data, digest(data))
    assert found.media_type == MEDIA_TYPES[kept.rpartition(".")[2]]


@pytest.mark.parametrize(
    ("which", "said"),
    (
        ("HTML as PDF", "This is not a PDF (it looks like HTML). Choose the right file."),
        ("HTML behind the PDF", "This is not a PDF (it looks like HTML). Choose the right file."),
        ("SVG as PDF", "This is not a PDF (it looks like SVG). Choose the right file."),
        ("a program as PDF", "This is not a PDF (it looks like a Windows program). Choose the right file."),
        ("a workbook as DOCX", "This is not a Word document (it looks like an Excel workbook). Choose the right file."),
        ("empty", "The file is empty. Choose another one."),
        ("16 MB", "Maximum 15 MB. Make the file smaller, or split it."),
        ("a bomb", "File expands too much to be checked. Save it anew in a simpler form."),
        ("a PDF with a password", "Remove the password first, then upload the file again."),
        ("an Office file with a password", "Remove the password first, then upload the file again."),
    ),
)
def test_a_refusal_says_what_it_is_and_what_to_do(which: str, said: str) -> None:
    name, data, _why = HOSTILE[which]
    with pytest.raises(FileRefused) as refused:
        take_in(name, data)
    assert refused.value.message == said


def test_the_largest_size_is_a_setting(set_settings: Callable[..., None]) -> None:
    set_settings(max_upload_mb=1)
    whole = plain_pdf(stream(b"\xff" * 1_000_000, packed=0))
    assert take_in("a.pdf", whole).data == whole
    with pytest.raises(FileTooBig, match="Maximum 1 MB"):
        take_in("a.pdf", whole + b" " * 100_000)


SEEDS = {
    "pdf": pdf(pages=2),
    "docx": office(),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(60),
    "jpg": b"\xff\xd8\xff" + bytes(60),
}


@pytest.mark.parametrize("kind", SEEDS)
@pytest.mark.parametrize("rounds", (300, pytest.param(20_000, marks=pytest.mark.soak)))
def test_whatever_is_changed_in_a_file_it_is_taken_or_refused_but_never_a_crash(kind: str, rounds: int) -> None:
    chance, ends = random.Random(20_261_122), set()
    for _ in range(rounds):
        data = bytearray(SEEDS[kind])
        for _ in range(chance.randrange(1, 8)):
            place = chance.randrange(len(data))
            data[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(4))
        try:
            take_in(f"a.{kind}", bytes(data))
        except DomainError as refusal:
            ends.add(type(refusal))
    assert ends


class TestNames:
    @given(given=st.text(max_size=400), extension=st.sampled_from(sorted(MEDIA_TYPES)))
    def test_any_name_becomes_a_safe_one(self, given: str, extension: str) -> None:
        name = safe_name(given, extension=extension)
        stem = name.removesuffix(f".{extension}")
        assert 0 < len(stem) < len(name) <= 120
        assert len(name.encode()) <= 240
        assert not set(name) & set('/\\<>:"|?*\0\r\n\u202e\u200f')
        assert stem == stem.strip(". ")
        assert stem.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}

    @given(given=st.text(max_size=400))
    def test_a_safe_name_stays_as_it_is(self, given: str) -> None:
        name = safe_name(given, extension="pdf", known=("pdf",))
        assert safe_name(name, extension="pdf", known=("pdf",)) == name
