"""How the reseller agreement stands: for the reseller's own people, and for the team."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Act, actor_of, allowed, permits
from core.clock import now
from core.nda.models import Instrument, Nda
from core.nda.rows import find_current_nda
from core.nda.steps import State, state_of


@dataclass(frozen=True)
class Standing:
    """The reseller agreement that was signed last. ``document_id``: the PDF, for who may sign; None for others."""

    reference: str
    signer: str
    state: State
    signed_at: datetime
    expires_at: datetime
    document_id: UUID | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether it has not ended."""
        return self.state in (State.VALID, State.EXPIRING)

    @property
    def wants_signature(self) -> bool:
        """Whether it may be signed anew."""
        return self.state is not State.VALID


@permits(Act.USE_PORTAL)
def my_agreement(session: Session) -> Standing | None:
    """How it stands with the actor's own reseller; None when it was never signed."""
    by = actor_of(session)
    found = find_current_nda(session, by.partner or UUID(int=0), Instrument.RESELLER)
    if found is None:
        return None
    return _standing(found, document_id=found.document_id if allowed(by, Act.SIGN_AGREEMENT) else None)


@permits(Act.READ_RESELLERS)
def partner_agreement(session: Session, partner_id: UUID) -> Standing | None:
    """How it stands with a partner; None when it was never signed."""
    found = find_current_nda(session, partner_id, Instrument.RESELLER)
    return None if found is None else _standing(found)


def _standing(nda: Nda, *, document_id: UUID | None = None) -> Standing:
    state = state_of(nda, now())
    return Standing(nda.reference, nda.signer_name, state, nda.signed_at, nda.expires_at, document_id)
