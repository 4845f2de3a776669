"""The pipeline: its stages, the moves between them, and what each move asks for. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import Conflict, Invalid


class Status(StrEnum):
    """Where a relationship stands."""

    DRAFT = "draft"
    PROPOSAL_SENT = "proposal_sent"
    MEETING_SCHEDULED = "meeting_scheduled"
    NDA_SIGNED = "nda_signed"
    MOU_SIGNED = "mou_signed"
    ACTIVE = "active"
    ON_HOLD = "on_hold"


class HoldReason(StrEnum):
    """Why a deal was closed without being won."""

    LOST = "lost"
    STALLED = "stalled"


class Ask(StrEnum):
    """What a move asks of the person who makes it."""

    NOTHING = "nothing"
    NOTE = "note"
    DATE = "date"
    REASON = "reason"
    CLOSE_WON = "close_won"
    CLOSE_HOLD = "close_hold"


STAGES = (
    Status.DRAFT,
    Status.PROPOSAL_SENT,
    Status.MEETING_SCHEDULED,
    Status.NDA_SIGNED,
    Status.MOU_SIGNED,
    Status.ACTIVE,
)
"""The stages in order; ``on_hold`` stands beside them."""

NAMES = {
    Status.DRAFT: "Draft",
    Status.PROPOSAL_SENT: "Proposal sent",
    Status.MEETING_SCHEDULED: "Meeting scheduled",
    Status.NDA_SIGNED: "NDA signed",
    Status.MOU_SIGNED: "MOU signed",
    Status.ACTIVE: "Active",
    Status.ON_HOLD: "On hold",
}

LIMIT_DAYS = {
    Status.DRAFT: 14,
    Status.PROPOSAL_SENT: 14,
    Status.MEETING_SCHEDULED: 21,
    Status.NDA_SIGNED: 30,
    Status.MOU_SIGNED: 30,
    Status.ON_HOLD: 90,
}
"""Days after which a stage counts as stuck; a stage without a limit never does."""

_FORWARD = {
    (Status.DRAFT, Status.PROPOSAL_SENT): Ask.NOTE,
    (Status.PROPOSAL_SENT, Status.MEETING_SCHEDULED): Ask.NOTHING,
    (Status.NDA_SIGNED, Status.MOU_SIGNED): Ask.DATE,
    (Status.MOU_SIGNED, Status.ACTIVE): Ask.CLOSE_WON,
}
_BY_SIGNATURE = (Status.PROPOSAL_SENT, Status.MEETING_SCHEDULED)
BEFORE_SIGNING = (Status.DRAFT, *_BY_SIGNATURE)
"""The stages that a signature ends. A draft is among them: an admin may record a paper NDA at any time."""
_NEVER_BACK = (Status.NDA_SIGNED, Status.ACTIVE)


class MoveRefused(Conflict):
    """From {start} you can go to: {choices}."""


class SignatureNeeded(Conflict):
    """Only a signed NDA moves a partner to NDA signed. Ask {partner} to sign it, or record the paper NDA."""


class AnswerMissing(Invalid):
    """This move asks for something that is missing."""


@dataclass(frozen=True)
class Move:
    """An allowed move and what it asks for."""

    to: Status
    ask: Ask


def moves(start: Status, *, left: Status | None = None) -> list[Move]:
    """The moves a person may make from a stage. ``left``: for ``on_hold``, the stage it was put on hold in."""
    if start is Status.ON_HOLD:
        return [Move(left or Status.DRAFT, Ask.NOTE)]
    found = [Move(to, ask) for (origin, to), ask in _FORWARD.items() if origin is start]
    if start is not Status.DRAFT and start not in _NEVER_BACK:
        found.append(Move(STAGES[STAGES.index(start) - 1], Ask.REASON))
    return [*found, Move(Status.ON_HOLD, Ask.CLOSE_HOLD)]


def check(start: Status, to: Status, *, left: Status | None = None, partner: str = "the partner") -> Move:
    """The move from one stage to another.

    Raises:
        SignatureNeeded: only a signature leads there.
        MoveRefused: the pipeline has no such move; the message says which there are.
    """
    found = moves(start, left=left)
    for move in found:
        if move.to is to:
            return move
    if to is Status.NDA_SIGNED and start in _BY_SIGNATURE:
        raise SignatureNeeded(partner=partner)
    raise MoveRefused(start=NAMES[start], choices=", ".join(NAMES[move.to] for move in found))


def is_stuck(status: Status, days: int) -> bool:
    """Whether a partner has been in a stage for longer than the stage's limit."""
    limit = LIMIT_DAYS.get(status)
    return limit is not None and days > limit
