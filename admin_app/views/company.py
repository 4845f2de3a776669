"""Company: what do partners see of us, and in which currency and time do we count?"""

from zoneinfo import available_timezones

import babel.numbers
import streamlit as st

from admin_app import shell
from admin_app.widgets.colour_hint import colour_hint
from admin_app.widgets.heading import heading
from admin_app.widgets.plain import plain
from core import format as shown
from core.clock import now
from core.companies import queries, service
from core.companies.queries import CompanyRow
from core.companies.service import CompanySettings
from core.mail.brand import Brand, contrast

FIELDS = {
    "name": "Name",
    "name_ar": "Arabic name",
    "base_currency": "Currency",
    "time_zone": "Time zone",
    "colour": "Colour",
    "booking_url": "Booking link",
}
SEEN = "company.seen"
"""The settings as they were when the page was filled, with their version."""
NEAR = ["OMR", "AED", "SAR", "QAR", "KWD", "BHD", "USD", "EUR", "GBP", "INR"]


def _fill(company: CompanyRow) -> None:
    st.session_state[SEEN] = company
    for name in FIELDS:
        st.session_state[f"company.{name}"] = getattr(company, name)


def _typed() -> dict[str, str]:
    return {name: str(st.session_state[f"company.{name}"] or "") for name in FIELDS}


def _save() -> None:
    values = CompanySettings(**_typed())
    if shell.act(service.change_company, values, version=st.session_state[SEEN].version, done="Saved.") is not None:
        st.session_state.pop(SEEN)


def _keep_mine(company: CompanyRow) -> None:
    st.session_state[SEEN] = company
    _save()


def _currency(code: str) -> str:
    return f"{code} · {babel.numbers.get_currency_name(code, locale='en')}"


def _differences(company: CompanyRow) -> None:
    """What somebody else saved meanwhile, beside what stands in the fields."""
    seen, typed = st.session_state[SEEN], _typed()
    theirs = [name for name in FIELDS if getattr(company, name) != getattr(seen, name)]
    lines = [
        f"- **{FIELDS[name]}**: saved now {_quoted(getattr(company, name))}, in the field {_quoted(typed[name])}"
        for name in theirs
    ]
    told = "\n".join(["Somebody saved these settings meanwhile. What you typed is still here.", *lines])
    st.warning(told, icon=":material/sync_problem:")
    with st.container(horizontal=True):
        st.button("Save what I typed", on_click=_keep_mine, args=(company,))
        st.button("Take the saved values", on_click=_fill, args=(company,))


def _quoted(text: str) -> str:
    return f"“{plain(text)}”" if text else "nothing"


company = shell.read(queries.company)
if SEEN not in st.session_state or "company.name" not in st.session_state:
    _fill(company)
is_changed = any(value != getattr(st.session_state[SEEN], name) for name, value in _typed().items())
is_stale = st.session_state[SEEN].version != company.version
heading("Company", facts="What partners see in proposals and mails, and how we count")
with st.container():
    if is_stale and not is_changed:
        _fill(company)
    elif is_stale:
        _differences(company)

identity, counting = st.columns(2, gap="large")
with identity:
    st.text_input("Name", key="company.name", max_chars=200)
    st.text_input(
        "Arabic name", key="company.name_ar", max_chars=200, help="In Arabic mails and proposals; may be empty."
    )
    st.color_picker("Colour", key="company.colour", help="Of buttons and headings in proposals and mails.")
    brand = Brand(company.name, st.session_state["company.colour"])
    colour_hint(
        on_white=contrast(brand.colour, "#ffffff"),
        of_label=contrast(brand.colour, brand.ink),
        label="white" if brand.ink == "#ffffff" else "black",
    )
with counting:
    rest = sorted(babel.numbers.list_currencies() - set(NEAR))
    st.selectbox("Currency", [*NEAR, *rest], key="company.base_currency", format_func=_currency)
    st.selectbox("Time zone", sorted(available_timezones()), key="company.time_zone")
    st.caption(f"It is {shown.instant(now(), zone=st.session_state['company.time_zone'])} there.")
    st.text_input(
        "Booking link",
        key="company.booking_url",
        max_chars=500,
        placeholder="https://cal.com/your-team/partnership",
        help="Where partners book a meeting; it stands in proposals and invitations. Empty: no booking is offered.",
    )

with st.container(horizontal=True, vertical_alignment="center"):
    st.button("Save", type="primary", on_click=_save, disabled=is_stale or not is_changed)
    if is_changed and not is_stale:
        st.button("Undo my changes", on_click=_fill, args=(company,))
        st.caption("Not saved yet.", width="content")
