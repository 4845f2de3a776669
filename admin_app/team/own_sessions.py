"""Where one is signed in oneself, and ending it everywhere else."""

from collections.abc import Sequence

import streamlit as st

from admin_app import shell
from core import format as shown
from core.access import service
from core.access.queries import OpenSession
from core.clock import now
from core.engagement.devices import device_text


def draw(sessions: Sequence[OpenSession], *, zone: str) -> None:
    """One's own sessions, newest first, and a button that ends all but this one."""
    st.subheader("Where you are signed in")
    for one in sessions:
        here = ":green-badge[this one]" if one.is_this else f"used {shown.ago(one.last_used_at, now())}"
        since = shown.instant(one.opened_at, zone=zone)
        address = f" · {one.ip}" if one.ip else ""
        st.markdown(f"**{device_text(one.user_agent)}**{address} · {here}  \n:gray[:small[since {since}]]")
    others = sum(not one.is_this for one in sessions)
    if others:
        st.button(f"End the others ({others})", on_click=_end_others, help="Those devices must sign in again.")
    elif not sessions:
        st.caption("No session is in force.")


def _end_others() -> None:
    shell.act(service.end_other_sessions, done="Signed out everywhere else.")
