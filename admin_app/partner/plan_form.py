"""The fields of a meeting; what is typed stays while the dialog is open."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from admin_app.partner import who
from core.errors import Invalid
from core.meetings.plans import Attendee, MeetingPlan, NewAction, read_attendees, spelled
from core.meetings.queries import MeetingRow

LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240, 480)
MOST_ACTIONS = 8
WEEKEND = (4, 5)
"""Friday and Saturday."""
_COUNT = "plan.count"


def fill_new(attendees: Sequence[Attendee], *, today: date, me: UUID | None) -> None:
    """Put what is usual in the inputs: an hour at ten on the next working day."""
    day = today + timedelta(days=1)
    while day.weekday() in WEEKEND:
        day += timedelta(days=1)
    _fill("", day, time(10), 60, "", "", attendees)
    st.session_state[_COUNT] = 1
    for n in range(MOST_ACTIONS):
        for name, value in (("what", ""), ("who", me or who.THEIRS), ("due", None)):
            st.session_state[f"plan.{name}{n}"] = value


def fill(row: MeetingRow, zone: str) -> None:
    """Put a meeting's values in the inputs."""
    at = row.at.astimezone(ZoneInfo(zone))
    _fill(row.title, at.date(), at.time(), row.minutes, row.place, row.agenda, row.attendees)


def _fill(
    title: str, day: date, at: time, minutes: int, place: str, agenda: str, attendees: Sequence[Attendee]
) -> None:
    values = {"title": title, "day": day, "at": at, "minutes": minutes, "place": place, "agenda": agenda}
    values |= {"attendees": spelled(attendees), "mail": True}
    for name, value in values.items():
        st.session_state[f"plan.{name}"] = value


def draw(zone: str) -> None:
    """When, where, about what, with whom."""
    st.text_input("Title", key="plan.title", max_chars=200, placeholder="Introduction and scope")
    day, at, length = st.columns([2, 1.4, 1.6])
    day.date_input("Day", key="plan.day", format="DD/MM/YYYY")
    at.time_input("Start", key="plan.at", help=f"{zone.rpartition('/')[2].replace('_', ' ')} time")
    lengths = sorted({*LENGTHS, st.session_state["plan.minutes"]})
    length.selectbox("Length", lengths, format_func=_length, key="plan.minutes")
    st.text_input("Place", key="plan.place", max_chars=500, placeholder="An address, or the link of a video call")
    st.text_area("Agenda", key="plan.agenda", height=110, max_chars=10_000)
    st.text_area("Attendees", key="plan.attendees", height=90, help="One a line: Salim Al Habsi <salim@mol.om>")


def _length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def draw_actions(*, owners: Mapping[UUID, str], partner: str) -> None:
    """Action items that come with the meeting; they stand in the agenda's mail too."""
    for n in range(st.session_state[_COUNT]):
        what, doer, due = st.columns([3, 2, 1.5])
        what.text_input("Action item", key=f"plan.what{n}", max_chars=500)
        with doer:
            who.choice(f"plan.who{n}", owners=owners, partner=partner)
        due.date_input("Due on", value=None, key=f"plan.due{n}", format="DD/MM/YYYY")
    if st.session_state[_COUNT] < MOST_ACTIONS:
        st.form_submit_button("Another action item", icon=":material/add:", type="tertiary", on_click=_one_more)


def _one_more() -> None:
    st.session_state[_COUNT] += 1


def filled(zone: str) -> MeetingPlan:
    """What stands in the inputs now.

    Raises:
        Invalid: there is no day or no time.
    """
    given = {name: st.session_state[f"plan.{name}"] for name in ("title", "day", "at", "minutes", "place", "agenda")}
    if given["day"] is None or given["at"] is None:
        raise Invalid("Choose the day and the time the meeting starts.")
    return MeetingPlan(
        title=given["title"],
        at=datetime.combine(given["day"], given["at"], ZoneInfo(zone)),
        minutes=given["minutes"],
        place=given["place"],
        agenda=given["agenda"],
        attendees=tuple(read_attendees(st.session_state["plan.attendees"])),
    )


def filled_actions() -> tuple[NewAction, ...]:
    """The action items that were typed; lines without a text are left out."""
    rows = [
        {name: st.session_state[f"plan.{name}{n}"] for name in ("what", "who", "due")}
        for n in range(st.session_state[_COUNT])
    ]
    return tuple(who.action(row["what"], row["who"], row["due"]) for row in rows if row["what"].strip())
