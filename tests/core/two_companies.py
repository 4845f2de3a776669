"""Two companies with three partners each, every writable text of theirs marked, and readers who look for marks."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from inspect import signature
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pandas as pd
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, inspect, select
from sqlalchemy.orm import Session

from admin_app.exports import EXPORTS
from core.access import queries as access
from core.access import tokens
from core.access.kinds import SessionKind
from core.access.sessions import open_session
from core.actor import Actor, Role, system
from core.audit import queries as audit
from core.clock import now
from core.companies import queries as companies
from core.companies import sign_in
from core.companies.models import Staff
from core.contacts import presence
from core.db import Base, reading, transaction
from core.engagement import calls, cohorts, overview, readers
from core.engagement import queries as engagement
from core.engagement.filters import last_days
from core.engagement.models import Visit
from core.export import csv_bytes, xlsx_bytes
from core.mail import queries as mail
from core.mail.models import Mail
from core.partners import queries as partners
from core.partners.models import Partner
from core.partners.service import Profile, create
from core.proposals import queries as proposals
from core.proposals import service as writing
from core.proposals.content import SECTIONS, Content
from core.timeline import queries as timeline
from core.today import queries as today
from core.vault import queries as vault
from tests.factories import make_company

_number = count(1)
READS = (
    access, audit, calls, cohorts, companies, engagement, mail, overview, partners, proposals, readers, timeline, today,
    vault,
)  # fmt: skip
"""The modules whose reads the apps ask."""


def new_mark() -> str:
    """A text that stands nowhere else."""
    return f"canary{next(_number):06d}x"


@dataclass
class Side:
    """One partner: its mark, its links, and the sessions and visits of its readers."""

    mark: str
    id: UUID
    tokens: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    visits: list[tuple[str, str]] = field(default_factory=list)
    """Each with the secret of the session it belongs to."""
    rooms: list[str] = field(default_factory=list)
    """The secrets of sessions in its room."""
    contacts: list[str] = field(default_factory=list)
    """The secrets of its contacts' sessions."""
    rows: dict[str, UUID] = field(default_factory=dict)
    """Its rows' ids as they were asked last, until something is done to it."""

    @property
    def slug(self) -> str:
        """Its web name."""
        return f"{self.mark}-name"


@dataclass
class House:
    """One company: its mark, its admin, its partners."""

    mark: str
    admin: Actor
    sides: list[Side]

    def signs(self) -> list[str]:
        """Everything that betrays this company."""
        ids = [self.admin.company, self.admin.id, *(side.id for side in self.sides)]
        return [self.mark, *(side.mark for side in self.sides), *map(str, ids)]


def new_house() -> House:
    """A company with an admin and three partners."""
    mark = new_mark()
    with transaction(system()) as session:
        address = f"https://{mark}.example/book"
        company = make_company(session, slug=mark, name=f"{mark} Co", name_ar=f"{mark} شركة", booking_url=address)
        staff = Staff(company_id=company.id, name=f"{mark} Admin", email=f"{mark}@staff.example", role=Role.ADMIN)
        staff.added_at = now()
        session.add(staff)
        session.flush()
        admin = sign_in.staff_actor(staff, ip="203.0.113.9", user_agent="Firefox")
    with transaction(admin) as session:
        return House(mark, admin, [_new_side(session, admin) for _ in range(3)])


def _new_side(session: Session, admin: Actor) -> Side:
    """A partner who was sent a link and has opened it."""
    mark = new_mark()
    side = Side(mark, create(session, profile(mark, admin), by=admin).id)
    writing.save_draft(session, side.id, content=content(mark), version=None, by=admin)
    writing.publish(session, side.id, version=1, by=admin)
    link = writing.send_invitation(session, side.id, language="en", by=admin)
    side.tokens.append(tokens.spell(link))
    secret = open_session(
        session, kind=SessionKind.READER, partner_id=side.id, link_id=link.id, measured=True, device=mark, by=admin
    )
    side.sessions.append(secret)
    return side


def profile(mark: str, owner: Actor, *, language: str = "en") -> Profile:
    """A partner's profile with the mark in every text."""
    return Profile(
        name=f"{mark} Name",
        name_ar=f"{mark} اسم",
        summary=f"{mark} summary",
        city=f"{mark} city",
        country=f"{mark} country",
        website=f"https://{mark}.example",
        territory=f"{mark} territory",
        contact_name=f"{mark} contact",
        contact_title=f"{mark} title",
        contact_email=f"{mark}@contact.example",
        language=language,
        owner_id=owner.id,
        next_action=f"{mark} next",
    )


