"""Catalogue: what is sold, where, and what do partners earn?"""

from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.catalogue import plans, products, territories
from admin_app.widgets.heading import heading
from core.actor import Act, Actor, actor_of, allowed
from core.companies import queries as companies
from core.companies.queries import CompanyRow
from core.db import Reads
from core.deals import catalogue_queries as catalogue
from core.deals import reseller_queries
from core.deals.catalogue_queries import PlanRow, ProductRow, TerritoryRow

PRODUCTS, TERRITORIES, PLANS = "Price list", "Territories", "Commission plans"
Page = tuple[Actor, CompanyRow, list[ProductRow], list[TerritoryRow], list[PlanRow], dict[UUID, str], dict[UUID, str]]
ADD = {
    PRODUCTS: ("Add a product", products.begin),
    TERRITORIES: ("Add a territory", territories.begin),
    PLANS: ("Add a plan", plans.begin),
}


def _page(session: Reads) -> Page:
    return (
        actor_of(session),
        companies.company(session),
        catalogue.products(session),
        catalogue.territories(session),
        catalogue.plans(session),
        reseller_queries.reseller_names(session),
        catalogue.trainings(session),
    )


def _facts() -> str:
    offered, places = [sum(row.withdrawn_at is None for row in rows) for rows in (goods, lands)]
    alone = sum(bool(row.exclusive_partner_id) for row in lands)
    parts = [f"{offered} product{'s' * (offered != 1)} offered", f"{places} territor{'ies' if places != 1 else 'y'}"]
    if alone:
        parts[1] += f", {alone} of them one partner's alone"
    count = len({row.plan for row in versions})
    return " · ".join([*parts, f"{count} commission plan{'s' * (count != 1)}"])


me, company, goods, lands, versions, resellers, trainings = shell.read(_page)
manages, zone, currency = allowed(me, Act.MANAGE_RESELLERS), company.time_zone, company.base_currency
tab = st.query_params.get("tab", PRODUCTS)
action, begin = ADD.get(tab, ADD[PRODUCTS])
heading("Catalogue", facts=_facts(), action=action if manages else "", on_click=begin, icon=":material/add:")

shown = st.tabs(list(ADD), key="tab", bind="query-params")
for name, part in zip(ADD, shown, strict=True):
    if not part.open:
        continue
    with part:
        if name == PRODUCTS:
            products.draw(goods, trainings=trainings, manages=manages, currency=currency, zone=zone)
        elif name == TERRITORIES:
            territories.draw(lands, resellers=resellers, manages=manages, zone=zone)
        else:
            plans.draw(versions, manages=manages, currency=currency, zone=zone)
if any((goods, lands, versions)):
    st.caption("Tick a row to open it.")
