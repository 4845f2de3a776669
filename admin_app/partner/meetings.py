"""Meetings, action items and decisions of a partner: what is next first, what was last."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from admin_app import shell
from admin_app.partner import agreeing, planning
from admin_app.widgets.checklist import Item, checklist
from admin_app.widgets.feed import Entry, feed
from core import format as say
from core.actor import Act, Actor, allowed
from core.clock import now
from core.companies import queries as companies
from core.db import Reads
from core.meetings import queries
from core.meetings.actions import mark_done
from core.meetings.models import Side
from core.meetings.queries import ActionRow, DecisionRow, MeetingRow, Notebook
from core.meetings.wording import people
from core.partners.queries import Record

ENOUGH = 10
"""Past meetings and done items that are shown at once."""


@dataclass(frozen=True)
class Look:
    """What the tab shows, in one read."""

    book: Notebook
    zone: str


def look(session: Reads, partner_id: UUID) -> Look:
    """All that was planned and agreed."""
    return Look(queries.notebook(session, partner_id), companies.company(session).time_zone)


def draw(record: Record, me: Actor) -> None:
    """Upcoming meetings, what is to be done on both sides, decisions, past meetings."""
    found, works = shell.read(look, record.id), allowed(me, Act.WORK_PIPELINE)
    book, at = found.book, now()
    coming = [row for row in reversed(book.meetings) if row.ends > at and not row.is_cancelled]
    past = [row for row in book.meetings if row.ends <= at or row.is_cancelled]
    _head("Coming up", "Add meeting", planning.begin, record, works=works)
    _coming_up(coming, record, found.zone, at)
    _head("To do", "Add action item", agreeing.begin_action, record, works=works)
    _todo(record, book.actions, works=works)
    _head("Decisions", "Record decision", agreeing.begin_decision, record, works=works)
    _decisions(book.decisions)
    if past:
        st.subheader("Past meetings", anchor=False)
        _past(past, record, found.zone)


def _coming_up(rows: list[MeetingRow], record: Record, zone: str, at: datetime) -> None:
    if not rows:
        st.caption("No meeting is planned.")
        return
    entries = [_coming(row, record, zone, at) for row in rows]
    feed(entries=entries, label="Meetings to come", key="meetings.coming", on_open=planning.open_meeting)


def _head(title: str, label: str, begin: Callable[[Record], None], record: Record, *, works: bool) -> None:
    """A section's title, and what can be added to it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(title, anchor=False, width="content")
        if works:
            st.button(label, icon=":material/add:", on_click=begin, args=(record,), key=f"meetings.{label}")


def _coming(row: MeetingRow, record: Record, zone: str, at: datetime) -> Entry:
    local = row.at.astimezone(ZoneInfo(zone))
    days = (local.date() - at.astimezone(ZoneInfo(zone)).date()).days
    mark = "Now" if row.at <= at else {0: "Today", 1: "Tomorrow"}.get(days, say.day(local, zone=zone))
    hours = f"{say.clock_time(row.at, zone=zone)}–{say.clock_time(row.ends, zone=zone)}"
    return Entry(
        id=str(row.id),
        mark=mark,
        tone="good" if days < 2 else "",
        title=row.title,
        text="\n".join(part for part in (f"{hours} · {row.place}" if row.place else hours, _who(row)) if part),
        note="booked by them" if row.booked else "",
        hover=say.instant(row.at, zone=zone),
        href=address(record, row),
    )


def address(record: Record, row: MeetingRow) -> str:
    """The address that opens a meeting."""
    return f"/partner?id={record.id}&tab=Meetings&meeting={row.id}"


def _who(row: MeetingRow) -> str:
    return people(row.attendees)


def _todo(record: Record, rows: list[ActionRow], *, works: bool) -> None:
    if not rows:
        st.caption("Nothing is to be done on either side.")
        return
    still = [row for row in rows if row.done_at is None]
    done = [row for row in rows if row.done_at is not None]
    name = record.profile.name
    for label, key, side in (("Ours", "ours", Side.OURS), (f"On the side of {name}", "theirs", Side.PARTNER)):
        listed = [row for row in still if row.side is side]
        st.caption(f"{label} · {len(listed)} open" if listed else f"{label} · nothing open")
        if listed:
            _checklist(listed, label, f"meetings.{key}", works=works)
    if done:
        with st.expander(f"Done · {len(done)}"):
            _checklist(done[:ENOUGH], "Done", "meetings.done", works=works)
            if len(done) > ENOUGH:
                st.caption(f"The newest {ENOUGH} of {len(done)}.")


def _checklist(rows: list[ActionRow], label: str, key: str, *, works: bool) -> None:
    checklist(
        items=[_item(row) for row in rows],
        label=label,
        key=key,
        on_tick=_tick if works else None,
        on_open=agreeing.open_action if works else None,
    )


def _item(row: ActionRow) -> Item:
    if row.done_at:
        return Item(str(row.id), row.text, f"{row.done_by}, {say.day(row.done_at)}", done=True)
    due = f"due {say.day(row.due_on)}" if row.due_on else ""
    late = f"{due}, late" if row.is_late else due
    return Item(str(row.id), row.text, row.owner, late, "attention" if row.is_late else "", href="#")


def _tick(item: str, done: bool) -> None:
    shell.act(_mark, UUID(item), to=done, done="Marked done" if done else "Open again")


def _mark(session: Reads, item: UUID, *, to: bool, by: Actor) -> object:
    """``mark_done`` under a name of its own for ``done``, which the shell takes for its words."""
    return mark_done(session, item, done=to, by=by)


def _decisions(rows: list[DecisionRow]) -> None:
    if not rows:
        st.caption("Nothing was decided yet. What is recorded here stays for good.")
        return
    feed(entries=[_decision(row) for row in rows], label="Decisions", key="meetings.decisions")


def _decision(row: DecisionRow) -> Entry:
    more = [f"Overrules: {row.replaces}"] if row.replaces else []
    more += [f"Decided at: {row.meeting}"] if row.meeting else []
    return Entry(
        id=str(row.id),
        mark="Overruled" if row.overruled else "Stands",
        tone="" if row.overruled else "good",
        title=row.text,
        text="\n".join(more),
        note=_day(row.decided_on),
        hover=f"Recorded by {row.created_by}",
    )


def _day(day: date) -> str:
    return say.day(day, year=True)


def _past(rows: list[MeetingRow], record: Record, zone: str) -> None:
    shown = rows[:ENOUGH]
    entries = [_held(row, record, zone) for row in shown]
    feed(entries=entries, label="Past meetings", key="meetings.past", on_open=planning.open_meeting)
    if len(rows) > len(shown):
        st.caption(f"The newest {len(shown)} of {len(rows)}; the timeline has them all.")


def _held(row: MeetingRow, record: Record, zone: str) -> Entry:
    notes = row.notes.splitlines()[0] if row.notes else ""
    return Entry(
        id=str(row.id),
        mark="Cancelled" if row.is_cancelled else "Held",
        title=row.title,
        text=notes or ("" if row.is_cancelled else "No notes yet"),
        note=say.day(row.at, zone=zone, year=True),
        hover=say.instant(row.at, zone=zone),
        href=address(record, row),
    )
