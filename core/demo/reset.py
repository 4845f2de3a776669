"""Giving a demo partner its past back. A partner that is not one is never touched, whatever is asked for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from core.access.models import AccessSession, MailedCode, ProposalLink, RoomLink, TrustedDevice
from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.companies.models import Staff
from core.companies.rows import get_staff, own_company
from core.contacts.models import Contact, ContactLink, ContactStanding
from core.db import Base, lock
from core.deals.models import (
    DealDraft,
    Extension,
    PreCheck,
    Protection,
    PurchaseOrder,
    Quote,
    QuoteDocument,
    QuoteLine,
    Review,
    Sale,
    Waiting,
)
from core.demo.deals import add_deals
from core.demo.library import add_lookers, forget_lookers
from core.demo.load import PROFILE, agree, facts_of, tell_past
from core.demo.ndas import add_ndas
from core.demo.questions import add_questions
from core.demo.training import add_attempts
from core.engagement import rollups
from core.engagement.models import PartnerMonth, PartnerViews, Reader, Visit
from core.engagement.rebuild import set_aside
from core.engagement.rollups import Changes, Writer
from core.errors import NotAllowed
from core.library.models import SpaceRule
from core.mail.models import Mail, MailAttachment
from core.meetings.models import ActionItem, BookingReport, Decision, Meeting
from core.nda.models import Nda, NdaHandover, NdaSigning
from core.partners.models import Hop, Partner
from core.partners.pipeline import Status
from core.partners.rows import get_partner
from core.proposals.models import ProposalVersion
from core.questions.models import FaqEntry, PartnerQuestion, QuestionDocument, QuestionPost
from core.timeline.models import TimelineEntry
from core.training.learning_models import Attempt, Certification, CertificationNotice
from core.vault.models import Document, DocumentFetch, DocumentSpace, DocumentVersion, SpaceLook


class NotADemo(NotAllowed):
    """This is not a demo partner, so nothing of it was touched. Only the partners of the demo can be reset."""


@permits(Act.WORK_PIPELINE)
def reset_partner_test_data(session: Session, partner_id: UUID, *, by: Actor) -> Partner:
    """Take away all that happened to a demo partner and load its past anew.

    The audit log keeps what was done; files that no document needs any more are swept away later.

    Raises:
        NotADemo: it is a real partner, or the demo knows none of its name.
        NotFound: there is none in this company.
    """
    lock(session, f"reset:{partner_id}")
    partner = get_partner(session, partner_id)
    facts = facts_of(partner.slug)
    still_demo = update(Partner).where(
        Partner.id == partner_id, Partner.is_demo.is_(True), Partner.slug == partner.slug
    )
    if facts is None or not session.execute(still_demo.values(version=Partner.version + 1)).rowcount:  # type: ignore[attr-defined]
        raise NotADemo
    record(session, Tag.DEMO_RESET, by=by, subject=partner, before={"status": partner.status})
    _forget_visits(session, partner_id)
    _forget_where_answers_came_from(session, partner_id)
    forget_lookers(session, partner_id)
    for model, whose in belongings(partner_id):
        session.execute(delete(model).where(whose), execution_options={"synchronize_session": False})
    session.flush()
    session.expunge_all()
    return _anew(session, partner_id, facts, by)


def _anew(session: Session, partner_id: UUID, facts: dict[str, Any], by: Actor) -> Partner:
    partner, company = get_partner(session, partner_id), own_company(session)
    staff = {row.email: row for row in session.scalars(select(Staff))}
    usual = get_staff(session, by.id or UUID(int=0))
    owner = staff.get(facts["owner"], usual)
    for name in PROFILE:
        setattr(partner, name, facts[name])
    partner.owner_id, partner.status, partner.legacy_code_hash = owner.id, Status.DRAFT, None
    partner.hold_reason = partner.stage_left = partner.nda_expires_at = None
    partner.mou_signed_at = partner.activated_at = None
    partner.next_action_on = (now() + timedelta(days=facts["next_action_in_days"])).date()
    tell_past(session, company, partner, staff | {facts["owner"]: owner}, facts)
    add_ndas(session, company, partner_id=partner.id, by=by)
    agree(session, company, partner, by=by)
    session.flush()
    add_deals(session, company, partner_id=partner.id)
    session.flush()
    add_attempts(session, company, partner_id=partner.id)
    add_questions(session, company, partner_id=partner.id)
    add_lookers(session, partner_id=partner.id)
    return partner


def _forget_visits(session: Session, partner_id: UUID) -> None:
    """Take a partner's visits out of every sum, those set aside before too; they are deleted afterwards."""
    set_aside(session, partner_id)
    changes = Changes()
    for visit in session.scalars(select(Visit).where(Visit.partner_id == partner_id)):
        changes.leave_out(visit, Reader.DEMO, measured=visit.measured, by=-1)
    rollups.write(Writer(session), changes)


