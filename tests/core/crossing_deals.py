"""What functions about deals are told when asked for somebody else's: rows at the stage that each one takes."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from core.actor import Actor, ContactRole, system
from core.clock import now, today
from core.contacts.models import Contact
from core.db import reading
from core.deals.analytics import Asked, By
from core.deals.lines import NewLine
from core.deals.models import (
    Extension,
    PlanVersion,
    Product,
    Protection,
    PurchaseOrder,
    Quote,
    QuoteDocument,
    QuoteLine,
    Sale,
    SavedView,
    Territory,
)
from core.deals.orders import OrderFacts
from core.deals.states import UNSETTLED, DocumentUse, ExtensionState, QuoteStatus, SaleStatus
from core.deals.terms import NewDeal, by_plan
from core.imports.columns import What, match
from core.imports.tables import Line
from core.imports.taking import Choices
from core.partners.models import Partner
from tests.core.two_companies import Side, oldest

STAGES = {
    "approve": QuoteStatus.PENDING,
    "reject": QuoteStatus.PENDING,
    "return_": QuoteStatus.PENDING,
    "withdraw": QuoteStatus.PENDING,
    "resubmit": QuoteStatus.RETURNED,
    "save_lines": QuoteStatus.DRAFT,
    "send": QuoteStatus.DRAFT,
    "answer": QuoteStatus.SENT,
    "upload_order": QuoteStatus.SENT,
    "attach": QuoteStatus.SENT,
    "invoice": QuoteStatus.ACCEPTED,
    "sheet": QuoteStatus.INVOICED,
}
"""Where the deal must stand that an operation is told."""
WITH_ORDER = {"orders", "my_orders"}
"""What asks for a deal that a purchase order came for."""
WITH_LINES = {"my_quote"}
"""What asks for a quote that was sent with all that belongs to it."""
SALES = {"pay": SaleStatus.INVOICED, "cancel": SaleStatus.INVOICED, "refund": SaleStatus.PAID}
"""Where the invoice must stand that an operation is told."""


def deals_of(about: Side, function: str) -> dict[str, UUID]:
    """Rows of a partner's deals and of its company's catalogue, as a function takes them; a made-up id for none."""
    quote, sale = Quote.partner_id == about.id, Sale.partner_id == about.id
    stage = [Quote.status == STAGES[function]] if function in STAGES else []
    if function in WITH_ORDER:
        stage = [Quote.id.in_(select(PurchaseOrder.quote_id))]
    if function in WITH_LINES:
        stage = [Quote.status == QuoteStatus.SENT, Quote.id.in_(select(QuoteLine.quote_id))]
    stands = [Sale.status == SALES[function]] if function in SALES else []
    asked = select(Extension.protection_id).where(Extension.state == ExtensionState.ASKED)
    mine = select(Protection.id).where(Protection.partner_id == about.id, Protection.ended.is_(None))
    of_deal = select(QuoteDocument.document_id).join(Quote).where(quote)
    principal = Contact.role == ContactRole.PRINCIPAL
    with reading(system()) as session:
        company = session.get_one(Partner, about.id).company_id
        wanted: dict[str, Any] = {
            "quote_id": select(Quote.id).where(quote, *stage).order_by(Quote.id.desc()),
            "sale_id": select(Sale.id).where(sale, *stands).order_by(Sale.id),
            "order_id": select(PurchaseOrder.id)
            .where(PurchaseOrder.partner_id == about.id, PurchaseOrder.state.in_(UNSETTLED))
            .order_by(PurchaseOrder.id),
            "protection_id": mine.where(Protection.id.not_in(asked)).order_by(Protection.id),
            "extension_id": select(Extension.id)
            .where(Extension.protection_id.in_(mine))
            .order_by(Extension.state, Extension.id),
            "view_id": oldest(SavedView, SavedView.company_id == company),
            "product_id": select(Product.id).where(Product.company_id == company).order_by(Product.id),
            "territory_id": select(Territory.id).where(Territory.company_id == company).order_by(Territory.id),
            "plan_version_id": oldest(PlanVersion, PlanVersion.company_id == company),
            "deal_document_id": of_deal.where(QuoteDocument.use == DocumentUse.ATTACHMENT).order_by(
                QuoteDocument.document_id
            ),
            "principal_id": oldest(Contact, Contact.partner_id == about.id, principal),
        }
        return {name: session.scalar(rows.limit(1)) or uuid4() for name, rows in wanted.items()}


def about_deals(function: str, about: Side, *, mark: str, owner: Actor) -> dict[str, Any]:
    """What a function of ``core.deals`` or ``core.imports`` may ask for (``function`` with its module)."""
    module, _, name = function.rpartition(".")
    rows = deals_of(about, name)
    at, ground = now(), {one: rows[one] for one in ("product_id", "territory_id")}
    told: dict[str, Any] = rows | {
        "quote_ids": [rows["quote_id"]],
        "customer": f"{about.mark} Longer",
        "deal": typed(f"{mark} {at} Mills", mark, **ground),
        "terms": by_plan(rows["plan_version_id"]),
        "days": 20,
        "evidence": f"{mark} evidence",
        "granted": True,
        "start": at - timedelta(days=30),
        "end": at + timedelta(days=200),
        "group": By.PARTNER,
        "page": "deal_intents",
        "query": f"text={mark}",
        **dict.fromkeys(("at", "due_on", "valid_until"), today("Asia/Muscat")),
        "lines": (NewLine(f"{mark} setup", "1", "850"),),
        "conditions": f"{mark} conditions",
        "accepted": True,
        "order": OrderFacts(f"{mark}-7", f"{mark} Mills", "5", "OMR"),
    }
    if function == "contacts.queries.sessions_of":
        told["contact_id"] = rows["principal_id"]
    if module == "deals.analytics":
        told["asked"] = Asked(partner_id=about.id)
    if module == "deals.fetching":
        told["document_id"] = rows["deal_document_id"]
    if function == "deals.registering.save_draft":
        told["content"] = {"need": f"{mark} need"}
    return told | (_table(mark, owner, ground) if module.startswith("imports") else {})


def typed(customer: str, mark: str, **ground: Any) -> NewDeal:
    """A deal as somebody fills it in, with a mark in its texts."""
    close_on = today("Asia/Muscat") + timedelta(days=60)
    texts: dict[str, Any] = {
        "customer_domain": "",
        "customer_registration": "",
        "customer_contact": f"{mark} buyer",
        "need": mark,
    }
    return NewDeal(customer_name=customer, **texts, **ground, amount="1,200", currency="OMR", close_on=close_on)


def _table(mark: str, owner: Actor, ground: dict[str, Any]) -> dict[str, Any]:
    """A deal in a table, of a partner of who asks, for the product and territory of the one asked about."""
    with reading(system()) as session:
        mine = select(Partner.name).where(Partner.company_id == owner.company, Partner.reseller_since.is_not(None))
        partner = session.scalars(mine.order_by(Partner.id)).first() or ""
    close_on = (today("Asia/Muscat") + timedelta(days=60)).isoformat()
    cells = {"Partner": partner, "Customer": f"{mark} {now()}", "Amount": "5", "Closing": close_on}
    lines = [Line(2, cells)]
    return {"what": What.DEALS, "lines": lines, "columns": match(What.DEALS, cells), "chosen": Choices(**ground)}
