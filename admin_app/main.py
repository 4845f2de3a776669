"""The admin app: who is here, what they may see, and the page they asked for."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from admin_app import shell
from admin_app.pages import page
from admin_app.widgets.page_style import page_style
from core.actor import Act, allowed
from core.companies.sign_in import Present

ICON = Path(__file__).parents[1] / "data" / "brand" / "favicon.svg"

st.set_page_config(page_title="Partnerdesk", page_icon=str(ICON), layout="wide", initial_sidebar_state=230)

RESELLERS = "Resellers"
"""The pages that are offered only where the partner portal is switched on, and so is the training that goes with it."""
PAGES = {
    "": [("today", ":material/today:", Act.READ_PIPELINE), ("my_training", ":material/school:", Act.LEARN)],
    "Pipeline": [
        ("partnerships", ":material/view_kanban:", Act.READ_PIPELINE),
        ("proposals", ":material/article:", Act.READ_PROPOSALS),
        ("engagement", ":material/insights:", Act.READ_ENGAGEMENT),
        ("ndas", ":material/contract:", Act.READ_NDA),
    ],
    RESELLERS: [
        ("resellers", ":material/storefront:", Act.READ_RESELLERS),
        ("deal_intents", ":material/rule:", Act.READ_DEALS),
        ("deals", ":material/handshake:", Act.READ_DEALS),
        ("questions", ":material/forum:", Act.READ_QUESTIONS),
        ("training", ":material/school:", Act.READ_TRAINING),
        ("training_team", ":material/workspace_premium:", Act.READ_TRAINING),
        ("protection", ":material/shield:", Act.READ_DEALS),
        ("deal_analytics", ":material/monitoring:", Act.READ_DEALS),
        ("catalogue", ":material/sell:", Act.READ_DEALS),
        ("library", ":material/library_books:", Act.READ_LIBRARY),
        ("imports", ":material/upload_file:", Act.IMPORT),
    ],
    "Company": [
        ("team", ":material/group:", Act.READ_TEAM),
        ("modules", ":material/toggle_on:", Act.SWITCH_MODULES),
        ("company", ":material/apartment:", Act.MANAGE_COMPANY),
        ("email", ":material/mail:", Act.READ_MAIL),
        ("audit", ":material/verified_user:", Act.READ_AUDIT),
    ],
}
DETAILS = [
    ("partner", Act.READ_PIPELINE),
    ("proposal", Act.READ_PROPOSALS),
    ("nda_text", Act.READ_NDA),
    ("training_module", Act.READ_TRAINING),
    ("welcome", Act.OWN_SESSION),
]
"""Pages that are opened from others, or that everybody has; they are not in the navigation."""


def offered(here: Present) -> dict[str, list[StreamlitPage]]:
    """The pages this person may open, by group."""
    actor = here.actor
    groups = {
        group: [page(name, icon=icon) for name, icon, act in pages if allowed(actor, act) and _is_on(here, group, name)]
        for group, pages in PAGES.items()
    }
    hidden = {" ": [page(name, visibility="hidden") for name, act in DETAILS if allowed(actor, act)]}
    # The first page stands at the bare address and at no other: to members that is the welcome, which leads on.
    groups = groups | hidden if allowed(actor, Act.READ_PIPELINE) else hidden | groups
    return {group: pages for group, pages in groups.items() if pages}


def _is_on(here: Present, group: str, name: str) -> bool:
    """Whether the company uses what a page is about."""
    return here.offers_portal or (group != RESELLERS and name != "my_training")


with shell.script_run() as here:
    chosen = st.navigation(offered(here), expanded=True)
    with st.sidebar:
        st.caption(f"{here.company} · {here.actor.name}")
        st.link_button("Sign out", "/sign-out", icon=":material/logout:", type="tertiary")
    page_style()
    shell.say_what_happened()
    chosen.run()
