"""Certifications: who is certified, who is about to lapse, and who is missing?"""

from dataclasses import dataclass

import streamlit as st

from admin_app import shell
from admin_app.training_team import one, picture, table, wording
from admin_app.training_team.asked import Asked, asked
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number
from admin_app.widgets.heading import heading
from admin_app.widgets.pager import pager
from core.actor import Act, Actor, actor_of, allowed
from core.db import Reads
from core.training import queries, team_queries
from core.training.audience import EMPLOYEE
from core.training.held import CertificationRow
from core.training.team import PAGE, TeamRow
from core.training.team_queries import Overview


@dataclass(frozen=True)
class Found:
    """Everything this page shows: the picture with a page of people, and the one who is open with what they held."""

    me: Actor
    overview: Overview
    opened: TeamRow | None
    held: list[CertificationRow]


def look(session: Reads, wanted: Asked, page: int, chosen: str) -> Found:
    """What the address asks for."""
    found = team_queries.overview(session, group=wanted.group, **wanted.filters, page=page)
    opened = next((row for row in found.team.rows if table.row_id(row) == chosen), None)
    held = []
    if opened is not None:
        owner = "staff_id" if opened.role == EMPLOYEE else "contact_id"
        held = queries.certifications_of(session, **{owner: opened.learner_id})
    return Found(actor_of(session), found, opened, held)


def clear() -> None:
    """Show everybody again; from a callback."""
    st.query_params.clear()


def draw_people(found: Found, wanted: Asked) -> None:
    """The table with its states, its pages and its files."""
    team = found.overview.team
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Who", anchor=False, width="content")
        if team.total and allowed(found.me, Act.EXPORT):
            table.draw_exports(wanted, team.total)
    table.draw_standings(found.overview.standings.figures, wanted)
    if not team.rows:
        empty_state("Nobody is like this.", action="Show everybody", on_click=clear, icon=":material/filter_alt_off:")
        return
    table.draw(team.rows)
    pager(page=team.page, pages=team.pages, size=PAGE, total=team.total, noun="rows", key="training_team.page")


wanted = asked(st.query_params)
chosen = st.query_params.get(table.PARAM, "")
found = shell.read(look, wanted, number("page"), chosen)
standings = found.overview.standings
heading("Certifications", facts=wording.facts(standings.figures))
if not standings.modules:
    empty_state(
        "No training is offered yet. Once one is, this page shows who is certified in it, and who is not.",
        action="Go to the trainings", page="views/training.py", icon=":material/school:",
    )  # fmt: skip
    st.stop()
table.draw_filters(standings, wanted)
if standings.figures.every:
    picture.draw(standings.lines, wanted)
    draw_people(found, wanted)
elif wanted.is_narrowed:
    empty_state("Nobody is like this.", action="Show everybody", on_click=clear, icon=":material/filter_alt_off:")
else:
    empty_state(
        "Nobody has to hold any of the trainings, and nobody took one yet. Choose on a training who must hold it.",
        action="Go to the trainings", page="views/training.py", icon=":material/school:",
    )  # fmt: skip
one.ask_when_open(found.opened, found.held, me=found.me, zone=shell.here().zone)
if chosen and found.opened is None:
    st.toast("That row is not on this page. Look for the person in the list.", icon=":material/search_off:")
