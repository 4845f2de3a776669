"""Files that go with a message: chosen, checked by their bytes, and kept before anything is sent."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.questions.posting import MOST_FILES
from core.vault.intake import Taken
from portal_app.deals import files
from portal_app.deals.page import Page


def draw(page: Page, *, key: str) -> None:
    """Where files are chosen."""
    files.chooser(page, key=key, label=page.word("question.files", most=MOST_FILES))


def chosen(page: Page, *, key: str) -> tuple[list[Taken], str]:
    """What was chosen, from a callback; or, with nothing, why one of them is not taken."""
    given: Sequence[UploadedFile] = st.session_state.get(files.key_of(key)) or ()
    taken = []
    for one in given:
        file, why = files.take(page, one)
        if file is None:
            return [], f"\u2068{one.name}\u2069: {why}"
        taken.append(file)
    return taken, ""


def forget() -> None:
    """Let the choosers begin empty, from a callback."""
    files.next_turn()
