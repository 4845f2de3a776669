"""A partner's record: created, described, noted on. Its moves are in ``core.partners.moves``."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import fields
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.errors import Conflict, Invalid
from core.keys import signing_keys
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.partners.rows import get_partner
from core.tenancy import EVERY_COMPANY
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline


class PartnerChanged(Conflict):
    """Somebody saved this partner while you were editing. Your text is still in the form; compare and save again."""


@dataclass(frozen=True)
class Profile:
    """What is known about a partner, as typed by staff."""

    name: str
    name_ar: str = ""
    summary: str = ""
    city: str = ""
    country: str = ""
    website: str = ""
    territory: str = ""
    contact_name: str = ""
    contact_title: str = ""
    contact_email: str = ""
    language: str = "en"
    owner_id: UUID | None = None
    next_action: str = ""
    next_action_on: date | None = None

    def cleaned(self) -> dict[str, Any]:
        """The values, made safe to keep.

        Raises:
            Invalid: one of them cannot be used; the message names it.
        """
        if self.language not in ("en", "ar"):
            raise Invalid("Choose English or Arabic as the language.")
        return {
            **asdict(self),
            **{name: _line(name, getattr(self, name)) for name in _LINES},
            "name": fields.line(self.name, name="Name"),
            "summary": fields.body(self.summary, name="Summary", most=2_000),
            "website": fields.web_address(self.website, name="Website"),
            "contact_email": fields.email(self.contact_email, name="Contact e-mail") if self.contact_email else "",
        }


_LINES = ("name_ar", "city", "country", "territory", "contact_name", "contact_title", "next_action")


def _line(name: str, value: str) -> str:
    most = 120 if name in ("city", "country", "territory") else 200
    return fields.line(value, name=name.replace("_", " ").capitalize(), least=0, most=most)


@permits(Act.WORK_PIPELINE)
def create(session: Session, profile: Profile, *, by: Actor, is_demo: bool = False, slug: str = "") -> Partner:
    """Add a partner; it starts as a draft."""
    at = now()
    values = profile.cleaned()
    partner = Partner(
        **values, slug=_free_slug(session, slug or values["name"]), status=Status.DRAFT, status_entered_at=at
    )
    partner.created_at, partner.is_demo = at, is_demo
    session.add(partner)
    session.flush()
    note_timeline(session, partner.id, Kind.CREATED, by=by)
    record(session, Tag.PARTNER_CREATE, by=by, subject=partner, after={"name": partner.name})
    return partner


def _free_slug(session: Session, name: str) -> str:
    """A web name nobody has yet, in any company; a taken one gets a random end, so that it tells nothing."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:48] or "partner"
    taken = select(Partner.id).where(Partner.slug == slug)
    if session.execute(taken, execution_options={EVERY_COMPANY: True}).first() is None:
        return slug
    return f"{slug}-{secrets.token_hex(3)}"


@permits(Act.WORK_PIPELINE)
def change(session: Session, partner_id: UUID, *, profile: Profile, version: int, by: Actor) -> Partner:
    """Save a partner's profile as edited from ``version``.

    Raises:
        PartnerChanged: it was saved by somebody else since.
    """
    partner = get_partner(session, partner_id)
    if partner.version != version:
        raise PartnerChanged
    values = profile.cleaned()
    changed = {name: value for name, value in values.items() if getattr(partner, name) != value}
    if changed:
        before = {name: getattr(partner, name) for name in changed}
        _assign(partner, changed)
        partner.version += 1
        note_timeline(session, partner.id, Kind.CHANGED, by=by, what=", ".join(sorted(changed)))
        record(session, Tag.PARTNER_CHANGE, by=by, subject=partner, before=before, after=changed)
    return partner


def _assign(row: Partner, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


@permits(Act.WORK_PIPELINE)
def add_note(session: Session, partner_id: UUID, *, text: str, by: Actor) -> None:
    """Write a note on a partner's timeline."""
    partner = get_partner(session, partner_id)
    words = fields.body(text, name="The note", least=1)
    note_timeline(session, partner.id, Kind.NOTE, by=by, text=words)
    record(session, Tag.PARTNER_NOTE, by=by, subject=partner, after={"text": words})


@permits(Act.WORK_PIPELINE)
def set_legacy_code(session: Session, partner_id: UUID, *, code: str, by: Actor) -> Partner:
    """Take over a partner's access code from an older system; empty takes it away."""
    partner = get_partner(session, partner_id)
    text = fields.line(code, name="The access code", least=0, most=60)
    if text and len(text) < 6:
        raise Invalid("An access code has at least 6 characters.")
    partner.legacy_code_hash = code_hash(partner.id, text) if text else None
    record(session, Tag.CODE_SET, by=by, subject=partner, after={"set": bool(text)})
    return partner


def code_hash(partner_id: UUID, code: str) -> bytes:
    """What is kept of an access code: keyed, so that the database alone cannot be searched for it."""
    key = list(signing_keys().values())[-1]
    return hmac.digest(key, f"code:{partner_id}:{code.strip()}".encode(), hashlib.sha256)
