"""Asking for what is somebody else's: every guarded function of core, called with another one's ids."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from inspect import signature
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from core.access.models import AccessSession
from core.actor import Actor, ContactRole, Role, system
from core.audit.chain import Verdict
from core.clock import now, today
from core.companies.models import Staff
from core.companies.service import CompanySettings
from core.contacts.models import Contact
from core.contacts.rows import NewContact
from core.db import reading, transaction
from core.deals.catalogue import NewProduct, NewTerritory
from core.deals.plan_service import NewPlan, TypedBracket
from core.engagement.filters import Filter, last_days
from core.engagement.models import Visit
from core.errors import DomainError, NotAllowed
from core.mail.brand import Brand
from core.mail.models import Mail
from core.meetings.models import ActionItem, Decision, Meeting
from core.meetings.models import Side as Doer
from core.meetings.plans import Attendee, MeetingPlan, NewAction
from core.nda.models import Nda
from core.nda.texts import Agreement, Clause, Words, default_agreement
from core.partners.models import Partner, TaxForm
from core.partners.moves import Answer
from core.partners.pipeline import HoldReason, Status
from core.vault.intake import Taken
from core.vault.models import Document, DocumentSpace, Origin, SpaceKind
from core.vault.storage import digest
from tests.core import crossing_library, crossing_questions, crossing_training
from tests.core.crossing_deals import about_deals
from tests.core.guarded import Guarded, called, guarded
from tests.core.two_companies import Side, content, oldest, profile

_number = count(1)
PARTS_OF_ACTS = {"engagement.visits.begin_visit"}
"""What only another guarded function calls, once it knows whose visit it is. The apps may not import it."""
OFFERED = ("replaces_id", "subject_id", "answer", "question_id")
"""What need not be told, and is."""
VERSIONS = (None, *range(1, 10))
"""How a row may have been seen; its version is among these."""
AT_ONCE = {"engagement.rebuild.rebuild", "meetings.booking.take_in"}
"""Acts of the product itself, before or across companies; nobody else may."""


@cache
def asked() -> tuple[list[Guarded], list[Guarded]]:
    """The guarded reads, and the guarded operations: these are told by whom they are done."""
    every = [one for one in guarded() if called(one) not in PARTS_OF_ACTS | AT_ONCE]
    writes = [
        one for one in every if "by" in signature(one).parameters or called(one) == "engagement.rebuild.set_aside"
    ]
    return [one for one in every if one not in writes], writes


def with_ids(functions: list[Guarded]) -> list[Guarded]:
    """Those that are told whose or which row by its id."""
    return [one for one in functions if ids_told(one)]


def ids_told(function: Guarded) -> set[str]:
    """The parameters of a function that name a row by its id, or several."""
    return {name for name in signature(function).parameters if name.endswith(("_id", "_ids"))}


@cache
def sound_pdf(mark: str) -> Taken:
    """A file as it was taken in, with a mark in all that can be read of it."""
    data = f"%PDF-1.7 {mark}".encode()
    return Taken(data, "application/pdf", f"{mark}.pdf", digest(data))


def agreement(mark: str) -> Agreement:
    """The usual text with one clause more, which has the mark in it."""
    words = Words(heading=f"{mark} heading", body=f"{mark} body")
    usual = default_agreement()
    return usual.model_copy(update={"clauses": (*usual.clauses, Clause(key=mark, en=words, ar=words))})


def offered(mark: str) -> dict[str, Any]:
    """What is put in a catalogue and agreed with a reseller, with a mark in every text."""
    name, name_ar, unit = f"{mark} {next(_number)}", f"{mark} اسم", f"{mark} unit"
    return {
        "product": NewProduct(f"{mark}-{next(_number)}", name, "12.500", "OMR", name_ar=name_ar, unit=unit),
        "territory": NewTerritory(name, name_ar),
        "commission_pct": Decimal(7),
        "registration": f"{mark} register",
        "tax_form": TaxForm.W8,
        "new_plan": NewPlan(f"{mark} plan", today("Asia/Muscat"), True, (TypedBracket("0", "", "10"),)),
    }


def ids_of(side: Side) -> dict[str, UUID]:
    """A row of each kind of a partner's, by the name of the parameter that asks for it; a made-up id where none is."""
    side.rows = side.rows or _ids_now(side)
    return side.rows


def _ids_now(side: Side) -> dict[str, UUID]:
    with reading(system()) as session:
        partner = session.get_one(Partner, side.id)
        mine: dict[str, Any] = {"mail_id": Mail, "visit_id": Visit, "meeting_id": Meeting, "action_id": ActionItem}
        mine |= {"replaces_id": Decision, "nda_id": Nda}
        found: dict[str, UUID | None] = {
            name: session.scalar(oldest(model, model.partner_id == side.id)) for name, model in mine.items()
        }
        found["contact_id"] = session.scalar(
            oldest(Contact, Contact.partner_id == side.id, Contact.role == ContactRole.SALESPERSON)
        )
        found["session_id"] = session.scalar(
            oldest(AccessSession, AccessSession.partner_id == side.id, AccessSession.contact_id.is_not(None))
        )
        found["action_id"] = session.scalar(
            oldest(ActionItem, ActionItem.partner_id == side.id, ActionItem.side == Doer.PARTNER)
        )
        found["document_id"] = session.scalar(
            oldest(Document, Document.origin == Origin.UPLOAD, Document.removed_at.is_(None))
            .join(DocumentSpace)
            .where(DocumentSpace.partner_visible_to_id == side.id, DocumentSpace.kind == SpaceKind.VAULT)
        )
        found |= crossing_questions.ids(session, side.id, partner.company_id)
        found |= crossing_library.ids(session, side.id)
        found |= crossing_training.ids(session, partner)
        found |= {"partner_id": side.id, "subject_id": side.id, "company": partner.company_id}
        found["staff_id"] = session.scalar(
            oldest(Staff, Staff.company_id == partner.company_id, Staff.id != partner.owner_id)
        )
        found["owner_id"] = partner.owner_id
    return {name: one or uuid4() for name, one in found.items()}


