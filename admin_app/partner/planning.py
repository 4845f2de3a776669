"""A meeting's dialogs: planned, looked at, changed, cancelled, noted on. The address says which one is open."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner import agreeing, plan_form
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core.actor import Act, allowed
from core.clock import now, today
from core.companies import queries as companies
from core.db import Reads
from core.errors import Invalid
from core.meetings import queries, service
from core.meetings.plans import MeetingPlan
from core.meetings.queries import MeetingRow
from core.meetings.wording import people, when
from core.partners.queries import Record

PARAM = "meeting"
ADDING, MODE, SEEN, REFUSED = "planning.adding", "planning.mode", "planning.seen", "planning.refused"
CHANGE, CANCEL = "change", "cancel"


@dataclass(frozen=True)
class Look:
    """What a dialog needs: the meeting, if there is one, the company's time zone, the colleagues."""

    meeting: MeetingRow | None
    zone: str
    owners: dict[UUID, str]


def look(session: Reads, partner_id: UUID, meeting_id: UUID | None) -> Look:
    """A meeting of a partner's, as it is now."""
    found = queries.find_meeting(session, partner_id, meeting_id) if meeting_id else None
    return Look(found, companies.company(session).time_zone, companies.owners(session))


def begin(record: Record) -> None:
    """Open the dialog for a new meeting; from a callback."""
    usual = shell.read(queries.usual_attendees, record.id)
    plan_form.fill_new(usual, today=today(_zone()), me=shell.actor().id)
    st.session_state[ADDING] = record.id
    st.session_state.pop(REFUSED, None)


def _zone() -> str:
    return shell.read(companies.company).time_zone


def open_meeting(meeting: str) -> None:
    """Open a meeting; from a callback."""
    st.query_params[PARAM] = meeting
    for key in (MODE, SEEN, REFUSED):
        st.session_state.pop(key, None)


def ask_when_open(record: Record) -> None:
    """Show the dialog that is open for this partner; at the end of its page."""
    if st.session_state.get(ADDING) == record.id:
        st.dialog("Add meeting", width="medium", on_dismiss=_close)(_add_dialog)(record)
    elif meeting_id := _chosen():
        meeting = shell.read(queries.find_meeting, record.id, meeting_id)
        title = plain(meeting.title) if meeting else "Meeting"
        st.dialog(title, width="medium", on_dismiss=_close)(_meeting_dialog)(record, meeting_id)


def _chosen() -> UUID | None:
    try:
        return UUID(st.query_params.get(PARAM, ""))
    except ValueError:
        return None


def _close() -> None:
    st.query_params.pop(PARAM, None)
    for key in (ADDING, MODE, SEEN, REFUSED):
        st.session_state.pop(key, None)


def _add_dialog(record: Record) -> None:
    if st.session_state.get(ADDING) != record.id:
        st.rerun()
    found = shell.read(look, record.id, None)
    shell.say_refusal(st.session_state.pop(REFUSED, None))
    with st.form("planning", border=False):
        plan_form.draw(found.zone)
        plan_form.draw_actions(owners=found.owners, partner=record.profile.name)
        _mail_toggle("Mail the agenda with a calendar file to every attendee")
        st.form_submit_button("Add meeting", type="primary", on_click=_add, args=(record, found.zone))


def _mail_toggle(label: str) -> None:
    st.toggle(label, key="plan.mail", help="A meeting in the past is only written down; nothing is mailed.")


def _add(record: Record, zone: str) -> None:
    if st.session_state.get(ADDING) != record.id:
        return
    if (plan := _typed(zone)) is None:
        return
    actions, mails = plan_form.filled_actions(), bool(st.session_state["plan.mail"])
    done = _done("Meeting added", plan, mails)
    details = {"plan": plan, "actions": actions, "mail_agenda": mails}
    if act_once((record.id, plan, actions), service.add_meeting, record.id, done=done, **details):
        _close()


def _typed(zone: str) -> MeetingPlan | None:
    """The plan in the form; None, and why, when it is not whole."""
    try:
        return plan_form.filled(zone)
    except Invalid as refusal:
        st.session_state[REFUSED] = refusal.message
        return None


def _done(what: str, plan: MeetingPlan, mails: bool) -> str:
    count = len(plan.attendees)
    if not mails or not count or plan.at < now():
        return what
    return f"{what}; mail is on its way to {count} {'person' if count == 1 else 'people'}"


def _meeting_dialog(record: Record, meeting_id: UUID) -> None:
    if _chosen() != meeting_id:
        st.rerun()
    found = shell.read(look, record.id, meeting_id)
    meeting = found.meeting
    if meeting is None:
        st.info("This meeting was not found. Its link may be of another partner.", icon=":material/event_busy:")
        return
    shell.say_refusal(st.session_state.pop(REFUSED, None))
    works = allowed(shell.actor(), Act.WORK_PIPELINE)
    mode = st.session_state.get(MODE) if works else None
    if mode == CHANGE:
        _change_form(meeting, found.zone)
    elif mode == CANCEL:
        _cancel_form(meeting, found.zone)
    else:
        _view(record, meeting, found.zone, works=works)


