"""Everything the team does with an approved deal, from its lines to the paid invoice."""

from core.deals.invoicing import cancel, invoice, pay, refund
from core.deals.quoting import answer, save_lines, send

__all__ = ["answer", "cancel", "invoice", "pay", "refund", "save_lines", "send"]