def _forget_where_answers_came_from(session: Session, partner_id: UUID) -> None:
    """What was published names nobody, so it stays when the thread it was made from goes."""
    threads: Select[UUID] = select(PartnerQuestion.id).where(PartnerQuestion.partner_id == partner_id)
    published = update(FaqEntry).where(FaqEntry.question_id.in_(threads)).values(question_id=None)
    session.execute(published, execution_options={"synchronize_session": False})


def belongings(partner_id: UUID) -> list[tuple[type[Base], Any]]:
    """Every table with rows of a partner and which of them are its own, in an order they can be deleted in."""
    spaces: Select[UUID] = select(DocumentSpace.id).where(DocumentSpace.partner_visible_to_id == partner_id)
    documents: Select[UUID] = select(Document.id).where(Document.space_id.in_(spaces))
    mails: Select[UUID] = select(Mail.id).where(Mail.partner_id == partner_id)
    booked: Select[str | None] = select(Meeting.booking_uid).where(Meeting.partner_id == partner_id)
    people: Select[UUID] = select(Contact.id).where(Contact.partner_id == partner_id)
    deals: Select[UUID] = select(Quote.id).where(Quote.partner_id == partner_id)
    posts: Select[UUID] = (
        select(QuestionPost.id)
        .join(PartnerQuestion, PartnerQuestion.id == QuestionPost.question_id)
        .where(PartnerQuestion.partner_id == partner_id)
    )
    protections: Select[UUID] = select(Protection.id).where(Protection.partner_id == partner_id)
    certified: Select[UUID] = select(Certification.id).where(Certification.partner_id == partner_id)
    linked: dict[type[Base], Any] = {
        CertificationNotice: CertificationNotice.certification_id.in_(certified),
        DealDraft: DealDraft.contact_id.in_(people),
        QuestionDocument: QuestionDocument.post_id.in_(posts),
        QuestionPost: QuestionPost.id.in_(posts),
        Review: Review.quote_id.in_(deals),
        QuoteLine: QuoteLine.quote_id.in_(deals),
        QuoteDocument: QuoteDocument.quote_id.in_(deals),
        Extension: Extension.protection_id.in_(protections),
        Waiting: or_(Waiting.quote_id.in_(deals), Waiting.protection_id.in_(protections)),
        ContactLink: ContactLink.contact_id.in_(people),
        DocumentFetch: or_(DocumentFetch.partner_id == partner_id, DocumentFetch.document_id.in_(documents)),
        DocumentVersion: DocumentVersion.document_id.in_(documents),
        Document: Document.space_id.in_(spaces),
        SpaceLook: SpaceLook.space_id.in_(spaces),
        SpaceRule: SpaceRule.space_id.in_(spaces),
        DocumentSpace: DocumentSpace.partner_visible_to_id == partner_id,
        MailAttachment: MailAttachment.mail_id.in_(mails),
        BookingReport: BookingReport.booking_uid.in_(booked),
    }
    plain = (
        Attempt, Certification,
        Visit, PartnerMonth, PartnerViews, ActionItem, Decision, Meeting, NdaSigning, Nda, NdaHandover, MailedCode,
        TrustedDevice, PartnerQuestion, PurchaseOrder, Sale, Protection, PreCheck, Quote, ContactStanding, Contact,
        RoomLink, AccessSession, ProposalLink, ProposalVersion, Hop, TimelineEntry, Mail,
    )  # fmt: skip
    found = linked | {model: model.partner_id == partner_id for model in plain}
    models = {model.__table__: model for model in found}
    return [(models[table], found[models[table]]) for table in reversed(Base.metadata.sorted_tables) if table in models]
