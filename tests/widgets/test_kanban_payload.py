"""What the board sends to the browser, and what is let through from it."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest

from admin_app.widgets import kanban as widget
from admin_app.widgets.kanban import Card, Column, Move

LOG = logging.getLogger(__name__)
COLUMNS = (Column("draft", "Draft"), Column("sent", "Sent"))
CARD = Card(
    id="0192f1aa-7c1e-7b7a-9b0e-2f6d1c0a9e55", column="draft", version=3, title="شركة الخليج للتقنية", owner="SA",
    owner_name="Salim Al Amri", views="12 views, 3 today", activity="Last activity 4 d", age="9 d in stage",
    next_action="Send the NDA", href="/partners?id=0192f1aa-7c1e-7b7a-9b0e-2f6d1c0a9e55",
)  # fmt: skip


def test_fifty_cards_weigh_under_30_kib() -> None:
    words = dict.fromkeys(widget.WORDS, "some words of this length")
    cards = [replace(CARD, id=f"{n:036}") for n in range(50)]
    size = len(json.dumps(widget._payload(COLUMNS, cards, {"draft": ["sent"]}, words)))
    LOG.info("50 cards: %.1f KiB", size / 1024)
    assert size < 30 * 1024


def test_a_missing_word_is_named() -> None:
    words = dict.fromkeys(widget.WORDS - {"lost"}, "x")
    with pytest.raises(ValueError, match="no words for: lost"):
        widget.kanban(
            columns=[], cards=[], moves={}, words=words, on_move=lambda move: None, on_open=lambda card_id: None
        )


def test_a_move_of_a_shown_card_is_let_through() -> None:
    event = {"id": CARD.id, "to": "sent", "version": 3}
    assert widget._move(event, COLUMNS, [CARD]) == Move(card_id=CARD.id, to="sent", version=3)


@pytest.mark.parametrize("forged", ({"id": "x"}, {"to": "x"}, {"version": "3"}, {"version": True}, {"id": None}))
def test_a_forged_move_is_dropped(forged: dict[str, object]) -> None:
    event = {"id": CARD.id, "to": "sent", "version": 3} | forged
    assert widget._move(event, COLUMNS, [CARD]) is None
