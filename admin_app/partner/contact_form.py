"""The fields of a reseller's contact; for adding one and for changing one."""

from typing import Any

import streamlit as st

from admin_app.partner.profile_form import LANGUAGES
from core.actor import ContactRole
from core.contacts.rows import NewContact
from core.i18n import t

PREFIX = "contact."
FIELDS = ("name", "email", "title", "role", "language")
MEANS = {
    ContactRole.PRINCIPAL: "Registers deals, sees all of them with amounts, looks after the partner's own people.",
    ContactRole.SALESPERSON: "Registers deals, sees their own with amounts.",
    ContactRole.TECHNICAL: "Sees all deals, without amounts.",
    ContactRole.FINANCE: "Sees all deals and invoices with amounts, registers none.",
    ContactRole.VIEWER: "Sees where deals stand: no amounts, no documents.",
}


def role_word(role: ContactRole) -> str:
    """What a role is called."""
    return t(f"role.{role}")


def fill(values: dict[str, Any], *, anew: bool) -> None:
    """Put values in the inputs; not ``anew``: only in those that hold nothing yet."""
    for name, value in values.items():
        key = f"{PREFIX}{name}"
        if anew or key not in st.session_state:
            st.session_state[key] = value


def forget() -> None:
    """Empty the inputs; from a callback."""
    for key in [str(one) for one in st.session_state if str(one).startswith(PREFIX)]:
        st.session_state.pop(key, None)


def filled() -> NewContact | None:
    """What stands in the inputs now; None once they were emptied, as for the second half of a double press."""
    found = {name: st.session_state[f"{PREFIX}{name}"] for name in FIELDS if f"{PREFIX}{name}" in st.session_state}
    return NewContact(**found) if len(found) == len(FIELDS) else None


def draw() -> None:
    """The inputs."""
    left, right = st.columns(2)
    left.text_input("Name", key=f"{PREFIX}name", max_chars=200)
    right.text_input("Title", key=f"{PREFIX}title", max_chars=200, placeholder="Sales manager")
    st.text_input("E-mail address", key=f"{PREFIX}email", max_chars=254)
    roles = list(ContactRole)
    captions = [MEANS[role] for role in roles]
    st.radio("Role", roles, key=f"{PREFIX}role", format_func=role_word, captions=captions)
    st.segmented_control(
        "Language of their mails and portal", list(LANGUAGES), format_func=LANGUAGES.__getitem__,
        key=f"{PREFIX}language", required=True,
    )  # fmt: skip
