"""Whether amounts may reach whoever asks: the role decides, and for contacts also the device.

Every read that carries money asks here and leaves the money out where the answer is no.
"""

from sqlalchemy.orm import Session

from core.access.devices import needs_code
from core.actor import Act, Actor, ActorKind, actor_of, allowed


def sees_money(session: Session) -> bool:
    """Whether the actor of this session sees amounts now.

    Staff who read deals do, and the product itself. A contact does if its role may and its device is confirmed, or
    needs no confirming.
    """
    actor = actor_of(session)
    return is_for_money(actor) and not (actor.kind is ActorKind.CONTACT and needs_code(session, by=actor))


def is_for_money(actor: Actor) -> bool:
    """Whether somebody's role includes amounts, whatever the device."""
    return allowed(actor, Act.SEE_MONEY if actor.kind is ActorKind.CONTACT else Act.READ_DEALS)
