"""What a signing and what was signed look like to the people of a partner."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.nda.evidence import Party
from core.nda.law import Both
from core.nda.models import Form, Instrument, Nda
from core.nda.steps import State, Step, state_of
from core.nda.texts import Agreement, ClauseChange


@dataclass(frozen=True)
class SignedNda:
    """A signed agreement as its partner's people see it. ``document_id``: the PDF; None when it was removed."""

    id: UUID
    instrument: Instrument
    reference: str
    state: State
    form: Form
    signer: str
    signed_at: datetime
    expires_at: datetime
    document_id: UUID | None
    countersigned_at: datetime | None
    countersigned_by: str


@dataclass(frozen=True)
class CodeSent:
    """What is known of the mailed code. ``verified_at``: when the mailbox was proved; the code is spent by signing."""

    sent_at: datetime | None
    expires_at: datetime | None
    verified_at: datetime | None


@dataclass(frozen=True)
class SigningView:
    """Everything the four steps show; nothing of it changes by looking.

    ``step``: the one to show. ``agreement``: the newest text, filled in, to be told to ``service.show_text`` and
    ``service.sign`` by its ``text_number``. ``changes``: the clauses that differ from the version this person read
    before, until ``show_text`` is told of the new one. ``signed``: the partner's NDA, where none can be signed now.
    ``renews``: the one a new signature would take the place of. ``email``: the only address that may sign, "" when
    none is on record. ``is_known``: a contact signs, under the name on record.
    """

    instrument: Instrument
    step: Step
    company: Party
    partner: Party
    colour: str
    owner: str
    invited_name: str
    name: str
    title: str
    email: str
    email_masked: str
    is_handed_over: bool
    is_known: bool
    text_number: int
    agreement: Agreement
    changes: list[ClauseChange]
    read_number: int | None
    clause_ms: dict[str, int]
    shown_at: datetime | None
    read_at: datetime | None
    signature: str
    consent: Both
    code: CodeSent
    signed: SignedNda | None
    renews: SignedNda | None
    declined_at: datetime | None


def signed_nda(nda: Nda, at: datetime) -> SignedNda:
    """A signed agreement as its partner's people see it."""
    return SignedNda(
        id=nda.id,
        instrument=nda.instrument,
        reference=nda.reference,
        state=state_of(nda, at),
        form=nda.form,
        signer=nda.signer_name,
        signed_at=nda.signed_at,
        expires_at=nda.expires_at,
        document_id=nda.document_id,
        countersigned_at=nda.countersigned_at,
        countersigned_by=nda.countersigned_by,
    )
