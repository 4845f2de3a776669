"""The portal: who reads here, and the page they came for."""

from pathlib import Path

import streamlit as st

from core.i18n import is_rtl, t
from portal_app import shell
from portal_app.widgets.direction import direction

ICON = Path(__file__).parents[1] / "data" / "brand" / "favicon.svg"

actor = shell.find_actor()
language = shell.language_chosen(actor.language if actor else "en")
st.set_page_config(page_title=t("portal.title", language), page_icon=str(ICON), layout="centered")
direction(lang=language, rtl=is_rtl(language))
if actor is None:
    shell.say_access_ended()

page = st.navigation(
    [st.Page("views/proposal.py", title=t("portal.proposal", language), url_path="proposal", default=True)],
    position="hidden",
)
with shell.script_run(actor):
    shell.say_what_happened()
    page.run()
