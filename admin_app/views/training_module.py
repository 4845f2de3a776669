"""One training: what does it ask, is it sound, and what do learners' answers say about it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.training import compared, figures, files, looking, publishing, settings, wording, writing
from admin_app.training.desk import QUESTIONS, Desk, desk_of
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, actor_of, allowed
from core.clock import now
from core.db import Reads
from core.errors import NotFound
from core.training import queries
from core.training.checks import check
from core.training.queries import ModuleDetail
from core.training.quiz import Fault
from core.training.statistics import Item

STATISTICS, FILES, VERSIONS, SETTINGS = "Statistics", "Import & export", "Versions", "Settings"


@dataclass(frozen=True)
class Look:
    """A training, the pictures for its questions, and the figures of the published ones."""

    module: ModuleDetail
    pictures: Mapping[str, str]
    items: Mapping[str, Item]


def look(session: Reads, chosen: str) -> Look | None:
    """The training that the address names; None when it names none. Figures are for whoever writes."""
    try:
        module = queries.module(session, UUID(chosen))
    except (ValueError, NotFound):
        return None
    if not allowed(actor_of(session), Act.WRITE_TRAINING):
        return Look(module, {}, {})
    items = queries.item_statistics(session, module.id)
    return Look(module, queries.pictures(session, module.id), {one.question: one for one in items})


def draw_head(module: ModuleDetail, desk: Desk | None) -> None:
    """Its name, one line of facts, and publishing."""
    st.page_link("views/training.py", label="All trainings", icon=":material/arrow_back:")
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.title(plain(module.name), anchor=False, width="content")
            if desk is not None:
                with st.container(horizontal=True, width="content", gap="small", vertical_alignment="center"):
                    draw_actions(module, desk)
        st.caption(" · ".join(facts(module, desk)))


def draw_actions(module: ModuleDetail, desk: Desk) -> None:
    """Publishing the draft, or throwing it away."""
    has_draft = desk.version is not None
    if has_draft:
        st.button("Discard draft", type="tertiary", on_click=publishing.begin, args=(publishing.DISCARD,))
    why = None if has_draft else "There is nothing to publish: no question was changed since."
    st.button(
        "Publish",
        type="primary",
        icon=":material/publish:",
        on_click=publishing.begin,
        args=(publishing.PUBLISH,),
        disabled=not has_draft or desk.is_unsaved,
        help=why,
    )


def facts(module: ModuleDetail, desk: Desk | None) -> list[str]:
    """Whom it is for, what it takes, where the quiz stands, and whether what is typed is kept."""
    found = [wording.KINDS[module.kind]]
    if module.required_roles:
        found.append(f"required of {wording.required(module.required_roles).lower()}")
    found += [f"pass mark {module.pass_pct}%", f"valid {wording.many(module.valid_for_days, 'day')}"]
    if module.withdrawn_at:
        found.append(f":red-badge[:material/block: Withdrawn {say.day(module.withdrawn_at, zone=here.zone)}]")
    number = module.published_number
    found.append(f"version {number} is taken" if number else ":orange-badge[Not published yet]")
    return found + ([saved(module, desk)] if desk and saved(module, desk) else [])


def saved(module: ModuleDetail, desk: Desk) -> str:
    """When the draft was kept last, and by whom."""
    if desk.is_unsaved:
        return ":red-badge[:material/error: Not saved]"
    if module.draft_saved_at is None:
        return ""
    who = "you" if module.draft_saved_by == here.actor.name else plain(module.draft_saved_by)
    at = say.clock_time(module.draft_saved_at, zone=here.zone)
    return f":material/cloud_done: Draft saved {since(module)} by {who}, at {at}"


def since(module: ModuleDetail) -> str:
    """How long ago the draft was saved: to the second while it is fresh."""
    if module.draft_saved_at is None:
        return ""
    seconds = max(0, int((now() - module.draft_saved_at).total_seconds()))
    return f"{seconds} s ago" if seconds < 60 else say.ago(module.draft_saved_at, now())


def draw_tab(name: str, found: Look, desk: Desk, faults: list[Fault]) -> None:
    """What an author finds under a name."""
    if name == QUESTIONS:
        writing.draw(desk, found.module, faults=faults, pictures=found.pictures, items=found.items)
    elif name == STATISTICS:
        figures.draw(found.module.published, found.items)
    elif name == FILES:
        files.draw(desk, found.module)
    elif name == VERSIONS:
        compared.draw(found.module, writes=True, zone=here.zone)
    else:
        settings.draw(found.module, bank=len(desk.questions), zone=here.zone)


def draw_read_tab(name: str, found: Look) -> None:
    """What somebody who only reads finds under a name."""
    if name == QUESTIONS:
        looking.draw(found.module)
    elif name == VERSIONS:
        compared.draw(found.module, writes=False, zone=here.zone)
    else:
        settings.facts(found.module, zone=here.zone)


here = shell.here()
found = shell.read(look, st.query_params.get("id", ""))
if found is None:
    st.title("Training", anchor=False)
    empty_state("This training was not found.", action="Choose one from the list", page="views/training.py")
    st.stop()

desk = desk_of(found.module) if allowed(here.actor, Act.WRITE_TRAINING) else None
faults = check(desk.questions, found.module.draw, images=found.pictures) if desk else []
draw_head(found.module, desk)
if desk is not None:
    settings.keep(found.module)
tabs = [QUESTIONS, STATISTICS, FILES, VERSIONS, SETTINGS] if desk else [QUESTIONS, VERSIONS, SETTINGS]
for name, part in zip(tabs, st.tabs(tabs, key="tab", bind="query-params"), strict=True):
    if part.open:
        with part:
            draw_tab(name, found, desk, faults) if desk else draw_read_tab(name, found)
if desk is not None:
    publishing.ask_what_is_open(desk, found.module, faults)
