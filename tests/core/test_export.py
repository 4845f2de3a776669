"""Lists as files: a spreadsheet shows what is in them and runs nothing."""

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.export import Cell, Sheet, csv_bytes, safe_text, xlsx_bytes

STARTS = (
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "＠SUM(A1)",
    " =1",
    "\ufeff=1",
    "\u200e-1",
)
MUSCAT = timezone(timedelta(hours=4))


def _csv(*row: Cell) -> list[str]:
    header = tuple(f"c{number}" for number in range(len(row)))
    text = csv_bytes(Sheet("List", header, [row])).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1]


def _xlsx(*row: Cell) -> list[openpyxl.cell.cell.Cell]:
    header = tuple(f"c{number}" for number in range(len(row)))
    page = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(Sheet("List", header, [row])))).active
    return list(page[2])


@pytest.mark.parametrize("text", STARTS)
@pytest.mark.parametrize("column", range(4))
def test_no_cell_of_any_column_begins_a_formula(text: str, column: int) -> None:
    row = ["plain"] * 4
    row[column] = text
    assert _csv(*row)[column] == f"'{text}"
    cell = _xlsx(*row)[column]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert str(cell.value).startswith("'")


@pytest.mark.parametrize("text", STARTS)
def test_no_heading_begins_a_formula(text: str) -> None:
    sheet = Sheet("List", (text,), [])
    assert csv_bytes(sheet).decode("utf-8-sig").lstrip('"').startswith("'")
    cell = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(sheet))).active["A1"]
    assert cell.data_type == "s"


@given(st.text(max_size=80))
def test_whatever_was_typed_is_text_and_complete(text: str) -> None:
    shown = safe_text(text)
    assert shown in (text, f"'{text}")
    assert not shown.lstrip(" \ufeff").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_csv_keeps_values_and_arabic() -> None:
    at = datetime(2026, 11, 22, 16, 5, 9, tzinfo=MUSCAT)
    row = ('نورة, "الحارثي"\nsecond', 12, -3, Decimal("10.500"), True, None, at, date(2026, 11, 3), "-")
    assert _csv(*row) == [
        "نورة, \"الحارثي\"\nsecond", "12", "-3", "10.500", "yes", "", "2026-11-22 12:05:09Z", "2026-11-03", "'-",
    ]  # fmt: skip
    assert csv_bytes(Sheet("List", ("a",), [])) == b"\xef\xbb\xbfa\r\n"


def test_xlsx_keeps_kinds_of_values() -> None:
    at = datetime(2026, 11, 22, 12, 5, 9, tzinfo=UTC)
    row = ("نورة", 12, -3, Decimal("10.5"), False, None, at, date(2026, 11, 3))
    assert [cell.value for cell in _xlsx(*row)] == [
        "نورة", 12, -3, 10.5, False, None, datetime(2026, 11, 22, 12, 5, 9), datetime(2026, 11, 3),  # noqa: DTZ001
    ]  # fmt: skip


def test_a_number_that_is_none_is_empty() -> None:
    row = (float("nan"), float("inf"), Decimal("NaN"))
    assert _csv(*row) == ["", "", ""]
    assert [cell.value for cell in _xlsx(*row)] == [None, None, None]


def test_xlsx_takes_long_texts_addresses_and_odd_names() -> None:
    cell = _xlsx("x" * 40_000, "https://evil.example")
    assert len(cell[0].value) == 32_767
    assert (cell[1].value, cell[1].hyperlink) == ("https://evil.example", None)
    for name in ("a/b[c]:d*?'e", "x" * 60, "", "[]"):
        assert xlsx_bytes(Sheet(name, ("a",), [("b",)]))
