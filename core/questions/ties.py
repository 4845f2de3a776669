"""What a question may be tied to: a deal or a document that whoever asks may see anyway."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now
from core.deals.models import Quote, QuoteDocument
from core.deals.rows import get_own_deal
from core.deals.rows import shown_to as deals_shown_to
from core.deals.states import DocumentUse
from core.deals.visibility import may_open
from core.partners.models import Partner
from core.questions.models import PartnerQuestion
from core.vault.models import Document, DocumentSpace, SpaceKind
from core.vault.rows import DocumentNotFound, today_in_company

MOST = 200


@dataclass(frozen=True)
class Tie:
    """A deal or a document by its name. ``text``: its reference with the customer, or its title."""

    id: UUID
    text: str


def require(session: Session, *, quote_id: UUID | None, document_id: UUID | None, by: Actor) -> None:
    """Check that a contact may see what it ties its question to.

    Raises:
        NotFound: there is no such deal, or it is somebody else's.
        DocumentNotFound: there is no such document, or it is not for this contact.
    """
    if quote_id is not None:
        get_own_deal(session, quote_id, by=by)
    if document_id is not None:
        seen = select(Document.id).join(DocumentSpace).where(Document.id == document_id, *_seen(session, by))
        if session.scalar(seen) is None:
            raise DocumentNotFound


def deals(session: Session, *, by: Actor) -> list[Tie]:
    """The deals a contact may ask about, the newest first."""
    rows = select(Quote.id, Quote.reference, Quote.customer_name).where(*deals_shown_to(by))
    found = session.execute(rows.order_by(Quote.submitted_at.desc()).limit(MOST))
    return [Tie(row.id, f"{row.reference}, {row.customer_name}") for row in found]


def documents(session: Session, *, by: Actor) -> list[Tie]:
    """The documents a contact may ask about, by their titles in its language."""
    seen = select(Document).join(DocumentSpace).where(*_seen(session, by)).order_by(Document.title, Document.id)
    return [Tie(row.id, _title(row, by.language)) for row in session.scalars(seen.limit(MOST))]


def named(session: Session, question: PartnerQuestion, *, language: str) -> str:
    """What a question is about, in words; "" for neither a deal nor a document."""
    parts = []
    if question.quote_id is not None:
        quote = session.get_one(Quote, question.quote_id)
        parts.append(f"{quote.reference}, {quote.customer_name}")
    if question.document_id is not None:
        parts.append(_title(session.get_one(Document, question.document_id), language))
    return " · ".join(parts)


def _title(row: Document, language: str) -> str:
    return row.title_ar if language == "ar" and row.title_ar else row.title


def _seen(session: Session, by: Actor) -> tuple[ColumnElement[bool], ...]:
    """Documents of the library and of deals that a contact's role opens."""
    partner = by.partner or UUID(int=0)
    owner = select(Partner.id).where(Partner.id == partner)
    theirs = or_(DocumentSpace.visible_to_all_partners, DocumentSpace.partner_visible_to_id.in_(owner))
    role = by.contact_role.value if by.contact_role else ""
    roles = DocumentSpace.partner_role_visibility
    for_role = or_(roles == "all", ("," + func.replace(roles, " ", "") + ",").contains(f",{role},", autoescape=True))
    library = and_(
        DocumentSpace.kind == SpaceKind.LIBRARY, DocumentSpace.withdrawn_at.is_(None), theirs, for_role,
        DocumentSpace.created_at <= now(),
    )  # fmt: skip
    opened = [use for use in DocumentUse if may_open(by.contact_role, use)]
    of_deals = (
        select(QuoteDocument.document_id)
        .join(Quote, Quote.id == QuoteDocument.quote_id)
        .where(QuoteDocument.use.in_(opened), *deals_shown_to(by))
    )
    lives = or_(Document.expires_on.is_(None), Document.expires_on >= today_in_company(session))
    return (Document.removed_at.is_(None), lives, or_(library, Document.id.in_(of_deals)))
