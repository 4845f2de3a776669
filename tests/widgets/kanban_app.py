"""A board alone on a page, for the browser tests: `?n=` cards, `?dir=rtl`, `?slow=` seconds a run takes.

`?ask=` is a stage that would first ask for a reason, `?gone=` one that the board does not show, `?board=0` no board,
`?fixed=1` one on which nothing moves.
"""

from __future__ import annotations

import time
from dataclasses import replace

import streamlit as st

from admin_app.widgets.kanban import Card, Column, Move, kanban

WORDS = {
    "board": "Partnership pipeline",
    "hint": "Drag a card, or: arrows to look around, Alt + ← → to move, M for the menu, Enter to open.",
    "move_to": "Move to…",
    "move_card": "Move {title} to…",
    "no_moves": "No other stage is open from here",
    "moving": "Moving {title} to {column}…",
    "moved": "{title} is now in {column}",
    "returned": "Not moved",
    "lost": "The move was not confirmed. Check the connection and try again.",
    "more": "Show {count} more",
    "empty": "No partners here",
    "stale": "Stalled",
}
STAGES = {
    "draft": "Draft", "sent": "Proposal sent", "talks": "In talks", "mou": "MOU signed", "active": "Active",
    "hold": "On hold", "closed": "Closed",
}  # fmt: skip
MOVES = {
    "draft": ["sent", "hold"], "sent": ["draft", "talks", "hold", "closed"], "talks": ["mou", "hold", "closed"],
    "mou": ["active", "hold"], "active": ["hold", "closed"], "hold": ["draft", "talks"], "closed": [],
}  # fmt: skip
NAMES = ["Bank Sohar", "شركة الخليج للتقنية", "Omantel Business Solutions", "Dhofar Insurance <b>", "Muscat Steel"]
PEOPLE = [("SA", "Salim Al Amri"), ("NK", "Noor Khan"), ("أم", "أمل المعمري")]
STEPS = ["Send the NDA", "Call about section Terms", "", "راجع الشروط مع الشريك", "Book the workshop"]


def card(n: int) -> Card:
    owner, name = PEOPLE[n % 3]
    views = "" if n % 5 == 2 else f"{n % 17 + 1} views, {n % 4} today"
    return Card(
        id=f"c{n}", column=list(STAGES)[n % 6 if n < 60 else n % 7], version=n + 1, title=f"{NAMES[n % 5]} {n}",
        owner=owner, owner_name=name, views=views, activity=f"Last activity {n % 9 + 1} d",
        age=f"{n % 23 + 1} d in stage", stale=n % 7 == 3, next_action=STEPS[n % 5], href=f"/partner?id={n}",
    )  # fmt: skip


def on_move(move: Move) -> None:
    cards = st.session_state.cards
    at = next(i for i, each in enumerate(cards) if each.id == move.card_id)
    was = cards[at]
    st.session_state.heard.append(f"{move.card_id}>{move.to}@{move.version}")
    st.session_state.notice = None
    if move.to == st.query_params.get("ask"):
        return
    if move.to in MOVES[was.column] and move.version == was.version:
        cards[at] = replace(was, column=move.to, version=was.version + 1)
    else:
        open_to = ", ".join(STAGES[key] for key in MOVES[was.column])
        st.session_state.notice = f"From {STAGES[was.column]} you can go to: {open_to}"


def on_open(card_id: str) -> None:
    st.session_state.heard.append(f"open {card_id}")


def columns() -> list[Column]:
    counts = {key: sum(each.column == key for each in st.session_state.cards) for key in STAGES}
    return [Column(key, title, f"{counts[key]} · median 4 d") for key, title in STAGES.items()]


def shown() -> list[Card]:
    return [each for each in st.session_state.cards if each.column != st.query_params.get("gone") or each.id == "c5"]


st.set_page_config(layout="wide", page_title="Board")
n = int(st.query_params.get("n", "24"))
if "cards" not in st.session_state:
    st.session_state.update(cards=[card(each) for each in range(n)], heard=[], notice=None)
if "dir" in st.query_params:
    mirror = st.components.v2.component(
        "mirror",
        js="export default () => {\n  Object.assign(document.documentElement, { dir: 'rtl', lang: 'ar' });\n}",
    )
    mirror(key="mirror")
st.title("Partnerships")
time.sleep(float(st.query_params.get("slow", "0")))
if st.query_params.get("board", "1") == "1":
    kanban(
        columns=columns(), cards=shown(), moves=MOVES, words=WORDS, notice=st.session_state.notice,
        read_only="fixed" in st.query_params, key="pipeline", on_move=on_move, on_open=on_open,
    )  # fmt: skip
st.button("Run again")
st.text("Heard: " + " | ".join(st.session_state.heard))
