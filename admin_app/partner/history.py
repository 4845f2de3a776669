"""Every move a partner made: from where, to where, after how long, by whom and why."""

from datetime import timedelta

import streamlit as st

from admin_app import shell
from admin_app.widgets.empty_state import empty_state
from core import format as say
from core.actor import Actor
from core.i18n import t
from core.partners import queries
from core.partners.queries import Record


def draw(record: Record, me: Actor) -> None:
    """The hops, newest first."""
    hops = shell.read(queries.hops, record.id)
    if not hops:
        return empty_state(f"It has not moved since it was added on {say.day(record.created_at)}.")
    st.dataframe(
        {
            "When": [say.instant(hop.at) for hop in hops],
            "From": [t(f"status.{hop.start}") if hop.start else "" for hop in hops],
            "To": [t(f"status.{hop.to}") for hop in hops],
            "After": [say.age(timedelta(seconds=hop.seconds_in_stage)) for hop in hops],
            "By": [hop.who for hop in hops],
            "Why": [hop.reason for hop in hops],
        },
        column_config={
            "After": st.column_config.TextColumn(help="How long it stood in the stage it left", width="small"),
            "Why": st.column_config.TextColumn(width="large"),
        },
        hide_index=True,
        height="content",
        alt="Moves of this partner",
    )
    return None
