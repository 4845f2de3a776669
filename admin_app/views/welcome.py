"""What everybody has who is let in: their own session. A member is led on to their training, where there is any."""

import streamlit as st

from admin_app import shell
from admin_app.widgets.plain import plain
from core.actor import Act
from core.i18n import t

here = shell.here()
me = here.actor
if not shell.may(Act.READ_PIPELINE):
    if shell.may(Act.SWITCH_MODULES):
        st.switch_page("views/modules.py")
    if here.offers_portal:
        st.switch_page("views/my_training.py")

st.title(f"Welcome, {plain(me.name)}", anchor=False)
role = t(f"role.{me.role}") if me.role else ""
st.caption(f"{plain(here.company)} · {role}")
st.markdown(
    "You are signed in. There is nothing for you to do here yet: partners, proposals and settings are kept by the "
    "admins of your company. When something is meant for you, it appears on this page."
)
st.link_button("Sign out", "/sign-out", icon=":material/logout:")
