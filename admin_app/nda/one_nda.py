"""One NDA or reseller agreement: who signed it, until when it lasts, its evidence, and what can be done with it."""

from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.nda import countersigning, evidence_facts, verdict, wording
from admin_app.widgets.picker import close
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.companies.queries import CompanyRow
from core.db import Reads
from core.errors import NotFound
from core.i18n import t
from core.nda import queries
from core.nda.models import Form
from core.nda.register import NdaDetail
from core.settings import settings

TABLE, PARAM, REFERENCE = "ndas.table", "nda", "ref"


def chosen(session: Reads) -> NdaDetail | None:
    """The NDA that the address names, by its id or its reference; None when it names none that is there."""
    wanted, reference = st.query_params.get(PARAM, ""), st.query_params.get(REFERENCE, "")
    if not (wanted or reference):
        return None
    try:
        nda_id = UUID(wanted) if wanted else queries.find_by_reference(session, reference)
        return queries.nda(session, nda_id) if nda_id else None
    except (ValueError, NotFound):
        return None


def open_one(nda_id: str) -> None:
    """Open an NDA; from a callback."""
    countersigning.stop()
    st.query_params.pop(REFERENCE, None)
    st.query_params[PARAM] = nda_id


def draw(detail: NdaDetail, *, company: CompanyRow, me: Actor, at_home: bool = False) -> None:
    """Its dialog. ``at_home``: on its partner's own page, to which it need not lead."""
    title = f"{detail.row.reference} · {plain(detail.row.partner)}"
    st.dialog(title, width="medium", on_dismiss=_close)(_one)(detail, company, me, at_home)


def _one(detail: NdaDetail, company: CompanyRow, me: Actor, at_home: bool) -> None:
    row = detail.row
    if st.query_params.get(PARAM) != str(row.id) and st.query_params.get(REFERENCE, "").upper() != row.reference:
        st.rerun()
    shell.say_refusal()
    _standing(detail, company.time_zone)
    if countersigning.is_open(detail) and allowed(me, Act.MANAGE_NDA):
        return countersigning.draw(detail, company=company.name)
    _actions(detail, me)
    verdict.draw(row.id, reference=row.reference, zone=company.time_zone)
    with st.expander("Evidence", icon=":material/fact_check:", expanded=True):
        evidence_facts.draw(detail.evidence)
    _checking(detail, me)
    if not at_home and allowed(me, Act.READ_PIPELINE):
        st.page_link(
            "views/partner.py",
            label=f"Go to {plain(row.partner)}",
            icon=":material/arrow_forward:",
            query_params={"id": str(row.partner_id), "tab": "NDA"},
        )
    return None


def _standing(detail: NdaDetail, zone: str) -> None:
    row = detail.row
    title = f", {plain(detail.signer_title)}" if detail.signer_title else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        wording.badge(row.state)
        st.markdown(f"**{plain(row.signer)}**{title} · {plain(row.email) or 'no e-mail on record'}", width="content")
    until = say.day(row.expires_at, zone=zone, year=True)
    left = f", {wording.left(row.days_left)}" if row.days_left is not None else ""
    st.markdown(f"{t(f'nda.form.{row.form}')} {_signed(detail, zone)} · valid until **{until}**{left}")
    facts = [countersigning.said(detail, zone=zone) or "Not countersigned yet"]
    if detail.superseded_at:
        facts.append(f"a later one took its place on {say.day(detail.superseded_at, zone=zone, year=True)}")
    st.caption(" · ".join(facts))


def _signed(detail: NdaDetail, zone: str) -> str:
    row = detail.row
    if row.form is Form.PAPER:
        return f"on {say.day(row.signed_at, zone=zone, year=True)}, recorded by {plain(detail.recorded_by)}"
    return f"on {say.instant(row.signed_at, zone=zone)}"


def _actions(detail: NdaDetail, me: Actor) -> None:
    row = detail.row
    what = "PDF" if row.form is Form.ELECTRONIC else "scan"
    with st.container(horizontal=True):
        st.button(
            "Verify",
            type="primary",
            icon=":material/verified_user:",
            on_click=verdict.verify,
            args=(row.id,),
            help="Recomputes every hash: evidence, text, document, seal, audit log. It goes on record.",
        )
        if row.document_id and allowed(me, Act.READ_VAULT):
            st.link_button(
                f"Download the {what}",
                f"/documents/{row.document_id}",
                icon=":material/download:",
                help="Your download goes on record",
            )
        if allowed(me, Act.MANAGE_NDA):
            st.link_button("Evidence bundle", f"/nda/{row.id}/evidence", icon=":material/folder_zip:",
                           help="Everything about it in one file, to be checked offline; recorded")  # fmt: skip
            if row.countersigned_at is None:
                st.button("Countersign…", icon=":material/draw:", on_click=countersigning.begin, args=(detail, me.name))


def _checking(detail: NdaDetail, me: Actor) -> None:
    """How somebody outside can check it."""
    reference, code = detail.row.reference, detail.check_code
    page = f"{settings().portal_url}/verify"
    st.markdown(
        f"Anybody can confirm it on [the public page]({page}?ref={reference}&code={code}), by the PDF or by the "
        f"reference **{reference}** and the check code `{code}`; nothing else is told there."
    )
    if allowed(me, Act.MANAGE_NDA):
        st.caption("The evidence bundle is checked offline, with no database and no network, by")
        st.code(f"python -m core.nda verify-bundle {reference}-evidence.zip", language=None)


def _close() -> None:
    close(PARAM, key=TABLE)
    st.query_params.pop(REFERENCE, None)
    countersigning.stop()
    st.session_state.pop(verdict.FOUND, None)
