"""Files that go with a deal: chosen, checked by their bytes, and attached one by one."""

from functools import partial
from uuid import UUID

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.deals import attachments
from core.deals.own_queries import MyDeal
from core.deals.states import OPEN
from core.errors import DomainError
from core.i18n import refusal
from core.settings import settings
from core.vault.intake import ACCEPTED, Taken, take_in
from core.vault.storage import blobs
from portal_app import shell
from portal_app.deals.page import Page

TURN = "files.turn"
"""Counts what was taken from a chooser, so that the next one begins empty."""
REFUSED = "deal.files_refused"


def chooser(page: Page, *, key: str, label: str) -> None:
    """Where files are chosen."""
    most = settings().max_upload_mb
    st.file_uploader(
        label, type=list(ACCEPTED), accept_multiple_files=True, key=key_of(key), max_upload_size=most,
        help=page.word("deal.attach.help", most=most),
    )  # fmt: skip


def draw(page: Page, deal: MyDeal) -> None:
    """The chooser under the list, and why a file was not taken; nothing once the deal takes none."""
    if not page.writes or deal.row.status not in OPEN:
        return
    with st.expander(page.shown("attach"), icon=":material/attach_file:", key="deal.attach"):
        chooser(page, key="deal.files", label=page.say("attach.file"))
        shell.say_refusal(st.session_state.pop(REFUSED, ""))
        st.button(page.say("attach.press"), on_click=partial(_attach, page, deal.row.id), key="deal.attach_press")


def attach_all(page: Page, quote_id: UUID, *, key: str) -> str:
    """Attach what was chosen, from a callback; why some of it was not taken, or nothing."""
    refused = []
    for given in st.session_state.get(key_of(key)) or ():
        taken, why = take(page, given)
        if taken and shell.attempt(attachments.attach, quote_id, file=taken) is None:
            why = shell.refused()
        if why:
            refused.append(f"{given.name}: {why}")
    next_turn()
    return " ".join(refused)


def take(page: Page, given: UploadedFile | None) -> tuple[Taken | None, str]:
    """What was chosen, checked and kept before any transaction begins; or why it is not taken."""
    if given is None:
        return None, page.word("deal.attach.nothing")
    try:
        taken = take_in(given.name, given.getvalue())
        blobs().keep(taken.data)
    except DomainError as error:
        return None, refusal(error, page.language)
    return taken, ""


def _attach(page: Page, quote_id: UUID) -> None:
    count = len(st.session_state.get(key_of("deal.files")) or ())
    if not count:
        st.session_state[REFUSED] = page.say("attach.nothing")
        return
    if said := attach_all(page, quote_id, key="deal.files"):
        st.session_state[REFUSED] = said
    else:
        shell.say_done(page.say("attach.done", count=count))


def next_turn() -> None:
    """Let the choosers begin empty, from a callback."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def key_of(key: str) -> str:
    """The key of a chooser now."""
    return f"{key}.{st.session_state.get(TURN, 0)}"
