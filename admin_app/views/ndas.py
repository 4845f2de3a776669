"""NDAs and reseller agreements: who has signed what, until when, and would it stand up?"""

from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from admin_app import shell
from admin_app.nda import one_nda, wording
from admin_app.nda.asked import SORTS, Asked, asked
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.filters import number, tied
from admin_app.widgets.heading import heading
from admin_app.widgets.pager import pager
from admin_app.widgets.picker import picker
from core import format as say
from core.actor import Act, Actor, actor_of, allowed
from core.companies import queries as companies
from core.companies.queries import CompanyRow
from core.db import Reads
from core.export import MOST_ROWS
from core.nda import queries
from core.nda.models import Form, Instrument
from core.nda.register import PAGE, NdaDetail, Register
from core.nda.steps import State


@dataclass(frozen=True)
class Found:
    """Everything this page shows."""

    me: Actor
    company: CompanyRow
    counts: dict[State, int]
    register: Register
    opened: NdaDetail | None


def look(session: Reads, wanted: Asked, page: int) -> Found:
    """One page of the register, and the NDA that the address names."""
    found = queries.register(session, **wanted.filters, page=page)
    is_narrowed = bool(wanted.text or wanted.form)
    counts = queries.standing(session, instrument=wanted.instrument) if is_narrowed else found.counts
    return Found(actor_of(session), companies.company(session), counts, found, one_nda.chosen(session))


def clear() -> None:
    """Show all of them again."""
    chosen = st.query_params.get("instrument")
    st.query_params.clear()
    if chosen:
        st.query_params["instrument"] = chosen


def draw_filters(found: Found, wanted: Asked) -> None:
    """State, form, text and order; then the list as a file."""
    counts = found.register.counts
    labels = {"": f"All {say.number(sum(counts.values()))}"}
    labels |= {one.value: f"{wording.word(one)} {say.number(counts[one])}" for one in State}
    st.pills(
        "State",
        list(labels),
        format_func=labels.__getitem__,
        wrap=True,
        label_visibility="collapsed",
        **tied("state", key="ndas.state", value=wanted.state.value if wanted.state else ""),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Find",
            placeholder="Reference, partner, signer, e-mail",
            width=280,
            **tied("text", key="ndas.text", value=wanted.text),
        )
        if wanted.instrument is Instrument.NDA:
            st.selectbox(
                "How",
                ["", *(form.value for form in Form)],
                format_func=lambda form: wording.how(Form(form)) if form else "Either way",
                width=160,
                **tied("form", key="ndas.form", value=wanted.form.value if wanted.form else ""),
            )
        st.selectbox(
            "Sort",
            list(SORTS),
            format_func=lambda sort: SORTS[sort][0],
            width=150,
            **tied("sort", key="ndas.sort", value=wanted.sort),
        )
        if allowed(found.me, Act.EXPORT) and found.register.total:
            draw_exports(found.register.total, wanted)


def draw_exports(total: int, wanted: Asked) -> None:
    """The list as a file."""
    many = f"The first {say.number(MOST_ROWS)} of them" if total > MOST_ROWS else "What is filtered here"
    for kind in ("csv", "xlsx"):
        address = f"/export/ndas?{urlencode(wanted.params | {'format': kind})}"
        st.link_button(kind.upper(), address, icon=":material/download:", help=f"{many}, as {kind.upper()}; recorded")


def draw_table(found: Found) -> None:
    """The NDAs of this page; a chosen row opens."""
    rows, zone = found.register.rows, found.company.time_zone
    picker(
        columns={
            "Reference": [row.reference for row in rows],
            "Partner": [row.partner for row in rows],
            "Signer": [row.signer for row in rows],
            "State": [wording.word(row.state) for row in rows],
            "Signed": [row.signed_at for row in rows],
            "Valid until": [row.expires_at for row in rows],
            "Days left": [wording.whole(row.days_left) for row in rows],
            "Countersigned": [row.countersigned_at for row in rows],
            "How": [wording.how(row.form) for row in rows],
        },
        ids=[str(row.id) for row in rows],
        param=one_nda.PARAM,
        key=one_nda.TABLE,
        config={
            name: st.column_config.DatetimeColumn(format="D MMM YYYY", timezone=zone, width=105)
            for name in ("Signed", "Valid until", "Countersigned")
        }
        | {
            "Reference": st.column_config.TextColumn(width=95),
            "Partner": st.column_config.TextColumn(width=170),
            "State": st.column_config.TextColumn(width=95),
            "Days left": st.column_config.NumberColumn(
                format="localized", width=75, help="Below zero: days since it ended"
            ),
        },
        alt=f"{wording.many(wanted.instrument)}: reference, partner, signer, state, when signed, until when valid, "
        "days left, countersigned, how",
    )
    pager(
        page=found.register.page,
        pages=found.register.pages,
        size=PAGE,
        total=found.register.total,
        noun="NDAs" if wanted.instrument is Instrument.NDA else "agreements",
        key="ndas.page",
    )


wanted = asked(st.query_params)
found = shell.read(look, wanted, number("page"))
heading(wording.many(wanted.instrument), facts=wording.standing(found.counts, wanted.instrument))
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    wording.choose(wanted.instrument, key="ndas.instrument")
    st.page_link(
        "views/nda_text.py",
        label="The text partners sign",
        icon=":material/article:",
        width="content",
        query_params={"instrument": wanted.instrument.value},
    )
if any(found.counts.values()):
    draw_filters(found, wanted)
if found.register.rows:
    draw_table(found)
elif wanted.is_narrowed and any(found.counts.values()):
    name = wording.inside(wanted.instrument)
    empty_state(
        f"No {name} is like this.", action=f"Show all {name}s", on_click=clear, icon=":material/filter_alt_off:"
    )
elif wanted.instrument is Instrument.RESELLER:
    empty_state(
        "No reseller agreement was signed yet. A reseller's principal is asked to sign it on the portal's first page.",
        action="See the resellers",
        page="views/resellers.py",
        icon=":material/contract:",
    )
else:
    empty_state(
        "No NDA was signed yet. A partner signs from its proposal; one that was signed on paper is recorded on the "
        "partner's page, under NDA.",
        action="Choose a partner on the board",
        page="views/partnerships.py",
        icon=":material/contract:",
    )
if found.opened:
    one_nda.draw(found.opened, company=found.company, me=found.me)
elif st.query_params.get(one_nda.PARAM) or st.query_params.get(one_nda.REFERENCE):
    st.toast("That NDA was not found. Look for it in the register.", icon=":material/search_off:")
