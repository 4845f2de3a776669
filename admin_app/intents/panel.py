"""One deal beside the queue: what it is, whether it is safe to approve, its partner's record, and the decision."""

import streamlit as st

from admin_app import shell
from admin_app.intents import deciding, evidence, wording
from admin_app.nda import agreement_wording
from admin_app.questions import wording as wording_of
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.clock import now
from core.deals.queries import Intent, PartnerRecord
from core.deals.states import QuoteKind, QuoteStatus
from core.i18n import t
from core.questions import queries


def draw(found: Intent, *, me: Actor, zone: str) -> None:
    """The whole panel; deciding is offered to who may."""
    with st.container(border=True, gap="small"):
        _head(found, zone=zone)
        evidence.verdict(found, zone=zone)
        if found.row.status is QuoteStatus.PENDING and allowed(me, Act.DECIDE_DEALS):
            deciding.draw(found)
        _facts(found, zone=zone)
        evidence.collisions(found, zone=zone)
        evidence.waiting(found, zone=zone)
        if found.partner:
            _record(found.partner, zone=zone)
        _documents(found, zone=zone)
        if allowed(me, Act.READ_QUESTIONS):
            _questions(found)
        _history(found, zone=zone)


def _head(found: Intent, *, zone: str) -> None:
    row = found.row
    st.subheader(f"{row.reference} · {plain(row.customer)}", anchor=False)
    colour = wording.COLOURS[row.status]
    parts = [f":{colour}-badge[{t(f'deal.status.{row.status}')}]"]
    if row.status is QuoteStatus.PENDING:
        tint = {"stop": "red", "attention": "orange"}.get(wording.tone(row, now()), "gray")
        waited = wording.span(now() - row.submitted_at)
        parts.append(f":{tint}-badge[:material/schedule: {waited} of {wording.TARGET}, {wording.clock(row, now())}]")
    if row.kind is QuoteKind.QUOTE:
        parts.append(f"quote {row.quote_reference}")
    st.markdown(" ".join(parts))
    where = f"{plain(row.product)}, {plain(row.territory)}"
    st.markdown(f"**{say.money(row.amount, row.currency)}** · {where} · closes {say.day(row.close_on, year=True)}")
    sent = say.instant(row.submitted_at, zone=zone)
    by = f"{plain(row.contact)} of {plain(row.partner)}" if row.contact else plain(row.partner) or "ourselves"
    st.caption(f"Submitted {sent} by {by}")


def _facts(found: Intent, *, zone: str) -> None:
    facts = {
        "Website": found.customer_domain,
        "Registration": found.customer_registration,
        "Contact there": found.customer_contact,
        "Listed price": say.money(found.product_price, found.product_currency),
        "Territory of": found.exclusive_partner,
        "Protected until": say.day(found.protected_until, zone=zone, year=True) if found.protected_until else "",
        "Commission": terms(found),
    }
    st.markdown("  \n".join(f":gray[{name}] {plain(value)}" for name, value in facts.items() if value))
    if found.need:
        st.markdown(f":gray[What they need]  \n{plain(found.need)}")


def terms(found: Intent) -> str:
    """What was locked in with the approval; empty before."""
    return wording.rate(found.row.commission_pct) if found.row.commission_pct is not None else found.plan


def _record(partner: PartnerRecord, *, zone: str) -> None:
    since = f"reseller since {say.day(partner.reseller_since, zone=zone, year=True)}" if partner.reseller_since else ""
    rate = f"wins {say.percent(partner.win_rate)}" if partner.win_rate is not None else "nothing won or lost yet"
    counts = f"{partner.won} won, {partner.lost} lost, {partner.rejected} rejected, {partner.waiting} more in review"
    owner = f"owner {plain(partner.owner)}" if partner.owner else "no owner"
    st.markdown(f"**{plain(partner.name)}** · " + " · ".join(part for part in (since, owner, rate) if part))
    st.caption(f"{counts} · {agreement_wording.said(partner.agreement, zone=zone)}")
    if partner.latest:
        lines = [
            f"{one.reference} {plain(one.customer)}, {say.money(one.amount, one.currency)}: "
            f"{t(f'deal.status.{one.status}').lower()}"
            for one in partner.latest
        ]
        st.markdown("\n".join(f"- {line}" for line in lines))
    st.page_link(
        "views/partner.py",
        label=f"Everything about {plain(partner.name)}",
        icon=":material/arrow_forward:",
        query_params={"id": str(partner.id), "tab": "Deals"},
    )


def _documents(found: Intent, *, zone: str) -> None:
    if not found.documents:
        return
    st.markdown("**Documents**")
    for one in found.documents:
        facts = f"{t(f'deal.document.{one.use}')}, {say.size(one.size)}, {say.day(one.uploaded_at, zone=zone)}"
        st.markdown(f":material/description: [{plain(one.title)}](/documents/{one.id}) :gray[{facts}]")


def _questions(found: Intent) -> None:
    tied = shell.read(queries.questions_of_deal, found.row.id)
    if tied:
        st.markdown("**Questions about it**")
    for one in tied:
        facts = f"{wording_of.STATES[one.state].lower()}, {wording_of.clock(one, now())}, {plain(one.contact)}"
        st.markdown(f":material/forum: [{plain(one.subject)}](/questions?question={one.id}) :gray[{facts}]")


def _history(found: Intent, *, zone: str) -> None:
    if not found.reviews:
        return
    st.markdown("**Decisions so far**")
    for one in found.reviews:
        against = f"  \n:orange[Against a protection:] {plain(one.override)}" if one.override else ""
        said = f": {plain(one.note)}" if one.note else ""
        st.markdown(
            f"- {wording.VERDICTS[one.verdict]} by {plain(one.by)}, {say.instant(one.at, zone=zone)}{said}{against}"
        )
