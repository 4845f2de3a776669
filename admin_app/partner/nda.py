"""A partner's NDAs and reseller agreements: what was signed, how far the next signing is, and recording on paper."""

from dataclasses import dataclass

import streamlit as st

from admin_app import shell
from admin_app.nda import one_nda, paper, wording
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.feed import Entry, feed
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.clock import now
from core.companies import queries as companies
from core.companies.queries import CompanyRow
from core.db import Reads
from core.i18n import t
from core.nda import progress, queries
from core.nda.models import Form, Instrument, SigningState
from core.nda.progress import Asked, SigningRow, UnderWay
from core.nda.queries import SignedNda
from core.nda.register import NdaDetail
from core.nda.steps import State, Step
from core.partners.queries import Record
from core.settings import settings

AT = {
    Step.CONTACT: "giving name and title",
    Step.READ: "reading the text",
    Step.SIGN: "read it all; the signature is next",
}
MARKS = {
    SigningState.OPEN: ("Signing", "good"),
    SigningState.DECLINED: ("Declined", "stop"),
    SigningState.HANDED_OVER: ("Handed over", "attention"),
}


@dataclass(frozen=True)
class Look:
    """What the tab shows, in one read. ``agreeing``: None of a partner whose people sign no reseller agreement."""

    company: CompanyRow
    rows: list[SignedNda]
    under_way: UnderWay
    agreements: list[SignedNda]
    agreeing: UnderWay | None
    opened: NdaDetail | None


def look(session: Reads, record: Record) -> Look:
    """The partner's NDAs, the newest first, and how far the next one is."""
    rows, of = queries.partner_ndas(session, record.id, instrument=None), Instrument.RESELLER
    agreements = [row for row in rows if row.instrument is of]
    resells = record.reseller_since is not None and shell.here().offers_portal
    return Look(
        company=companies.company(session),
        rows=[row for row in rows if row.instrument is not of],
        under_way=progress.under_way(session, record.id),
        agreements=agreements,
        agreeing=progress.under_way(session, record.id, instrument=of) if resells or agreements else None,
        opened=one_nda.chosen(session),
    )


def draw(record: Record, me: Actor) -> None:
    """What stands between the partner and a signature on top, then what is signed; the one the address names opens."""
    found = shell.read(look, record)
    manages = allowed(me, Act.MANAGE_NDA)
    may_sign = not found.rows or any(row.state in (State.EXPIRING, State.EXPIRED) for row in found.rows)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("NDA", anchor=False, width="content")
        if manages:
            st.button(
                "Record a paper NDA",
                icon=":material/upload_file:",
                on_click=paper.begin,
                args=(record,),
                disabled=not may_sign,
                help=None if may_sign else "The NDA is valid, and not yet to be renewed.",
            )
    _stopped(found)
    _signed(record, found)
    _under_way(record, found.under_way, found.company.time_zone, key="nda")
    if found.agreeing is not None:
        _agreement(record, found, found.agreeing)
    if paper.is_open(record) and manages:
        paper.ask(record)
    elif found.opened and found.opened.row.partner_id == record.id:
        one_nda.draw(found.opened, company=found.company, me=me, at_home=True)


def _stopped(found: Look) -> None:
    if until := found.under_way.stopped_until:
        time = say.clock_time(until, zone=found.company.time_zone)
        most = settings().nda_submissions_per_partner
        st.warning(
            f"**Submitting the NDA fails for them right now**: {most} submissions an hour are taken from one address, "
            f"and these were made. It is taken again from {time} on; nothing they entered is lost.",
            icon=":material/hourglass_top:",
        )


def _signed(record: Record, found: Look) -> None:
    if not found.rows:
        return empty_state(
            f"{plain(record.profile.name)} has not signed an NDA yet. It signs from its proposal or its room.",
            icon=":material/contract:",
        )
    zone = found.company.time_zone
    feed(
        entries=[_entry(record, row, zone) for row in found.rows],
        label="Signed NDAs",
        key="nda.feed",
        on_open=one_nda.open_one,
    )
    return None


def _agreement(record: Record, found: Look, way: UnderWay) -> None:
    """The reseller agreement, after the NDA."""
    st.subheader("Reseller agreement", anchor=False)
    zone = found.company.time_zone
    if found.agreements:
        entries = [_entry(record, row, zone) for row in found.agreements]
        feed(entries=entries, label="Signed reseller agreements", key="agreement.feed", on_open=one_nda.open_one)
    else:
        st.caption("Not signed yet. A principal is asked to sign it on the portal's first page.")
    _under_way(record, way, zone, key="agreement")


def _entry(record: Record, row: SignedNda, zone: str) -> Entry:
    until = say.day(row.expires_at, zone=zone, year=True)
    lasts = f"valid until {until}" if row.state is not State.SUPERSEDED else "a later one took its place"
    facts = [f"{t(f'nda.form.{row.form}')} by {row.signer}", lasts]
    facts.append("countersigned" if row.countersigned_at else "not countersigned")
    signed = say.day(row.signed_at, zone=zone, year=True)
    return Entry(
        id=str(row.id),
        mark=wording.word(row.state),
        tone=wording.TONES[row.state],
        title=f"{row.reference} · signed {signed}",
        text=" · ".join(facts),
        note=wording.left(wording.days_left(row.state, row.expires_at)),
        hover=signed if row.form is Form.PAPER else say.instant(row.signed_at, zone=zone),
        href=f"/partner?id={record.id}&tab=NDA&{one_nda.PARAM}={row.id}",
    )


def _under_way(record: Record, way: UnderWay, zone: str, *, key: str) -> None:
    if not (way.signings or way.asked):
        return
    st.subheader("On the way to a signature", anchor=False)
    entries = [_signing(row, record, zone) for row in way.signings] + [_asked(row, zone) for row in way.asked]
    feed(entries=entries, label="Signings under way", key=f"{key}.under_way", on_open=one_nda.open_one)


def _signing(row: SigningRow, record: Record, zone: str) -> Entry:
    mark, tone = MARKS[row.state]
    who = row.name or (record.profile.contact_name if row.email == record.profile.contact_email else "") or row.email
    at = row.ended_at or row.seen_at
    return Entry(
        id=str(row.id),
        mark=mark,
        tone=tone,
        title=", ".join(part for part in (who, row.title) if part),
        text=_told(row, zone),
        note=say.ago(at, now()),
        hover=say.instant(at, zone=zone),
        href="",
    )


def _told(row: SigningRow, zone: str) -> str:
    begun = f"begun {say.instant(row.begun_at, zone=zone)}"
    if row.state is SigningState.DECLINED:
        return f"{begun}\n“{row.reason}”"
    if row.state is SigningState.HANDED_OVER:
        return f"{begun} · asked a colleague to sign instead"
    return f"Step {list(Step).index(row.step) + 1} of 4, {AT[row.step]} · {begun}"


def _asked(row: Asked, zone: str) -> Entry:
    opened = "opened the link" if row.is_opened else "has not opened the link yet"
    until = say.day(row.expires_at, zone=zone, year=True)
    return Entry(
        id=str(row.id),
        mark="Asked to sign",
        tone="good" if row.is_opened else "attention",
        title=f"{row.name}, {row.email}",
        text=f"Asked by {row.asked_by} · {opened} · it works until {until}",
        note=say.ago(row.issued_at, now()),
        hover=say.instant(row.issued_at, zone=zone),
        href="",
    )
