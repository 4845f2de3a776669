"""Who could see a document on a day, each with the rule that answered."""

from datetime import date
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.library import going
from admin_app.library.wording import ANSWERS, part_of_day, rule_of
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.plain import plain
from core import format as say
from core.clock import today
from core.companies import queries as companies
from core.i18n import t
from core.library import queries
from core.library.queries import SeenOn

DAY = "library.day"


def draw(document_id: UUID) -> None:
    """The question, the day, and the answer as a table: who could first."""
    zone = shell.read(companies.company).time_zone
    st.session_state.setdefault(DAY, _asked_day(zone))
    found = shell.read(queries.who_could_see, document_id, day=st.session_state[DAY] or today(zone))
    going.back(plain(found.space), found.space_id)
    st.title(f"Who could see “{plain(found.document)}”?", anchor=False)
    st.date_input("On this day", max_value=today(zone), format="DD/MM/YYYY", key=DAY, on_change=_choose, width=200)
    st.caption(_facts(found))
    if not found.seers:
        return empty_state(
            "No contact existed that day whom a rule of this space was about.", icon=":material/group_off:"
        )
    _table(found)
    st.caption(
        "A day begins and ends at midnight where the company is. People of resellers whom no rule of that day named "
        "are left out. Who took the file is in the list of downloads."
    )
    return None


def _asked_day(zone: str) -> date:
    try:
        return min(date.fromisoformat(st.query_params.get("day", "")), today(zone))
    except ValueError:
        return today(zone)


def _choose() -> None:
    if day := st.session_state.get(DAY):
        st.query_params["day"] = day.isoformat()


def _facts(found: SeenOn) -> str:
    could = len({(one.contact, one.partner) for one in found.seers if one.could})
    partners = len({one.partner for one in found.seers if one.could})
    day = say.day(found.day, year=True)
    if not could:
        return f"On {day} nobody outside the company could see it."
    people = "1 person" if could == 1 else f"{could} people"
    return f"On {day} {people} of {partners} reseller{'' if partners == 1 else 's'} could see it."


def _table(found: SeenOn) -> None:
    zone = found.time_zone
    st.dataframe(
        {
            "Contact": [one.contact for one in found.seers],
            "Reseller": [one.partner for one in found.seers],
            "Role": [t(f"role.{one.role}") if one.role else None for one in found.seers],
            "When": [part_of_day(one, zone) for one in found.seers],
            "Could see it": ["Yes" if one.could else f"No: {_lowered(ANSWERS[one.answer])}" for one in found.seers],
            "By which rule": [rule_of(one.rule, found.partners, zone, on=found.day) for one in found.seers],
        },
        column_config={
            "Contact": st.column_config.TextColumn(pinned=True),
        },
        hide_index=True,
        height="content",
        placeholder="–",
        alt="Contacts, whether each could see the document that day, in which part of it, and by which rule",
    )


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
