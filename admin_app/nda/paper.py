"""Recording an NDA that was signed on paper, with its scan; asked for in a dialog that keeps what is typed."""

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core.clock import today
from core.companies import queries as companies
from core.errors import DomainError
from core.nda import recording
from core.nda.instruments import YEARS, Instrument
from core.partners.queries import Record
from core.settings import settings
from core.vault.intake import Taken, take_in
from core.vault.storage import blobs

DOING, REFUSED = "paper.doing", "paper.refused"
FIELDS = ("signer_name", "signer_title", "signer_email", "signed_on", "scan")


def begin(record: Record) -> None:
    """Open the dialog, filled with the contact on record; from a callback."""
    forget()
    profile, zone = record.profile, shell.read(companies.company).time_zone
    usual = {
        "signer_name": profile.contact_name,
        "signer_title": profile.contact_title,
        "signer_email": profile.contact_email,
        "signed_on": today(zone),
    }
    st.session_state.update({f"paper.{name}": value for name, value in usual.items()})
    st.session_state[DOING] = record.id


def is_open(record: Record) -> bool:
    """Whether the dialog is open for this partner."""
    return bool(st.session_state.get(DOING) == record.id)


def forget() -> None:
    """Close it, and forget what was typed."""
    for name in (DOING, REFUSED, *(f"paper.{field}" for field in FIELDS)):
        st.session_state.pop(name, None)


def ask(record: Record) -> None:
    """The dialog; at the end of the tab."""
    st.dialog("Record a paper NDA", width="medium", on_dismiss=forget)(_form)(record)


def _form(record: Record) -> None:
    if not is_open(record):
        st.rerun()
    shell.say_refusal(plain(st.session_state.pop(REFUSED, None) or ""))
    name = plain(record.profile.name)
    st.markdown(
        f"It gets the next reference and is valid for {YEARS[Instrument.NDA]} years from the day of signing. The scan "
        f"goes into **{name}**'s vault, documents that wait for the NDA open to it, and a partner before that stage "
        "moves to “NDA signed”. This cannot be taken back."
    )
    with st.form("paper", border=False, enter_to_submit=False):
        st.text_input("Signer's name", key="paper.signer_name", max_chars=200)
        st.text_input("Signer's title", key="paper.signer_title", max_chars=200)
        st.text_input("Signer's e-mail", key="paper.signer_email", max_chars=254)
        st.date_input("Signed on", key="paper.signed_on", format="DD/MM/YYYY")
        st.file_uploader(
            "Scan of the signed NDA",
            type=["pdf", "png"],
            key="paper.scan",
            max_upload_size=settings().max_upload_mb,
            help="A PDF or a PNG. What it is is found out from its bytes, whatever its name says.",
        )
        st.form_submit_button(
            "Record it", type="primary", icon=":material/inventory:", on_click=_record, args=(record,)
        )


def _record(record: Record) -> None:
    if not is_open(record) or (scan := _taken()) is None:
        return
    fields = {name: st.session_state.get(f"paper.{name}") for name in FIELDS if name != "scan"}
    if fields["signed_on"] is None:
        st.session_state[REFUSED] = "Choose the day on which it was signed."
        return
    key = ("paper", record.id, scan.sha256, str(fields))
    if act_once(key, recording.record_paper, record.id, scan=scan, done="The paper NDA is on record", **fields):
        forget()
    else:
        st.session_state[REFUSED] = shell.refusal()


def _taken() -> Taken | None:
    """The scan, checked and kept before any transaction begins; None: why not stands in the dialog."""
    given = st.session_state.get("paper.scan")
    if given is None:
        st.session_state[REFUSED] = recording.NoScan().message
        return None
    try:
        taken = take_in(given.name, given.getvalue())
        if taken.media_type not in recording.SCANS:
            raise recording.NoScan
        blobs().keep(taken.data)
    except DomainError as refusal:
        st.session_state[REFUSED] = refusal.message
        return None
    return taken
