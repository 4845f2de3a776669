"""Who of us is certified, whose certificate ends soon, and who still has to learn?"""

import streamlit as st

from core.db import Reads
from core.training import own_queries
from core.training.my_modules import Where
from core.training.team import TeamPage
from core.training.team_figures import Figures
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.deals.style import quiet
from portal_app.team_training import people


def look(session: Reads, standing: Where | None, at: int) -> tuple[Figures, TeamPage]:
    """How it stands with the team, and a page of its people."""
    return own_queries.team_figures(session), own_queries.team_training(session, standing=standing, page=at)


def number(text: str) -> int:
    """The page of the list that the address asks for."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


reader = shell.actor()
page = Page("team_training", shell.language_chosen(reader.language), reader)
named = st.query_params.get(people.PARAM, "")
chosen = Where(named) if named in set(Where) else None
figures, team = shell.read(look, chosen, number(st.query_params.get("page", "")))
quiet()

with st.container(key="team-training"):
    st.title(page.shown("title"), anchor=False)
    st.caption(people.facts(page, figures) if figures.every else page.shown("lead"))
    st.page_link("views/team.py", label=page.say("team"), icon=":material/group:", query_params={"lang": page.language})
    if not figures.every:
        with st.container(border=True, key="team-training-empty"):
            st.markdown(page.shown("empty"))
        st.stop()
    people.draw_picture(page, figures)
    st.header(page.shown("people"), anchor=False)
    people.draw_filter(page, figures, chosen)
    if team.rows:
        people.draw_rows(page, team.rows)
    else:
        st.caption(page.shown("empty.filter"))
        st.button(page.say("all"), on_click=people.show_all)
    if team.pages > 1:
        st.pagination(team.pages, default=team.page, key="team_training.page", on_change=people.turn)
