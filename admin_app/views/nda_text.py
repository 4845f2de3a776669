"""What do partners sign? The versions of a text: read, compared, and the next one written clause by clause."""

from dataclasses import dataclass

import streamlit as st

from admin_app import shell
from admin_app.nda import text_form, text_keeping, text_meanwhile, text_reading, wording
from admin_app.nda.asked import instrument_in
from admin_app.nda.text_desk import Desk, desk_of, is_behind
from admin_app.widgets.editor_style import editor_style
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, actor_of, allowed
from core.clock import now
from core.companies import queries as companies
from core.companies.queries import CompanyRow
from core.db import Reads
from core.nda import queries
from core.nda.evidence import Party
from core.nda.models import Instrument, TextState
from core.nda.queries import TextRow, TextVersion
from core.nda.texts import Agreement

READ, COMPARE, PREVIEW = "Read", "Compare", "As the partner sees it"
WRITE = text_keeping.WRITE
PARTNER = Party(name="Partner Company LLC", name_ar="شركة الشريك ش.م.م")
"""Stands for whoever signs, in the preview."""


@dataclass(frozen=True)
class Found:
    """Everything this page shows. ``chosen`` is read, ``other`` it is compared with; both None before any text."""

    me: Actor
    company: CompanyRow
    rows: list[TextRow]
    draft: TextVersion | None
    chosen: TextVersion | None
    other: TextVersion | None

    @property
    def published(self) -> TextRow | None:
        """The version that is signed now."""
        return next((row for row in self.rows if row.state is TextState.PUBLISHED), None)


def look(session: Reads, chosen: int, other: int, *, instrument: Instrument) -> Found:
    """The versions, and the words of those that are asked for."""
    rows = queries.text_versions(session, instrument=instrument)
    known = [row.number for row in rows]
    texts: dict[int, TextVersion] = {}

    def text(asked: int) -> TextVersion | None:
        if asked not in known:
            return None
        return texts.setdefault(asked, queries.text_version(session, asked, instrument=instrument))

    draft = text(rows[0].number) if rows and rows[0].state is TextState.DRAFT else None
    shown = text(chosen if chosen in known else known[0]) if known else None
    before = next((one for one in known if shown and one < shown.row.number), 0)
    against = text(other if other in known else before)
    return Found(actor_of(session), companies.company(session), rows, draft, shown, against)


def draw_head(found: Found, desk: Desk | None) -> None:
    """Where the text stands, and what can be done with it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(f"Text of the {wording.inside(instrument)}", anchor=False, width="content")
        with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
            if desk is not None:
                draw_actions(desk)
            elif manages:
                st.button(
                    "Write the next version",
                    type="primary",
                    icon=":material/edit:",
                    on_click=text_keeping.start,
                    args=(instrument,),
                )
            st.page_link(
                "views/ndas.py",
                label="Go to the register",
                icon=":material/arrow_forward:",
                query_params={"instrument": instrument.value},
            )
    st.caption(" · ".join(standing(found, desk)))


def standing(found: Found, desk: Desk | None) -> list[str]:
    """Which version is signed, and how far the next one is."""
    parts = [":orange-badge[:material/edit: Not saved yet]"] if desk is not None and desk.is_changed() else []
    if row := found.published:
        since = say.day(row.published_at or row.saved_at, year=True)
        parts.append(f"Version {row.number} is signed since {since}, published by {plain(row.published_by)}")
    if found.draft:
        row = found.draft.row
        parts.append(f"Draft of version {row.number} saved {say.ago(row.saved_at, now())} by {plain(row.saved_by)}")
    return parts or ["No text is published yet"]


def draw_actions(desk: Desk) -> None:
    """Keeping, publishing and throwing away."""
    begin = text_keeping.begin
    st.button("Discard draft", type="tertiary", on_click=begin, args=(desk, text_keeping.DISCARD))
    st.button("Save draft", icon=":material/save:", on_click=text_keeping.save_pressed, args=(desk,))
    st.button("Publish…", type="primary", icon=":material/publish:", on_click=begin, args=(desk, text_keeping.PUBLISH))


def choose_view(views: list[str]) -> str:
    """Writing, reading, comparing, or as it is seen."""
    chosen: str = st.segmented_control(
        "View",
        views,
        default=views[0],
        key=text_keeping.VIEW,
        required=True,
        label_visibility="collapsed",
        wrap=True,
        bind="query-params",
    )
    return chosen


def state_of(row: TextRow, published: TextRow | None) -> str:
    """What a version is, in words."""
    if row.state is TextState.DRAFT:
        return "Draft"
    return "Signed now" if row == published else "Signed before"


def choose(label: str, param: str, chosen: int, found: Found) -> None:
    """One of the versions; the address carries it."""
    rows = {row.number: row for row in found.rows}

    def name(one: int) -> str:
        row = rows[one]
        who, at = (row.saved_by, row.saved_at) if row.published_at is None else (row.published_by, row.published_at)
        return f"Version {one} · {state_of(row, found.published)} · {who}, {say.day(at, year=True)}"

    st.session_state[f"nda_text.{param}"] = chosen
    st.selectbox(label, list(rows), format_func=name, key=f"nda_text.{param}", width=420, on_change=keep, args=(param,))


def keep(param: str) -> None:
    """Put the choice in the address; from its callback."""
    st.query_params[param] = str(st.session_state[f"nda_text.{param}"])


def words_of(version: TextVersion, desk: Desk | None) -> Agreement:
    """A version's words; of the draft those on the desk."""
    return desk.best() if desk is not None and version.row.number == desk.number else version.agreement


