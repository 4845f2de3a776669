"""What the team does in the library: spaces and whom they are for, and the documents in them.

Fetching is in ``core.vault.fetching``, who could see what when in ``core.library.history``.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.actor import Act, Actor, permits
from core.audit.service import record
from core.audit.tags import Tag
from core.clock import now
from core.db import lock
from core.errors import Conflict
from core.library.models import SpaceRule
from core.library.rows import get_space
from core.library.spaces import NewSpace
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.partners.rows import get_partner
from core.vault.filing import file_into
from core.vault.intake import Taken
from core.vault.keeping import change_facts, cleaned, record_upload, replace_file, require_changeable, take_out
from core.vault.models import Document, DocumentSpace, DocumentVersion, SpaceKind
from core.vault.rows import audience_of, get_shared


class SpaceChanged(Conflict):
    """Somebody changed this space meanwhile. Look at its new state and try again."""


class SpaceNameTaken(Conflict):
    """There is a space called {name} already. Add to that one, or choose another name."""


class SpaceIsWithdrawn(Conflict):
    """This space is withdrawn. Open it again first."""


class NoActiveReseller(Conflict):
    """{name} is no active reseller. Choose one from the list, or all resellers."""


@permits(Act.MANAGE_LIBRARY)
def add_space(session: Session, *, space: NewSpace, by: Actor) -> DocumentSpace:
    """Open a space for one active reseller or for all of them.

    Raises:
        SpaceNameTaken, NoActiveReseller, RoleWithoutLibrary, RoleWithoutPrices
    """
    row = DocumentSpace(kind=SpaceKind.LIBRARY, created_at=now())
    _name(session, row, space)
    _aim(session, row, space)
    session.add(row)
    session.flush()
    _keep_rule(session, row, at=row.created_at, by=by)
    record(session, Tag.SPACE_ADD, by=by, subject=row, after=_facts(row))
    return row


@permits(Act.MANAGE_LIBRARY)
def change_space(session: Session, space_id: UUID, *, space: NewSpace, version: int, by: Actor) -> DocumentSpace:
    """Save a space as edited from ``version``; whom it is for changes from this moment on.

    Raises:
        SpaceChanged, SpaceNameTaken, SpaceIsWithdrawn, NoActiveReseller, RoleWithoutLibrary, RoleWithoutPrices
    """
    row = _seen(session, space_id, version)
    if row.withdrawn_at is not None:
        raise SpaceIsWithdrawn
    before, was = _facts(row), audience_of(row)
    _name(session, row, space)
    _aim(session, row, space)
    after = _facts(row)
    if after != before:
        _flush(session)
        if audience_of(row) != was:
            _keep_rule(session, row, at=now(), by=by)
        changed = {name: value for name, value in after.items() if before[name] != value}
        record(session, Tag.SPACE_CHANGE, by=by, subject=row, before={n: before[n] for n in changed}, after=changed)
    return row


@permits(Act.MANAGE_LIBRARY)
def withdraw_space(session: Session, space_id: UUID, *, version: int, by: Actor) -> DocumentSpace:
    """Let nobody of any reseller see a space from this moment on; its documents stay.

    Raises:
        SpaceChanged
    """
    row = _seen(session, space_id, version)
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        _flush(session)
        _keep_rule(session, row, at=row.withdrawn_at, by=by)
        record(session, Tag.SPACE_WITHDRAW, by=by, subject=row)
    return row


@permits(Act.MANAGE_LIBRARY)
def open_space_again(session: Session, space_id: UUID, *, version: int, by: Actor) -> DocumentSpace:
    """Let those see a withdrawn space again whom it was for.

    Raises:
        SpaceChanged
    """
    row = _seen(session, space_id, version)
    if row.withdrawn_at is not None:
        row.withdrawn_at = None
        _flush(session)
        _keep_rule(session, row, at=now(), by=by)
        record(session, Tag.SPACE_REOPEN, by=by, subject=row)
    return row


@permits(Act.MANAGE_LIBRARY)
def put(
    session: Session,
    space_id: UUID,
    *,
    file: Taken,
    title: str,
    title_ar: str = "",
    requires_nda: bool = False,
    expires_on: date | None = None,
    note: str = "",
    by: Actor,
) -> Document:
    """Put a document into a space, at once to be seen there. Nobody is mailed.

    Raises:
        Invalid: a value cannot be used; the message names it.
    """
    space, at = get_space(session, space_id), now()
    values = cleaned(session, title=title, title_ar=title_ar, expires_on=expires_on, note=note)
    document = file_into(
        session, space, title=values["title"], title_ar=values["title_ar"], file_name=file.file_name, data=file.data,
        media_type=file.media_type, requires_nda=requires_nda, by=by, at=at,
    )  # fmt: skip
    document.expires_on, document.note = values["expires_on"], values["note"]
    record_upload(session, document, file=file, where={"space": space.name}, by=by)
    return document


@permits(Act.MANAGE_LIBRARY)
def replace(
    session: Session, document_id: UUID, *, file: Taken, version: int, note: str = "", by: Actor
) -> DocumentVersion:
    """Put a new version in place of the newest one. Resellers fetch only the new one, and read ``note`` beside it.

    Raises:
        DocumentChanged, SameFile
    """
    document = _to_change(session, document_id, version)
    return replace_file(session, document, file=file, note=note, by=by)


@permits(Act.MANAGE_LIBRARY)
def change(
    session: Session,
    document_id: UUID,
    *,
    version: int,
    title: str,
    title_ar: str = "",
    requires_nda: bool = False,
    expires_on: date | None = None,
    note: str = "",
    by: Actor,
) -> Document:
    """Change what is said about a document and who may open it; its file stays.

    Raises:
        DocumentChanged
    """
    document = _to_change(session, document_id, version)
    values = cleaned(
        session, title=title, title_ar=title_ar, expires_on=expires_on, note=note, before=document.expires_on
    )
    change_facts(session, document, {**values, "requires_nda": requires_nda}, by=by)
    return document


@permits(Act.MANAGE_LIBRARY)
def remove(session: Session, document_id: UUID, *, version: int, by: Actor) -> Document:
    """Take a document out of the library. Its versions, and who fetched them, stay on record.

    Raises:
        DocumentChanged
    """
    document = _to_change(session, document_id, version)
    take_out(session, document, by=by)
    return document


def _to_change(session: Session, document_id: UUID, version: int) -> Document:
    lock(session, f"document:{document_id}")
    document, _space = get_shared(session, document_id)
    require_changeable(document, version=version)
    return document


def _seen(session: Session, space_id: UUID, version: int) -> DocumentSpace:
    lock(session, f"space:{space_id}")
    row = get_space(session, space_id)
    if row.version != version:
        raise SpaceChanged
    return row


def _flush(session: Session) -> None:
    try:
        session.flush()
    except StaleDataError:
        raise SpaceChanged from None


def _name(session: Session, row: DocumentSpace, space: NewSpace) -> None:
    """What a space is called, from now on."""
    name, name_ar = space.names()
    lock(session, "space-names")
    same = (DocumentSpace.kind == SpaceKind.LIBRARY, func.lower(DocumentSpace.name) == name.lower())
    with session.no_autoflush:
        others = [other for other in session.scalars(select(DocumentSpace.id).where(*same)) if other != row.id]
    if others:
        raise SpaceNameTaken(name=name)
    row.name, row.name_ar = name, name_ar


def _aim(session: Session, row: DocumentSpace, space: NewSpace) -> None:
    """Whom a space is for, from now on."""
    if space.partner_id is not None and space.partner_id != row.partner_visible_to_id:
        _require_active(get_partner(session, space.partner_id))
    row.partner_visible_to_id, row.visible_to_all_partners = space.partner_id, space.partner_id is None
    row.partner_role_visibility, row.holds_prices = space.role_rule(), space.holds_prices


def _require_active(partner: Partner) -> None:
    if partner.reseller_since is None or partner.status is not Status.ACTIVE:
        raise NoActiveReseller(name=partner.name)


def _keep_rule(session: Session, row: DocumentSpace, *, at: datetime, by: Actor) -> None:
    """Write down for ever whom a space is for from an instant on."""
    rule = audience_of(row)
    last = session.scalar(select(func.max(SpaceRule.at)).where(SpaceRule.space_id == row.id))
    at = max(at, last + timedelta(microseconds=1)) if last else at  # The later of two rules is known by its instant.
    session.add(
        SpaceRule(
            space_id=row.id, partner_visible_to_id=rule.partner_id, visible_to_all_partners=rule.for_all,
            partner_role_visibility=rule.roles, at=at, set_by=by.name[:200],
        )
    )  # fmt: skip
    session.flush()


def _facts(row: DocumentSpace) -> dict[str, object]:
    return {
        "name": row.name,
        "name_ar": row.name_ar,
        "partner": row.partner_visible_to_id,
        "for_all": row.visible_to_all_partners,
        "roles": row.partner_role_visibility,
        "holds_prices": row.holds_prices,
    }
