"""Visits to a proposal, and the sums kept of them so that no screen has to read every visit."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.access.models import AccessSession, ProposalLink
from core.companies.models import Company
from core.db import Base, choice
from core.partners.models import Partner
from core.proposals.models import ProposalVersion
from core.tenancy import Keyed, TenantMixin


class Reader(StrEnum):
    """What a visit was made by. Only ``human`` is counted, anywhere."""

    UNKNOWN = "unknown"
    HUMAN = "human"
    BOT = "bot"
    STAFF = "staff"
    DEMO = "demo"


class SectionTimes:
    """Visible milliseconds in each of the nine sections."""

    ms_hero: Mapped[int] = mapped_column(BigInteger, default=0)
    ms_terms: Mapped[int] = mapped_column(BigInteger, default=0)
    ms_metrics: Mapped[int] = mapped_column(BigInteger, default=0)
    ms_value: Mapped[int] = mapped_column(BigInteger, default=0)
    ms_modules: Mapped[int] = mapped_column(BigInteger, default=0)
    ms_why: Mapped[int] = mapped_column(BigInteger, default=0)
    ms_next_steps: Mapped[int] = mapped_column(BigInteger, default=0)
    ms_cta: Mapped[int] = mapped_column(BigInteger, default=0)
    ms_documents: Mapped[int] = mapped_column(BigInteger, default=0)


class SectionCounts(SectionTimes):
    """Sums over human visits: how many, how long, how many reached each section, how many went no further than it."""

    visits: Mapped[int] = mapped_column(default=0)
    reached_hero: Mapped[int] = mapped_column(default=0)
    reached_terms: Mapped[int] = mapped_column(default=0)
    reached_metrics: Mapped[int] = mapped_column(default=0)
    reached_value: Mapped[int] = mapped_column(default=0)
    reached_modules: Mapped[int] = mapped_column(default=0)
    reached_why: Mapped[int] = mapped_column(default=0)
    reached_next_steps: Mapped[int] = mapped_column(default=0)
    reached_cta: Mapped[int] = mapped_column(default=0)
    reached_documents: Mapped[int] = mapped_column(default=0)
    furthest_hero: Mapped[int] = mapped_column(default=0)
    furthest_terms: Mapped[int] = mapped_column(default=0)
    furthest_metrics: Mapped[int] = mapped_column(default=0)
    furthest_value: Mapped[int] = mapped_column(default=0)
    furthest_modules: Mapped[int] = mapped_column(default=0)
    furthest_why: Mapped[int] = mapped_column(default=0)
    furthest_next_steps: Mapped[int] = mapped_column(default=0)
    furthest_cta: Mapped[int] = mapped_column(default=0)
    furthest_documents: Mapped[int] = mapped_column(default=0)


class Visit(SectionTimes, Keyed, Base):
    """One reading of a proposal, from opening it until half an hour of silence."""

    __tablename__ = "visit"

    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id))
    proposal_version_id: Mapped[UUID] = mapped_column(ForeignKey(ProposalVersion.id))
    version_number: Mapped[int]
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey(ProposalLink.id))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey(AccessSession.id))
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    device: Mapped[str] = mapped_column(String(80), default="")
    """As people say it: ``Safari on iPhone``."""
    new_device: Mapped[bool] = mapped_column(default=False)
    """The link had been used on another device before, and never on this one."""
    read_before: Mapped[bool] = mapped_column(default=False)
    """Somebody had read the proposal on this device before."""
    came_back: Mapped[bool] = mapped_column(default=False)
    """The partner had not read for a week or longer; ``away_days`` says how long."""
    away_days: Mapped[int | None]
    """Whole days since the partner's last reading; None: there was none."""
    language: Mapped[str] = mapped_column(String(2), default="en")
    measured: Mapped[bool] = mapped_column(default=False)
    """Whether the reader agreed to be measured; a visit that is not is kept and never counted."""
    reader: Mapped[Reader] = mapped_column(choice(Reader), default=Reader.UNKNOWN)
    started_at: Mapped[datetime]
    day: Mapped[date]
    """The calendar day it began, in the company's time zone."""
    last_seen_at: Mapped[datetime]
    seq: Mapped[int] = mapped_column(default=0)
    """The highest sequence number a beacon of it brought."""
    strip: Mapped[str] = mapped_column(Text, default="[]")
    """For the replay, as JSON: ``[[section index, start second, milliseconds], …]`` in order of time."""

    __table_args__ = (
        Index(None, "company_id", "day", "started_at"),
        Index("ix_visit_partner", "company_id", "partner_id", "day", "started_at"),
        Index("ix_visit_session", "company_id", "session_id"),
        Index(
            "ix_visit_new_device", "company_id", "day",
            sqlite_where=text("new_device IS 1"), postgresql_where=text("new_device IS true"),
        ),
        Index(
            "ix_visit_came_back", "company_id", "day",
            sqlite_where=text("came_back IS 1"), postgresql_where=text("came_back IS true"),
        ),
        CheckConstraint("measured OR reader <> 'human'", name="human_is_measured"),
    )  # fmt: skip


class ReadingDay(SectionCounts, TenantMixin, Base):
    """All human visits of a company that began on one day, and how many others were left out."""

    __tablename__ = "reading_day"

    company_id: Mapped[UUID] = mapped_column(ForeignKey(Company.id), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    returned: Mapped[int] = mapped_column(default=0)
    """Visits on a device that had read the proposal before."""
    reached_end: Mapped[int] = mapped_column(default=0)
    """Visits that reached the call to act or the documents."""
    left_unknown: Mapped[int] = mapped_column(default=0)
    left_bot: Mapped[int] = mapped_column(default=0)
    left_staff: Mapped[int] = mapped_column(default=0)
    left_demo: Mapped[int] = mapped_column(default=0)
    left_unmeasured: Mapped[int] = mapped_column(default=0)
    times: Mapped[bytes] = mapped_column(LargeBinary, default=b"", sort_order=1_000)
    """Histograms of the visits' time in each section and in all; see ``core.engagement.times``. The last column, so
    that reading the others never walks through it."""


class PartnerMonth(SectionCounts, TenantMixin, Base):
    """The human visits of one partner that began in one calendar month."""

    __tablename__ = "partner_month"

    company_id: Mapped[UUID] = mapped_column(ForeignKey(Company.id), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """The first day of the month."""
    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id), primary_key=True)
    days: Mapped[int] = mapped_column(default=0)
    """The days with a visit, as bits: the lowest is the first of the month."""


class PartnerViews(TenantMixin, Base):
    """How often and when a partner's proposal was read, ever."""

    __tablename__ = "partner_views"

    company_id: Mapped[UUID] = mapped_column(ForeignKey(Company.id), primary_key=True)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Partner.id), primary_key=True)
    visits: Mapped[int] = mapped_column(default=0)
    devices: Mapped[int] = mapped_column(default=0)
    first_human_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "company_id", "last_read_at"),)
