"""The states a deal, its protection, its order and its invoice may stand in, and which follow which."""

from datetime import timedelta
from enum import StrEnum

REVIEW_WITHIN = timedelta(hours=48)
"""How soon after it was submitted an intent should be decided."""


class QuoteKind(StrEnum):
    """Whether a deal may be sold yet."""

    PARTNER_INTENT = "partner_intent"
    QUOTE = "quote"


class QuoteStatus(StrEnum):
    """Where a deal stands: the first four of an intent, the rest of a quote."""

    PENDING = "pending"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    INVOICED = "invoiced"


class Verdict(StrEnum):
    """How a review ended."""

    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"


class TermsKind(StrEnum):
    """How a partner is paid for a deal."""

    FLAT = "flat"
    PLAN = "plan"


class ProtectionEnd(StrEnum):
    """Why a protection does not count any more."""

    EXPIRED = "expired"
    SOLD = "sold"
    LOST = "lost"
    LIFTED = "lifted"


class ExtensionState(StrEnum):
    """Where a wish for longer protection stands."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class OrderState(StrEnum):
    """How a purchase order compares with its quote."""

    MATCHED = "matched"
    DIFFERS = "differs"
    COLLIDES = "collides"
    """Another partner sent an order of the same number."""
    SETTLED = "settled"
    REFUSED = "refused"
    REPLACED = "replaced"
    """Its partner uploaded another one before anybody decided."""


class DocumentUse(StrEnum):
    """What a document of a deal is."""

    ATTACHMENT = "attachment"
    ORDER = "order"
    QUOTE = "quote"
    INVOICE = "invoice"


class SaleStatus(StrEnum):
    """Where an invoice stands."""

    INVOICED = "invoiced"
    PAID = "paid"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


NEXT: dict[QuoteStatus, frozenset[QuoteStatus]] = {
    QuoteStatus.PENDING: frozenset(
        {QuoteStatus.DRAFT, QuoteStatus.REJECTED, QuoteStatus.RETURNED, QuoteStatus.WITHDRAWN}
    ),
    QuoteStatus.RETURNED: frozenset({QuoteStatus.PENDING, QuoteStatus.WITHDRAWN}),
    QuoteStatus.REJECTED: frozenset(),
    QuoteStatus.WITHDRAWN: frozenset(),
    QuoteStatus.DRAFT: frozenset({QuoteStatus.SENT, QuoteStatus.DECLINED}),
    QuoteStatus.SENT: frozenset({QuoteStatus.ACCEPTED, QuoteStatus.DECLINED, QuoteStatus.EXPIRED, QuoteStatus.DRAFT}),
    QuoteStatus.ACCEPTED: frozenset({QuoteStatus.INVOICED, QuoteStatus.DECLINED}),
    QuoteStatus.DECLINED: frozenset(),
    QuoteStatus.EXPIRED: frozenset({QuoteStatus.DRAFT}),
    QuoteStatus.INVOICED: frozenset(),
}
"""Where each status may lead."""
OPEN = frozenset(NEXT) - {
    QuoteStatus.REJECTED, QuoteStatus.WITHDRAWN, QuoteStatus.DECLINED, QuoteStatus.EXPIRED, QuoteStatus.INVOICED,
}  # fmt: skip
"""Deals that are still being worked on; the ones an intent may collide with."""
SALE_NEXT: dict[SaleStatus, frozenset[SaleStatus]] = {
    SaleStatus.INVOICED: frozenset({SaleStatus.PAID, SaleStatus.CANCELLED}),
    SaleStatus.PAID: frozenset({SaleStatus.REFUNDED}),
    SaleStatus.REFUNDED: frozenset(),
    SaleStatus.CANCELLED: frozenset(),
}
"""Where each invoice may lead."""
TAKES_ORDERS = frozenset({QuoteStatus.SENT, QuoteStatus.ACCEPTED})
"""Quotes a purchase order may be uploaded for."""
UNSETTLED = frozenset({OrderState.DIFFERS, OrderState.COLLIDES})
"""Orders that wait for somebody to settle them; their deal is not invoiced meanwhile."""
SET_ASIDE = frozenset({OrderState.REFUSED, OrderState.REPLACED})
"""Orders that stand for nothing any more."""
COUNTS = frozenset({OrderState.MATCHED, OrderState.SETTLED})
"""Orders that stand for what the customer ordered."""
