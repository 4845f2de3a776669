"""Modules: what is switched on for this company?"""

import streamlit as st

from admin_app import shell
from admin_app.widgets.heading import heading
from admin_app.widgets.plain import plain
from core.companies import queries, service

ASKING = "modules.asking"
ALWAYS = {
    ":material/view_kanban: Pipeline": "Partnerships, their stages, meetings and follow-ups.",
    ":material/article: Proposals": "Writing, sending and opening proposals by their links.",
    ":material/insights: Engagement": "Who reads what, for how long, and where they stop.",
    ":material/verified_user: Mail and audit": "The outbox, and the record of what was done.",
}


def _ask() -> None:
    st.session_state[ASKING] = True


def _forget() -> None:
    st.session_state.pop(ASKING, None)


def _switch(enabled: bool) -> None:
    done = f"The partner portal is {'on' if enabled else 'off'}."
    if shell.act(service.switch_partner_portal, enabled=enabled, done=done) is not None:
        _forget()


@st.dialog("Switch the partner portal off?", icon=":material/toggle_off:", on_dismiss=_forget)
def _confirm() -> None:
    if ASKING not in st.session_state:
        st.rerun()
    shell.say_refusal()
    st.markdown(
        "Partners' contacts are told “not available” at their next click, and the reseller pages leave this navigation."
        "\n\nNothing is deleted: switched on again, everything is where it was. The pipeline, proposals and their "
        "links keep working."
    )
    with st.container(horizontal=True):
        st.button("Switch off", type="primary", on_click=_switch, args=(False,))
        st.button("Keep it on", on_click=_forget)


company = shell.read(queries.company)
is_on = company.module_partner_portal_enabled
heading("Modules", facts=f"What {plain(company.name)} uses besides the pipeline")

with st.container(border=True):
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            st.subheader("Partner portal", anchor=False, width="content")
            if is_on:
                st.badge("On", icon=":material/check:", color="green")
            else:
                st.badge("Off", icon=":material/remove:", color="gray")
        if is_on:
            st.button("Switch off…", on_click=_ask)
        else:
            st.button("Switch on", type="primary", on_click=_switch, args=(True,))
    st.markdown("For companies whose partners resell: the partners' own people work with you in the portal.")
    portal, pages = st.columns(2, gap="large")
    portal.markdown(
        "**Contact portal**  \nA partner's contacts sign in by a mailed link and find what their role may see. Off, it "
        "answers “not available”."
    )
    pages.markdown(
        "**Reseller pages here**  \nResellers, their people and deals, protection and the catalogue in this "
        "navigation. Off, they are not offered."
    )

st.subheader("Always on", anchor=False)
for side, (name, text) in zip(st.columns(2, gap="large") * 2, ALWAYS.items(), strict=True):
    side.markdown(f"**{name}**  \n{text}")

if ASKING in st.session_state:
    _confirm()