def content(mark: str) -> Content:
    """A proposal with the mark in every section, in both languages."""
    section = {
        "heading": f"{mark} heading",
        "body": f"{mark} body",
        "items": [{"title": f"{mark} t", "value": f"{mark} v", "text": f"{mark} x"}],
    }
    return Content.model_validate({key: {"en": section, "ar": section} for key in SECTIONS})


def said(value: Any) -> Iterator[str]:
    """Every text in an answer, however deep, ids too."""
    if isinstance(value, pd.DataFrame):
        yield from said(value.reset_index().to_dict("list"))
    elif isinstance(value, BaseModel):
        yield from said(value.model_dump(mode="json"))
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from said(getattr(value, part.name))
    elif isinstance(value, Base):
        yield from said(inspect(value).dict)
    elif isinstance(value, Mapping):
        yield from said(list(value.items()))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from said(part)
    else:
        yield value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def betrayed(value: Any, marks: list[str]) -> list[str]:
    """The marks that an answer holds."""
    text = "\n".join(said(value))
    return [mark for mark in marks if mark in text]


def reads() -> list[Callable[..., Any]]:
    """Every read that the apps may ask."""
    return [
        read
        for module in READS
        for read in vars(module).values()
        if hasattr(read, "__act__") and read.__module__ == module.__name__
    ]


def answer(read: Callable[..., Any], session: Session, about: Side, *, spying: str = "") -> Any:
    """Ask one read about a partner. ``spying``: also search for this text, and name what is not one's own.

    Raises:
        DomainError: it is refused.
        KeyError: the read asks for something that is not known here; add it.
    """
    known: dict[str, Any] = {
        "partner_id": about.id,
        "asked": last_days(session, 30, **({"partner_ids": (about.id,)} if spying else {})),
        "number": 1,
        "seq": 1,
        "slug": about.slug,
        "text": spying or about.mark,
        "mail_id": _id_of(Mail, about),
        "visit_id": _id_of(Visit, about),
        "company": _company_of(about),
        "subject_id": about.id,
        "document_id": uuid4(),
    }
    wanted = [
        one
        for one in list(signature(read).parameters.values())[1:]
        if one.default is one.empty or (spying and one.name in known)
    ]
    places = [known[one.name] for one in wanted if one.kind is not one.KEYWORD_ONLY]
    return read(session, *places, **{one.name: known[one.name] for one in wanted if one.kind is one.KEYWORD_ONLY})


def _id_of(model: Any, about: Side) -> UUID:
    """Some row of a partner's; a made-up id when there is none."""
    with reading(system()) as session:
        return session.scalar(oldest(model, model.partner_id == about.id)) or uuid4()


def oldest(model: Any, *whose: ColumnElement[bool]) -> Select[UUID]:
    """The row of a kind that was made first: the same one on every database."""
    return select(model.id).where(*whose).order_by(model.id).limit(1)


def _company_of(about: Side) -> UUID:
    with reading(system()) as session:
        return session.get_one(Partner, about.id).company_id


def exported(session: Session, *, text: str) -> list[str]:
    """Every list that can be taken out, in both formats, as text."""
    found = []
    for sheet_of in EXPORTS.values():
        for view in ("sections", "partners", "time"):
            sheet = sheet_of(session, {"view": view, "text": text} if text else {"view": view})
            found.append(csv_bytes(sheet).decode())
            with zipfile.ZipFile(io.BytesIO(xlsx_bytes(sheet))) as parts:
                found += [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()]
    return found


def rows_of(house: House) -> list[tuple[str, UUID | None, str]]:
    """Every row of a company: its table, its partner if it has one, and what it says."""
    found = []
    with reading(system()) as session:
        for table in Base.metadata.sorted_tables:
            if "company_id" not in table.columns:
                continue
            for row in session.execute(select(table).where(table.c.company_id == house.admin.company)).mappings():
                text = json.dumps([*said(dict(row))], ensure_ascii=False)
                found.append((table.name, row.get("partner_id"), text))
    return found


def of_partner(rows: list[tuple[str, UUID | None, str]], side: Side) -> list[tuple[str, str]]:
    """Those rows of a company that name a partner, or name a row that does, however far: lines of its deals too."""
    known, found, left = {str(side.id)}, list[tuple[str, str]](), [(*row, json.loads(row[2])) for row in rows]
    while True:
        named = [row for row in left if known.intersection(row[3])]
        if not named:
            return found
        found += [(table, text) for table, _, text, _ in named]
        left = [row for row in left if known.isdisjoint(row[3])]
        known |= {values[values.index("id") + 1] for *_, values in named if "id" in values}


def reader(secret: str) -> Actor | None:
    """Who reads with this session."""
    with reading(system()) as session:
        return presence.who(session, secret, ip="203.0.113.10", user_agent="Mozilla/5.0 Firefox/140")
