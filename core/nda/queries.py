"""Reading agreements: a partner's way through the four steps, its history, and the versions of the text."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import codes
from core.access.models import CodePurpose
from core.actor import Act, Actor, actor_of, permits
from core.clock import now
from core.companies.models import Company
from core.companies.rows import own_company
from core.errors import NotFound
from core.i18n import t
from core.nda.instruments import meant_for
from core.nda.law import Both
from core.nda.models import Instrument, Nda, NdaSigning, NdaText, SigningState, TextState
from core.nda.register import find_by_reference as find_by_reference
from core.nda.register import nda as nda
from core.nda.register import register as register
from core.nda.register import standing as standing
from core.nda.rows import (
    agreement_of,
    find_current_nda,
    find_left_signing,
    find_open_signing,
    find_published_text,
    invited_in,
    own_partner,
    parties,
    shown_to,
)
from core.nda.signing_view import CodeSent as CodeSent
from core.nda.signing_view import SignedNda as SignedNda
from core.nda.signing_view import SigningView as SigningView
from core.nda.signing_view import signed_nda as signed_nda
from core.nda.steps import Step, may_be_signed_anew
from core.nda.texts import Agreement, ClauseChange, compare, default_agreement
from core.partners.hosts import owner_name
from core.partners.models import Partner


@dataclass(frozen=True)
class TextRow:
    """One version of the text. ``sha256_…`` are of the template, empty for a draft."""

    instrument: Instrument
    number: int
    state: TextState
    saved_at: datetime
    saved_by: str
    published_at: datetime | None
    published_by: str
    sha256_en: str
    sha256_ar: str
    version: int


@dataclass(frozen=True)
class TextVersion:
    """One version of the text with its words. ``version`` is what ``text_service`` asks for."""

    row: TextRow
    agreement: Agreement


@permits(Act.SIGN_AGREEMENT)
def my_signing(session: Session) -> SigningView:
    """Where the actor's session stands, and all its page needs.

    Raises:
        NotFound: the actor is of no partner.
    """
    by, at = actor_of(session), now()
    instrument, partner, company = meant_for(by), own_partner(session, by), own_company(session)
    signing, current = find_open_signing(session, by.session), find_current_nda(session, partner.id, instrument)
    text = find_published_text(session, instrument)
    invited, is_open = invited_in(session, partner, by.session), may_be_signed_anew(current, at)
    told, kept = _said_so_far(signing, text), signing or find_left_signing(session, by.session, email=invited.email)
    ours, theirs = parties(company, partner)
    mine = signed_nda(current, at) if current else None
    return SigningView(
        instrument=instrument,
        step=step_of(signing, text, is_open=is_open),
        company=ours,
        partner=theirs,
        colour=company.colour,
        owner=owner_name(session, partner, company),
        invited_name=invited.name,
        name=kept.name if kept and kept.name else invited.name,
        title=kept.title if kept and kept.name else invited.title,
        email=invited.email,
        email_masked=codes.masked(invited.email) if invited.email else "",
        is_handed_over=invited.handover is not None,
        is_known=invited.is_known,
        text_number=text.number if text else 1,
        agreement=shown_to(agreement_of(text) if text else default_agreement(instrument), company, partner),
        changes=_changes(session, signing, text, company, partner),
        read_number=_number_of(session, signing.text_id if signing else None),
        clause_ms=told.clause_ms,
        shown_at=told.shown_at,
        read_at=told.read_at,
        signature=signing.signature if signing else "",
        consent=Both(en=t("nda.consent", "en"), ar=t("nda.consent", "ar")),
        code=_code(session, invited.email, by),
        signed=None if is_open else mine,
        renews=mine if is_open else None,
        declined_at=_declined_at(session, by.session),
    )


@dataclass(frozen=True)
class _Reading:
    clause_ms: dict[str, int]
    shown_at: datetime | None = None
    read_at: datetime | None = None


def _said_so_far(signing: NdaSigning | None, text: NdaText | None) -> _Reading:
    """How far the text in force was read; what was read of another version counts for nothing."""
    if signing is None or text is None or signing.text_id != text.id:
        return _Reading({})
    return _Reading(dict(signing.clause_ms), signing.shown_at, signing.read_at)


def step_of(signing: NdaSigning | None, text: NdaText | None, *, is_open: bool) -> Step:
    """Where somebody stands. ``text``: the version in force; ``is_open``: whether one can be signed now."""
    if not is_open:
        return Step.DONE
    if signing is None or not signing.name:
        return Step.CONTACT
    return Step.SIGN if _said_so_far(signing, text).read_at else Step.READ


def _changes(
    session: Session, signing: NdaSigning | None, text: NdaText | None, company: Company, partner: Partner
) -> list[ClauseChange]:
    if signing is None or text is None or signing.text_id in (None, text.id):
        return []
    before = session.get_one(NdaText, signing.text_id)
    old, new = (shown_to(agreement_of(each), company, partner) for each in (before, text))
    return compare(old, new)


def _number_of(session: Session, text_id: UUID | None) -> int | None:
    return session.scalar(select(NdaText.number).where(NdaText.id == text_id)) if text_id else None


def _code(session: Session, address: str, by: Actor) -> CodeSent:
    proved = codes.find_verified(session, purpose=CodePurpose.SIGN, address=address, by=by) if address else None
    waiting = codes.find_waiting(session, purpose=CodePurpose.SIGN, by=by)
    newest = waiting or proved
    return CodeSent(
        sent_at=newest.sent_at if newest else None,
        expires_at=waiting.expires_at if waiting else None,
        verified_at=proved.verified_at if proved else None,
    )


def _declined_at(session: Session, session_id: UUID | None) -> datetime | None:
    """When this session declined last, if that was the last it did."""
    mine = select(NdaSigning).where(NdaSigning.session_id == session_id).order_by(NdaSigning.begun_at.desc())
    last = session.scalars(mine.limit(1)).one_or_none()
    return last.ended_at if last is not None and last.state is SigningState.DECLINED else None


@permits(Act.USE_ROOM)
def my_ndas(session: Session) -> list[SignedNda]:
    """Every NDA of the actor's partner, newest first."""
    by, at = actor_of(session), now()
    mine = select(Nda).where(Nda.partner_id == by.partner, Nda.instrument == Instrument.NDA)
    mine = mine.order_by(Nda.signed_at.desc(), Nda.number.desc())
    return [signed_nda(nda, at) for nda in session.scalars(mine.limit(100))]


