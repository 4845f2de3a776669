"""Who of us may use the portal, and what may each of them do?"""

import streamlit as st

from core.actor import Act, ContactRole
from core.contacts import own_queries
from core.contacts.people import ContactState
from core.proposals.content import plain_text
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.deals.style import quiet
from portal_app.team import colleague, form

reader = shell.actor()
page = Page("team", shell.language_chosen(reader.language), reader)
here, people = shell.desk(), shell.read(own_queries.colleagues)
enabled = [one for one in people if one.state is not ContactState.DISABLED]
waiting = sum(one.state is not ContactState.ACTIVE for one in enabled)
quiet()

with st.container(key="team"):
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(page.shown("title"), anchor=False, width="content")
        if reader.viewer is None:
            st.button(
                page.say("add"),
                on_click=form.begin_adding,
                args=(page.language,),
                type="primary",
                icon=":material/person_add:",
            )
    facts = page.joined(
        page.say("facts", count=len(enabled)), page.say("facts.waiting", count=waiting) if waiting else ""
    )
    st.caption(plain_text(facts))
    if page.may(Act.SEE_TEAM_TRAINING):
        st.page_link(
            "views/team_training.py",
            label=page.say("training"),
            icon=":material/school:",
            query_params={"lang": page.language},
        )
    if st.session_state.get(form.ADDING):
        form.draw_adding(page)
    for person in people:
        colleague.draw(page, person, here=here)
    if len(people) == 1:
        st.caption(page.shown("alone"))
    with st.expander(page.shown("roles")):
        for role in ContactRole:
            st.markdown(f"**{page.word(f'role.{role}')}**: {page.word(f'role.{role}.means')}")
