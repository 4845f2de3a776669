"""A table out of a CSV file or an Excel workbook: its heading and its lines, as texts. Pure."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import Invalid
from core.export import FORMULA_STARTS
from core.vault.intake import MEDIA_TYPES, Taken

MOST_LINES = 5_000
MOST_COLUMNS = 200


class NotATable(Invalid):
    """Choose a CSV file or an Excel workbook (.xlsx) whose first line names the columns."""


class TableNotUtf8(Invalid):
    """The file is not in UTF-8. Save it as "CSV UTF-8", or as an Excel workbook, and choose it again."""


class TableTooLong(Invalid):
    """The file has more than {most} lines. Split it, and import the parts one after another."""


@dataclass(frozen=True)
class Line:
    """One line of a table: its number as a spreadsheet counts, and its cells by the heading above them."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """The names of the columns as they stand in the file, and the lines that hold anything."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]


def read(file: Taken) -> Table:
    """The table in a file that was taken in.

    Raises:
        NotATable, TableNotUtf8, TableTooLong: it cannot be read as one.
    """
    if file.media_type == MEDIA_TYPES["csv"]:
        rows = _csv_rows(file.data)
    elif file.media_type == MEDIA_TYPES["xlsx"]:
        rows = _xlsx_rows(file.data)
    else:
        raise NotATable
    return _table(rows)


def _table(rows: Iterator[Sequence[str]]) -> Table:
    header = tuple(name.strip() for name in next(rows, ()))[:MOST_COLUMNS]
    if not any(header):
        raise NotATable
    lines = []
    for number, row in enumerate(rows, 2):
        if any(cell.strip() for cell in row):
            cells = dict(zip(header, (_unquoted(cell) for cell in row), strict=False))
            lines.append(Line(number, {name: cell for name, cell in cells.items() if name}))
        if len(lines) > MOST_LINES:
            raise TableTooLong(most=f"{MOST_LINES:,}")
    if not lines:
        raise NotATable
    return Table(header, tuple(lines))


def _unquoted(cell: str) -> str:
    """A cell without the apostrophe that our own lists put before what looks like a formula."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def _csv_rows(data: bytes) -> Iterator[Sequence[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableNotUtf8 from None
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    except csv.Error:
        raise NotATable from None


def _xlsx_rows(data: bytes) -> Iterator[Sequence[str]]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        raise NotATable from None
    try:
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_text(cell) for cell in row]
    finally:
        book.close()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)
