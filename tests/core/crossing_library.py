"""What the crossing attempts know of the library: rows to leave behind, ids to ask for, words to tell."""

from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now, today
from core.db import transaction
from core.library import own_service, service
from core.library.models import SpaceRule
from core.library.spaces import NewSpace
from core.vault import fetching
from core.vault.intake import Taken
from core.vault.models import Document, DocumentSpace, SpaceKind

_number = count(1)


def shelve(mark: str, partner_id: UUID, *, file: Taken, contact: Actor, by: Actor) -> None:
    """A partner's own space with a document, which one of its people looked at, and our team fetched."""
    with transaction(by) as session:
        row = DocumentSpace(kind=SpaceKind.LIBRARY, name=f"{mark} space", name_ar=f"{mark} قسم", created_at=now())
        row.partner_visible_to_id = partner_id
        session.add(row)
        session.flush()
        rule = SpaceRule(space_id=row.id, partner_visible_to_id=partner_id, visible_to_all_partners=False, at=now())
        rule.partner_role_visibility, rule.set_by = "all", f"{mark} admin"
        session.add(rule)
        texts = {"title": f"{mark} shared", "title_ar": f"{mark} مشترك", "note": f"{mark} note"}
        document = service.put(session, row.id, file=file, **texts, by=by)  # type: ignore[arg-type]
        fetching.fetch_from_library(session, document.id, by=by)
    with transaction(contact) as session:
        own_service.look(session, by=contact)


def ids(session: Session, partner_id: UUID) -> dict[str, UUID | None]:
    """The space that was a partner's own at first, whomever it is for now."""
    own = select(SpaceRule.space_id).where(SpaceRule.partner_visible_to_id == partner_id)
    return {"space_id": session.scalar(own.order_by(SpaceRule.at).limit(1))}


def details(mark: str) -> dict[str, Any]:
    """What a function about the library may ask for."""
    n = next(_number)
    return {
        "space": NewSpace(f"{mark} space {n}", f"{mark} قسم"),
        "roles": (),
        "holds_prices": False,
        "day": today("Asia/Muscat"),
    }


def instead(function: Callable[..., Any], session: Session, space_id: UUID) -> dict[str, Any]:
    """A document of the library for the functions that are about one; those of vaults are asked for everywhere else."""
    module, name = function.__module__, function.__name__
    if not module.startswith("core.library.") and name not in ("fetch_from_library", "fetch_shared"):
        return {}
    here = select(Document.id).where(Document.space_id == space_id)
    return {
        "document_id": session.scalar(here.order_by(Document.removed_at.is_not(None), Document.id).limit(1)) or space_id
    }
