"""Loading the demo company from ``data/demo``; its past is told relative to the day it is loaded."""

import json
import random
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.models import ProposalLink
from core.access.tokens import LIFETIME
from core.actor import Actor, Role, system
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Company, Staff
from core.companies.service import CompanySettings, create_company
from core.companies.sign_in import staff_actor
from core.demo.agreed import add_agreed
from core.demo.contacts import add_contacts
from core.demo.deals import add_deals
from core.demo.documents import add_documents
from core.demo.library import add_library
from core.demo.ndas import add_agreement, add_ndas
from core.demo.offers import add_catalogue
from core.demo.questions import add_answers, add_questions
from core.demo.training import add_training
from core.engagement.demo import demo_visits
from core.ids import new_id
from core.keys import signing_keys
from core.partners.models import Hop, Partner
from core.partners.pipeline import Status
from core.proposals.content import Content
from core.proposals.models import ProposalVersion, VersionState
from core.tenancy import enter
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline

FOLDER = Path(__file__).parents[2] / "data" / "demo"
Facts = dict[str, Any]


def load(session: Session, *, by: Actor) -> Company | None:
    """Load the demo company; None when it is there already."""
    about: Facts = _json("company.json")
    if session.scalars(select(Company).where(Company.slug == about["slug"])).first():
        return None
    company = create_company(session, _settings(about), slug=about["slug"], by=by)
    by = enter(session, company.id)
    company.module_partner_portal_enabled = True
    staff = {facts["email"]: _staff(session, facts) for facts in about["staff"]}
    for facts in _json("partners.json"):
        _partner(session, company, staff, facts)
    add_ndas(session, company, by=by)
    for partner in session.scalars(select(Partner).where(Partner.reseller_since.is_not(None)).order_by(Partner.id)):
        agree(session, company, partner, by=by)
    add_catalogue(session, company, by=by)
    add_deals(session, company)
    add_training(session, company, by=by)
    add_questions(session, company)
    add_answers(session)
    add_library(session, company)
    record(session, Tag.DEMO_LOAD, by=by, subject=company)
    return company


