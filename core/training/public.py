"""What a stranger learns of a certificate by the code on it; a wrong code learns nothing."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import now
from core.companies.models import Company
from core.training.learning_models import Certification
from core.training.models import TrainingModule
from core.training.validity import State, standing

_MOST_OF_A_CODE = 40


@dataclass(frozen=True)
class Checked:
    """What a certificate says, and whether it counts now. ``issuer``: the company that gave it. ``revoked_on``: the day
    there on which it was revoked; None: it was not."""

    holder: str
    organisation: str
    module: str
    module_ar: str
    issuer: str
    issuer_ar: str
    valid_until: date
    state: State
    revoked_on: date | None = None

    @property
    def counts(self) -> bool:
        """Whether the holder is certified by it now."""
        return self.state in (State.VALID, State.EXPIRING)


def check(session: Session, code: str) -> Checked | None:
    """The certificate with a code; None: there is none. Count it by ``limits.asked_to_verify`` first."""
    if not 0 < len(code) <= _MOST_OF_A_CODE or not code.isascii() or not code.isprintable():
        return None
    named = select(Certification, TrainingModule, Company).where(Certification.code == code)
    found = session.execute(
        named.join(TrainingModule, TrainingModule.id == Certification.module_id).join(
            Company, Company.id == Certification.company_id
        )
    ).one_or_none()
    if found is None:
        return None
    row, module, company = found[0], found[1], found[2]
    return Checked(
        holder=row.holder,
        organisation=row.organisation,
        module=module.name,
        module_ar=module.name_ar,
        issuer=company.name,
        issuer_ar=company.name_ar,
        valid_until=row.valid_until,
        state=standing(row, now(), zone=company.time_zone).state,
        revoked_on=row.revoked_at and row.revoked_at.astimezone(ZoneInfo(company.time_zone)).date(),
    )