def _view(record: Record, meeting: MeetingRow, zone: str, *, works: bool) -> None:
    cancelled = " :red-badge[:material/event_busy: Cancelled]" if meeting.is_cancelled else ""
    st.markdown(f"**{plain(when(meeting.at, meeting.minutes, zone=zone))}**{cancelled}")
    if meeting.place:
        st.markdown(f":material/location_on: {_linked(meeting.place)}")
    if meeting.attendees:
        st.markdown(f":material/group: {plain(people(meeting.attendees))}")
    booked = "Booked by the partner on the booking page" if meeting.booked else f"Added by {plain(meeting.created_by)}"
    st.caption(f"{booked} · organised by {plain(meeting.organiser)}")
    _text("Agenda", meeting.agenda)
    if works:
        _notes(meeting)
        _buttons(record, meeting)
    else:
        _text("Notes", meeting.notes)


def _linked(place: str) -> str:
    is_address = place.startswith(("https://", "http://")) and not set(place) & set(" <>()[]\"'")
    return f"<{place}>" if is_address else plain(place)


def _text(label: str, text: str) -> None:
    if text:
        lines = "  \n".join(plain(line) for line in text.splitlines())
        st.markdown(f":gray[:small[{label}]]  \n{lines}")


def _notes(meeting: MeetingRow) -> None:
    key = f"planning.notes.{meeting.id}"
    with st.form("planning.notes", border=False):
        st.text_area(
            "Notes", value=meeting.notes, key=key, height=120, max_chars=10_000,
            help="What came of it; the partner does not see it.",
        )  # fmt: skip
        st.form_submit_button("Save notes", on_click=_save_notes, args=(meeting, key))


def _save_notes(meeting: MeetingRow, key: str) -> None:
    notes = st.session_state[key]
    if _act(meeting, service.add_notes, notes=notes, done="Notes saved"):
        st.session_state.pop(key, None)


def _buttons(record: Record, meeting: MeetingRow) -> None:
    with st.container(horizontal=True):
        if not meeting.is_cancelled:
            st.button("Change", icon=":material/edit_calendar:", on_click=_begin_change, args=(meeting,))
        st.button("Add action item", icon=":material/checklist:", on_click=_hand_over,
                  args=(agreeing.begin_action, record, meeting.id))  # fmt: skip
        st.button("Record decision", icon=":material/gavel:", on_click=_hand_over,
                  args=(agreeing.begin_decision, record, meeting.id))  # fmt: skip
        if not meeting.is_cancelled and meeting.ends > now():
            st.button("Cancel meeting", icon=":material/event_busy:", on_click=_begin_cancel, args=(meeting,))


def _hand_over(begin: Callable[[Record, UUID | None], None], record: Record, meeting_id: UUID) -> None:
    """Close this dialog and open another one about the meeting."""
    _close()
    begin(record, meeting_id)


def _begin_change(meeting: MeetingRow) -> None:
    plan_form.fill(meeting, _zone())
    st.session_state[MODE], st.session_state[SEEN] = CHANGE, meeting.version


def _begin_cancel(meeting: MeetingRow) -> None:
    st.session_state[MODE], st.session_state[SEEN] = CANCEL, meeting.version


def _back() -> None:
    for key in (MODE, SEEN):
        st.session_state.pop(key, None)


def _change_form(meeting: MeetingRow, zone: str) -> None:
    with st.form("planning", border=False):
        plan_form.draw(zone)
        _mail_toggle("Mail the change to every attendee, so that calendars follow")
        with st.container(horizontal=True):
            st.form_submit_button("Save changes", type="primary", on_click=_change, args=(meeting, zone))
            st.form_submit_button("Back", on_click=_back)


def _change(meeting: MeetingRow, zone: str) -> None:
    if (plan := _typed(zone)) is None:
        return
    mails = bool(st.session_state["plan.mail"])
    done = _done("Meeting changed", plan, mails)
    if _act(meeting, service.change_meeting, plan=plan, mail_agenda=mails, done=done):
        _back()


def _cancel_form(meeting: MeetingRow, zone: str) -> None:
    told = f"{len(meeting.attendees)} attendees are told by mail, and" if meeting.attendees else "Nobody is mailed;"
    st.markdown(
        f"**{plain(meeting.title)}**, {plain(when(meeting.at, meeting.minutes, zone=zone))}, will not take place. "
        f"{told} it stays on the record as cancelled. Where the partner stands in the pipeline does not change."
    )
    with st.form("planning.cancel", border=False):
        st.text_area("Why? Attendees read this.", key="planning.why", max_chars=1_000, height=80)
        with st.container(horizontal=True):
            st.form_submit_button("Cancel meeting", type="primary", on_click=_cancel, args=(meeting,))
            st.form_submit_button("Keep it", on_click=_back)


def _cancel(meeting: MeetingRow) -> None:
    if _act(meeting, service.cancel_meeting, why=st.session_state["planning.why"], done="Meeting cancelled"):
        _back()


def _act(meeting: MeetingRow, operation: Callable[..., object], *, done: str, **details: object) -> bool:
    """Do it to the meeting as it was seen. When a colleague was faster, the next press counts as seen anew."""
    seen = st.session_state.get(SEEN, meeting.version)
    key = (operation.__name__, meeting.id, seen, tuple(details.items()))
    if act_once(key, operation, meeting.id, version=seen, done=done, **details):
        return True
    st.session_state[REFUSED] = shell.refusal()
    st.session_state[SEEN] = meeting.version
    return False
