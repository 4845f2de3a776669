"""One protection: what it covers, who waits for its end, the wish for longer, and lifting it with a reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.widgets.picker import close
from admin_app.widgets.plain import plain
from admin_app.widgets.protection_chart import OVER, state_of
from core import format as say
from core.actor import Act, Actor, allowed
from core.companies.queries import CompanyRow
from core.db import Reads
from core.deals import protection_queries as queries
from core.deals import protections
from core.deals.protection_queries import Queued, Window, Wish

PARAM, TABLE, WISHES = "id", "protection.table", "protection.wishes"
NOTE, REASON = "protection.note", "protection.reason"


@dataclass(frozen=True)
class Opened:
    """Everything the dialog shows."""

    window: Window
    wish: Wish | None
    queue: list[Queued]


def chosen(session: Reads) -> Opened | None:
    """The protection that the address names; None when it names none that is there."""
    try:
        window = queries.window(session, UUID(st.query_params.get(PARAM, "")))
    except ValueError:
        return None
    if window is None:
        return None
    wishes = queries.extensions(session, protection_id=window.id)
    return Opened(window, wishes[0] if wishes else None, queries.queue(session, window.id))


def draw(found: Opened, *, company: CompanyRow, me: Actor, at: datetime) -> None:
    """Its dialog."""
    title = f"{plain(found.window.customer)} · {plain(found.window.partner)}"
    st.dialog(title, width="medium", on_dismiss=_close)(_one)(found, company.time_zone, me, at)


def _one(found: Opened, zone: str, me: Actor, at: datetime) -> None:
    window = found.window
    if st.query_params.get(PARAM) != str(window.id):
        st.rerun()
    shell.say_refusal()
    _standing(window, zone, at)
    _queue(found.queue, zone)
    decides = allowed(me, Act.DECIDE_DEALS)
    if found.wish:
        _wish(found.wish, zone, decides)
    if decides and state_of(window, at) != OVER:
        _lifting(found)


def _standing(window: Window, zone: str, at: datetime) -> None:
    since, until = (say.day(day, zone=zone, year=True) for day in (window.starts_at, window.ends_at))
    if state_of(window, at) == OVER:
        why = f", {window.ended.value}" if window.ended else ""
        st.markdown(f"Was protected from {since} until **{until}**{why}.")
    else:
        left = (window.ends_at - at).days
        st.markdown(f"Protected from {since} until **{until}**, {f'{left} d left' if left else 'ends within a day'}.")
    st.caption(f"{plain(window.product)} in {plain(window.territory)} · deal {window.reference}")


def _queue(queue: list[Queued], zone: str) -> None:
    if not queue:
        st.caption("Nobody waits for its end.")
        return
    st.markdown("**Waiting for its end**")
    lines = [
        f"{place}. {plain(one.partner)}, {one.reference}, since {say.day(one.since, zone=zone)}"
        + (", told that its turn came" if one.told_at else "")
        for place, one in enumerate(queue, 1)
    ]
    st.markdown("\n".join(lines))


def _wish(wish: Wish, zone: str, decides: bool) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(wish.asked_by)} asks for {wish.days} more days**, {say.day(wish.asked_at, zone=zone)}")
        st.text(wish.evidence)
        if not decides:
            st.caption("Admins and reviewers decide on it.")
            return
        st.text_area("Your note; the partner reads it", key=NOTE, max_chars=1_000, height=80)
        with st.container(horizontal=True):
            st.button(f"Grant {wish.days} days", type="primary", icon=":material/check:", key="protection.grant",
                      on_click=_decide, args=(wish, True))  # fmt: skip
            st.button("Refuse", icon=":material/close:", key="protection.refuse", on_click=_decide, args=(wish, False),
                      help="Needs a note")  # fmt: skip


def _decide(wish: Wish, granted: bool) -> None:
    note = st.session_state.get(NOTE, "")
    done = "Granted; the partner is told" if granted else "Refused; the partner is told"
    key = ("extension", wish.id)
    if act_once(key, protections.decide_extension, wish.id, granted=granted, note=note, done=done):
        st.session_state.pop(NOTE, None)


def _lifting(found: Opened) -> None:
    with st.expander("Lift it before its time", icon=":material/lock_open:"):
        then = (
            f"{plain(found.queue[0].partner)} is told that its turn came."
            if found.queue
            else "Others may then register the customer."
        )
        st.markdown(
            f"{plain(found.window.customer)} is no longer protected for **{plain(found.window.partner)}**, which is "
            f"told by mail with your reason. {then} This cannot be taken back."
        )
        st.text_area("Why; the partner reads it", key=REASON, max_chars=1_000, height=80)
        st.button(
            "Lift the protection",
            icon=":material/lock_open:",
            key="protection.lift",
            on_click=_lift,
            args=(found.window,),
        )


def _lift(window: Window) -> None:
    reason = st.session_state.get(REASON, "")
    done = f"{window.customer} is no longer protected for {window.partner}"
    if act_once(("lift", window.id), protections.lift, window.id, reason=reason, done=done):
        st.session_state.pop(REASON, None)


def _close() -> None:
    for key in (NOTE, REASON):
        st.session_state.pop(key, None)
    close(PARAM, key=TABLE)
    close(PARAM, key=WISHES)
