"""Putting documents among a deal's; each is part of another act, which has its policy and its entries."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.deals.models import Quote, QuoteDocument
from core.deals.papers import MEDIA_TYPE
from core.deals.states import DocumentUse
from core.failpoints import reach
from core.i18n import t
from core.partners.models import Partner
from core.vault.filing import add_version, file_away
from core.vault.intake import Taken
from core.vault.models import Document, DocumentVersion, Origin, SpaceKind
from core.vault.storage import digest


def file_upload(
    session: Session,
    partner: Partner,
    quote: Quote,
    *,
    file: Taken,
    use: DocumentUse,
    title: str,
    title_ar: str = "",
    by: Actor,
    at: datetime,
) -> Document:
    """A file that somebody uploaded, as a document of a deal. The bytes are durable before this returns."""
    document = file_away(
        session, partner, title=title, title_ar=title_ar, file_name=file.file_name, data=file.data,
        media_type=file.media_type, origin=Origin.UPLOAD, kind=SpaceKind.DEALS, by=by, at=at,
    )  # fmt: skip
    session.add(QuoteDocument(quote_id=quote.id, document_id=document.id, use=use))
    session.flush()
    reach("deal:document")
    return document


def file_paper(
    session: Session,
    partner: Partner,
    quote: Quote,
    *,
    use: DocumentUse,
    number: str,
    pdf: bytes,
    by: Actor,
    at: datetime,
) -> DocumentVersion:
    """A quote's or an invoice's page; drawn once more, it is the next version of the same document."""
    theirs = (QuoteDocument.quote_id == quote.id, QuoteDocument.use == use, Document.removed_at.is_(None))
    known = session.scalars(
        select(Document).join(QuoteDocument, QuoteDocument.document_id == Document.id).where(*theirs)
    ).one_or_none()
    if known is None:
        title, title_ar = (t(f"paper.file.{use}", language, number=number) for language in ("en", "ar"))
        known = file_upload(
            session, partner, quote, file=Taken(pdf, MEDIA_TYPE, f"{number}.pdf", digest(pdf)), use=use, title=title,
            title_ar=title_ar, by=by, at=at,
        )  # fmt: skip
        return session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == known.id)).one()
    return add_version(
        session, known, file_name=f"{number}.pdf", data=pdf, media_type=MEDIA_TYPE, by=by, at=at
    )  # fmt: skip