def draw_reading(found: Found, version: TextVersion, desk: Desk | None) -> None:
    """One version in both languages."""
    choose("Version", "version", version.row.number, found)
    text_reading.both(words_of(version, desk))


def draw_comparison(found: Found, version: TextVersion, desk: Desk | None) -> None:
    """Two versions against each other."""
    with st.container(horizontal=True):
        choose("Version", "version", version.row.number, found)
        choose("Compared with", "with", (found.other or version).row.number, found)
    if found.other is None:
        empty_state("There is only one version yet.", icon=":material/difference:")
    else:
        text_reading.compared(words_of(found.other, desk), words_of(version, desk))


def draw_preview(found: Found, version: TextVersion, desk: Desk | None) -> None:
    """One version as a partner reads it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose("Version", "version", version.row.number, found)
        marks = st.toggle("Mark what changed", key="nda_text.marks", help="As for somebody who read the one before")
    before = found.other if marks else None
    text_reading.preview(
        words_of(version, desk),
        company=Party(name=found.company.name, name_ar=found.company.name_ar),
        partner=PARTNER,
        before=words_of(before, desk) if before else None,
    )


instrument = instrument_in(st.query_params)
found = shell.read(look, number("version", default=0), number("with", default=0), instrument=instrument)
manages = allowed(found.me, Act.MANAGE_NDA)
desk = desk_of(found.draft) if manages and found.draft else None
editor_style()
draw_head(found, desk)
wording.choose(instrument, key="nda_text.instrument", called=wording.one)
refused = st.session_state.pop(text_keeping.REFUSED, None) if text_keeping.ASKING not in st.session_state else None
with st.container():
    if found.draft and desk is not None and is_behind(desk, found.draft):
        text_meanwhile.choose(desk, found.draft)
    elif found.draft is None and manages:
        text_meanwhile.rescue(instrument)
    if refused:
        st.error(plain(refused), icon=":material/block:")

if found.chosen is None:
    empty_state(
        f"No text is published yet. The usual one becomes version 1 when the first partner opens the "
        f"{wording.inside(instrument)}, or when you write the next version.",
        icon=":material/contract:",
    )
else:
    view = choose_view([WRITE, READ, COMPARE, PREVIEW] if desk else [READ, COMPARE, PREVIEW])
    if view == WRITE and desk is not None:
        text_form.draw(desk)
    elif view == COMPARE:
        draw_comparison(found, found.chosen, desk)
    elif view == PREVIEW:
        draw_preview(found, found.chosen, desk)
    else:
        draw_reading(found, found.chosen, desk)
if desk is not None and found.published:
    text_keeping.ask_what_is_open(desk, found.published.number)
