"""Is it safe to approve? What stands in the way, what looks like the same customer and why, who waits behind it."""

import streamlit as st

from admin_app.intents import wording
from admin_app.widgets.plain import plain
from core import format as say
from core.deals.lookalikes import Collision
from core.deals.protection import Barrier
from core.deals.queries import Intent
from core.deals.states import QuoteStatus


def verdict(found: Intent, *, zone: str) -> None:
    """The answer in one sentence, before the evidence."""
    others = [one for one in found.collisions if one.partner_id != found.row.partner_id]
    if found.row.status is not QuoteStatus.PENDING:
        return
    if found.barriers:
        said = "  \n".join(barrier(one, zone=zone) for one in found.barriers)
        st.error(
            f"**Not safe as it stands.** {said}  \nApproving it all the same needs a reason.", icon=":material/gpp_bad:"
        )
    elif others:
        many = "looks like another deal" if len(others) == 1 else f"looks like {len(others)} other deals"
        st.warning(f"**Look first.** This customer {many}; compare below.", icon=":material/compare:")
    else:
        st.success("**Safe to approve.** No other deal is like this one.", icon=":material/verified:")


def barrier(one: Barrier, *, zone: str) -> str:
    """One thing that stands in the way."""
    until = f" until {say.day(one.until, zone=zone, year=True)}" if one.until else ""
    if one.quote_id is None:
        return f"{plain(one.territory) or 'The territory'} belongs to {plain(one.partner)} alone{until}."
    customer = plain(one.customer) or "The customer"
    return f"{customer} is protected for {plain(one.partner) or 'ourselves'}{until} ({one.reference})."


def collisions(found: Intent, *, zone: str) -> None:
    """Each look-alike with its score, and what speaks for and against it, this deal's side beside the other's."""
    if not found.collisions:
        return
    st.markdown(f"**Looks like** {wording.many(len(found.collisions), 'deal')}")
    for one in found.collisions[:5]:
        _collision(one, found, zone=zone)
    if (more := len(found.collisions) - 5) > 0:
        st.caption(f"And {more} less alike.")


def _collision(one: Collision, found: Intent, *, zone: str) -> None:
    colour = "red" if one.score >= 90 else "orange"
    whose = plain(one.partner) or "ours"
    if one.partner_id == found.row.partner_id:
        whose = "the same partner's"
    ends = f" until {say.day(one.protected_until, zone=zone, year=True)}" if one.protected_until else ""
    ground = "same product and territory" if one.is_same_ground else "another product or territory"
    with st.container(border=True, gap="xsmall"):
        st.markdown(
            f":{colour}-badge[{one.score}% alike] **{plain(one.customer)}** · {one.reference}, "
            f"{wording.KINDS[one.kind]}{ends} · {whose} · {ground}"
        )
        rows = [
            f"| {why(reason.what.value)} | {plain(reason.here)} | {plain(reason.there)} |" for reason in one.reasons
        ]
        st.markdown("\n".join([f"| | This deal | {one.reference} |", "|---|---|---|", *rows]))


def why(what: str) -> str:
    """What a reason compares, and whether it speaks against."""
    names = {"registration": "Registration", "domain": "Website", "names": "Name", "domain_names": "Website's name"}
    if what.startswith("other_"):
        return f"{names[what.removeprefix('other_')]} differs"
    return f"Same {names[what].lower()}" if what in ("registration", "domain") else f"{names[what]} alike"


def waiting(found: Intent, *, zone: str) -> None:
    """Who waits for the same customer, the longest first."""
    for number, one in enumerate(found.waiting, 1):
        since = say.day(one.since, zone=zone)
        st.markdown(f"{number}. {plain(one.partner)} waits for this customer since {since} ({one.reference})")
