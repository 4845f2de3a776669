"""What should I do, how are my deals, what expires?"""

import streamlit as st

from core.actor import Act, ContactRole
from core.deals import home_queries
from core.i18n import t
from core.nda import agreement_queries
from core.proposals.content import plain_text
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.deals.style import quiet
from portal_app.desk import company_name, partner_name
from portal_app.home import agreeing, learning, news, standing, todo

reader = shell.actor()
page = Page("home", shell.language_chosen(reader.language), reader)
here, found, agreement = shell.desk(), shell.read(home_queries.home), shell.read(agreement_queries.my_agreement)
is_mine, is_viewer = here.role is ContactRole.SALESPERSON, here.role is ContactRole.VIEWER
quiet()


def about_amounts() -> str:
    """What the amounts are; why there are none yet; nothing for a role without them."""
    if not here.for_money:
        return ""
    return page.shown("standing.help") if here.sees_money else t("device.hidden", page.language)


with st.container(key="home"):
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(page.shown("title", name=here.person), anchor=False, width="content")
        if page.writes:
            st.link_button(page.say("register"), page.address("new_deal"), type="primary", icon=":material/add:")
    whose = page.say("facts", partner=partner_name(here, page.language), company=company_name(here, page.language))
    owner = page.say("owner", name=here.owner) if here.owner else ""
    signs = agreeing.is_asked(page, agreement)
    st.caption(plain_text(page.joined(whose, owner, "" if signs else agreeing.state(page, agreement, here.time_zone))))
    if signs:
        agreeing.draw(page, agreement, zone=here.time_zone)
    news.draw(page)
    learning.draw(page)
    if not found.standings:
        with st.container(border=True, key="home-empty"):
            st.markdown(page.shown("empty" if page.may(Act.SUBMIT_DEALS) else "empty.read"))
        st.stop()
    if page.may(Act.SUBMIT_DEALS):
        todo.draw_waiting(page, found.waiting, zone=here.time_zone)
    standing.draw(page, found.standings, title="standing.mine" if is_mine else "standing", help_text=about_amounts())
    if not is_viewer:
        todo.draw_endings(page, found.endings, zone=here.time_zone)
    standing.draw_changes(page, found.changes, zone=here.time_zone)
