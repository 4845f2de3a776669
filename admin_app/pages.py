"""The pages of the admin app, in the order they are offered, and the act each one needs."""

from copy import copy
from functools import lru_cache
from typing import Literal

import streamlit as st
from streamlit.navigation.page import Page as StreamlitPage

from core.actor import Act, allowed
from core.companies.sign_in import Present
from core.i18n import t

Visibility = Literal["visible", "hidden"]
Groups = dict[str, list[StreamlitPage]]
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
_OF_THE_PORTAL = {"my_training", *(name for name, _, _ in PAGES[RESELLERS])}


def offered(here: Present) -> Groups:
    """The pages this person may open, by group."""
    actor = here.actor
    groups = {
        group: [_page(name, icon=icon) for name, icon, act in pages if allowed(actor, act) and _is_on(name, here)]
        for group, pages in PAGES.items()
    }
    hidden = {" ": [_page(name, visibility="hidden") for name, act in DETAILS if allowed(actor, act)]}
    # The first page stands at the bare address and at no other: to members that is the welcome, which leads on.
    groups = groups | hidden if allowed(actor, Act.READ_PIPELINE) else hidden | groups
    return {group: pages for group, pages in groups.items() if pages}


def closed_beside(groups: Groups) -> list[StreamlitPage]:
    """All other pages, for links that lead to them: they exist, and say why they stay closed."""
    names = [name for pages in PAGES.values() for name, _, _ in pages] + [name for name, _ in DETAILS]
    known = {page.url_path for pages in groups.values() for page in pages}
    return [_page(name, visibility="hidden") for name in names if name not in known]


def say_closed(page: StreamlitPage, here: Present) -> None:
    """Why a page stays closed, and who can open it."""
    st.title(page.title, anchor=False)
    why = f"This page is not part of your role ({t(f'role.{here.actor.role}')}). If you need it, ask an admin."
    if not _is_on(page.url_path, here):
        why = "This page belongs to the partner portal, which is switched off. An admin can switch it on in Modules."
    st.info(why, icon=":material/lock:")


def _is_on(name: str, here: Present) -> bool:
    """Whether the company uses what a page is about."""
    return here.offers_portal or name not in _OF_THE_PORTAL


def _page(name: str, *, icon: str | None = None, visibility: Visibility = "visible") -> StreamlitPage:
    """A page by the name of its file; a copy, because ``st.navigation`` writes on the pages it is given."""
    return copy(_built(name, icon, visibility))


@lru_cache(maxsize=100)
def _built(name: str, icon: str | None, visibility: Visibility) -> StreamlitPage:
    """Built once a process: ``st.Page`` resolves the path of its file each time."""
    return st.Page(f"views/{name}.py", title=t(f"page.{name}"), icon=icon, url_path=name, visibility=visibility)
