"""The admin app: who is here, what they may see, and the page they asked for."""

from pathlib import Path

import streamlit as st

from admin_app import pages, shell
from admin_app.widgets.page_style import page_style

ICON = Path(__file__).parents[1] / "data" / "brand" / "favicon.svg"

st.set_page_config(page_title="Partnerdesk", page_icon=str(ICON), layout="wide", initial_sidebar_state=230)

with shell.script_run() as here:
    groups = pages.offered(here)
    closed = pages.closed_beside(groups)
    chosen = st.navigation(groups | {"  ": closed}, expanded=True)
    with st.sidebar:
        st.caption(f"{here.company} · {here.actor.name}")
        st.link_button("Sign out", "/sign-out", icon=":material/logout:", type="tertiary")
    page_style()
    shell.say_what_happened()
    if chosen in closed:
        pages.say_closed(chosen, here)
    else:
        chosen.run()
