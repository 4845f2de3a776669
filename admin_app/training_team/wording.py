"""Who is certified, in words."""

from core import format as say
from core.i18n import t
from core.training.audience import EMPLOYEE
from core.training.my_modules import Where
from core.training.team import TeamRow
from core.training.team_figures import Figures, Group

STANDINGS = {
    Where.VALID: "Certified",
    Where.EXPIRING: "Ending soon",
    Where.EXPIRED: "Ended",
    Where.MISSING: "Missing",
}
GROUPS = {Group.MODULE: "By training", Group.PARTNER: "By reseller", Group.ROLE: "By role"}
COLUMNS = {Group.MODULE: "Training", Group.PARTNER: "Reseller", Group.ROLE: "Role"}


def role(name: str) -> str:
    """What a learner is."""
    return "Employee" if name == EMPLOYEE else t(f"role.{name}")


def roles(name: str) -> str:
    """The same, of several."""
    return "Employees" if name == EMPLOYEE else f"{t(f'role.{name}')} contacts"


def many(count: int, noun: str) -> str:
    """ "1 person", "1,204 people"."""
    plural = "people" if noun == "person" else f"{noun}s"
    return f"{say.number(count)} {noun if count == 1 else plural}"


def facts(found: Figures) -> str:
    """How it stands with everybody who is looked at, in one line."""
    if not found.every:
        return "Who of resellers' people and of your own staff is certified, and who is not"
    parts = [many(found.learners, "person"), f"{many(found.certified, 'certificate')} valid"]
    parts += [f"{say.number(found.expiring)} of them ending within 90 days"] if found.expiring else []
    parts += [f"{say.number(found.expired)} ended"] if found.expired else []
    return " · ".join([*parts, f"{say.number(found.missing)} missing" if found.missing else "none missing"])


def until(row: TeamRow) -> str | None:
    """Until when it counts: "3 Nov 2027"; None where there is no certificate."""
    return say.day(row.valid_until, year=True) if row.valid_until else None


def stands(row: TeamRow) -> str:
    """Where somebody stands in a training, in one sentence."""
    if row.where is Where.MISSING:
        return "Not certified, and has to be" if row.is_required else "Not certified"
    if row.where is Where.EXPIRED:
        return f"Ended on {until(row)}"
    left = "ends today" if row.days_left == 0 else f"{say.number(row.days_left)} d left"
    return f"Valid until {until(row)}, {left}"
