"""The form of a published answer: the question and its answer in two languages, and who reads it."""

from collections.abc import Mapping

import streamlit as st

from admin_app.catalogue.chosen import prefill, typed
from core.actor import ContactRole
from core.i18n import t
from core.questions.faq import ALL, READERS, FaqText

PREFIX = "faq."
NAMES = ("title", "body", "title_ar", "body_ar", "roles")


def roles_of(roles: str) -> list[ContactRole]:
    """The roles that a row names."""
    return list(READERS) if roles == ALL else [role for role in READERS if role in roles.split(",")]


def fill(values: Mapping[str, object]) -> None:
    """Put values in inputs that hold nothing yet."""
    prefill(PREFIX, {"title": "", "body": "", "title_ar": "", "body_ar": "", "roles": list(READERS)} | dict(values))


def fields() -> None:
    """The inputs, one language beside the other."""
    english, arabic = st.columns(2)
    english.text_input("Question", key=f"{PREFIX}title", max_chars=200)
    english.text_area("Answer", key=f"{PREFIX}body", max_chars=10_000, height=220)
    arabic.text_input("Question in Arabic", key=f"{PREFIX}title_ar", max_chars=200)
    arabic.text_area("Answer in Arabic", key=f"{PREFIX}body_ar", max_chars=10_000, height=220)
    st.multiselect(
        "Who reads it", list(READERS), key=f"{PREFIX}roles", format_func=lambda role: t(f"role.{role}"),
        placeholder="Choose roles",
    )  # fmt: skip


def entry() -> FaqText | None:
    """What stands in the form; None once it was emptied, as for the second half of a double press."""
    found = typed(PREFIX, *NAMES)
    return None if found is None else FaqText(**found | {"roles": tuple(found["roles"])})
