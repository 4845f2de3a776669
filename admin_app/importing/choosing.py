"""What is imported: the file, what its lines are, and what holds for lines that say nothing themselves."""

from typing import Any
from uuid import UUID

import streamlit as st

from core.actor import ContactRole
from core.errors import DomainError
from core.i18n import t
from core.imports.columns import COLUMNS, Match, What, guess, match
from core.imports.tables import Table, read
from core.imports.taking import Choices
from core.settings import settings
from core.vault.intake import take_in

KINDS = {What.PARTNERS: "Partners", What.CONTACTS: "Contacts", What.DEALS: "Deals"}
FILE, KIND = "imports.file", "imports.what"


def table() -> Table | None:
    """The table of the chosen file; None before there is one that can be read."""
    given = st.file_uploader(
        "CSV file or Excel workbook",
        type=["csv", "xlsx"],
        key=FILE,
        max_upload_size=settings().max_upload_mb,
        help="Its first line names the columns. Salesforce's Accounts, Contacts and Opportunities are read as they "
        "are.",
    )
    if given is None:
        return None
    try:
        return read(take_in(given.name, given.getvalue()))
    except DomainError as refusal:
        st.error(refusal.message, icon=":material/block:")
        return None


def columns(found: Table) -> tuple[What, Match] | None:
    """What the lines are, and which column is which; None while one that is needed is missing."""
    usual = guess(found.header)
    what = st.segmented_control("These are", list(KINDS), format_func=KINDS.__getitem__, default=usual, required=True)
    try:
        matched = match(what, found.header)
    except DomainError as refusal:
        st.error(refusal.message, icon=":material/block:")
        return None
    with st.expander(f"Columns: {len(matched.headings)} read, {len(matched.unread)} not"):
        read_from = {"We read": [COLUMNS[what][fact].name for fact in matched.headings]}
        st.dataframe(
            read_from | {"From the column": list(matched.headings.values())}, hide_index=True, height="content"
        )
        if matched.unread:
            st.caption("Not read: " + ", ".join(matched.unread))
    return what, matched


def choices(what: What, *, products: dict[UUID, str], territories: dict[UUID, str]) -> Choices:
    """What holds for every line that says nothing itself."""
    asked: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if what is What.PARTNERS:
            asked["resellers"] = st.toggle("Make them resellers", key="imports.resellers")
        elif what is What.CONTACTS:
            roles = {role: t(f"role.{role}") for role in ContactRole}
            asked["role"] = st.selectbox(
                "Role where none is given", list(roles), index=list(roles).index(ContactRole.VIEWER), width=220,
                format_func=roles.__getitem__, key="imports.role",
            )  # fmt: skip
            asked["invited"] = st.toggle("Mail the invites now", key="imports.invited")
        else:
            asked["product_id"] = _one_of("Product where none is given", products, "imports.product")
            asked["territory_id"] = _one_of("Territory where none is given", territories, "imports.territory")
            asked["month_first"] = st.toggle("11/3/2026 is 3 November", key="imports.month_first")
    return Choices(**asked)


def _one_of(label: str, options: dict[UUID, str], key: str) -> UUID | None:
    return st.selectbox(
        label, list(options), index=None, format_func=options.__getitem__, placeholder="None", key=key, width=240
    )
