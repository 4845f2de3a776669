"""One person in one training, in a dialog: where they stand, what they hold and held, and taking it back."""

from collections.abc import Sequence

import streamlit as st

from admin_app import shell
from admin_app.partner.once import act_once
from admin_app.training_team import wording
from admin_app.training_team.table import PARAM, TABLE, row_id
from admin_app.widgets.picker import close
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.settings import settings
from core.training import service
from core.training.held import CertificationRow
from core.training.my_modules import Where
from core.training.team import TeamRow
from core.training.validity import State

REVOKING, REASON = "training_team.revoking", "training_team.reason"
SIGNS = {
    Where.VALID: ("green", "check_circle"),
    Where.EXPIRING: ("orange", "schedule"),
    Where.EXPIRED: ("red", "event_busy"),
    Where.MISSING: ("gray", "radio_button_unchecked"),
}
PAST = {State.VALID: "Valid", State.EXPIRING: "Ending soon", State.EXPIRED: "Ended", State.REVOKED: "Revoked"}


def ask_when_open(row: TeamRow | None, held: Sequence[CertificationRow], *, me: Actor, zone: str) -> None:
    """The dialog, while a row is open; at the end of the page. ``held``: what the person holds and held, in any."""
    if row is not None:
        mine = [one for one in held if one.module_id == row.module_id]
        st.dialog(plain(row.name), icon=":material/school:", width="medium", on_dismiss=_close)(_one)(
            row, mine, me, zone
        )


def _one(row: TeamRow, held: Sequence[CertificationRow], me: Actor, zone: str) -> None:
    if st.query_params.get(PARAM) != row_id(row):
        st.rerun()
    shell.say_refusal()
    colour, icon = SIGNS[row.where]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(wording.STANDINGS[row.where], color=colour, icon=f":material/{icon}:")  # type: ignore[arg-type]
        st.markdown(f"**{plain(row.module)}**", width="content")
    facts = [wording.stands(row), "required" if row.is_required else "not required of this role"]
    st.markdown(" · ".join(facts))
    st.caption(f"{wording.role(row.role)} at {plain(row.organisation)} · {plain(row.email)}")
    current = next((one for one in held if one.is_current), None)
    if current and st.session_state.get(REVOKING) == current.id and allowed(me, Act.WRITE_TRAINING):
        return _revoking(current)
    _history(held, zone)
    _actions(row, current, me)
    return None


def _history(held: Sequence[CertificationRow], zone: str) -> None:
    """Every certificate in this training, the newest first."""
    if not held:
        st.caption("No certificate in this training yet. The person takes the quiz under Training.")
        return
    st.dataframe(
        {
            "Certificate": [one.reference for one in held],
            "Passed": [say.day(one.completed_at, zone=zone, year=True) for one in held],
            "Score": [f"{one.score_pct.normalize():f}%" for one in held],
            "Valid until": [say.day(one.valid_until, year=True) for one in held],
            "State": [_state(one, zone) for one in held],
        },
        hide_index=True,
        height="content",
        alt="Certificates: number, when passed, score, until when valid, state",
    )
    for one in held:
        if one.reason:
            st.caption(f"{one.reference} was revoked by {plain(one.revoked_by)}: {plain(one.reason)}")


def _state(one: CertificationRow, zone: str) -> str:
    if one.revoked_at:
        return f"Revoked {say.day(one.revoked_at, zone=zone, year=True)}"
    return PAST[one.standing.state] if one.is_current else "Replaced by a newer one"


def _actions(row: TeamRow, current: CertificationRow | None, me: Actor) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if current and allowed(me, Act.WRITE_TRAINING):
            st.button("Revoke…", icon=":material/block:", on_click=_begin, args=(current,))
        if current:
            st.link_button(
                "Check page", f"{settings().portal_url}/certificate/{current.code}", icon=":material/verified:"
            )
        if row.partner_id and allowed(me, Act.READ_PIPELINE):
            st.page_link(
                "views/partner.py", label=f"Go to {plain(row.organisation)}", icon=":material/arrow_forward:",
                query_params={"id": str(row.partner_id), "tab": "Contacts"},
            )  # fmt: skip


def _revoking(one: CertificationRow) -> None:
    """What will happen, and why it shall."""
    name = plain(one.holder)
    st.warning(
        f"{one.reference} counts no more from now on, nor does an older one of {name} in this training. The check page "
        f"says so, and {name} is told by mail with your reason. This cannot be undone: {name} would take the quiz "
        "again.",
        icon=":material/warning:",
    )
    with st.form("training_team.revoke", border=False):
        st.text_area("Why", key=REASON, max_chars=500, height=90, placeholder="What the holder and the record are told")
        with st.container(horizontal=True):
            st.form_submit_button(f"Revoke {one.reference}", type="primary", on_click=_revoke, args=(one,))
            st.form_submit_button("Keep it", on_click=_begin, args=(None,))


def _begin(one: CertificationRow | None) -> None:
    st.session_state[REVOKING] = one.id if one else None


def _revoke(one: CertificationRow) -> None:
    reason = st.session_state.get(REASON)
    if reason is None:
        return
    done = f"{one.reference} is revoked; {plain(one.holder)} is told by mail"
    if act_once(("revoke", one.id, reason), service.revoke, one.id, reason=reason, done=done):
        _close()


def _close() -> None:
    close(PARAM, key=TABLE)
    for key in (REVOKING, REASON):
        st.session_state.pop(key, None)
