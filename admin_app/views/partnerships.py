"""Where does each relationship stand, and which is stuck? The board, or the same rows as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.partner import adding, moving
from admin_app.widgets import kanban
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.heading import heading
from core import format as say
from core.actor import Act, Actor, actor_of, allowed
from core.clock import now
from core.companies import queries as companies
from core.db import Reads
from core.engagement import readers
from core.i18n import t
from core.partners import pipeline
from core.partners import queries as partners
from core.partners.queries import Card, Filter, Lane

BOARD, TABLE = "Board", "Table"
FILTERS = ("text", "owner", "territory", "stuck")
OPEN = "partnerships.open"
HINTS = {
    True: "Drag a card, or: arrows to look around, Alt + ← → to move, M for the menu, Enter to open.",
    False: "Arrows to look around, Enter to open.",
}
WORDS = {
    "board": "Partnership pipeline",
    "move_to": "Move to…",
    "move_card": "Move {title} to…",
    "no_moves": "No other stage is open from here",
    "moving": "Moving {title} to {column}…",
    "moved": "{title} is now in {column}",
    "returned": "Not moved",
    "lost": "The move was not confirmed. Check the connection and try again.",
    "more": "Show {count} more",
    "empty": "No partners here",
    "stale": "Stuck",
}


@dataclass(frozen=True)
class Look:
    """What the page needs to know, in one read."""

    me: Actor
    zone: str
    lanes: list[Lane]
    views: dict[UUID, str]
    owners: dict[UUID, str]
    territories: list[str]


def look(session: Reads, wanted: Mapping[str, str]) -> Look:
    """The board under the filters; view counts only for those who may see who reads."""
    me, owners = actor_of(session), companies.owners(session)
    owner = next((one for one in owners if str(one) == wanted["owner"]), None)
    filters = Filter(wanted["text"], owner, wanted["territory"], stuck_only=bool(wanted["stuck"]))
    seen = readers.views_by_partner(session) if allowed(me, Act.READ_ENGAGEMENT) else {}
    return Look(
        me=me,
        zone=companies.company(session).time_zone,
        lanes=partners.board(session, filters=filters),
        views={partner: views_text(row.total, row.today) for partner, row in seen.items()},
        owners=owners,
        territories=partners.territories(session),
    )


def views_text(total: int, today: int) -> str:
    """How often a proposal was read: "12 views, 3 today"."""
    views = "1 view" if total == 1 else f"{total} views"
    return f"{views}, {today} today" if today else views


def card(one: Card, look: Look) -> kanban.Card:
    """A partner as a card, in ready texts."""
    owner = look.owners.get(one.owner_id, "") if one.owner_id else ""
    due = f" ({say.day(one.next_action_on)})" if one.next_action_on else ""
    return kanban.Card(
        id=str(one.id),
        column=one.status.value,
        version=one.version,
        title=one.name,
        owner=say.initials(owner),
        owner_name=owner,
        views=look.views.get(one.id, ""),
        activity=f"Active {say.ago(one.last_activity, now())}" if one.last_activity else "",
        age=f"{one.days} d",
        stale=one.stuck,
        next_action=f"{one.next_action}{due}" if one.next_action else "",
        href=f"/partner?id={one.id}",
    )


def draw_board(look: Look) -> None:
    """The columns and their cards."""
    targets = {status: [move.to.value for move in pipeline.moves(status)] for status in pipeline.Status}
    targets[pipeline.Status.ON_HOLD] = [stage.value for stage in pipeline.STAGES]
    kanban.kanban(
        columns=[
            kanban.Column(
                lane.status.value,
                t(f"status.{lane.status}"),
                f"{lane.count} · median {lane.median_days:.0f} d" if lane.count else "0",
            )
            for lane in look.lanes
        ],
        cards=[card(one, look) for lane in look.lanes for one in lane.cards],
        moves={status.value: found for status, found in targets.items()} if works_here else {},
        read_only=not works_here,
        words=WORDS | {"hint": HINTS[works_here]},
        notice=moving.notice(),
        key="partnerships.board",
        on_move=on_move,
        on_open=on_open,
    )


def draw_table(look: Look) -> None:
    """The same partners as rows."""
    cards = [one for lane in look.lanes for one in lane.cards]
    st.dataframe(
        {
            "Partner": [f"/partner?id={one.id}#{quote(one.name)}" for one in cards],
            "Stage": [t(f"status.{one.status}") for one in cards],
            "Days": [one.days for one in cards],
            "Stuck": ["Stuck" if one.stuck else "" for one in cards],
            "Owner": [look.owners.get(one.owner_id, "") if one.owner_id else "" for one in cards],
            "Read": [look.views.get(one.id, "") for one in cards],
            "Last activity": [one.last_activity for one in cards],
            "Next action": [one.next_action for one in cards],
            "Due": [one.next_action_on for one in cards],
        },
        column_config={
            "Partner": st.column_config.LinkColumn(display_text="#(.+)$", width=210, pinned=True),
            "Days": st.column_config.NumberColumn(help="Whole days in the stage", format="%d d", width=60),
            "Last activity": st.column_config.DatetimeColumn(format="D MMM", timezone=look.zone, width=95),
            "Next action": st.column_config.TextColumn(width=230),
            "Due": st.column_config.DateColumn(format="D MMM", width=70),
        },
        hide_index=True,
        height="content" if len(cards) < 16 else 600,
        alt="Partners",
    )


def on_move(move: kanban.Move) -> None:
    """A card was dropped on another column."""
    moving.begin(UUID(move.card_id), to=pipeline.Status(move.to), version=move.version)


def on_open(partner_id: str) -> None:
    """A card was pressed; the page is switched in the script."""
    st.session_state[OPEN] = partner_id


def keep(name: str) -> None:
    """Put a filter in the address, so that it can be passed on."""
    if value := st.session_state[f"partnerships.{name}"]:
        st.query_params[name] = str(value).lower() if isinstance(value, bool) else value
    else:
        st.query_params.pop(name, None)


def clear_filters() -> None:
    """Show every partner again."""
    for name in FILTERS:
        st.query_params.pop(name, None)


def draw_filters(found: Look) -> None:
    """One row; on a phone it wraps. The address is the truth, the inputs follow it."""
    for name in FILTERS:
        st.session_state[f"partnerships.{name}"] = wanted[name]
    st.session_state["partnerships.stuck"] = bool(wanted["stuck"])
    st.session_state["partnerships.view"] = wanted["view"] or BOARD
    owners = {str(owner_id): name for owner_id, name in found.owners.items()}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="partnerships-filters"):
        st.text_input(
            "Search",
            key="partnerships.text",
            placeholder="Name or contact",
            icon=":material/search:",
            label_visibility="collapsed",
            on_change=keep,
            args=("text",),
            width=190,
        )
        choice("owner", "Owner", {"": "Any owner"} | owners)
        choice("territory", "Territory", {"": "Any territory"} | {name: name for name in found.territories})
        st.toggle("Stuck only", key="partnerships.stuck", on_change=keep, args=("stuck",))
        st.space("stretch")
        st.segmented_control(
            "View",
            [BOARD, TABLE],
            key="partnerships.view",
            required=True,
            label_visibility="collapsed",
            on_change=keep,
            args=("view",),
        )


def choice(name: str, label: str, options: Mapping[str, str]) -> None:
    """A filter that takes one of some values; a value from an old address that is gone counts as none."""
    key = f"partnerships.{name}"
    if st.session_state[key] not in options:
        st.session_state[key] = ""
    st.selectbox(
        label,
        list(options),
        format_func=lambda value: options[value],
        key=key,
        label_visibility="collapsed",
        on_change=keep,
        args=(name,),
        width=150,
    )


def draw_nothing() -> None:
    """Why no partner is shown, and what helps."""
    if any(wanted[name] for name in FILTERS):
        empty_state("No partner passes these filters.", action="Clear the filters", on_click=clear_filters)
    elif works_here:
        empty_state("There are no partners yet.", action="Add the first partner", on_click=adding.begin)
    else:
        empty_state("There are no partners yet. An admin of your company adds them.")


if opened := st.session_state.pop(OPEN, None):
    st.switch_page("views/partner.py", query_params={"id": opened})

st.query_params.pop("id", None)  # The browser's way back from a partner leaves it in the address.
wanted = {name: st.query_params.get(name, "") for name in (*FILTERS, "view")}
found = shell.read(look, wanted)
works_here = allowed(found.me, Act.WORK_PIPELINE)
shown = [card for lane in found.lanes for card in lane.cards]
stuck = sum(card.stuck for card in shown)

heading(
    "Partnerships",
    facts=f"{len(shown)} partner{'s' * (len(shown) != 1)}, {stuck} stuck" if shown else "No partners",
    action="Add partner" if works_here else "",
    icon=":material/add:",
    on_click=adding.begin,
)

draw_filters(found)
if not shown:
    draw_nothing()
elif wanted["view"] == TABLE:
    draw_table(found)
else:
    draw_board(found)

adding.ask_when_open(found.owners)
moving.ask_what_is_open()
