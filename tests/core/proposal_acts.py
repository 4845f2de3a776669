"""Acts on proposals, each in a transaction of its own, and what they leave behind."""

from typing import Any

from sqlalchemy import func, select

from core.access import sessions
from core.access.kinds import SessionKind
from core.access.models import AccessSession, ProposalLink
from core.actor import Actor
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.mail.models import Mail
from core.partners.models import Hop, Partner
from core.proposals import queries, service
from core.proposals.content import SECTIONS, Content, Language
from core.proposals.models import ProposalVersion
from core.timeline.models import TimelineEntry


def written(heading: str = "Terms", language: Language = "en") -> Content:
    """A proposal whose every section has a heading in one language."""
    return Content.model_validate({key: {language: {"heading": heading, "body": f"About {key}"}} for key in SECTIONS})


def save(actor: Actor, partner: Partner, content: Content, version: int | None) -> int:
    with transaction(actor) as session:
        return service.save_draft(session, partner.id, content=content, version=version, by=actor).version


def publish(actor: Actor, partner: Partner, content: Content | None = None) -> int:
    """Save and publish; the number of the version."""
    version = save(actor, partner, content or written(), None)
    with transaction(actor) as session:
        return service.publish(session, partner.id, version=version, by=actor).number


def invite(actor: Actor, partner: Partner, language: str = "en") -> ProposalLink:
    with transaction(actor) as session:
        return service.send_invitation(session, partner.id, language=language, by=actor)


def let_in(actor: Actor, partner: Partner, link: ProposalLink | None = None) -> str:
    """Let somebody read the partner's proposal; the secret of the session."""
    with transaction(actor) as session:
        return sessions.open_session(
            session, kind=SessionKind.READER, partner_id=partner.id, link_id=link.id if link else None, by=actor
        )


def workbench(actor: Actor, partner: Partner) -> queries.Workbench:
    with reading(actor) as session:
        return queries.workbench(session, partner.id)


def rows(actor: Actor, model: Any) -> list[Any]:
    with reading(actor) as session:
        return list(session.scalars(select(model).order_by(model.id)))


def tags(actor: Actor) -> list[str]:
    with reading(actor) as session:
        return list(session.scalars(select(AuditEntry.tag).order_by(AuditEntry.seq)))


def kinds(actor: Actor) -> list[str]:
    """What stands on the timelines, by name."""
    return sorted(entry.kind.value for entry in rows(actor, TimelineEntry))


def everything(actor: Actor, partner: Partner) -> dict[str, Any]:
    """How much of each kind there is, and where the partner stands."""
    kept = (ProposalVersion, ProposalLink, Mail, TimelineEntry, AuditEntry, Hop, AccessSession)
    with reading(actor) as session:
        counts = {model.__tablename__: session.scalar(select(func.count()).select_from(model)) for model in kept}
        states = sorted(map(tuple, session.execute(select(ProposalVersion.state, ProposalVersion.version))))
        dead = session.scalar(select(func.count(ProposalLink.replaced_at) + func.count(ProposalLink.revoked_at)))
        ended = session.scalar(select(func.count(AccessSession.revoked_at)))
        return {**counts, "status": session.get_one(Partner, partner.id).status, "versions": states} | {
            "dead links": dead, "ended sessions": ended
        }  # fmt: skip
