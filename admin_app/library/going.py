"""Going from one part of the library's page to another; the address says which. All from callbacks."""

from uuid import UUID

import streamlit as st


def back(label: str, space_id: UUID | None = None) -> None:
    """Draw the way back to a space, or to all of them."""
    go = (to_space, (space_id,)) if space_id else (to_all, ())
    st.button(label, icon=":material/arrow_back:", type="tertiary", on_click=go[0], args=go[1])


def to_all() -> None:
    """To the list of spaces."""
    st.query_params.from_dict({})


def to_space(space_id: UUID) -> None:
    """To one space."""
    st.query_params.from_dict({"space": str(space_id)})


def to_seen(document_id: UUID) -> None:
    """To who could see a document."""
    st.query_params.from_dict({"seen": str(document_id)})