@permits(Act.READ_NDA)
def partner_ndas(
    session: Session, partner_id: UUID, *, instrument: Instrument | None = Instrument.NDA
) -> list[SignedNda]:
    """Every NDA of a partner, or other agreement (None: all of them), newest first; for the team."""
    theirs = select(Nda).where(Nda.partner_id == partner_id)
    if instrument is not None:
        theirs = theirs.where(Nda.instrument == instrument)
    newest = theirs.order_by(Nda.signed_at.desc(), Nda.number.desc()).limit(100)
    return [signed_nda(nda, now()) for nda in session.scalars(newest)]


@permits(Act.READ_NDA)
def text_versions(session: Session, *, instrument: Instrument = Instrument.NDA) -> list[TextRow]:
    """Every version of the text, the newest first; a draft, if there is one, on top."""
    mine = select(NdaText).where(NdaText.instrument == instrument).order_by(NdaText.number.desc())
    return [text_row(text) for text in session.scalars(mine)]


@permits(Act.READ_NDA)
def text_version(session: Session, number: int, *, instrument: Instrument = Instrument.NDA) -> TextVersion:
    """One version with its words.

    Raises:
        NotFound: there is no such version.
    """
    mine = (NdaText.instrument == instrument, NdaText.number == number)
    text = session.scalars(select(NdaText).where(*mine)).one_or_none()
    if text is None:
        raise NotFound("There is no such version of the text. Choose one from the list.")
    return TextVersion(text_row(text), agreement_of(text))


@permits(Act.READ_NDA)
def compare_versions(session: Session, old: int, new: int) -> list[ClauseChange]:
    """The clauses that differ between two versions, by their numbers.

    Raises:
        NotFound: there is no such version.
    """
    return compare(text_version(session, old).agreement, text_version(session, new).agreement)


def text_row(text: NdaText) -> TextRow:
    """A version without its words."""
    return TextRow(
        instrument=text.instrument,
        number=text.number,
        state=text.state,
        saved_at=text.saved_at,
        saved_by=text.saved_by,
        published_at=text.published_at,
        published_by=text.published_by,
        sha256_en=text.sha256_en,
        sha256_ar=text.sha256_ar,
        version=text.version,
    )
