"""What a reviewer does on the review queue's page, in the words of its tests."""

from typing import Any
from uuid import UUID

from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.db import reading
from core.deals.models import Quote
from core.deals.states import QuoteStatus


def pressed(screen: AppTest, label: str) -> AppTest:
    return next(button for button in screen.button if button.label == label).click().run()


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


def standing(by: Actor, deal_id: UUID) -> QuoteStatus:
    with reading(by) as session:
        return session.get_one(Quote, deal_id).status


def confirmed(screen: AppTest, verb: str, *, note: str = "", **fields: Any) -> AppTest:
    """A decision asked for, filled in, and pressed."""
    screen = pressed(screen, f"{verb}…")
    screen.text_area(key="intents.note").set_value(note)
    for key, value in fields.items():
        screen.text_area(key=f"intents.{key}").set_value(value)
    return pressed(screen, f"{verb} DI-0001")
