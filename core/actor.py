"""Who is doing this, and what their role may do."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from core.errors import NotAllowed

P = ParamSpec("P")
T = TypeVar("T")


class ActorKind(StrEnum):
    """What stands behind an act."""

    STAFF = "staff"
    READER = "reader"
    """A person who opened a proposal by its link."""
    PARTNER = "partner"
    """A person of a partner, let in to its room."""
    SYSTEM = "system"
    """The product itself: the worker, a route before it knows who calls, the demo loader."""


class Role(StrEnum):
    """What a member of staff is in the company; partners' people have none of these."""

    ADMIN = "admin"
    REVIEWER = "reviewer"
    ANALYST = "analyst"
    MEMBER = "member"
    PLATFORM_ADMIN = "platform_admin"


class Act(StrEnum):
    """Everything that may be allowed or refused, at the grain a company thinks of it."""

    READ_PIPELINE = "read_pipeline"
    WORK_PIPELINE = "work_pipeline"
    READ_PROPOSALS = "read_proposals"
    WRITE_PROPOSALS = "write_proposals"
    READ_ENGAGEMENT = "read_engagement"
    EXPORT = "export"
    READ_MAIL = "read_mail"
    MANAGE_MAIL = "manage_mail"
    READ_AUDIT = "read_audit"
    READ_TEAM = "read_team"
    MANAGE_TEAM = "manage_team"
    READ_COMPANY = "read_company"
    MANAGE_COMPANY = "manage_company"
    SWITCH_MODULES = "switch_modules"
    CREATE_COMPANIES = "create_companies"
    READ_NDA = "read_nda"
    MANAGE_NDA = "manage_nda"
    READ_VAULT = "read_vault"
    MANAGE_VAULT = "manage_vault"
    OWN_SESSION = "own_session"
    READ_OWN_PROPOSAL = "read_own_proposal"
    SIGN_NDA = "sign_nda"
    USE_ROOM = "use_room"
    RUN_SYSTEM = "run_system"


_READS = {
    Act.READ_PIPELINE,
    Act.READ_PROPOSALS,
    Act.READ_ENGAGEMENT,
    Act.READ_MAIL,
    Act.READ_AUDIT,
    Act.READ_TEAM,
    Act.READ_COMPANY,
    Act.READ_NDA,
    Act.READ_VAULT,
    Act.EXPORT,
}
_EVERYONE = {Act.OWN_SESSION, Act.READ_COMPANY}
GRANTS: dict[Role, frozenset[Act]] = {
    Role.ADMIN: frozenset(
        _READS
        | _EVERYONE
        | {Act.WORK_PIPELINE, Act.WRITE_PROPOSALS, Act.MANAGE_MAIL, Act.MANAGE_TEAM, Act.MANAGE_COMPANY}
        | {Act.SWITCH_MODULES, Act.MANAGE_NDA, Act.MANAGE_VAULT}
    ),
    Role.REVIEWER: frozenset(_EVERYONE | {Act.READ_PIPELINE, Act.READ_PROPOSALS, Act.READ_TEAM}),
    Role.ANALYST: frozenset(_READS | _EVERYONE),
    Role.MEMBER: frozenset(_EVERYONE),
    Role.PLATFORM_ADMIN: frozenset(_EVERYONE | {Act.SWITCH_MODULES, Act.CREATE_COMPANIES}),
}
_READER = frozenset({Act.READ_OWN_PROPOSAL, Act.SIGN_NDA, Act.OWN_SESSION})
_PARTNER = _READER | {Act.USE_ROOM}


@dataclass(frozen=True)
class Actor:
    """Who is doing this. ``company`` None: the product itself, before or across companies."""

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    company: UUID | None = None
    role: Role | None = None
    ip: str | None = None
    user_agent: str | None = None
    session: UUID | None = None
    partner: UUID | None = None
    language: str = "en"


def system(company: UUID | None = None, *, ip: str | None = None, user_agent: str | None = None) -> Actor:
    """The product itself; with a company, inside that company only."""
    return Actor(ActorKind.SYSTEM, name="Partnerdesk", company=company, ip=ip, user_agent=user_agent)


def may(role: Role | None, act: Act) -> bool:
    """Whether a staff role allows an act."""
    return role is not None and act in GRANTS[role]


def allowed(actor: Actor, act: Act) -> bool:
    """Whether this actor may do this, whatever kind it is of."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is ActorKind.READER:
        return act in _READER
    if actor.kind is ActorKind.PARTNER:
        return act in _PARTNER
    return may(actor.role, act)


def actor_of(session: Session) -> Actor:
    """The actor a database session was opened for."""
    actor: Actor = session.info["actor"]
    return actor


def permits(
    act: Act,
) -> Callable[[Callable[Concatenate[Session, P], T]], Callable[Concatenate[Session, P], T]]:
    """Let an operation or a read run only for an actor who may do ``act``.

    The actor is the session's own, so nobody can pass a better one along; ``by``, where given, must be that actor.

    Raises:
        NotAllowed: the actor's role does not include the act.
    """

    def decorate(operation: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
        @wraps(operation)
        def guarded(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
            by: Any = kwargs.get("by")
            if not allowed(actor_of(session), act) or (by is not None and by != actor_of(session)):
                raise NotAllowed
            return operation(session, *args, **kwargs)

        guarded.__act__ = act  # type: ignore[attr-defined]
        return guarded

    return decorate
