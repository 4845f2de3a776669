"""Resellers: which do we have, who of their people is in, and what waits?"""

from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.resellers import making
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.heading import heading
from core import format as shown
from core.actor import Act, Actor, actor_of, allowed
from core.clock import now
from core.db import Reads
from core.deals import reseller_queries as queries
from core.deals.reseller_queries import ResellerRow


def _page(session: Reads) -> tuple[Actor, list[ResellerRow], dict[UUID, str]]:
    manages = allowed(actor_of(session), Act.MANAGE_RESELLERS)
    return actor_of(session), queries.resellers(session), queries.not_resellers(session) if manages else {}


def _facts(rows: Sequence[ResellerRow]) -> str:
    if not rows:
        return "Partners whose own people register deals in the portal"
    people, invited = sum(row.active for row in rows), sum(row.invited for row in rows)
    parts = [_many(len(rows), "reseller"), f"{people} of their people {'is' if people == 1 else 'are'} in"]
    if invited:
        parts.append(f"{invited} not yet")
    if waiting := sum(row.waiting for row in rows):
        parts.append(f":orange-badge[:material/hourglass_top: {_many(waiting, 'deal')} in review]")
    return " · ".join(parts)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _people(row: ResellerRow) -> str:
    parts = [f"{row.active} in"] * bool(row.active) + [f"{row.invited} invited"] * bool(row.invited)
    return ", ".join(parts) or "Nobody yet"


def _open(row: ResellerRow) -> str:
    return f"{row.open}, {row.waiting} in review" if row.waiting else str(row.open)


def _won(row: ResellerRow) -> str | None:
    sums = " + ".join(shown.money(amount, currency) for currency, amount in sorted(row.won.items()))
    return f"{row.won_count}: {sums}" if row.won_count else None


def _rate(pct: Decimal) -> str:
    return f"{pct.normalize():f}%"


me, rows, candidates = shell.read(_page)
manages = allowed(me, Act.MANAGE_RESELLERS)
if manages:
    heading(
        "Resellers", facts=_facts(rows), action="Make a reseller", on_click=making.begin, icon=":material/storefront:"
    )
else:
    heading("Resellers", facts=_facts(rows))

if rows:
    st.dataframe(
        {
            "Partner": [f"/partner?id={row.id}&tab=Contacts#{quote(row.name)}" for row in rows],
            "Contacts": [_people(row) for row in rows],
            "Deals open": [_open(row) for row in rows],
            "Won this year": [_won(row) for row in rows],
            "Commission": [_rate(row.commission_pct) for row in rows],
            "Last activity": [shown.ago(row.last_activity, now()) if row.last_activity else None for row in rows],
        },
        column_config={
            "Partner": st.column_config.LinkColumn(display_text="#(.+)$", width="medium", pinned=True),
            "Won this year": st.column_config.TextColumn(help="Deals whose customer said yes this year"),
            "Commission": st.column_config.TextColumn(width="small", help="Unless a deal says otherwise"),
            "Last activity": st.column_config.TextColumn(help="One of their people was in, or a deal was registered"),
        },
        hide_index=True,
        height="content",
        placeholder="–",
        alt="Resellers: their people, deals open, deals won this year, commission, last activity",
    )
else:
    empty_state(
        "No partner is a reseller yet. A reseller's people register deals in the portal, each with a role.",
        action="Make a reseller" if manages else None,
        on_click=making.begin,
        icon=":material/storefront:",
    )
making.ask_when_open(candidates)
