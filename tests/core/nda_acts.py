"""A partner's person on the way to a signature, each act in a transaction of its own, as the portal does it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core.access import codes, sessions
from core.access.kinds import SessionKind
from core.access.models import CodePurpose
from core.actor import Actor, system
from core.companies.models import Company
from core.contacts import presence
from core.db import reading, transaction
from core.mail.messages import Kind
from core.mail.models import Mail
from core.nda import ceremony, queries, service
from core.nda.evidence import Evidence
from core.nda.models import NdaHandover, NdaSigning
from core.nda.queries import SigningView
from core.nda.register import nda as detail
from core.nda.signing import Signed
from core.partners.models import Partner
from core.tenancy import enter

NAME = "Salim Al Kindi"
CLAUSE_MS = {"definitions": 4_000, "purpose": 2_500, "no_such_clause": 9_000}


def visitor(partner: Partner, *, kind: SessionKind = SessionKind.READER, device: str = "phone") -> Actor:
    """A person of a partner, let in."""
    by = system(ip="203.0.113.20", user_agent="Mozilla/5.0 Firefox/140")
    with transaction(by) as session:
        by = enter(session, partner.company_id)
        secret = sessions.open_session(session, kind=kind, partner_id=partner.id, device=device, by=by)
    return back(secret)


def back(secret: str) -> Actor:
    """Whom a cookie lets in now."""
    with reading(system()) as session:
        found = presence.who(session, secret, ip="203.0.113.20", user_agent="Mozilla/5.0 Firefox/140")
    assert found is not None
    return found


def done(operation: Callable[..., Any], by: Actor, *subject: Any, **details: Any) -> Any:
    """An operation in a transaction of its own."""
    with transaction(by) as session:
        return operation(session, *subject, **details, by=by)


def view(by: Actor) -> SigningView:
    """What the page shows now."""
    with reading(by) as session:
        return queries.my_signing(session)


def mailed(by: Actor, kind: Kind, **equal: Any) -> list[Mail]:
    """The mails of a kind, the oldest first."""
    with reading(system(by.company)) as session:
        return list(session.scalars(select(Mail).where(Mail.kind == kind).filter_by(**equal).order_by(Mail.id)))


def give_contact(by: Actor, name: str = NAME) -> NdaSigning:
    found: NdaSigning = done(service.give_contact, by, name=name, title="Director")
    return found


def read_through(by: Actor, *, clock: str = "") -> None:
    number = view(by).text_number
    done(service.show_text, by, number=number)
    done(service.finish_reading, by, clause_ms=CLAUSE_MS, clock=clock)


def prove_mailbox(by: Actor) -> None:
    """Ask for a code and type it back, read from the mail."""
    done(service.send_code, by)
    with reading(by) as session:
        waiting = codes.find_waiting(session, purpose=CodePurpose.SIGN, by=by)
    assert waiting is not None
    mail = mailed(by, Kind.MAILED_CODE, key=f"code:{waiting.id}")[0]
    code = next(secret for secret in mail.secrets if secret.replace(" ", "").isdigit())
    assert done(service.enter_code, by, text=code).is_right


def ready_to_sign(by: Actor, name: str = NAME) -> Actor:
    give_contact(by, name)
    read_through(by)
    prove_mailbox(by)
    return by


def press(by: Actor, **other: Any) -> Signed:
    """The last press, as the portal does it."""
    wish: dict[str, Any] = {"signature": NAME, "confirmed_name": False, "consent": True}
    return ceremony.sign(**wish | {"text_number": view(by).text_number} | other, by=by)


def signed(partner: Partner, **visit: Any) -> Signed:
    """A signed NDA of a partner."""
    return press(ready_to_sign(visitor(partner, **visit)))


def handover_link(by: Actor) -> str:
    """The token in the newest mail that handed a signing over."""
    secret: str = mailed(by, Kind.NDA_HAND_OVER)[-1].secrets[0]
    return secret.partition("token=")[2]


def newest_handover(company: Company | UUID) -> NdaHandover:
    with reading(system(company if isinstance(company, UUID) else company.id)) as session:
        return session.scalars(select(NdaHandover).order_by(NdaHandover.id.desc()).limit(1)).one()


def counted(by: Actor, *kinds: type) -> list[int]:
    """How many rows of each kind a company has."""
    with reading(system(by.company)) as session:
        return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]


def evidence(by: Actor, nda_id: UUID) -> Evidence:
    """The evidence of an electronic signature."""
    with reading(system(by.company)) as session:
        found = detail(session, nda_id).evidence
    assert isinstance(found, Evidence)
    return found
