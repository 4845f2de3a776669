"""The library of the demo company: three spaces with small PDFs, and what resellers' people took from them."""

import json
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.actor import Actor, ActorKind, ContactRole, Role
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.rows import own_company
from core.companies.sign_in import staff_actor
from core.contacts.models import Contact
from core.demo.documents import FOLDER, page
from core.library.models import SpaceRule
from core.library.spaces import NewSpace
from core.partners.models import Partner
from core.vault.filing import add_version, file_into
from core.vault.models import Document, DocumentFetch, DocumentSpace, DocumentVersion, SpaceKind, SpaceLook

Facts = dict[str, Any]
PDF = "application/pdf"


def add_library(session: Session, company: Company) -> None:
    """Open the spaces, file their documents, and let people look at them."""
    owner = session.scalars(select(Staff).where(Staff.role == Role.ADMIN).order_by(Staff.email.desc())).first()
    if owner is None:
        return
    told, by = _told(), staff_actor(owner)
    for facts in told["spaces"]:
        _space(session, company, facts, by)
    add_lookers(session)


def add_lookers(session: Session, *, partner_id: UUID | None = None) -> None:
    """What people of resellers looked at and took. ``partner_id``: only those of one."""
    for facts in _told()["seen"]:
        theirs = (Partner.slug == facts["partner"], Contact.role == ContactRole(facts["role"]))
        found = select(Contact).join(Partner, Partner.id == Contact.partner_id).where(*theirs)
        contact = session.scalars(found.order_by(Contact.added_at)).first()
        if contact and partner_id in (None, contact.partner_id):
            _look(session, contact, facts)


def forget_lookers(session: Session, partner_id: UUID) -> None:
    """Take away when a reseller's people looked."""
    people = session.scalars(select(Contact.id).where(Contact.partner_id == partner_id))
    session.execute(delete(SpaceLook).where(SpaceLook.looker.in_([f"contact:{one}" for one in people])))


def _told() -> Facts:
    told: Facts = json.loads((FOLDER / "library.json").read_text(encoding="utf-8"))
    return told


def _ago(session: Session, days: float) -> datetime:
    """A working hour so many days ago, where the company is; another one from day to day, never in the future."""
    local = now().astimezone(ZoneInfo(own_company(session).time_zone)) - timedelta(days=days)
    hour, minute = 8 + int(days * 5) % 9, int(days * 17) % 60
    return min(datetime.combine(local.date(), time(hour, minute), local.tzinfo), now())


def _space(session: Session, company: Company, facts: Facts, by: Actor) -> None:
    asked = NewSpace(facts["name"], facts["name_ar"], roles=facts["roles"], holds_prices=facts["holds_prices"])
    row = DocumentSpace(kind=SpaceKind.LIBRARY, name=asked.name, name_ar=asked.name_ar, visible_to_all_partners=True)
    row.partner_role_visibility, row.holds_prices = asked.role_rule(), asked.holds_prices
    row.created_at = _ago(session, facts["days_ago"])
    session.add(row)
    session.flush()
    rules = [(row.created_at, row.partner_role_visibility)]
    if earlier := facts.get("earlier_roles"):
        rules = [
            (row.created_at, ",".join(earlier)),
            (_ago(session, facts["aimed_days_ago"]), row.partner_role_visibility),
        ]
    for at, roles in rules:
        rule = SpaceRule(space_id=row.id, visible_to_all_partners=True, partner_role_visibility=roles, at=at)
        rule.set_by = by.name
        session.add(rule)
    for document in facts["documents"]:
        _document(session, company, row, document, by)


def _document(session: Session, company: Company, space: DocumentSpace, facts: Facts, by: Actor) -> None:
    title, name, at = facts["title"], f"{facts['title']['en'].replace(':', '')}.pdf", _ago(session, facts["days_ago"])
    row = file_into(
        session, space, title=title["en"], title_ar=title["ar"], file_name=name, data=_pdf(company, facts, 1),
        media_type=PDF, by=by, at=at,
    )  # fmt: skip
    if days := facts.get("expires_in_days"):
        row.expires_on = (now() + timedelta(days=days)).date()
    for number, version in enumerate(facts.get("versions", ()), 2):
        add_version(
            session, row, file_name=name, data=_pdf(company, facts, number), media_type=PDF, note=version["note"],
            by=by, at=_ago(session, version["days_ago"]),
        )  # fmt: skip


def _pdf(company: Company, facts: Facts, number: int) -> bytes:
    text = {language: f"{said} ({number})" if number > 1 else said for language, said in facts["text"].items()}
    said = {"company": company.name, "colour": company.colour, "title": facts["title"], "text": text}
    return page(json.dumps(said, ensure_ascii=False))


def _look(session: Session, contact: Contact, facts: Facts) -> None:
    at = _ago(session, facts["looked_days_ago"])
    spaces = select(DocumentSpace).where(DocumentSpace.kind == SpaceKind.LIBRARY, DocumentSpace.withdrawn_at.is_(None))
    for space in session.scalars(spaces).all():
        session.add(SpaceLook(space_id=space.id, looker=f"contact:{contact.id}", at=at))
    by = Actor(ActorKind.CONTACT, id=contact.id, name=contact.name, partner=contact.partner_id)
    for title, days in facts["fetched"]:
        _fetch(session, title, by, at=_ago(session, days))


def _fetch(session: Session, title: str, by: Actor, *, at: datetime) -> None:
    """A download of the version that was the newest then."""
    versions = select(DocumentVersion).join(Document).join(DocumentSpace)
    then = (DocumentSpace.kind == SpaceKind.LIBRARY, Document.title == title, DocumentVersion.added_at <= at)
    version = session.scalars(versions.where(*then).order_by(DocumentVersion.number.desc())).first()
    if version:
        row = DocumentFetch(document_id=version.document_id, version_id=version.id, partner_id=by.partner, at=at)
        row.actor_kind, row.actor_name, row.sha256 = by.kind.value, by.name, version.sha256
        row.ip, row.user_agent = "198.51.100.24", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0"
        session.add(row)
