"""The quote's and the invoice's pages, and the arithmetic on them, in both languages, whatever people typed."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deals.lines import Line, LineUnusable, NewLine, NoLines, TooManyLines, TotalUnusable, net, read, totals
from core.deals.papers import Paper, invoice_pdf, quote_pdf
from core.errors import Invalid
from core.mail.brand import Brand
from tests.core.test_nda_certificate import pages_of, run, text_of

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LINES = [
    Line("Payroll for 250 employees", Decimal(250), Decimal("4.500"), Decimal("12.5")),
    Line("Setup", Decimal(1), Decimal("850.000")),
]
DAY, LATER = date(2026, 11, 22), date(2026, 12, 22)


def paper(language: str = "en", **facts: Any) -> Paper:
    brand = Brand("أنظمة ظفار" if language == "ar" else "Dhofar Systems", "#0F5C63", language)
    usual = {
        "brand": brand,
        "deal": "DI-0042",
        "customer_name": "Oman Flour Mills",
        "customer_contact": "Huda Al Riyami",
        "partner_name": "Salalah Retail",
        "lines": LINES,
        "currency": "OMR",
        "conditions": "Prices hold for 90 days.\nPayment within 30 days.",
    }
    return Paper(**usual | facts)  # type: ignore[arg-type]


def quote(found: Paper) -> bytes:
    return quote_pdf(found, number="Q-00017", issued_on=DAY, valid_until=LATER, at=AT)


def invoice(found: Paper, order: str = "PO-118") -> bytes:
    return invoice_pdf(found, number="INV-00001", issued_on=DAY, due_on=LATER, quote="Q-00017", order=order, at=AT)


@pytest.fixture
def shown(tmp_path: Path):
    """A function that answers the words of a PDF, without the marks that part directions."""

    def read_pdf(pdf: bytes) -> str:
        file = tmp_path / "paper.pdf"
        file.write_bytes(pdf)
        return re.sub("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text_of(str(file)))

    return read_pdf


class TestQuote:
    def test_names_everybody_and_every_figure(self, shown):
        said = shown(quote(paper()))
        for words in (
            "Dhofar Systems Quote",
            "Prepared for Oman Flour Mills Huda Al Riyami",
            "Through our partner Salalah Retail",
            "Quote number Q-00017",
            "Date 22 Nov 2026",
            "Valid until 22 Dec 2026",
            "Deal DI-0042",
            "Payroll for 250 employees 250 4.500 12.5% 984.375",
            "Setup 1 850.000 – 850.000",
            "Before discount 1,975.000",
            "Discount -140.625",
            "Total OMR 1,834.375",
            "All amounts in OMR.",
            "Prices hold for 90 days. Payment within 30 days.",
        ):
            assert words in said, words

    def test_has_no_word_of_discounts_where_there_are_none(self, shown):
        said = shown(quote(paper(lines=LINES[1:], conditions="")))
        assert "iscount" not in said
        assert "Conditions" not in said
        assert "Setup 1 850.000 850.000 Total OMR 850.000" in said

    def test_writes_other_currencies_with_their_own_decimals(self, shown):
        lines = [Line("Setup", Decimal("1.5"), Decimal("99.99"))]
        assert "Setup 1.5 99.99 149.99 Total $149.99" in shown(quote(paper(lines=lines, currency="USD")))

    def test_speaks_arabic_from_the_right(self, shown):
        said = shown(quote(paper("ar", customer_name="مطاحن عمان")))
        for word in ("أنظمة", "ظفار", "الكمية", "الإجمالي", "الشروط", "Q-00017", "984.375", "1,834.375", "OMR"):
            assert word in said, word
        assert "Quote" not in said

    def test_goes_on_over_pages_with_its_heads(self, tmp_path, shown):
        pdf = quote(paper(lines=[LINES[0]] * 60))
        (tmp_path / "long.pdf").write_bytes(pdf)
        assert pages_of(str(tmp_path / "long.pdf")) >= 2
        assert shown(pdf).count("Unit price") == 2

    def test_takes_what_was_typed_as_words(self, shown):
        said = shown(quote(paper(customer_name='#panic("x") $a$ *b*', conditions="= Title\n#read(1)")))
        assert '#panic("x") $a$ *b*' in said
        assert "= Title #read(1)" in said

    def test_draws_a_mark_for_a_letter_it_has_not(self, shown):
        assert "\ufffd\ufffd Trading" in shown(quote(paper(customer_name="漢字 Trading")))

    def test_fits_the_longest_words(self, shown):
        said = shown(quote(paper(customer_name="W" * 200, lines=[Line("L" * 300, Decimal(1), Decimal(1))])))
        assert said.count("W") >= 200
        assert said.count("L") >= 300

    @pytest.mark.parametrize("language", ("en", "ar"))
    def test_gives_the_same_bytes_again(self, language):
        assert quote(paper(language)) == quote(paper(language))
        assert invoice(paper(language)) == invoice(paper(language))

    def test_has_every_font_inside(self, tmp_path):
        (tmp_path / "q.pdf").write_bytes(quote(paper("ar")))
        lines = run("pdffonts", str(tmp_path / "q.pdf")).splitlines()[2:]
        assert any("Amiri" in line for line in lines)
        assert all(re.search(r"\byes yes yes\b", line) for line in lines), lines


class TestInvoice:
    def test_says_what_is_due_when_and_for_which_order(self, shown):
        said = shown(invoice(paper()))
        for words in (
            "Dhofar Systems Invoice",
            "Billed to Oman Flour Mills",
            "Invoice number INV-00001",
            "Payment due 22 Dec 2026",
            "Quote Q-00017",
            "Purchase order PO-118",
            "Total OMR 1,834.375",
        ):
            assert words in said, words
        assert "Purchase order" not in shown(invoice(paper(), order=""))

    def test_speaks_arabic(self, shown):
        said = shown(invoice(paper("ar")))
        assert all(word in said for word in ("فاتورة", "الإجمالي", "INV-00001", "PO-118"))


class TestLines:
    def test_are_read_as_they_were_typed(self):
        typed = [NewLine(" Payroll ", "٢٥٠", "1,234.5", "12.5%"), NewLine("Setup", "1.5", "0.001")]
        assert read(typed, "OMR") == [
            Line("Payroll", Decimal("250.000"), Decimal("1234.500"), Decimal("12.5")),
            Line("Setup", Decimal("1.500"), Decimal("0.001")),
        ]

    @pytest.mark.parametrize(
        ("line", "why"),
        (
            (NewLine("", "1", "1"), "What is sold is missing"),
            (NewLine("x" * 301, "1", "1"), "maximum 300"),
            (NewLine("a", "0", "1"), "Enter a quantity above 0"),
            (NewLine("a", "1.0001", "1"), "Enter a quantity above 0"),
            (NewLine("a", "1", "-5"), "Enter an amount from 0.001 to 999,999,999.999"),
            (NewLine("a", "1", "1e309"), "Enter an amount from"),
            (NewLine("a", "1", "1.0001"), "OMR takes 3 decimals"),
            (NewLine("a", "1", "1", "101"), "Enter a percentage of 0–100"),
        ),
    )
    def test_say_which_one_cannot_be_used_and_why(self, line, why):
        with pytest.raises(LineUnusable) as refused:
            read([NewLine("fine", "1", "1"), line], "OMR")
        assert refused.value.message.startswith("Line 2: ")
        assert why in refused.value.message

    def test_must_come_to_something(self):
        with pytest.raises(TotalUnusable, match=r"come to 0\.000"):
            read([NewLine("free", "1", "5", "100")], "OMR")
        with pytest.raises(TotalUnusable):
            read([NewLine("much", "999999999", "999999999")], "OMR")
        with pytest.raises(NoLines):
            read([], "OMR")
        with pytest.raises(TooManyLines):
            read([NewLine("a", "1", "1")] * 101, "OMR")

    def test_round_half_a_baisa_up(self):
        assert net(Line("a", Decimal("0.5"), Decimal("0.001")), "OMR") == Decimal("0.001")
        assert net(Line("a", Decimal(3), Decimal("0.335"), Decimal(50)), "USD") == Decimal("0.50")

    @given(
        st.lists(
            st.builds(
                Line,
                text=st.just("a"),
                quantity=st.decimals("0.001", "99999", places=3),
                unit_price=st.decimals("0.001", "99999", places=3),
                discount_pct=st.decimals(0, 100, places=3),
            ),
            max_size=8,
        )
    )
    def test_come_to_the_sum_of_what_is_shown(self, lines):
        found = totals(lines, "OMR")
        assert found.total == sum((net(line, "OMR") for line in lines), Decimal(0))
        assert found.gross - found.discount == found.total
        assert found.discount >= 0

    def test_are_refusals_of_input(self):
        assert all(issubclass(kind, Invalid) for kind in (LineUnusable, TooManyLines, TotalUnusable, NoLines))
