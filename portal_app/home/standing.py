"""How the deals stand by status, and which of them changed last."""

from collections.abc import Sequence

import streamlit as st

from core import format as say
from core.deals.home_queries import Change, Standing
from portal_app.deals.page import Page
from portal_app.deals.standing import SALE_TONES, TONES
from portal_app.widgets.ledger import Line, ledger
from portal_app.widgets.tally import Bar, tally


def draw(page: Page, standings: Sequence[Standing], *, title: str, help_text: str) -> None:
    """A bar for each status there is; ``help_text``: what the amounts are, or why there are none."""
    st.header(page.shown(title), anchor=False)
    most = max(one.count for one in standings)
    tally(bars=[_bar(page, one, most) for one in standings], label=page.say(title), key="home-standing")
    if help_text:
        st.caption(help_text)


def _bar(page: Page, one: Standing, most: int) -> Bar:
    return Bar(
        name=page.word(f"deal.status.{one.status}"),
        figure=say.number(one.count, language=page.language),
        share=one.count / most,
        note=page.joined(*(page.money(amount, currency) for currency, amount in one.amounts)),
        tone=TONES.get(one.status, ""),
        href=page.address("deals", status=one.status),
    )


def draw_changes(page: Page, changes: Sequence[Change], *, zone: str) -> None:
    """The newest changes, each a way to its deal."""
    st.header(page.shown("changes"), anchor=False)
    ledger(lines=[_change(page, one, zone) for one in changes], label=page.say("changes"), key="home-changes")


def _change(page: Page, one: Change, zone: str) -> Line:
    mark, tone = page.word(f"deal.status.{one.status}"), TONES.get(one.status, "")
    if one.sale_status is not None:
        mark, tone = page.word(f"sale.status.{one.sale_status}"), SALE_TONES.get(one.sale_status, "")
    return Line(
        title=one.customer,
        lead=say.day(one.at, zone=zone, language=page.language),
        text=one.reference,
        note=one.note,
        mark=mark,
        tone=tone,
        href=page.address("deal", id=one.id),
    )
