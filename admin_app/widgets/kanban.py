"""The pipeline board: columns of cards that are dragged or moved by keyboard or menu; one component, one payload.

The board decides nothing. A move shows as pending and is told to the caller; the cards of the next run are the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any, Final

import streamlit as st

WORDS: Final = frozenset({
    "board",      # name of the board for a screen reader
    "hint",       # one line of help above the columns: drag, arrows, Alt+arrow, M, Enter
    "move_to",    # title of the menu: "Move to…"
    "move_card",  # name of a card's menu button: "Move {title} to…"
    "no_moves",   # a card that cannot go anywhere (further): "No other stage is open from here"
    "moving",     # "Moving {title} to {column}…"
    "moved",      # "{title} is now in {column}"
    "returned",   # mark on a card that the server sent back: "Not moved"
    "lost",       # no answer came: "The move was not confirmed. Check the connection and try again."
    "more",       # "Show {count} more"
    "empty",      # an empty column: "None"
    "stale",      # mark on a stale card: "Stalled"
})  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One stage; `subtitle` is a ready text such as "12 · median 4 d"."""

    key: str
    title: str
    subtitle: str = ""


@dataclass(frozen=True)
class Card:
    """One card, in ready texts; an empty text is not shown. `href` is where the card opens in a new tab."""

    id: str
    column: str
    version: int
    title: str
    owner: str = ""
    owner_name: str = ""
    views: str = ""
    activity: str = ""
    age: str = ""
    stale: bool = False
    next_action: str = ""
    href: str = ""


@dataclass(frozen=True)
class Move:
    """A wish: the card, the column it should go to, the version of it that the person saw."""

    card_id: str
    to: str
    version: int


def kanban(
    *,
    columns: Sequence[Column],
    cards: Sequence[Card],
    moves: Mapping[str, Sequence[str]],
    words: Mapping[str, str],
    notice: str | None = None,
    height: int | None = None,
    read_only: bool = False,
    key: str = "kanban",
    on_move: Callable[[Move], None],
    on_open: Callable[[str], None],
) -> None:
    """Draw the board; cards keep the order given, within their column.

    `moves` hints at the targets of each column (menu, Alt+arrow, dimming); a drop elsewhere is told all the same.
    `notice` is why the last move was refused; it stays until the next run or move. A move that is answered by a
    question (a dialog) leaves the card where it was, without a notice. `height` of the columns is in pixels;
    without it they take what the window has. A `read_only` board lets cards be opened, not moved. `on_move` and
    `on_open` run as callbacks, before the script; what the browser sends about a card or column not on this board
    is dropped. Raises ValueError when one of `WORDS` is missing.
    """
    if missing := WORDS - words.keys():
        raise ValueError(f"kanban has no words for: {', '.join(sorted(missing))}")

    def moved() -> None:
        event = _event(key, "move")
        st.session_state[_ack(key)] = event.get("token")
        move = _move(event, columns, cards)
        if move and not read_only:
            on_move(move)

    def opened() -> None:
        card_id = _event(key, "open").get("id")
        if any(card.id == card_id for card in cards):
            on_open(str(card_id))

    payload = _payload(columns, cards, moves, words)
    payload |= {
        "notice": notice or "",
        "height": height,
        "read_only": read_only,
        "ack": st.session_state.get(_ack(key)),
    }
    _board(key=key, data=payload, on_move_change=moved, on_open_change=opened)


def _payload(
    columns: Sequence[Column], cards: Sequence[Card], moves: Mapping[str, Sequence[str]], words: Mapping[str, str]
) -> dict[str, Any]:
    """What the board shows; cards travel as rows under one line of names, a third of the size of objects."""
    return {
        "columns": [astuple(column) for column in columns],
        "fields": [field.name for field in fields(Card)],
        "cards": [[getattr(card, name) for name in Card.__dataclass_fields__] for card in cards],
        "moves": {source: list(targets) for source, targets in moves.items()},
        "words": {name: words[name] for name in sorted(WORDS)},
    }


def _event(key: str, name: str) -> dict[str, Any]:
    """What the browser sent, or nothing when it is not of our shape."""
    value = st.session_state[key].get(name)
    return value if isinstance(value, dict) else {}


def _move(event: Mapping[str, Any], columns: Sequence[Column], cards: Sequence[Card]) -> Move | None:
    card_id, to, version = event.get("id"), event.get("to"), event.get("version")
    known = any(card.id == card_id for card in cards) and any(column.key == to for column in columns)
    if not known or type(version) is not int:
        return None
    return Move(card_id=str(card_id), to=str(to), version=version)


def _ack(key: str) -> str:
    """Where the session keeps the last move that was heard, so that the board knows which answer it reads."""
    return f"{key}:heard"


def _asset(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


_SCRIPTS = ("vendor/sortable.min.js", "kanban_card.js", "kanban_hand.js", "kanban.js")
_board = st.components.v2.component(
    "partnerdesk_kanban", css=_asset("kanban.css"), js="\n".join(_asset(script) for script in _SCRIPTS)
)
