"""What can be imported, and which column of a table is which: by our names and by Salesforce's own. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Invalid


class What(StrEnum):
    """What the lines of a table are."""

    PARTNERS = "partners"
    CONTACTS = "contacts"
    DEALS = "deals"


class ColumnMissing(Invalid):
    """The file has no column for {names}. Add it, or name the column so, and choose the file again."""


@dataclass(frozen=True)
class Column:
    """A fact of a line: its name in our forms, other headings it is known by, and whether a table must have it."""

    name: str
    others: tuple[str, ...] = ()
    needed: bool = False


COLUMNS: dict[What, dict[str, Column]] = {
    What.PARTNERS: {
        "name": Column("Partner", ("Name", "Account Name", "Company"), needed=True),
        "name_ar": Column("Arabic name"),
        "city": Column("City", ("Billing City",)),
        "country": Column("Country", ("Billing Country",)),
        "website": Column("Website"),
        "summary": Column("Summary", ("Description", "Account Description")),
        "territory": Column("Territory"),
        "contact_name": Column("Contact", ("Contact name",)),
        "contact_email": Column("Contact e-mail", ("Contact email",)),
        "registration": Column("Registration number", ("Registration",)),
        "commission": Column("Commission %", ("Commission", "Default commission %")),
    },
    What.CONTACTS: {
        "partner": Column("Partner", ("Account Name", "Account", "Company"), needed=True),
        "name": Column("Name", ("Full Name", "Contact Name")),
        "first": Column("First Name"),
        "last": Column("Last Name"),
        "email": Column("E-mail", ("Email", "Email Address", "E-mail address"), needed=True),
        "title": Column("Title", ("Job Title",)),
        "role": Column("Role", ("Portal role",)),
        "language": Column("Language"),
    },
    What.DEALS: {
        "partner": Column("Partner", ("Partner Account", "Partner Account Name", "Reseller"), needed=True),
        "customer": Column("Customer", ("Account Name", "Account"), needed=True),
        "website": Column("Customer's website", ("Website", "Domain")),
        "registration": Column("Registration number", ("Registration",)),
        "customer_contact": Column("Customer's contact", ("Primary Contact",)),
        "product": Column("Product", ("Product Code", "Product Name")),
        "territory": Column("Territory"),
        "amount": Column("Amount", needed=True),
        "currency": Column("Currency", ("Amount Currency", "Opportunity Currency", "Currency ISO Code")),
        "close_on": Column("Closing", ("Close Date", "Expected close"), needed=True),
        "need": Column("Need", ("Description", "Opportunity Name")),
        "stage": Column("Stage", ("Stage Name",)),
    },
}
_SIGNS = {What.DEALS: ("amount", "close_on"), What.CONTACTS: ("email",)}


@dataclass(frozen=True)
class Match:
    """Which heading of a table each fact stands under, and the headings that nothing is read from."""

    headings: dict[str, str]
    unread: tuple[str, ...]

    def facts(self, cells: Mapping[str, str]) -> dict[str, str]:
        """The facts of a line; those without a column are empty."""
        return {fact: cells.get(heading, "") for fact, heading in self.headings.items()}


def match(what: What, header: Iterable[str]) -> Match:
    """Find the columns of a table; a heading is read as itself, without case, spaces and marks.

    Raises:
        ColumnMissing: one that is needed is not there.
    """
    names = list(header)
    found: dict[str, str] = {}
    for fact, column in COLUMNS[what].items():
        for wanted in (column.name, *column.others):
            heading = next((name for name in names if _key(name) == _key(wanted) and name not in found.values()), None)
            if heading is not None:
                found[fact] = heading
                break
    missing = [column.name for fact, column in COLUMNS[what].items() if column.needed and fact not in found]
    if what is What.CONTACTS and not {"name", "last"} & set(found):
        missing.append("Name")
    if missing:
        raise ColumnMissing(names=", ".join(missing))
    return Match(found, tuple(name for name in names if name and name not in found.values()))


def _key(heading: str) -> str:
    return re.sub(r"[^a-z0-9%]", "", heading.casefold().replace("__c", ""))


def guess(header: Iterable[str]) -> What:
    """What the lines of a table are, by its headings."""
    names = {_key(name) for name in header}
    for what, facts in _SIGNS.items():
        known = [{_key(name) for name in (COLUMNS[what][fact].name, *COLUMNS[what][fact].others)} for fact in facts]
        if all(names & each for each in known):
            return what
    return What.PARTNERS
