"""What can happen to a question: its partner's side is ``asking``, the team's ``answering``, ``canned`` and ``faq``."""

from core.questions.answering import answer, assign, close, note, reopen, set_due
from core.questions.asking import NewQuestion, ask, follow_up
from core.questions.canned import remove_canned, save_canned
from core.questions.faq import FaqText, change_faq, publish_faq, withdraw_faq

__all__ = [
    "FaqText", "NewQuestion", "answer", "ask", "assign", "change_faq", "close", "follow_up", "note", "publish_faq",
    "remove_canned", "reopen", "save_canned", "set_due", "withdraw_faq",
]  # fmt: skip
