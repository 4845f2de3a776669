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
    CONTACT = "contact"
    """A person of a reseller, let in to the portal with a role."""
    SYSTEM = "system"
    """The product itself: the worker, a route before it knows who calls, the demo loader."""


class Role(StrEnum):
    """What a member of staff is in the company; partners' people have none of these."""

    ADMIN = "admin"
    REVIEWER = "reviewer"
    ANALYST = "analyst"
    MEMBER = "member"
    PLATFORM_ADMIN = "platform_admin"


class ContactRole(StrEnum):
    """What a contact is at its reseller."""

    PRINCIPAL = "principal"
    SALESPERSON = "salesperson"
    TECHNICAL = "technical"
    FINANCE = "finance"
    VIEWER = "viewer"


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
    SIGN_AGREEMENT = "sign_agreement"
    """The NDA for readers and guests of a room, the reseller agreement for principals."""
    USE_ROOM = "use_room"
    READ_RESELLERS = "read_resellers"
    MANAGE_RESELLERS = "manage_resellers"
    VIEW_AS = "view_as"
    READ_DEALS = "read_deals"
    DECIDE_DEALS = "decide_deals"
    SELL = "sell"
    IMPORT = "import"
    READ_TRAINING = "read_training"
    WRITE_TRAINING = "write_training"
    READ_QUESTIONS = "read_questions"
    ANSWER_QUESTIONS = "answer_questions"
    READ_LIBRARY = "read_library"
    MANAGE_LIBRARY = "manage_library"
    LEARN = "learn"
    USE_PORTAL = "use_portal"
    SEE_DEALS = "see_deals"
    SEE_MONEY = "see_money"
    SUBMIT_DEALS = "submit_deals"
    MANAGE_CONTACTS = "manage_contacts"
    SEE_TEAM_TRAINING = "see_team_training"
    ASK = "ask"
    READ_ANSWERS = "read_answers"
    USE_LIBRARY = "use_library"
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
    Act.READ_RESELLERS,
    Act.READ_DEALS,
    Act.READ_TRAINING,
    Act.READ_QUESTIONS,
    Act.READ_LIBRARY,
}
_EVERYONE = {Act.OWN_SESSION, Act.READ_COMPANY, Act.LEARN}
GRANTS: dict[Role, frozenset[Act]] = {
    Role.ADMIN: frozenset(
        _READS
        | _EVERYONE
        | {Act.WORK_PIPELINE, Act.WRITE_PROPOSALS, Act.MANAGE_MAIL, Act.MANAGE_TEAM, Act.MANAGE_COMPANY}
        | {Act.SWITCH_MODULES, Act.MANAGE_NDA, Act.MANAGE_VAULT}
        | {Act.MANAGE_RESELLERS, Act.VIEW_AS, Act.DECIDE_DEALS, Act.SELL, Act.IMPORT}
        | {Act.WRITE_TRAINING, Act.ANSWER_QUESTIONS, Act.MANAGE_LIBRARY}
    ),
    Role.REVIEWER: frozenset(
        _EVERYONE
        | {Act.READ_PIPELINE, Act.READ_PROPOSALS, Act.READ_TEAM}
        | {Act.READ_RESELLERS, Act.READ_DEALS, Act.DECIDE_DEALS}
        | {Act.READ_QUESTIONS, Act.ANSWER_QUESTIONS, Act.READ_TRAINING, Act.READ_LIBRARY}
    ),
    Role.ANALYST: frozenset(_READS | _EVERYONE),
    Role.MEMBER: frozenset(_EVERYONE),
    Role.PLATFORM_ADMIN: frozenset(_EVERYONE | {Act.SWITCH_MODULES, Act.CREATE_COMPANIES}),
}
_READER = frozenset({Act.READ_OWN_PROPOSAL, Act.SIGN_AGREEMENT, Act.OWN_SESSION})
_PARTNER = _READER | {Act.USE_ROOM}
_CONTACT = {Act.OWN_SESSION, Act.USE_PORTAL, Act.SEE_DEALS}
_WORKS = {Act.LEARN, Act.READ_ANSWERS, Act.USE_LIBRARY}
CONTACT_GRANTS: dict[ContactRole, frozenset[Act]] = {
    ContactRole.PRINCIPAL: frozenset(
        _CONTACT
        | _WORKS
        | {Act.SEE_MONEY, Act.SUBMIT_DEALS, Act.MANAGE_CONTACTS, Act.SIGN_AGREEMENT}
        | {Act.SEE_TEAM_TRAINING, Act.ASK}
    ),
    ContactRole.SALESPERSON: frozenset(_CONTACT | _WORKS | {Act.SEE_MONEY, Act.SUBMIT_DEALS}),
    ContactRole.TECHNICAL: frozenset(_CONTACT | _WORKS | {Act.ASK}),
    ContactRole.FINANCE: frozenset(_CONTACT | _WORKS | {Act.SEE_MONEY}),
    ContactRole.VIEWER: frozenset(_CONTACT),
}


@dataclass(frozen=True)
class Actor:
    """Who is doing this. ``company`` None: the product itself, before or across companies.

    ``contact_role``: of a contact. ``viewer``: the member of staff who looks as this contact, and may change nothing.
    """

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
    contact_role: ContactRole | None = None
    viewer: UUID | None = None


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
    if actor.kind is ActorKind.CONTACT:
        return actor.contact_role is not None and act in CONTACT_GRANTS[actor.contact_role]
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
