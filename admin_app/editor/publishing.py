"""Publishing a draft, or throwing it away: what will happen is said first."""

import streamlit as st

from admin_app import shell
from admin_app.editor import saving
from admin_app.editor.comparing import named
from admin_app.editor.desk import TONGUES, Desk, clear
from core import format as say
from core.proposals import queries, service
from core.proposals.content import Content, Language, blank, plain_text, reading_time
from core.proposals.queries import Workbench

ASKING, REFUSED = "editor.asking", "editor.refused"
PUBLISH, DISCARD = "publish", "discard"


def begin(desk: Desk, what: str) -> None:
    """Open a dialog; from a callback. What is to be published is kept first."""
    if what == PUBLISH and not saving.save(desk, done=""):
        return
    if desk.version is None:
        st.session_state[saving.REFUSED] = service.NothingToPublish().message
    else:
        st.session_state[ASKING] = (desk.partner_id, what)


def ask_what_is_open(desk: Desk, bench: Workbench) -> None:
    """Show the dialog that is open for this partner; at the end of the page."""
    asked = st.session_state.get(ASKING)
    if asked == (bench.partner_id, PUBLISH):
        st.dialog("Publish this proposal?", on_dismiss=_close)(_ask_to_publish)(desk, bench)
    elif asked == (bench.partner_id, DISCARD):
        st.dialog("Discard this draft?", on_dismiss=_close)(_ask_to_discard)(desk, bench)


def _ask_to_publish(desk: Desk, bench: Workbench) -> None:
    if ASKING not in st.session_state:
        st.rerun()
    shell.say_refusal(st.session_state.pop(REFUSED, None))
    number = bench.draft_number or (bench.published_number or 0) + 1
    st.markdown(who_sees(bench, shell.read(queries.links, bench.partner_id)))
    changes = named(bench.published or blank(), desk.content)
    st.markdown(f"**What changes:** {changes or 'nothing is different from the published version.'}")
    st.markdown(f"**Length:** {_length(desk.content)}")
    st.caption("This cannot be taken back; only a newer version replaces it.")
    with st.container(horizontal=True):
        st.button(
            f"Publish version {number}", type="primary", icon=":material/publish:", on_click=_publish, args=(desk,)
        )
        st.button("Not yet", on_click=_close)


def who_sees(bench: Workbench, links: list[queries.LinkRow]) -> str:
    """In words, who reads the new version and from when on."""
    live = next((link for link in links if link.state == "in_force"), None)
    name = f"**{plain_text(bench.partner)}**"
    if live is None:
        return f"Nobody can open it yet: {name} reads it once you send the invitation."
    contact = plain_text(bench.contact_name or "the contact")
    times = f" It was opened {live.opened} time{'s' * (live.opened != 1)} so far." if live.opened else ""
    return (
        f"From now on {contact} and whoever else at {name} has the link reads this version instead of version "
        f"{bench.published_number}. The link works until {say.day(live.expires_at, year=True)}.{times}"
    )


def _length(content: Content) -> str:
    languages: tuple[Language, ...] = ("en", "ar")
    minutes = {TONGUES[lang]: reading_time(content, lang) for lang in languages}
    return ", ".join(f"{tongue} {n} min to read" if n else f"{tongue} not written" for tongue, n in minutes.items())


def _publish(desk: Desk) -> None:
    if ASKING not in st.session_state:
        return
    if shell.act(service.publish, desk.partner_id, version=desk.version, done="Published"):
        desk.version = None
        _close()
    else:
        st.session_state[REFUSED] = shell.refusal()


def _ask_to_discard(desk: Desk, bench: Workbench) -> None:
    if ASKING not in st.session_state:
        st.rerun()
    shell.say_refusal(st.session_state.pop(REFUSED, None))
    stays = f"Version {bench.published_number} stays published." if bench.published else "Nothing is published yet."
    st.markdown(f"Everything written since is lost, in every section and both languages. {stays}")
    with st.container(horizontal=True):
        st.button("Discard draft", type="primary", icon=":material/delete:", on_click=_discard, args=(desk,))
        st.button("Keep it", on_click=_close)


def _discard(desk: Desk) -> None:
    if ASKING not in st.session_state:
        return
    shell.act(service.discard_draft, desk.partner_id, version=desk.version, done="Draft discarded")
    if text := shell.refusal():
        st.session_state[REFUSED] = text
        return
    clear(desk)
    _close()


def _close() -> None:
    st.session_state.pop(ASKING, None)
