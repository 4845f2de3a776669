"""Protection: what is protected for whom until when, and who asks for longer?"""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from admin_app import shell
from admin_app.protection import one
from admin_app.protection.asked import SPANS, Asked, asked
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import tied
from admin_app.widgets.heading import heading
from admin_app.widgets.picker import picker
from admin_app.widgets.protection_chart import MOST_BARS, build_calendar, state_of
from core import format as say
from core.actor import Actor, actor_of
from core.clock import now
from core.companies import queries as companies
from core.companies.queries import CompanyRow
from core.db import Reads
from core.deals import protection_queries as queries
from core.deals.protection_queries import Calendar, Choices, Wish


@dataclass(frozen=True)
class Found:
    """Everything this page shows."""

    me: Actor
    company: CompanyRow
    calendar: Calendar
    choices: Choices
    wishes: list[Wish]
    opened: one.Opened | None


def look(session: Reads, wanted: Asked, at: datetime) -> Found:
    """The calendar, the wishes that wait, and the protection that the address names."""
    return Found(
        actor_of(session),
        companies.company(session),
        queries.calendar(session, **wanted.filters(at)),
        queries.choices(session),
        queries.extensions(session),
        one.chosen(session),
    )


def clear() -> None:
    """Show all of them again."""
    st.query_params.clear()


def draw_filters(choices: Choices, wanted: Asked) -> None:
    """Partner, territory and span."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, param, names, value in (
            ("Partner", "partner", choices.partners, wanted.partner),
            ("Territory", "territory", choices.territories, wanted.territory),
        ):
            words = {"": f"Every {param}"} | {str(key): name for key, name in names.items()}
            shown = str(value) if value in names else ""
            st.selectbox(label, list(words), format_func=words.__getitem__, width=160,
                         **tied(param, key=f"protection.{param}", value=shown, closes=one.PARAM))  # fmt: skip
        st.selectbox("Time", list(SPANS), format_func=lambda span: SPANS[span][0], width=220,
                     **tied("span", key="protection.span", value=wanted.span, closes=one.PARAM))  # fmt: skip


def draw_wishes(wishes: list[Wish], zone: str) -> None:
    """Who asks for longer; a chosen row opens."""
    st.subheader("Asked for longer", anchor=False)
    picker(
        columns={
            "Customer": [wish.window.customer for wish in wishes],
            "Partner": [wish.window.partner for wish in wishes],
            "Ends": [wish.window.ends_at for wish in wishes],
            "More days": [wish.days for wish in wishes],
            "What speaks for it": [wish.evidence for wish in wishes],
            "Asked": [wish.asked_at for wish in wishes],
        },
        ids=[str(wish.window.id) for wish in wishes],
        param=one.PARAM,
        key=one.WISHES,
        config={
            name: st.column_config.DatetimeColumn(format="D MMM YYYY", timezone=zone, width=105)
            for name in ("Ends", "Asked")
        }
        | {
            "Customer": st.column_config.TextColumn(width=190),
            "Partner": st.column_config.TextColumn(width=170),
            "More days": st.column_config.NumberColumn(width=80),
        },
        alt="Wishes for longer protection: customer, partner, when it ends, how many more days, why, when asked",
    )


def draw_calendar(found: Found, at: datetime, wanted: Asked) -> None:
    """The picture, then the table behind it; a chosen row opens."""
    windows, zone = found.calendar.windows, found.company.time_zone
    st.subheader("Who is protected until when", anchor=False)
    start, end = wanted.around(at)
    st.altair_chart(build_calendar(windows[:MOST_BARS], at=at, start=start, end=end, zone=zone), width="stretch")
    if found.calendar.total > MOST_BARS:
        st.caption(
            f"The picture shows the {MOST_BARS} that end first, of {say.number(found.calendar.total)}; the table more."
        )
    picker(
        columns={
            "Customer": [window.customer for window in windows],
            "Partner": [window.partner for window in windows],
            "Until": [window.ends_at for window in windows],
            "State": [state_of(window, at) for window in windows],
            "Waiting": [window.waiting for window in windows],
            "Product": [window.product for window in windows],
            "Territory": [window.territory for window in windows],
            "Since": [window.starts_at for window in windows],
            "Deal": [window.reference for window in windows],
        },
        ids=[str(window.id) for window in windows],
        param=one.PARAM,
        key=one.TABLE,
        config={
            name: st.column_config.DatetimeColumn(format="D MMM YYYY", timezone=zone, width=98)
            for name in ("Until", "Since")
        }
        | {
            "Customer": st.column_config.TextColumn(width=178),
            "Partner": st.column_config.TextColumn(width=132),
            "State": st.column_config.TextColumn(width=140),
            "Waiting": st.column_config.NumberColumn(width=70, help="Deals that wait for its end"),
            "Product": st.column_config.TextColumn(width=180),
            "Territory": st.column_config.TextColumn(width=150),
        },
        alt="Protections: customer, partner, until when, state, how many wait, product, territory, since when, deal",
    )


def facts(found: Found) -> str:
    """The page in one line."""
    calendar, waiting = found.calendar, len(found.wishes)
    parts = [f"{say.number(calendar.in_force)} in force, {say.number(calendar.ending)} of them end within 30 days"]
    parts += [f"{waiting} {'wish waits' if waiting == 1 else 'wishes wait'} for an answer"] if waiting else []
    return " · ".join(parts)


at, wanted = now(), asked(st.query_params)
found = shell.read(look, wanted, at)
heading("Protection", facts=facts(found))
if found.wishes:
    draw_wishes(found.wishes, found.company.time_zone)
if found.choices.partners:
    draw_filters(found.choices, wanted)
if found.calendar.windows:
    draw_calendar(found, at, wanted)
elif wanted.is_narrowed:
    empty_state("Nothing is protected like this.", action="Show all", on_click=clear, icon=":material/filter_alt_off:")
else:
    empty_state(
        "Nothing is protected in this time. A customer is protected for a partner when its deal is approved.",
        icon=":material/shield:",
    )
if found.opened:
    one.draw(found.opened, company=found.company, me=found.me, at=at)
elif st.query_params.get(one.PARAM):
    st.toast("That protection was not found. Look for it in the table.", icon=":material/search_off:")
