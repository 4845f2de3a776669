"""What is agreed with a reseller: its commission, its registration, its tax form; changed in a dialog."""

from typing import Any
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core import format as say
from core.contacts import service
from core.db import Reads
from core.deals.money import percent
from core.deals.reseller_queries import ResellerTerms
from core.i18n import t
from core.partners.models import TaxForm
from core.partners.queries import Record

OPEN, VERSION = "terms.open", "terms.version"
RATE, REGISTRATION, TAX_FORM = "terms.rate", "terms.registration", "terms.tax_form"


def facts(terms: ResellerTerms, zone: str) -> str:
    """The terms in one line."""
    since = say.day(terms.since, zone=zone, year=True) if terms.since else ""
    parts = [f"Reseller since {since}", f"commission **{rate_text(terms)}**"]
    parts.append(f"registration {plain(terms.registration)}" if terms.registration else "no registration number")
    return " · ".join([*parts, t(f"tax_form.{terms.tax_form}")])


def rate_text(terms: ResellerTerms) -> str:
    """The commission as people write it: "12.5%"."""
    return f"{terms.commission_pct.normalize():f}%"


def begin(terms: ResellerTerms) -> None:
    """Open the dialog; from a callback."""
    st.session_state[OPEN], st.session_state[VERSION] = True, terms.version
    st.session_state[RATE], st.session_state[REGISTRATION] = rate_text(terms), terms.registration
    st.session_state[TAX_FORM] = terms.tax_form


def ask_when_open(record: Record) -> None:
    """Show the dialog while it is open; at the end of the tab."""
    if st.session_state.get(OPEN):
        st.dialog("Terms of the reseller", icon=":material/handshake:", on_dismiss=_close)(_show)(record)


def _show(record: Record) -> None:
    if not st.session_state.get(OPEN):
        st.rerun()
    shell.say_refusal()
    with st.form("terms", border=False):
        tip = "Of a deal, unless its approval says otherwise. Deals approved already keep what they were given."
        st.text_input("Commission, %", key=RATE, help=tip)
        st.text_input("Number in the commercial register", key=REGISTRATION, max_chars=40)
        st.selectbox("United States tax form", list(TaxForm), format_func=_form_word, key=TAX_FORM)
        st.form_submit_button("Save", type="primary", on_click=_save, args=(record,))


def _form_word(form: TaxForm) -> str:
    return t(f"tax_form.{form}")


def _save(record: Record) -> None:
    typed = {"rate": st.session_state[RATE], "registration": st.session_state[REGISTRATION]}
    about: dict[str, Any] = {**typed, "tax_form": st.session_state[TAX_FORM], "version": st.session_state[VERSION]}
    key = ("terms", record.id, *about.values())
    if act_once(key, change, record.id, done=f"Terms of {plain(record.profile.name)} saved", **about):
        _close()


def change(session: Reads, partner_id: UUID, *, rate: str, **details: Any) -> Any:
    """Save the terms with a typed rate."""
    return service.change_terms(session, partner_id, commission_pct=percent(rate), **details)


def _close() -> None:
    st.session_state.pop(OPEN, None)
