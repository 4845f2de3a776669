"""The portal: who reads here, and the page they came for."""

from pathlib import Path

import streamlit as st

from core.actor import ActorKind
from core.i18n import is_rtl, t
from portal_app import desk, going, pages, shell
from portal_app.widgets.direction import direction
from portal_app.widgets.frame import frame

ICON = Path(__file__).parents[1] / "data" / "brand" / "favicon.svg"

actor = shell.find_actor()
language = shell.language_chosen(actor.language if actor else "en")
st.set_page_config(page_icon=str(ICON), layout="centered")
direction(lang=language, rtl=is_rtl(language))
if actor is None:
    shell.say_access_ended()

first = pages.first_for(actor)
files = {
    page: st.Page(f"views/{page.name}.py", title=t(f"portal.{page.name}", language), url_path=page.name)
    for page in pages.PAGES
}
# Streamlit serves a default page at / alone: the first page is there twice, and its own address leads to /.
start = st.Page(f"views/{first.name}.py", title=files[first].title, url_path="start", default=True)
here = st.navigation([start, *files.values()], position="hidden")
if here is files[first]:
    st.switch_page(start, query_params=st.query_params.to_dict())
files[first] = start
page = next(page for page, file in files.items() if file is here)
going.lead(page.name, language)
offered = [files[one] for one in pages.offered_to(actor)]
with shell.script_run(actor):
    if actor.kind is ActorKind.CONTACT:
        desk.draw(page, run=here.run, offered=offered, home=files[first])
    else:
        frame(
            pages=offered, language=language, words=lambda key: t(key, language), switch_language=shell.switch_language
        )
        shell.say_what_happened()
        desk.refuse_visitor(language) if page.for_contacts else here.run()
