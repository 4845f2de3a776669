"""What a partner attaches to its deal: a specification, a letter of its customer, a drawing."""

from pathlib import PurePath
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.deals.filing import file_upload
from core.deals.models import QuoteDocument
from core.deals.rows import get_own_deal
from core.deals.sale_rows import deal_held, reseller_of
from core.deals.states import OPEN, DocumentUse
from core.errors import Conflict
from core.i18n import t
from core.vault.intake import Taken
from core.vault.models import Document

MOST = 20


class TooManyAttachments(Conflict):
    """A deal takes at most {most} files. Put some of them together."""


class DealClosed(Conflict):
    """This deal is closed: {status}. Nothing can be attached any more."""


@permits(Act.SUBMIT_DEALS)
def attach(session: Session, quote_id: UUID, *, file: Taken, by: Actor) -> Document:
    """Keep a file among a deal's documents.

    Raises:
        NotFound: there is no such deal, or it is somebody else's.
        DealClosed, TooManyAttachments: the deal takes no more.
    """
    get_own_deal(session, quote_id, by=by)
    quote = deal_held(session, quote_id)
    if quote.status not in OPEN:
        raise DealClosed(status=t(f"deal.status.{quote.status}", by.language))
    theirs = (QuoteDocument.quote_id == quote.id, QuoteDocument.use == DocumentUse.ATTACHMENT)
    if (session.scalar(select(func.count()).select_from(QuoteDocument).where(*theirs)) or 0) >= MOST:
        raise TooManyAttachments(most=MOST)
    document = file_upload(
        session, reseller_of(session, quote), quote, file=file, use=DocumentUse.ATTACHMENT,
        title=PurePath(file.file_name).stem, by=by, at=now(),
    )  # fmt: skip
    after = {"file_name": file.file_name, "sha256": file.sha256}
    record(session, Tag.ATTACHMENT_ADD, by=by, subject=quote, after=after)
    return document