def details(side: Side, *, owner: Actor, mark: str, version: int | None, asked: Filter) -> dict[str, Any]:
    """What a function may ask for, about a partner: its rows by their ids; whatever is told anew has ``mark`` in it."""
    at = now()
    plan = MeetingPlan(f"{mark} again", at + timedelta(days=3), attendees=(Attendee(mark, f"{mark}@new.example"),))
    return {
        **ids_of(side),
        **{name: f"{mark} {name}" for name in ("text", "title", "note", "notes", "why", "reason", "name", "signature")},
        **{name: f"{mark} {name}" for name in ("signer_name", "notes", "what", "title_ar")},
        "asked": replace(asked, partner_ids=(side.id,)),
        "version": version,
        **dict.fromkeys(("number", "seq", "old"), 1),
        **_ALWAYS,
        "slug": side.slug,
        "email": f"{mark}.more@staff.example",
        "answer": Answer(f"{mark} why", hold=HoldReason.STALLED),
        **dict.fromkeys(("signed_on", "decided_on"), today("Asia/Muscat")),
        "plan": plan,
        "action": NewAction(Doer.PARTNER, f"{mark} to do"),
        "profile": profile(mark, owner),
        "person": NewContact(f"{mark} Person", f"{mark}.{next(_number)}@person.example", f"{mark} title"),
        **offered(mark),
        "content": content(mark),
        "agreement": agreement(mark),
        "file": sound_pdf(f"{mark}v{version}"),
        "scan": sound_pdf(f"{mark}scan"),
        "values": CompanySettings(f"{mark} Co"),
        "brand": Brand(f"{mark} Co", "#0b5d66"),
        "verdict": Verdict(1),
        **_EXPORT,
        **crossing_questions.details(mark),
        **crossing_library.details(mark),
        **crossing_training.details(mark),
    }


_ALWAYS: dict[str, Any] = {
    "new": 2,
    "reference": "NDA-00001",
    "secret": "made-up",
    "code": "12345678",
    "to": Status.ON_HOLD,
    "outcome": "stalled",
    "language": "en",
    "role": Role.ANALYST,
    "text_number": 1,
    "clause_ms": {},
    "requires_nda": False,
    **dict.fromkeys(("enabled", "done", "confirmed_name", "consent"), True),
}
"""What is told alike whoever it is about."""
_EXPORT = {"file_format": "csv", "rows": 1, "filters": dict[str, str]()}


def tell(function: Guarded, session: Session, known: dict[str, Any], *, by: Actor) -> Any:
    """Call a function with what it must be told.

    Raises:
        DomainError: it refuses.
        KeyError: it asks for something that is not known here; add it to ``details``.
    """
    wanted = [one for one in list(signature(function).parameters.values())[1:] if one.default is one.empty]
    optional = [one for one in signature(function).parameters.values() if one.name in OFFERED]
    known = {**known, "by": by}
    places = [known[one.name] for one in wanted if one.kind is not one.KEYWORD_ONLY]
    named = {one.name: known[one.name] for one in (*wanted, *optional) if one.kind is one.KEYWORD_ONLY}
    return function(session, *places, **named)


def tries(
    function: Guarded, about: Side, *, by: Actor, mark: str, owner: Actor, made_up: Collection[str] = ()
) -> Iterator[tuple[bool, Any]]:
    """Call a function about a partner, as its rows may have been seen: whether it was done, and what was answered.

    ``made_up``: the parameters that name no row of anybody instead.
    """
    is_read = function in asked()[0]
    opened: Callable[[Actor], Any] = reading if is_read else transaction
    for version in VERSIONS if "version" in signature(function).parameters else (1,):
        with reading(system()) as session:
            instead = crossing_library.instead(function, session, ids_of(about)["space_id"])
        instead |= crossing_training.instead(function, mark)
        try:
            with opened(by) as session:
                days = last_days(session, 30)
                told = details(about, owner=owner, mark=mark, version=version, asked=days)
                if called(function).startswith(("contacts.", "deals.", "imports.")):
                    told |= about_deals(called(function), about, mark=mark, owner=owner)
                told |= instead | {name: [uuid4()] if name.endswith("s") else uuid4() for name in made_up}
                answer = tell(function, session, told | ({"text": about.mark} if is_read else {}), by=by)
        except NotAllowed as refusal:
            return (yield False, refusal.message)
        except DomainError as refusal:
            yield False, refusal.message
        else:
            about.rows = about.rows if is_read else {}
            yield True, answer
