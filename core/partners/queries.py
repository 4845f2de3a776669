"""Reading partners: the board, the list, one partner's record and the hops it made."""

from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from core.actor import Act, permits
from core.clock import now
from core.partners.models import Hop, Partner
from core.partners.pipeline import Move, Status, is_stuck, moves
from core.partners.rows import get_partner
from core.partners.service import Profile
from core.timeline.models import TimelineEntry


@dataclass(frozen=True)
class Card:
    """A partner on the board. ``days``: whole days in its stage; ``stuck``: for longer than the stage's limit."""

    id: UUID
    name: str
    status: Status
    owner_id: UUID | None
    last_activity: datetime | None
    days: int
    stuck: bool
    next_action: str
    next_action_on: date | None
    version: int
    is_demo: bool


@dataclass(frozen=True)
class Lane:
    """A column of the board. ``median_days``: of the time its cards have been in it."""

    status: Status
    cards: list[Card]
    median_days: float

    @property
    def count(self) -> int:
        """How many cards stand in it."""
        return len(self.cards)


@dataclass(frozen=True)
class Filter:
    """Which partners are looked at."""

    text: str = ""
    owner_id: UUID | None = None
    territory: str = ""
    status: Status | None = None
    stuck_only: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same, for the database; ``stuck_only`` is judged by the pipeline afterwards."""
        found: list[ColumnElement[bool]] = []
        if self.text:
            names = (Partner.name, Partner.name_ar, Partner.contact_name, Partner.contact_email)
            found.append(or_(*(name.icontains(self.text, autoescape=True) for name in names)))
        if self.owner_id:
            found.append(Partner.owner_id == self.owner_id)
        if self.territory:
            found.append(Partner.territory == self.territory)
        if self.status:
            found.append(Partner.status == self.status)
        return found


@dataclass(frozen=True)
class Record:
    """One partner, with the moves a person may make from here."""

    id: UUID
    slug: str
    profile: Profile
    status: Status
    hold_reason: str
    status_entered_at: datetime
    created_at: datetime
    mou_signed_at: date | None
    activated_at: datetime | None
    days: int
    stuck: bool
    moves: list[Move]
    has_legacy_code: bool
    is_demo: bool
    reseller_since: datetime | None
    version: int


@dataclass(frozen=True)
class HopRow:
    """One move that was made."""

    at: datetime
    start: Status | None
    to: Status
    seconds_in_stage: int
    reason: str
    who: str


@permits(Act.READ_PIPELINE)
def board(session: Session, *, filters: Filter = Filter()) -> list[Lane]:
    """Every stage with its partners, those longest in it first."""
    by_status: dict[Status, list[Card]] = {status: [] for status in Status}
    for card in cards(session, filters=filters):
        by_status[card.status].append(card)
    return [
        Lane(status, found, median(card.days for card in found) if found else 0.0)
        for status, found in by_status.items()
    ]


@permits(Act.READ_PIPELINE)
def cards(session: Session, *, filters: Filter = Filter()) -> list[Card]:
    """The partners that pass the filter, those longest in their stage first; at most 5,000."""
    newest = select(func.max(TimelineEntry.at)).where(
        TimelineEntry.company_id == Partner.company_id, TimelineEntry.partner_id == Partner.id
    )
    columns = (Partner.id, Partner.name, Partner.status, Partner.owner_id, Partner.status_entered_at)
    more = (Partner.next_action, Partner.next_action_on, Partner.version, Partner.is_demo)
    rows = session.execute(
        select(*columns, *more, newest.scalar_subquery().label("last_activity"))
        .where(*filters.conditions())
        .order_by(Partner.status_entered_at)
        .limit(5_000)
    )
    at = now()
    found = [
        Card(
            id=row.id,
            name=row.name,
            status=row.status,
            owner_id=row.owner_id,
            last_activity=row.last_activity,
            days=(at - row.status_entered_at).days,
            stuck=is_stuck(row.status, (at - row.status_entered_at).days),
            next_action=row.next_action,
            next_action_on=row.next_action_on,
            version=row.version,
            is_demo=row.is_demo,
        )
        for row in rows
    ]
    return [card for card in found if card.stuck or not filters.stuck_only]


@permits(Act.READ_PIPELINE)
def partner(session: Session, partner_id: UUID) -> Record:
    """One partner.

    Raises:
        NotFound: there is none in this company.
    """
    row = get_partner(session, partner_id)
    days = (now() - row.status_entered_at).days
    return Record(
        id=row.id,
        slug=row.slug,
        profile=Profile(**{name: getattr(row, name) for name in Profile.__dataclass_fields__}),
        status=row.status,
        hold_reason=row.hold_reason or "",
        status_entered_at=row.status_entered_at,
        created_at=row.created_at,
        mou_signed_at=row.mou_signed_at,
        activated_at=row.activated_at,
        days=days,
        stuck=is_stuck(row.status, days),
        moves=moves(row.status, left=row.stage_left),
        has_legacy_code=row.legacy_code_hash is not None,
        is_demo=row.is_demo,
        reseller_since=row.reseller_since,
        version=row.version,
    )


@permits(Act.READ_PIPELINE)
def hops(session: Session, partner_id: UUID) -> list[HopRow]:
    """A partner's moves, newest first."""
    rows = session.scalars(
        select(Hop).where(Hop.partner_id == partner_id).order_by(Hop.at.desc(), Hop.id.desc()).limit(100)
    )
    return [HopRow(row.at, row.start, row.to, row.seconds_in_stage, row.reason, row.actor_name) for row in rows]


@permits(Act.READ_PIPELINE)
def territories(session: Session) -> list[str]:
    """The territories partners have, by name."""
    found = select(Partner.territory).where(Partner.territory != "").distinct().order_by(Partner.territory)
    return list(session.scalars(found))


@permits(Act.READ_PIPELINE)
def names(session: Session) -> dict[UUID, str]:
    """Every partner's name by id, in order of name; for choosing one."""
    rows = session.execute(select(Partner.id, Partner.name).order_by(Partner.name).limit(5_000))
    return {row.id: row.name for row in rows}
