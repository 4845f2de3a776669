"""Lists as files: CSV and XLSX whose cells a spreadsheet shows and never runs. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite

import xlsxwriter

MOST_ROWS = 50_000
"""The most rows one file holds."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that some spreadsheet takes for a formula; full-width signs count where Japanese is set."""
_UNSEEN = " \u00a0\u200b\u200e\u200f\u2060\ufeff"
_LONGEST_CELL = 32_767
Cell = str | int | float | Decimal | bool | date | datetime | None


@dataclass(frozen=True)
class Sheet:
    """A list to take out: its name, the columns' headings, and the rows under them. Instants are aware."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def safe_text(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe goes before what begins like a formula."""
    if text.startswith(FORMULA_STARTS) or text.lstrip(_UNSEEN).startswith(FORMULA_STARTS):
        return "'" + text
    return text


def csv_bytes(sheet: Sheet) -> bytes:
    """The list as CSV in UTF-8 with a byte order mark, so that spreadsheets read Arabic; instants in UTC."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_text(name) for name in sheet.header])
    writer.writerows([_csv_cell(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _is_empty(cell: Cell) -> bool:
    """Whether a cell has nothing to show: a number that is none counts."""
    return cell is None or (isinstance(cell, float | Decimal) and not isfinite(cell))


def _csv_cell(cell: Cell) -> str:
    if _is_empty(cell):
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return safe_text(cell) if isinstance(cell, str) else str(cell)


def xlsx_bytes(sheet: Sheet) -> bytes:
    """The list as a workbook of one sheet with a frozen heading and filters; instants in UTC."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page = book.add_worksheet(_sheet_name(sheet.name))
    page.write_row(0, 0, [safe_text(name) for name in sheet.header], book.add_format({"bold": True}))
    for number, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            _write(page, number, column, cell, instant=instant, day=day)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(1, len(sheet.rows)), max(0, len(sheet.header) - 1))
    page.set_column(0, max(0, len(sheet.header) - 1), 22)
    book.close()
    return file.getvalue()


def _write(
    page: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Cell,
    *,
    instant: xlsxwriter.format.Format,
    day: xlsxwriter.format.Format,
) -> None:
    if _is_empty(cell):
        return
    if isinstance(cell, datetime):
        page.write_datetime(row, column, cell.astimezone(UTC).replace(tzinfo=None), instant)
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, day)
    elif isinstance(cell, str):
        page.write_string(row, column, safe_text(cell)[:_LONGEST_CELL])
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell)
    else:
        page.write_number(row, column, cell)


def _sheet_name(name: str) -> str:
    """A name a workbook takes: at most 31 characters, none of those it forbids."""
    return "".join(mark for mark in name if mark not in "[]:*?/\\'")[:31] or "Sheet1"
