"""The people of demo partners that are resellers, told relative to the day they are loaded."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from core.actor import Actor, ActorKind, ContactRole
from core.clock import now
from core.companies.models import Staff
from core.companies.sign_in import staff_actor
from core.contacts.invitations import new_link
from core.contacts.models import Contact, LinkUse
from core.contacts.standing import keep_standing
from core.partners.models import Partner, TaxForm
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

Facts = dict[str, Any]


def add_contacts(session: Session, partner: Partner, owner: Staff, facts: Facts) -> None:
    """Make a partner the reseller that ``facts`` tell of, with its contacts; a partner without any is none."""
    agreed: Facts = facts.get("reseller", {})
    partner.reseller_since = now() - timedelta(days=agreed["days_ago"]) if agreed else None
    partner.default_commission_pct = Decimal(agreed.get("commission_pct", "0"))
    partner.registration = agreed.get("registration", "")
    partner.tax_form = TaxForm(agreed.get("tax_form", TaxForm.NONE))
    for one in agreed.get("contacts", ()):
        _contact(session, partner, owner, one)


def _contact(session: Session, partner: Partner, owner: Staff, facts: Facts) -> None:
    told = {name: facts[name] for name in ("name", "email", "title", "language")}
    row = Contact(**told, partner_id=partner.id, role=ContactRole(facts["role"]), added_by=owner.name)
    row.added_at = now() - timedelta(days=facts["days_ago"])
    session.add(row)
    session.flush()
    keep_standing(session, row, at=row.added_at)
    note = partial(note_timeline, session, partner.id, name=row.name)
    note(Kind.CONTACT_ADDED, by=staff_actor(owner), at=row.added_at, role=row.role.value)
    if facts["entered_days_ago"] is None:
        new_link(session, row, LinkUse.INVITE)
        return
    row.entered_at = now() - timedelta(days=facts["entered_days_ago"])
    note(Kind.CONTACT_ENTERED, by=Actor(ActorKind.CONTACT, id=row.id, name=row.name), at=row.entered_at)
