"""A quote and an invoice as pages, drawn by typst as PDF/A in the partner's language.

Nothing of the partner's commission stands on them. The same values give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from babel.numbers import format_decimal

from core import format as say
from core.deals import money
from core.deals.lines import Line, Totals, net, totals
from core.i18n import is_rtl, t
from core.mail.brand import Brand
from core.typeset import isolated, typeset

TEMPLATE = Path(__file__).parents[2] / "data" / "deals" / "paper.typ"
MEDIA_TYPE = "application/pdf"
_STANDARD: Final = "a-2b"
_WHOLE = {"colour", "band", "on-brand", "language"}


@dataclass(frozen=True)
class Paper:
    """What a quote and its invoice have in common. ``brand``: of the company, in the language of the page.

    ``customer_contact`` and ``partner_name`` may be empty.
    """

    brand: Brand
    deal: str
    customer_name: str
    customer_contact: str
    partner_name: str
    lines: Sequence[Line]
    currency: str
    conditions: str = ""

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.brand.language


def quote_pdf(paper: Paper, *, number: str, issued_on: date, valid_until: date, at: datetime) -> bytes:
    """The quote ``number``. ``at``: the instant that the file is dated with."""
    dates = {"issued_on": issued_on, "valid_until": valid_until}
    return _drawn(paper, "quote", number, dates, {"deal": paper.deal}, at)


def invoice_pdf(
    paper: Paper, *, number: str, issued_on: date, due_on: date, quote: str, order: str, at: datetime
) -> bytes:
    """The invoice ``number`` of a quote. ``order``: the number of the customer's purchase order, or nothing."""
    dates = {"issued_on": issued_on, "due_on": due_on}
    return _drawn(paper, "invoice", number, dates, {"of_quote": quote, "order": order, "deal": paper.deal}, at)


def _drawn(
    paper: Paper, what: str, number: str, dates: dict[str, date], references: dict[str, str], at: datetime
) -> bytes:
    language = paper.language
    facts = [_fact(f"{what}_number", number, language, strong=True)]
    facts += [_fact(key, say.day(day, language=language, year=True), language) for key, day in dates.items()]
    facts += [_fact(key, _own(text, language), language) for key, text in references.items() if text]
    values = {
        "language": "ar" if is_rtl(language) else "en",
        "colour": paper.brand.text_colour,
        "band": paper.brand.colour,
        "on-brand": paper.brand.ink,
        "title": t(f"paper.{what}", language),
        "number": number,
        "company": paper.brand.name,
        "parties": _parties(paper, what),
        "facts": facts,
        **_table(paper),
        "conditions": [_own(part, language) for part in paper.conditions.split("\n") if part.strip()],
        "conditions-label": t("paper.conditions", language),
    }
    return typeset(TEMPLATE, values, standard=_STANDARD, moment=int(at.timestamp()), whole=_WHOLE)


def _fact(key: str, value: str, language: str, *, strong: bool = False) -> dict[str, Any]:
    return {"label": t(f"paper.{key}", language), "value": value, "strong": strong}


def _parties(paper: Paper, what: str) -> list[dict[str, Any]]:
    """Who it is for, and through whom."""
    language = paper.language
    label = t("paper.prepared_for" if what == "quote" else "paper.billed_to", language)
    more = [_own(paper.customer_contact, language)] if paper.customer_contact else []
    parties = [{"label": label, "name": _own(paper.customer_name, language), "more": more}]
    if paper.partner_name:
        through = t("paper.through", language)
        parties.append({"label": through, "name": _own(paper.partner_name, language), "more": []})
    return parties


def _table(paper: Paper) -> dict[str, Any]:
    """The lines and what they come to; the discount has a column only where there is one."""
    language, currency = paper.language, paper.currency
    sums = totals(paper.lines, currency)
    discounted = any(line.discount_pct for line in paper.lines)
    heads = ["line", "quantity", "unit_price", *(["discount"] if discounted else []), "amount"]
    return {
        "discounted": discounted,
        "heads": [t(f"paper.{head}", language) for head in heads],
        "lines": [_cells(line, paper, discounted=discounted) for line in paper.lines],
        "sums": _sums(sums, currency, language) if discounted else [],
        "total": {"label": t("paper.total", language), "value": say.money(sums.total, currency, language=language)},
        "in-currency": t("paper.in_currency", language, currency=_own(currency, language)),
    }


def _sums(sums: Totals, currency: str, language: str) -> list[dict[str, str]]:
    rows = (("gross", sums.gross), ("all_discounts", -sums.discount))
    return [{"label": t(f"paper.{key}", language), "value": figure(value, currency)} for key, value in rows]


def _cells(line: Line, paper: Paper, *, discounted: bool) -> list[str]:
    discount = [f"{plain(line.discount_pct)}%" if line.discount_pct else "–"] if discounted else []
    price, amount = (figure(value, paper.currency) for value in (line.unit_price, net(line, paper.currency)))
    return [_own(line.text, paper.language), plain(line.quantity), price, *discount, amount]


def figure(value: Decimal, currency: str) -> str:
    """An amount without its currency: "1,234.500"; minus in front, in either direction of writing."""
    decimals = "0" * money.decimals_of(currency)
    return "\u2066" + format_decimal(value, f"#,##0.{decimals}" if decimals else "#,##0", locale="en") + "\u2069"


def plain(value: Decimal) -> str:
    """A number with no more decimals than it needs: "12", "1.5"."""
    return format_decimal(value, "#,##0.###", locale="en")


def _own(text: str, language: str) -> str:
    """What somebody typed; among Arabic words it keeps its own direction."""
    return isolated(text) if is_rtl(language) else text
