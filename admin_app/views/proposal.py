"""What do we propose to this partner? Written by section, in two languages, beside what the partner will see."""

from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.editor import meanwhile, publishing, saving, starting
from admin_app.editor.comparing import compare
from admin_app.editor.desk import Desk, desk_of, is_behind
from admin_app.editor.form import MARKDOWN, form
from admin_app.editor.preview import Subject, preview, width_switch
from admin_app.widgets.editor_style import editor_style
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.language_switch import language_switch
from admin_app.widgets.sections import sections
from core import format as say
from core.actor import Act, allowed
from core.clock import now
from core.companies import queries as companies
from core.db import Reads
from core.i18n import t
from core.proposals import queries
from core.proposals.content import (
    LANGUAGES,
    SECTIONS,
    Content,
    Language,
    SectionKey,
    blank,
    completeness,
    plain_text,
    reading_time,
)

WRITE, BESIDE, PREVIEW, COMPARE = "Write", "Write with preview", "Preview", "Compare"


def look(session: Reads, chosen: str) -> Subject | None:
    """The partner's workbench and who proposes; None when no partner is chosen."""
    try:
        partner_id = UUID(chosen)
    except ValueError:
        return None
    return Subject(queries.workbench(session, partner_id), companies.company(session))


def draw_head(subject: Subject, desk: Desk | None, content: Content) -> None:
    """Whose proposal it is, where it stands, and what can be done with it."""
    bench = subject.bench
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(plain_text(bench.partner), anchor=False, width="content")
        with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
            if desk is not None:
                draw_actions(desk, bench)
            if allowed(me, Act.READ_PIPELINE):
                st.page_link(
                    "views/partner.py",
                    label="Go to partner",
                    icon=":material/arrow_forward:",
                    query_params={"id": str(bench.partner_id)},
                )
    st.caption(" · ".join([*standing(bench, desk), *length(content)]))


def standing(bench: queries.Workbench, desk: Desk | None) -> list[str]:
    """Draft and published version, in words."""
    found = []
    if desk is not None and desk.is_changed():
        found.append(":orange-badge[:material/edit: Not saved yet]")
    if bench.saved_at:
        by = plain_text(bench.saved_by)
        found.append(f"Draft of version {bench.draft_number}, saved {say.ago(bench.saved_at, now())} by {by}")
    if bench.published_at:
        found.append(f"Version {bench.published_number} published {say.day(bench.published_at, year=True)}")
    return found or ["Nothing is written yet"]


def length(content: Content) -> list[str]:
    """How long it takes to read."""
    minutes = {lang: reading_time(content, lang) for lang in LANGUAGES}
    read = [f"{n} min in {'Arabic' if lang == 'ar' else 'English'}" for lang, n in minutes.items() if n]
    return [f"{' and '.join(read)} to read"] if read else []


def draw_actions(desk: Desk, bench: queries.Workbench) -> None:
    """Keeping, publishing and throwing away."""
    if bench.draft_version is not None:
        ask = publishing.DISCARD
        st.button("Discard draft", type="tertiary", on_click=publishing.begin, args=(desk, ask))
    st.button("Save draft", icon=":material/save:", on_click=saving.save_pressed, args=(desk,))
    st.button(
        "Publish",
        type="primary" if bench.draft_version is not None or desk.is_changed() else "secondary",
        icon=":material/publish:",
        on_click=publishing.begin,
        args=(desk, publishing.PUBLISH),
    )


def draw_list(desk: Desk, content: Content) -> None:
    """The nine sections."""
    st.session_state[saving.SECTION] = desk.section
    sections(
        names={key: t(f"section.{key}", "en") for key in SECTIONS},
        written={lang.upper(): completeness(content, lang) for lang in LANGUAGES},
        key=saving.SECTION,
        on_change=saving.switch,
        args=(desk,),
    )


def choose_view(views: list[str]) -> str:
    """What stands beside the list."""
    chosen: str = st.segmented_control(
        "View",
        views,
        default=views[0],
        key="view",
        required=True,
        label_visibility="collapsed",
        wrap=True,
        bind="query-params",
    )
    return chosen


def draw_form(desk: Desk, subject: Subject, look_at: tuple[Language, str] | None) -> None:
    """The form of the chosen section, in both languages or, beside its preview, in the one that is looked at."""
    with st.container():
        for complaint in desk.complaints():
            st.error(complaint, icon=":material/error:")
        if subject.bench.content == blank() and not desk.is_changed():
            draw_start(desk)
    if look_at is None:
        form(desk)
        st.caption(f"Texts take markdown: {MARKDOWN}".replace("*", r"\*").replace("[", r"\[").replace("- l", r"\- l"))
        return
    lang, width = look_at
    left, right = st.columns([1, 1.1], gap="medium")
    with left:
        form(desk, languages=(lang,))
    with right:
        preview(desk.best(), subject, lang=lang, width=width, only=desk.section, height=620)


def draw_start(desk: Desk) -> None:
    """A new partner has nothing yet: offer another partner's proposal to start from."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            "Nothing is written for this partner yet. Write here, or copy what is published for another one.",
            width="stretch",
        )
        st.button("Start from…", icon=":material/content_copy:", on_click=starting.begin, args=(desk,))


def draw_comparison(content: Content, bench: queries.Workbench) -> None:
    """The draft against what is published."""
    if bench.published is None:
        st.caption("Nothing is published yet, so everything is new.")
    nothing = "Nothing is written yet." if content == blank() else "The draft says what the published version says."
    compare(bench.published or blank(), content, nothing=nothing)


me = shell.actor()
writes = allowed(me, Act.WRITE_PROPOSALS)
subject = shell.read(look, st.query_params.get("id", ""))
if subject is None:
    st.title("Proposal", anchor=False)
    empty_state("No partner is chosen.", action="Choose one from the list", page="views/proposals.py")
    st.stop()

asked = st.query_params.get("section", "")
section = SectionKey(asked) if asked in set(SECTIONS) else SECTIONS[0]
bench = subject.bench
desk = desk_of(bench, section) if writes else None
content = desk.best() if desk else bench.content
editor_style()
draw_head(subject, desk, content)
refused = st.session_state.pop(saving.REFUSED, None)
with st.container():
    if desk is not None and is_behind(desk, bench):
        meanwhile.choose(desk, bench)
    elif refused:
        st.error(refused, icon=":material/block:")

with st.container(horizontal=True):
    view = choose_view([WRITE, BESIDE, PREVIEW, COMPARE] if desk else [PREVIEW, COMPARE])
    look_at = (language_switch("editor.preview.language"), width_switch()) if view in (BESIDE, PREVIEW) else None
if view == COMPARE:
    draw_comparison(content, bench)
elif look_at and (view == PREVIEW or desk is None):
    preview(content, subject, lang=look_at[0], width=look_at[1])
elif desk is not None:
    at_left, at_right = st.columns([1, 5], gap="medium")
    with at_left:
        draw_list(desk, content)
    with at_right:
        draw_form(desk, subject, look_at)

if desk is not None:
    publishing.ask_what_is_open(desk, bench)
    starting.ask_when_open(desk)
