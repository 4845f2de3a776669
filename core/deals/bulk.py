"""Deciding several intents at once: each in a transaction of its own, so that one refusal holds up no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.actor import Actor
from core.db import transaction
from core.deals import deciding
from core.deals.models import Quote
from core.deals.states import Verdict
from core.deals.terms import Terms
from core.errors import DomainError, Invalid

MOST = 200
"""Intents decided at once at most."""


class TooManyAtOnce(Invalid):
    """Decide on 200 deals at once at most. Choose fewer."""


class TermsNeeded(Invalid):
    """Choose how the partners are paid."""


@dataclass(frozen=True)
class Choice:
    """An intent as it was seen in the queue."""

    quote_id: UUID
    version: int
    reference: str


@dataclass(frozen=True)
class Outcome:
    """What became of one. ``refusal``: why nothing did, None when it was decided."""

    quote_id: UUID
    reference: str
    refusal: DomainError | None


def decide_many(
    choices: Sequence[Choice],
    *,
    verdict: Verdict,
    terms: Terms | None = None,
    note: str = "",
    by: Actor,
) -> list[Outcome]:
    """Give each of these intents the same decision. What another partner is protected for is never overridden here.

    Raises:
        TooManyAtOnce: more than 200.
        TermsNeeded: they are to be approved, and nothing says how the partners are paid.
    """
    if len(choices) > MOST:
        raise TooManyAtOnce
    if verdict is Verdict.APPROVED and terms is None:
        raise TermsNeeded
    return [_decide(choice, verdict, terms, note, by=by) for choice in choices]


_OPERATIONS: dict[Verdict, Callable[..., Quote]] = {
    Verdict.APPROVED: deciding.approve,
    Verdict.REJECTED: deciding.reject,
    Verdict.RETURNED: deciding.return_,
}


def _decide(choice: Choice, verdict: Verdict, terms: Terms | None, note: str, *, by: Actor) -> Outcome:
    told: dict[str, Any] = {"note": note, "version": choice.version, "by": by}
    if terms is not None and verdict is Verdict.APPROVED:
        told["terms"] = terms
    try:
        with transaction(by) as session:
            _OPERATIONS[verdict](session, choice.quote_id, **told)
    except DomainError as refusal:
        return Outcome(choice.quote_id, choice.reference, refusal)
    return Outcome(choice.quote_id, choice.reference, None)
