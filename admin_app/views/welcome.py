"""What everybody has who is let in: their own session. A member finds that nothing waits for them here yet."""

import streamlit as st

from admin_app import shell
from admin_app.widgets.plain import plain
from core.i18n import t

here = shell.here()
me = here.actor

st.title(f"Welcome, {plain(me.name)}", anchor=False)
role = t(f"role.{me.role}") if me.role else ""
st.caption(f"{plain(here.company)} · {role}")
st.markdown(
    "You are signed in. There is nothing for you to do here yet: partners, proposals and settings are kept by the "
    "admins of your company. When something is meant for you, it appears on this page."
)
st.link_button("Sign out", "/sign-out", icon=":material/logout:")