def _json(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _settings(about: Facts) -> CompanySettings:
    return CompanySettings(
        name=about["name"]["en"],
        name_ar=about["name"]["ar"],
        base_currency=about["currency"],
        time_zone=about["time_zone"],
        colour=about["colour"],
        booking_url=about["booking_url"],
    )


def _staff(session: Session, facts: Facts) -> Staff:
    row = Staff(name=facts["name"], email=facts["email"], role=Role(facts["role"]), added_at=now())
    session.add(row)
    session.flush()
    return row


def _ago(company: Company, days: float, hour: int = 10) -> datetime:
    """A working hour so many days ago, where the company is; never in the future."""
    local = now().astimezone(ZoneInfo(company.time_zone)) - timedelta(days=days)
    return min(datetime.combine(local.date(), time(hour, 20), local.tzinfo), now())


PROFILE = (
    "slug", "name", "name_ar", "summary", "city", "country", "website", "territory", "contact_name",
    "contact_title", "contact_email", "language", "next_action",
)  # fmt: skip


def facts_of(slug: str) -> Facts | None:
    """What the demo tells of the partner with a web name; None when it knows none."""
    found: Facts | None = next((facts for facts in _json("partners.json") if facts["slug"] == slug), None)
    return found


def agree(session: Session, company: Company, partner: Partner, *, by: Actor) -> None:
    """Have a reseller sign its agreement, if the demo tells that it did."""
    facts = facts_of(partner.slug) or {}
    days = facts.get("reseller", {}).get("agreement_days_ago")
    if days is not None:
        add_agreement(session, company, partner, at=_ago(company, days), by=by)


def _partner(session: Session, company: Company, staff: dict[str, Staff], facts: Facts) -> None:
    owner = staff[facts["owner"]]
    partner = Partner(**{name: facts[name] for name in PROFILE}, is_demo=True, owner_id=owner.id)
    partner.created_at = partner.status_entered_at = _ago(company, facts["created_days_ago"])
    partner.next_action_on = (now() + timedelta(days=facts["next_action_in_days"])).date()
    partner.status = Status.DRAFT
    session.add(partner)
    session.flush()
    tell_past(session, company, partner, staff, facts)


def tell_past(session: Session, company: Company, partner: Partner, staff: dict[str, Staff], facts: Facts) -> None:
    """Everything that happened to a partner that is a fresh draft; ``staff``: the colleagues by address."""
    owner, created = staff[facts["owner"]], _ago(company, facts["created_days_ago"])
    partner.created_at = partner.status_entered_at = created
    by = staff_actor(owner)
    note_timeline(session, partner.id, Kind.CREATED, by=by, at=created)
    versions = [_version(session, company, partner, owner, n, v) for n, v in enumerate(facts["proposal_versions"], 1)]
    for hop in facts["history"]:
        _hop(session, company, partner, staff, hop)
    published = [version for version in versions if version.state is VersionState.PUBLISHED]
    if published:
        newest = published[-1]
        content, added = Content.model_validate(newest.content), newest.published_at or created
        add_documents(session, company, partner, content, by=by, at=added)
    if published and partner.status is not Status.DRAFT:
        link = _link(session, company, partner, owner)
        rng = random.Random(facts["slug"])  # noqa: S311 - the same demo each time, not a secret
        demo_visits(session, partner, link=link, versions=published, persona=facts["reading"], rng=rng)
    add_agreed(session, company, partner, owner, facts)
    add_contacts(session, partner, owner, facts)


def _version(
    session: Session, company: Company, partner: Partner, owner: Staff, number: int, facts: Facts
) -> ProposalVersion:
    content = Content.model_validate(_json(f"proposals/{facts['file']}"))
    days = facts["published_days_ago"]
    saved = _ago(company, days if days is not None else 1, hour=9)
    row = ProposalVersion(partner_id=partner.id, number=number, content=content.model_dump(mode="json"))
    row.created_at, row.saved_at, row.saved_by = saved, saved, owner.name
    row.state = VersionState.DRAFT
    if days is not None:
        row.state, row.published_at, row.published_by = VersionState.PUBLISHED, saved, owner.name
        note = partial(note_timeline, session, partner.id, Kind.PROPOSAL_PUBLISHED, by=staff_actor(owner))
        note(at=saved, number=str(number))
    session.add(row)
    session.flush()
    return row


def _hop(session: Session, company: Company, partner: Partner, staff: dict[str, Staff], facts: Facts) -> None:
    at, start, to = _ago(company, facts["days_ago"], hour=11), partner.status, Status(facts["to"])
    by = staff_actor(staff[facts["by"]]) if facts["by"] in staff else system(company.id)
    who, reason = by.name if facts["by"] in staff else partner.contact_name, facts.get("reason", "")
    seconds = int((at - partner.status_entered_at).total_seconds())
    hop = Hop(partner_id=partner.id, at=at, start=start, to=to, seconds_in_stage=seconds, reason=reason)
    hop.actor_name = who
    session.add(hop)
    partner.status, partner.status_entered_at, partner.version = to, at, partner.version + 1
    if to is Status.MOU_SIGNED:
        partner.mou_signed_at = at.date()
    if to is Status.ACTIVE:
        partner.activated_at = at
    note = partial(note_timeline, session, partner.id, by=by, at=at)
    note(Kind.MOVED, start=start.value, to=to.value, reason=reason)
    if to is Status.PROPOSAL_SENT and start is Status.DRAFT:
        note(Kind.INVITATION_SENT, to=partner.contact_email, language=partner.language)


def _link(session: Session, company: Company, partner: Partner, owner: Staff) -> ProposalLink:
    """The partner's link, issued a few days ago, so that it still works for some weeks."""
    issued = _ago(company, 3, hour=11).replace(microsecond=0)
    link = ProposalLink(id=new_id(), partner_id=partner.id, key_id=next(iter(signing_keys())), issued_at=issued)
    link.expires_at, link.issued_by = issued + LIFETIME, owner.name
    session.add(link)
    session.flush()
    return link
