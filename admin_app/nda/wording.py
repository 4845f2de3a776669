"""How the pages speak of an NDA's state and of the time it has left."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import streamlit as st

from admin_app import shell
from admin_app.widgets.filters import tied
from core import format as say
from core.clock import now
from core.i18n import t
from core.nda.models import Form, Instrument
from core.nda.steps import RENEW_BEFORE, State

SIGNS = {
    State.VALID: ("check_circle", "green"),
    State.EXPIRING: ("schedule", "orange"),
    State.EXPIRED: ("event_busy", "red"),
    State.SUPERSEDED: ("history", "gray"),
}
TONES = {State.VALID: "good", State.EXPIRING: "attention", State.EXPIRED: "stop", State.SUPERSEDED: ""}


def one(instrument: Instrument) -> str:
    """What an agreement is called: "NDA", "Reseller agreement"."""
    return t(f"instrument.{instrument}")


def many(instrument: Instrument) -> str:
    """Several of them: "NDAs", "Reseller agreements"."""
    return f"{one(instrument)}s"


def inside(instrument: Instrument) -> str:
    """The same inside a sentence: "NDA", "reseller agreement"."""
    name = one(instrument)
    return name if name.isupper() else name[:1].lower() + name[1:]


def choose(instrument: Instrument, *, key: str, called: Callable[[Instrument], str] = many) -> None:
    """Which agreement a page is about; the address carries it. Nothing where only NDAs are signed."""
    if shell.here().offers_portal or instrument is not Instrument.NDA:
        st.segmented_control(
            "Agreement",
            ["", Instrument.RESELLER.value],
            format_func=lambda value: called(Instrument(value or Instrument.NDA)),
            label_visibility="collapsed",
            required=True,
            **tied("instrument", key=key, value="" if instrument is Instrument.NDA else instrument.value),
        )


def word(state: State) -> str:
    """The state in words."""
    return t(f"nda.state.{state}")


def how(form: Form) -> str:
    """How it was signed, for a column of that name."""
    return t(f"nda.form.{form}").removeprefix("Signed ").capitalize()


def badge(state: State) -> None:
    """The state with its sign."""
    icon, colour = SIGNS[state]
    st.badge(word(state), icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]


def days_left(state: State, expires_at: datetime) -> int | None:
    """Whole days until it ends, below zero after; None when a later one took its place."""
    return None if state is State.SUPERSEDED else (expires_at - now()) // timedelta(days=1)


def whole(days: int | None) -> int | None:
    """The days left as a list shows them: those since the end, below zero, are whole days too."""
    return days if days is None or days >= 0 else days + 1


def left(days: int | None) -> str:
    """How long it is valid still, or since when it is not; empty for one that a later one took the place of."""
    if days is None:
        return ""
    if days < 0:
        return "ended today" if days == -1 else f"ended {say.number(-days - 1)} d ago"
    return f"{say.number(days)} d left" if days else "ends today"


def standing(counts: Mapping[State, int], instrument: Instrument = Instrument.NDA) -> str:
    """How many agreements are worth what, in one line."""
    if not any(counts.values()):
        return f"No {inside(instrument)} is on record yet"
    soon, verb = counts[State.EXPIRING], "expires" if counts[State.EXPIRING] == 1 else "expire"
    return (
        f"{say.number(counts[State.VALID] + soon)} valid, of which {say.number(soon)} {verb} within "
        f"{RENEW_BEFORE.days} days · {say.number(counts[State.EXPIRED])} expired"
    )
