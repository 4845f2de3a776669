"""The past of a document of the library, of its space and of the people, as the question who could see it needs it."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.contacts.models import ContactStanding
from core.library.history import Gate, Life, Past, Rule, Standing, Terms, terms_since
from core.library.models import SpaceRule
from core.nda.models import Nda
from core.partners.models import Hop, Partner
from core.partners.pipeline import Status
from core.vault.models import Document
from core.vault.visibility import Audience


def rules_of(session: Session, space_id: UUID) -> list[Rule]:
    """Whom a space was for, first to last."""
    found = select(SpaceRule).where(SpaceRule.space_id == space_id).order_by(SpaceRule.at)
    return [
        Rule(
            row.at,
            Audience(row.partner_visible_to_id, row.visible_to_all_partners, row.partner_role_visibility),
            row.set_by,
        )
        for row in session.scalars(found)
    ]


def life_of(session: Session, document: Document) -> Life:
    """A document from its beginning on. What stood about it earlier is told by the record of what was changed."""
    kept = select(AuditEntry.at, AuditEntry.before).where(
        AuditEntry.subject_id == document.id, AuditEntry.tag == Tag.DOCUMENT_CHANGE.value
    )
    changes = [(at, json.loads(before)) for at, before in session.execute(kept.order_by(AuditEntry.seq))]
    now_is = Terms(document.created_at, document.requires_nda, document.expires_on)
    return Life(document.created_at, document.removed_at, terms_since(document.created_at, changes, now_is=now_is))


def pasts(
    session: Session, *, partner_ids: frozenset[UUID] | None, since: datetime, until: datetime, with_gates: bool
) -> list[Past]:
    """What every contact was between two instants. ``partner_ids``: of which resellers, None: of all.

    Of what they were before, only the last is told. ``with_gates``: also when the NDA stood behind their partner.
    """
    earlier = aliased(ContactStanding)
    last = select(func.max(earlier.at)).where(earlier.contact_id == ContactStanding.contact_id, earlier.at <= since)
    in_force = ContactStanding.at == last.correlate(ContactStanding).scalar_subquery()
    later = and_(ContactStanding.at > since, ContactStanding.at < until)
    rows = select(ContactStanding).where(or_(in_force, later)).order_by(ContactStanding.contact_id, ContactStanding.at)
    if partner_ids is not None:
        rows = rows.where(ContactStanding.partner_id.in_(partner_ids))
    found: dict[tuple[UUID, UUID], list[Standing]] = {}
    for row in session.scalars(rows):
        found.setdefault((row.contact_id, row.partner_id), []).append(Standing(row.at, row.role))
    gates = _gates(session, {partner for _, partner in found}) if with_gates else {}
    return [Past(contact, partner, told, gates.get(partner, ())) for (contact, partner), told in found.items()]


def _gates(session: Session, partner_ids: set[UUID]) -> dict[UUID, Sequence[Gate]]:
    """When what stands behind the NDA was open to partners: while they were active, or an NDA of theirs was valid."""
    found: dict[UUID, list[Gate]] = {}
    recorded = and_(AuditEntry.subject_id == Nda.id, AuditEntry.tag == Tag.NDA_RECORD_PAPER.value)
    signed = select(Nda, func.coalesce(AuditEntry.at, Nda.signed_at).label("known_at")).outerjoin(AuditEntry, recorded)
    for nda, known_at in session.execute(signed.where(Nda.partner_id.in_(partner_ids))):
        since = max(nda.signed_at, known_at)  # One on paper opens nothing before it is recorded.
        until = min(nda.expires_at, nda.superseded_at or nda.expires_at)
        found.setdefault(nda.partner_id, []).append(Gate(since, until))
    moved = select(Hop.partner_id, Hop.at, Hop.to).where(Hop.partner_id.in_(partner_ids)).order_by(Hop.at)
    hops: dict[UUID, list[tuple[datetime, Status]]] = {}
    for partner_id, at, to in session.execute(moved):
        hops.setdefault(partner_id, []).append((at, to))
    partners = select(Partner.id, Partner.created_at, Partner.status).where(Partner.id.in_(partner_ids))
    for partner_id, created_at, status in session.execute(partners):
        stages = hops.get(partner_id) or [(created_at, status)]
        ends = [*(at for at, _ in stages[1:]), None]
        active = [Gate(at, end) for (at, to), end in zip(stages, ends, strict=True) if to is Status.ACTIVE]
        found.setdefault(partner_id, []).extend(active)
    return dict(found)
