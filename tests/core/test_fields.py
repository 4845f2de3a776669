"""What people type: kept as it was meant, or refused in words that help."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import fields
from core.errors import Invalid

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)
UNSTORABLE = ("nul\0", "\ud800 half a pair", "bell\a", "tab\tstop", "right to left \u202e", "isolate \u2066")


@pytest.mark.parametrize("text", UNSTORABLE)
def test_a_line_refuses_what_cannot_be_stored(text: str) -> None:
    with pytest.raises(Invalid, match=r"^Name contains characters that cannot be stored\.$"):
        fields.line(text, name="Name")


@pytest.mark.parametrize("text", ("x\r\nBcc: e@x.om", "a\nb", "a\rb", "a\u2028b", "a\u2029b"))
def test_a_line_is_one_line(text: str) -> None:
    with pytest.raises(Invalid, match=r"^Name cannot contain line breaks\.$"):
        fields.line(text, name="Name")


@pytest.mark.parametrize(
    ("text", "kept"),
    (
        ("  Salim  ", "Salim"),
        ("نورة الحارثي", "نورة الحارثي"),
        ("cafe\u0301", "café"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("/etc/passwd", "/etc/passwd"),
        ("=1+1", "=1+1"),
    ),
)
def test_a_line_keeps_what_was_meant(text: str, kept: str) -> None:
    assert fields.line(text, name="Name") == kept


def test_a_line_has_bounds() -> None:
    assert fields.line("x" * 200, name="Name") == "x" * 200
    with pytest.raises(Invalid, match=r"^Name: maximum 200 characters\.$"):
        fields.line("x" * 201, name="Name")
    with pytest.raises(Invalid, match=r"^Name is missing\. Fill it in\.$"):
        fields.line(" \u00a0 ", name="Name")
    assert fields.line("  ", name="Name", least=0) == ""


@given(ANY_TEXT)
def test_whatever_a_line_lets_through_can_be_kept_and_mailed(text: str) -> None:
    try:
        kept = fields.line(text, name="Name")
    except Invalid:
        return
    assert 1 <= len(kept) <= 200
    assert kept == kept.strip() == unicodedata.normalize("NFC", kept)
    assert kept.encode()
    assert not set(kept) & set("\0\r\n\t\u2028\u2029\u202e")
    assert fields.line(kept, name="Name") == kept


@given(ANY_TEXT)
def test_whatever_a_body_lets_through_can_be_kept(text: str) -> None:
    try:
        kept = fields.body(text, name="Text")
    except Invalid:
        return
    assert "\r" not in kept
    assert "\0" not in kept
    assert kept.encode().decode() == kept
    assert fields.body(kept, name="Text") == kept


def test_a_body_has_several_lines_and_a_bound() -> None:
    assert fields.body(" one\r\ntwo\rthree\n\tfour ", name="Text") == "one\ntwo\nthree\n\tfour"
    assert fields.body("x" * 10_000, name="Text") == "x" * 10_000
    with pytest.raises(Invalid, match=r"^Text: maximum 10,000 characters\.$"):
        fields.body("x" * 200_000, name="Text")
    with pytest.raises(Invalid, match=r"^Text is missing\. Fill it in\.$"):
        fields.body(" \n ", name="Text", least=1)
    for text in ("nul\0", "\udfff", "bell\a"):
        with pytest.raises(Invalid, match="cannot be stored"):
            fields.body(text, name="Text")


@pytest.mark.parametrize("text", ("/etc/passwd", "<img onerror=alert(1)>", "a & b", "اتفاقية"))
def test_a_body_is_plain_text(text: str) -> None:
    assert fields.body(text, name="Text") == text


@pytest.mark.parametrize(
    ("text", "kept"),
    (
        (" Salim@ACME.om ", "salim@acme.om"),
        ("first.last+tag@sub.example.co", "first.last+tag@sub.example.co"),
        ("info@xn--mgb9awbf.example", "info@عمان.example"),
    ),
)
def test_an_address_is_kept_in_one_spelling(text: str, kept: str) -> None:
    assert fields.email(text) == kept


@pytest.mark.parametrize(
    "text",
    (
        "salim",
        "@acme.om",
        "salim@",
        "a b@acme.om",
        "a@b@c.om",
        "salim@acme..om",
        "salim@-acme.om",
    ),
)
def test_an_address_that_mail_cannot_reach_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"does not look like name@company\.com"):
        fields.email(text)


@given(ANY_TEXT)
def test_an_address_never_carries_a_second_header(text: str) -> None:
    try:
        kept = fields.email(text)
    except Invalid:
        return
    assert not set(kept) & set("\r\n\0 ,<>")
    assert kept.count("@") == 1


@pytest.mark.parametrize("text", ("https://cal.com/team", "http://intranet/booking", "", "   "))
def test_a_web_address_may_be_empty(text: str) -> None:
    assert fields.web_address(text, name="Link") == text.strip()


@pytest.mark.parametrize(
    "text", ("javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "//evil.example", "cal.com/team", "ftp://x")
)
def test_a_web_address_is_https_or_http(text: str) -> None:
    with pytest.raises(Invalid, match=r"^Link must begin with https://$"):
        fields.web_address(text, name="Link")


def test_a_web_address_has_no_line_break() -> None:
    with pytest.raises(Invalid, match="line breaks"):
        fields.web_address("https://x\nhttps://y", name="Link")
