"""The admin app: who is here, what they may see, and the page they asked for."""

from pathlib import Path

import streamlit as st

from admin_app import shell
from core.actor import Act, allowed
from core.companies import queries as companies
from core.i18n import t

ICON = Path(__file__).parents[1] / "data" / "brand" / "favicon.svg"

st.set_page_config(page_title="Partnerdesk", page_icon=str(ICON), layout="wide", initial_sidebar_state=230)

PAGES = {
    "": [("today", ":material/today:", Act.READ_PIPELINE)],
    "Pipeline": [
        ("partnerships", ":material/view_kanban:", Act.READ_PIPELINE),
        ("proposals", ":material/article:", Act.READ_PROPOSALS),
        ("engagement", ":material/insights:", Act.READ_ENGAGEMENT),
    ],
    "Company": [
        ("team", ":material/group:", Act.READ_TEAM),
        ("modules", ":material/toggle_on:", Act.SWITCH_MODULES),
        ("company", ":material/apartment:", Act.MANAGE_COMPANY),
        ("email", ":material/mail:", Act.READ_MAIL),
        ("audit", ":material/verified_user:", Act.READ_AUDIT),
    ],
}
DETAILS = [("partner", Act.READ_PIPELINE), ("proposal", Act.READ_PROPOSALS), ("welcome", Act.OWN_SESSION)]
"""Pages that are opened from others, or that everybody has; they are not in the navigation."""

actor = shell.actor()
company = shell.read(companies.company)

offered = {
    group: [
        st.Page(f"views/{name}.py", title=t(f"page.{name}"), icon=icon, url_path=name)
        for name, icon, act in pages
        if allowed(actor, act)
    ]
    for group, pages in PAGES.items()
}
details = [
    st.Page(f"views/{name}.py", title=t(f"page.{name}"), url_path=name, visibility="hidden")
    for name, act in DETAILS
    if allowed(actor, act)
]
page = st.navigation({**{group: pages for group, pages in offered.items() if pages}, " ": details}, expanded=True)

with st.sidebar:
    st.caption(f"{company.name} · {actor.name}")
    st.link_button("Sign out", "/sign-out", icon=":material/logout:", type="tertiary")

shell.say_what_happened()
page.run()
