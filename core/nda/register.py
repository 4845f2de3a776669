"""The register: every signed agreement of the company, filtered, sorted and paged by the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, defer

from core.actor import Act, permits
from core.clock import now
from core.nda.evidence import Evidence, PaperEvidence, check_code_of
from core.nda.models import Form, Instrument, Nda, NdaText
from core.nda.rows import get_nda
from core.nda.steps import RENEW_BEFORE, State, state_of
from core.partners.models import Partner

PAGE = 50


class Order(StrEnum):
    """What the register is sorted by."""

    SIGNED = "signed"
    EXPIRES = "expires"
    REFERENCE = "reference"
    PARTNER = "partner"


@dataclass(frozen=True)
class NdaRow:
    """One line of the register. ``days_left``: whole days until it ends, negative after; None when superseded."""

    id: UUID
    instrument: Instrument
    reference: str
    partner_id: UUID
    partner: str
    signer: str
    email: str
    form: Form
    text_number: int | None
    state: State
    signed_at: datetime
    expires_at: datetime
    days_left: int | None
    countersigned_at: datetime | None
    document_id: UUID | None


@dataclass(frozen=True)
class Register:
    """One page of the register: ``total`` passes the filter; ``counts`` are by state, whatever state is filtered."""

    rows: list[NdaRow]
    total: int
    counts: dict[State, int]
    page: int
    pages: int


@dataclass(frozen=True)
class NdaDetail:
    """One NDA with its evidence. ``check_code``: what lets anybody confirm the reference on the public page."""

    row: NdaRow
    signer_title: str
    signature: str
    evidence: Evidence | PaperEvidence
    evidence_sha256: str
    check_code: str
    pdf_sha256: str
    certificate_sha256: str
    recorded_by: str
    countersigned_by: str
    countersigned_title: str
    superseded_at: datetime | None


@permits(Act.READ_NDA)
def register(
    session: Session,
    *,
    instrument: Instrument = Instrument.NDA,
    state: State | None = None,
    text: str = "",
    form: Form | None = None,
    partner_id: UUID | None = None,
    order: Order = Order.SIGNED,
    descending: bool = True,
    page: int = 1,
    size: int = PAGE,
) -> Register:
    """One page of the register of an agreement. ``text`` is looked for in reference, partner, signer and e-mail."""
    at = now()
    narrowed = [Nda.instrument == instrument, *_narrowed(text, form, partner_id)]
    counts = _counts(session, narrowed, at, by_partner=bool(text.strip()))
    total = counts[state] if state else sum(counts.values())
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    wanted = [*narrowed, _in_state(state, at)] if state else narrowed
    found = _lines().options(defer(Nda.evidence)).where(*wanted).order_by(*_sorted(order, descending=descending))
    rows = session.execute(found.limit(size).offset((page - 1) * size))
    return Register([_row(line, at) for line in rows], total, counts, page, pages)


@permits(Act.READ_NDA)
def standing(session: Session, *, instrument: Instrument = Instrument.NDA) -> dict[State, int]:
    """How many of an agreement the company has in each state."""
    return _counts(session, [Nda.instrument == instrument], now())


@permits(Act.READ_NDA)
def find_by_reference(session: Session, reference: str) -> UUID | None:
    """The agreement of a reference, however it is written: " nda-00012"."""
    return session.scalar(select(Nda.id).where(Nda.reference == reference.strip().upper()[:20]))


@permits(Act.READ_NDA)
def nda(session: Session, nda_id: UUID) -> NdaDetail:
    """One NDA.

    Raises:
        NotFound: there is none in this company.
    """
    get_nda(session, nda_id)
    line, at = session.execute(_lines().where(Nda.id == nda_id)).one(), now()
    found: Nda = line.Nda
    kind = Evidence if found.form is Form.ELECTRONIC else PaperEvidence
    return NdaDetail(
        row=_row(line, at),
        signer_title=found.signer_title,
        signature=found.signature,
        evidence=kind.model_validate(found.evidence),
        evidence_sha256=found.evidence_sha256,
        check_code=check_code_of(found.evidence_sha256),
        pdf_sha256=found.pdf_sha256,
        certificate_sha256=found.certificate_sha256,
        recorded_by=found.recorded_by,
        countersigned_by=found.countersigned_by,
        countersigned_title=found.countersigned_title,
        superseded_at=found.superseded_at,
    )


def _lines() -> Select[Nda, str, int | None]:
    return (
        select(Nda, Partner.name.label("partner"), NdaText.number.label("text_number"))
        .join(Partner, Partner.id == Nda.partner_id)
        .outerjoin(NdaText, NdaText.id == Nda.text_id)
    )


def _narrowed(text: str, form: Form | None, partner_id: UUID | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted := " ".join(text.split())[:200]:
        columns = (Nda.reference, Partner.name, Partner.name_ar, Nda.signer_name, Nda.signer_email)
        found.append(or_(*(column.icontains(wanted, autoescape=True) for column in columns)))
    if form:
        found.append(Nda.form == form)
    if partner_id:
        found.append(Nda.partner_id == partner_id)
    return found


def _in_state(state: State, at: datetime) -> ColumnElement[bool]:
    """The state as a condition; the same bounds as ``steps.state_of``."""
    soon = at + RENEW_BEFORE
    if state is State.SUPERSEDED:
        return Nda.superseded_at.is_not(None)
    bounds = {
        State.EXPIRED: Nda.expires_at <= at,
        State.EXPIRING: and_(Nda.expires_at > at, Nda.expires_at <= soon),
        State.VALID: Nda.expires_at > soon,
    }
    return and_(Nda.superseded_at.is_(None), bounds[state])


def _counts(
    session: Session, narrowed: list[ColumnElement[bool]], at: datetime, *, by_partner: bool = False
) -> dict[State, int]:
    """How many are in each state. ``by_partner``: whether the conditions ask about partners."""
    counted = select(*(func.count(case((_in_state(state, at), 1))) for state in State)).select_from(Nda)
    counted = counted.join(Partner, Partner.id == Nda.partner_id) if by_partner else counted
    return dict(zip(State, session.execute(counted.where(*narrowed)).one(), strict=True))


def _sorted(order: Order, *, descending: bool) -> list[Any]:
    column: Any = {
        Order.SIGNED: Nda.signed_at,
        Order.EXPIRES: Nda.expires_at,
        Order.REFERENCE: Nda.number,
        Order.PARTNER: Partner.name,
    }[order]
    return [column.desc(), Nda.number.desc()] if descending else [column, Nda.number]


def _row(line: Any, at: datetime) -> NdaRow:
    found: Nda = line.Nda
    state = state_of(found, at)
    left = (found.expires_at - at) // timedelta(days=1)
    return NdaRow(
        id=found.id,
        instrument=found.instrument,
        reference=found.reference,
        partner_id=found.partner_id,
        partner=line.partner,
        signer=found.signer_name,
        email=found.signer_email,
        form=found.form,
        text_number=line.text_number,
        state=state,
        signed_at=found.signed_at,
        expires_at=found.expires_at,
        days_left=None if state is State.SUPERSEDED else left,
        countersigned_at=found.countersigned_at,
        document_id=found.document_id,
    )
