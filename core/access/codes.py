"""Mailed codes: eight digits that prove a mailbox, typed back within minutes, good for one try that is right.

They are part of other acts (signing, trusting a device), which have the policy.
"""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import fields
from core.access.models import CodePurpose, MailedCode
from core.actor import Actor
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import lock
from core.i18n import t
from core.ids import new_id
from core.keys import signing_keys
from core.mail.brand import Brand
from core.mail.outbox import enqueue
from core.mail.room_letters import mailed_code

LASTS = timedelta(minutes=10)
TRIES = 5
GOOD_FOR = timedelta(minutes=30)
"""How long after it was typed a code vouches for the mailbox."""
_DIGITS = 8


class Owner(Protocol):
    """The partner whose person asks for a code."""

    @property
    def id(self) -> UUID:
        """Its key."""
        ...


class Verdict(StrEnum):
    """What came of a try."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    """Tried too often; only a new code helps."""
    EXPIRED = "expired"
    NONE = "none"
    """No code waits to be typed: none was sent, or it was used already."""


@dataclass(frozen=True)
class Outcome:
    """What came of a try; ``tries_left`` counts for a wrong one."""

    verdict: Verdict
    tries_left: int = 0

    @property
    def is_right(self) -> bool:
        """Whether the mailbox is proved."""
        return self.verdict is Verdict.RIGHT

    def said(self, language: str) -> str:
        """The outcome as a sentence, with what to do next."""
        return t(f"code.{self.verdict}", language, left=self.tries_left)


def send(
    session: Session, partner: Owner, *, address: str, purpose: CodePurpose, brand: Brand, to_name: str = "",
    why: str = "", by: Actor,
) -> MailedCode:  # fmt: skip
    """Mail a code to an address, in the brand's language; earlier ones of this session for this purpose die.

    ``why``: what the mail says it is for, where the purpose alone does not tell.
    Count it by ``limits.asked_for_code`` first, before the transaction.

    Raises:
        Invalid: the address is none.
    """
    session_id, at = _session_of(by), now()
    lock(session, f"code:{session_id}:{purpose}")
    waiting = (MailedCode.verified_at.is_(None), MailedCode.expires_at > at)
    session.execute(update(MailedCode).where(*_asked_by(session_id, purpose), *waiting).values(expires_at=at))
    row, digits = MailedCode(id=new_id(), partner_id=partner.id, session_id=session_id, purpose=purpose), _new_digits()
    row.address, row.code_hash = fields.email(address), _hash(row.id, digits)
    row.sent_at, row.expires_at = at, at + LASTS
    session.add(row)
    session.flush()
    message = mailed_code(
        brand,
        row.address,
        to_name,
        spelled(digits),
        why or t(f"code.for.{purpose}", brand.language),
        int(LASTS.total_seconds() // 60),
        brand.language,
    )
    enqueue(session, message, key=f"code:{row.id}", partner_id=partner.id)
    record(session, Tag.CODE_MAIL, by=by, subject=partner, after={"to": row.address, "purpose": purpose})
    return row


def check(session: Session, text: str, *, purpose: CodePurpose, by: Actor) -> Outcome:
    """Try a code as it was typed, with any digits and anything between them. Never raises, so wrong tries are kept.

    Of many tries at once with the right code, one is right.
    """
    session_id, at = _session_of(by), now()
    row = _newest(session, session_id, purpose)
    if row is None:
        return Outcome(Verdict.NONE)
    if row.verified_at is None and hmac.compare_digest(row.code_hash, _hash(row.id, _digits(text))):
        if _change(session, row, verified_at=at):
            record(session, Tag.CODE_VERIFY, by=by, after={"address": row.address, "purpose": purpose})
            return Outcome(Verdict.RIGHT)
    elif _change(session, row, tries=MailedCode.tries + 1):
        session.refresh(row)
        left = TRIES - row.tries
        return Outcome(Verdict.WRONG, left) if left > 0 else Outcome(Verdict.LOCKED)
    session.refresh(row)
    return Outcome(_why_not(row))


def find_verified(session: Session, *, purpose: CodePurpose, address: str, by: Actor) -> MailedCode | None:
    """The code by which this session proved this mailbox within the last half hour, if it was not used."""
    found = (
        select(MailedCode)
        .where(*_asked_by(_session_of(by), purpose), MailedCode.address == fields.email(address))
        .where(MailedCode.verified_at > now() - GOOD_FOR, MailedCode.used_at.is_(None))
    )
    return session.scalars(found.order_by(MailedCode.verified_at.desc()).limit(1)).one_or_none()


def use(session: Session, code: MailedCode) -> bool:
    """Spend a verified code on the act it was asked for; False when it was spent already."""
    spent = update(MailedCode).where(MailedCode.id == code.id, MailedCode.used_at.is_(None)).values(used_at=now())
    return session.execute(spent).rowcount == 1  # type: ignore[attr-defined, no-any-return]


def newest(session: Session, *, purpose: CodePurpose, by: Actor) -> MailedCode:
    """The code that was sent last in this session; there is one after ``send``."""
    row = _newest(session, _session_of(by), purpose)
    if row is None:
        raise ValueError("no code was sent in this session")
    return row


def find_waiting(session: Session, *, purpose: CodePurpose, by: Actor) -> MailedCode | None:
    """The code that waits to be typed in this session, if one does."""
    row = _newest(session, _session_of(by), purpose)
    alive = row is not None and row.verified_at is None and row.tries < TRIES and row.expires_at > now()
    return row if alive else None


def spelled(digits: str) -> str:
    """A code as people read it: "1234 5678"."""
    return f"{digits[:4]} {digits[4:]}"


def masked(address: str) -> str:
    """An address that only who knows it recognises: "s•••@acme.om"."""
    name, _, host = address.partition("@")
    return f"{name[:1]}•••@{host}"


def _session_of(by: Actor) -> UUID:
    if by.session is None:
        raise ValueError("a code belongs to the session that asked for it")
    return by.session


def _asked_by(session_id: UUID, purpose: CodePurpose) -> tuple[Any, ...]:
    return MailedCode.session_id == session_id, MailedCode.purpose == purpose


def _newest(session: Session, session_id: UUID, purpose: CodePurpose) -> MailedCode | None:
    found = select(MailedCode).where(*_asked_by(session_id, purpose))
    return session.scalars(
        found.order_by(MailedCode.sent_at.desc(), MailedCode.expires_at.desc()).limit(1)
    ).one_or_none()


def _change(session: Session, row: MailedCode, **values: Any) -> bool:
    """Change a code that may still be typed; False when it may not."""
    alive = (MailedCode.verified_at.is_(None), MailedCode.tries < TRIES, MailedCode.expires_at > now())
    done = session.execute(
        update(MailedCode).where(MailedCode.id == row.id, *alive).values(**values),
        execution_options={"synchronize_session": False},
    )
    return done.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _why_not(row: MailedCode) -> Verdict:
    if row.verified_at is not None:
        return Verdict.NONE
    return Verdict.LOCKED if row.tries >= TRIES else Verdict.EXPIRED


def _new_digits() -> str:
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def _digits(text: str) -> str:
    """The digits in a text, whatever script they are written in."""
    return "".join(str(unicodedata.digit(mark)) for mark in text if mark.isdecimal())[: _DIGITS + 1]


def _hash(code_id: UUID, digits: str) -> bytes:
    """What is kept of a code: keyed, so that the database alone cannot be searched for it."""
    key = list(signing_keys().values())[-1]
    return hmac.digest(key, f"mailed-code:{code_id}:{digits}".encode(), hashlib.sha256)
