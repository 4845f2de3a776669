"""The way of a partner's person through the four steps of signing, as it is kept on the server.

What is signed depends on who signs: a reader or a guest of the room the NDA, a reseller's principal the reseller
agreement. All of it is one mechanism.

The page calls, each from a callback and in a transaction of its own:

1. ``give_contact`` (it begins the signing), then ``show_text`` with the number of the text that is on screen;
2. ``finish_reading`` when the end of the text was reached;
3. ``send_code`` after ``limits.asked_for_code(ip, partner)``; ``enter_code``, which never raises, so that wrong tries
   count: say its outcome by ``.said(language)``; ``save_signature_draft`` while typing;
4. ``core.nda.ceremony.sign(…, by=actor)``, which opens its own transactions (``sign`` here does the same in one that
   is open already, and holds it while the PDF is drawn).

Before ``sign``, ``decline`` and ``hand_over`` the page counts the submission by
``limits.submitted_nda(ip, str(partner_id))``. It has its own transaction, so it is called before another is opened.
To spare a person a counted submission the page may ask ``readiness.checked_name`` first, which is pure.

Whatever is asked for out of turn is refused with the step that is missing. ``queries.my_signing`` says where to go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import fields
from core.access import codes
from core.access.codes import Outcome
from core.access.models import CodePurpose
from core.actor import Act, Actor, actor_of, permits
from core.clock import now
from core.companies.rows import own_company
from core.companies.service import brand_of
from core.db import lock
from core.errors import Conflict
from core.i18n import t
from core.nda import signing
from core.nda.beginning import AlreadySigned, begun, refuse_signed
from core.nda.gathering import Prepared, certified, chain_head, evidence_of
from core.nda.instruments import meant_for
from core.nda.models import Nda, NdaSigning
from core.nda.numbering import next_number
from core.nda.readiness import (
    NoAddressOnRecord,
    ReadFirst,
    SignatureUnusable,
    TextUpdated,
    Wish,
    check_access,
    check_ready,
)
from core.nda.recording import countersign, record_paper
from core.nda.rows import (
    agreement_of,
    ensure_text,
    find_open_signing,
    invited_in,
    own_partner,
)
from core.nda.signing import Signed, as_signed
from core.nda.stepping_aside import decline, hand_over
from core.nda.steps import credited, drift, full_name
from core.partners.hosts import owner_name

__all__ = [
    "AlreadySigned", "CodeMailed", "ContactFirst", "Signed", "begin", "countersign", "decline", "enter_code",
    "finish_reading", "give_contact", "hand_over", "prepare", "record_paper", "save_signature_draft", "send_code",
    "show_text", "sign",
]  # fmt: skip


class ContactFirst(Conflict):
    """Give your name first (step 1)."""


@dataclass(frozen=True)
class CodeMailed:
    """Where a code went, masked, and until when it can be typed."""

    to: str
    expires_at: datetime


@permits(Act.SIGN_AGREEMENT)
def begin(session: Session, *, language: str = "en", by: Actor) -> NdaSigning:
    """The signing under way in the actor's session, begun if there was none.

    Raises:
        AlreadySigned: the partner's NDA is valid, and not yet to be renewed.
        AccessWithdrawn: the session, or the link it came by, was withdrawn.
    """
    return begun(session, language, by=by)


@permits(Act.SIGN_AGREEMENT)
def give_contact(session: Session, *, name: str, title: str = "", language: str = "en", by: Actor) -> NdaSigning:
    """Step 1: who signs. The e-mail is the one on record; nobody signs with an address that was not invited.

    A contact signs under the name on record, whatever ``name`` says.

    Raises:
        SignatureUnusable: the name is none, or has other than Latin and Arabic letters.
        Invalid: the title cannot be used.
        NoAddressOnRecord: no address is invited.
        AlreadySigned, AccessWithdrawn: see ``begin``.
    """
    row = begun(session, language, by=by)
    partner = own_partner(session, by)
    invited = invited_in(session, partner, by.session)
    known = invited.name if invited.is_known else full_name(name)
    if known is None:
        raise SignatureUnusable
    if not invited.email:
        raise NoAddressOnRecord(owner=owner_name(session, partner, own_company(session)))
    row.name, row.email = known, invited.email
    row.title = fields.line(title, name="Title", least=0, most=200)
    row.language = "ar" if language == "ar" else "en"
    return row


@permits(Act.SIGN_AGREEMENT)
def show_text(session: Session, *, number: int, by: Actor) -> NdaSigning:
    """Step 2 begins: this version is on screen now. Shown again it goes on; another version is read from its start.

    Raises:
        ContactFirst: step 1 is missing.
        TextUpdated: another version is in force.
    """
    row = _begun_by_name(session, by=by)
    text = ensure_text(session, meant_for(by), by=by)
    if text.number != number:
        raise TextUpdated(number=text.number)
    if row.text_id != text.id:
        row.text_id, row.shown_at, row.read_at, row.clause_ms = text.id, now(), None, {}
    return row


def _begun_by_name(session: Session, *, by: Actor) -> NdaSigning:
    row = find_open_signing(session, by.session)
    if row is None or not row.name:
        refuse_signed(session, own_partner(session, by), meant_for(by))
        raise ContactFirst
    return row


@permits(Act.SIGN_AGREEMENT)
def finish_reading(session: Session, *, clause_ms: Mapping[str, Any], clock: str = "", by: Actor) -> NdaSigning:
    """Step 2 is done: the end was reached. Told again, it keeps the longer times.

    ``clause_ms``: visible milliseconds by clause key, credited up to the time since the text was shown. ``clock``: the
    browser's clock as an ISO instant; how far it is off is noted and changes nothing.

    Raises:
        ReadFirst: no text was shown.
        TextUpdated: another version is in force.
        ContactFirst: step 1 is missing.
    """
    row, text, at = _begun_by_name(session, by=by), ensure_text(session, meant_for(by), by=by), now()
    if row.text_id is None or row.shown_at is None:
        raise ReadFirst
    if row.text_id != text.id:
        raise TextUpdated(number=text.number)
    fresh = credited(clause_ms, known=agreement_of(text).keys, elapsed=at - row.shown_at)
    row.clause_ms = {key: max(row.clause_ms.get(key, 0), fresh.get(key, 0)) for key in row.clause_ms | fresh}
    row.read_at = row.read_at or at
    row.clock_drift_s = drift(clock, at) if clock else row.clock_drift_s
    return row


@permits(Act.SIGN_AGREEMENT)
def save_signature_draft(session: Session, *, signature: str, by: Actor) -> None:
    """Keep what is typed so far, so that a reload or a restart loses nothing; nothing is judged yet."""
    row = find_open_signing(session, by.session)
    if row is not None:
        row.signature = "".join(mark for mark in signature if mark.isprintable())[:200]


@permits(Act.SIGN_AGREEMENT)
def send_code(session: Session, *, language: str = "en", by: Actor) -> CodeMailed:
    """Step 3: mail a code to the address on record. Count it by ``limits.asked_for_code`` before the transaction.

    Raises:
        ContactFirst, ReadFirst: an earlier step is missing.
        NoAddressOnRecord, AccessWithdrawn: nobody can be mailed.
    """
    row, partner, company = _begun_by_name(session, by=by), own_partner(session, by), own_company(session)
    check_access(session, partner, company, by=by, held=False)
    if row.read_at is None:
        raise ReadFirst
    invited = invited_in(session, partner, by.session)
    if not invited.email:
        raise NoAddressOnRecord(owner=owner_name(session, partner, company))
    brand, purpose = brand_of(company, language), CodePurpose.SIGN
    why = t(f"code.for.sign.{row.instrument}", language)
    code = codes.send(
        session, partner, address=invited.email, purpose=purpose, brand=brand, to_name=row.name, why=why, by=by
    )
    return CodeMailed(codes.masked(code.address), code.expires_at)


@permits(Act.SIGN_AGREEMENT)
def enter_code(session: Session, *, text: str, by: Actor) -> Outcome:
    """Try the code as it was typed. Never raises, so that wrong tries are kept."""
    return codes.check(session, text, purpose=CodePurpose.SIGN, by=by)


@permits(Act.SIGN_AGREEMENT)
def prepare(
    session: Session,
    *,
    signature: str,
    confirmed_name: bool,
    consent: bool,
    text_number: int,
    origin: Mapping[str, Any] | None = None,
) -> Prepared | None:
    """The sealed PDF for the number that is expected, while nothing is held; None when it is signed already.

    Raises:
        See ``sign``.
    """
    by = actor_of(session)
    wish = Wish(signature, confirmed_name, consent, text_number, origin)
    ready = check_ready(session, wish, by=by, held=False)
    if isinstance(ready, Nda):
        return None
    number, chain = next_number(session, meant_for(by)), chain_head(session)
    return certified(ready, evidence_of(ready, wish, number=number, at=now(), chain=chain, by=by))


@permits(Act.SIGN_AGREEMENT)
def sign(
    session: Session,
    *,
    signature: str,
    confirmed_name: bool,
    consent: bool,
    text_number: int,
    origin: Mapping[str, Any] | None = None,
    prepared: Prepared | None = None,
    by: Actor,
) -> Signed:
    """Step 4: sign. Signing twice, in two tabs or by two people, gives the first result again (``already``).

    ``text_number``: the version the page shows. ``confirmed_name``: to sign under another name than the invited one.
    ``origin``: where the request came from, as the gate wrote it down.

    Raises:
        ReadFirst: step 2 is missing.
        TextUpdated: another version is in force; ``queries.my_signing`` says what changed.
        ConsentNeeded, SignatureUnusable, NameDiffers: what was typed or ticked is not enough.
        CodeFirst: the mailbox was not proved within the last half hour.
        NoAddressOnRecord, AccessWithdrawn: this person cannot sign.
    """
    lock(session, f"{meant_for(by)}:{by.partner}")
    wish = Wish(signature, confirmed_name, consent, text_number, origin)
    ready = check_ready(session, wish, by=by, held=True)
    if isinstance(ready, Nda):
        return as_signed(ready, already=True)
    return signing.keep(session, ready, wish, prepared=prepared, by=by)
