"""Training: who stands where, figures, statistics of items and one's own list, of few and of many learners."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select, text

from bench.collisions import database
from bench.spread import row, spread
from core import db
from core.actor import Actor, ActorKind, ContactRole, system
from core.training import my_modules, own_queries, queries, team_queries
from core.training.learning_models import Certification
from core.training.my_modules import Where
from core.training.team import Asked, modules_asked, team_page
from core.training.team_figures import Group, figures_of, standings_of
from tests.core.training_crowd import MODULES, RESELLERS, Crowd, crowd
from tests.factories import make_company

SIZES = (500, 5_000)
ROUNDS = 21
ASKED = 50
Read = Callable[[Any], object]


def run() -> str:
    """Measure on both databases, and answer the tables."""
    lines = [
        f"{RESELLERS} resellers, {MODULES} modules of {ASKED} questions, nine of ten certified, {ROUNDS} rounds, warm; "
        "median ms (range). The floor counts every certification once, in an index."
    ]
    for kind in ("SQLite", "PostgreSQL"):
        found = {size: _measured(kind, size) for size in SIZES}
        head = (kind, *(f"{size:,} learners" for size in SIZES), "growth", "× the floor")
        lines += ["", row(head), row(("---",) * len(head))]
        floor = statistics.median(found[SIZES[-1]]["the floor"])
        for name in found[SIZES[0]]:
            small, large = (found[size][name] for size in SIZES)
            ratios = statistics.median(large) / statistics.median(small), statistics.median(large) / floor
            told = (spread(small, "{:.1f}"), spread(large, "{:.1f}"), *(f"{one:.2f}" for one in ratios))
            lines.append(row((name, *told)))
    return "\n".join(lines)


def _measured(kind: str, size: int) -> dict[str, list[float]]:
    with database(kind):
        with db.transaction(system()) as session:
            company = make_company(session)
        by = system(company.id)
        made = crowd(by, learners=size, asked=ASKED)
        with db.writer().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        found = {name: _times(by, read) for name, read in asked(made, size).items()}
        principal, seller = _contact(by, made, ContactRole.PRINCIPAL), _contact(by, made, ContactRole.SALESPERSON)
        found["a learner's own list"] = _times(seller, my_modules.my_modules)
        found["a principal's team"] = _times(principal, own_queries.team_training)
        found["a principal's figures"] = _times(principal, own_queries.team_figures)
        return found


def asked(made: Crowd, size: int) -> dict[str, Read]:
    """What staff ask, by what the table calls it."""
    pages = -(-size * MODULES // 50)
    return {
        "the floor": _floor,
        "the whole page": lambda session: team_queries.overview(session, group=Group.MODULE),
        "the whole page, one reseller": _of_one(made),
        "team: first page": _team(),
        "team: last page": lambda session: team_page(session, Asked(), page=_last(session, pages)),
        "team: missing": _team(where=Where.MISSING),
        "team: expiring": _team(where=Where.EXPIRING),
        "team: one reseller": _team(partner_id=made.partners[7]),
        "team: one module": _team(module_id=made.modules[7]),
        "team: one role": _team(role="technical"),
        "team: a name": _team(text="Person 0042"),
        "team: part of every name": _team(text="person"),
        "figures": lambda session: figures_of(session, Asked()),
        "figures of one reseller": lambda session: figures_of(session, Asked(made.partners[7])),
        "by module": _by(Group.MODULE),
        "by reseller": _by(Group.PARTNER),
        "by role": _by(Group.ROLE),
        "list of modules": queries.modules,
        "statistics of a quiz's items": lambda session: queries.item_statistics(session, made.modules[7]),
    }


def _floor(session: Any) -> None:
    """The least that a sum of them all costs: each certification is counted once, in an index."""
    session.scalar(select(func.count(Certification.expires_at)).where(Certification.is_current))


def _of_one(made: Crowd) -> Read:
    return lambda session: team_queries.overview(session, group=Group.MODULE, partner_id=made.partners[7])


def _team(**asked: Any) -> Read:
    return lambda session: team_page(session, Asked(**asked), page=1)


def _by(group: Group) -> Read:
    return lambda session: standings_of(session, Asked(), modules_asked(session, Asked()), group=group)


_known: dict[int, int] = {}


def _last(session: Any, pages: int) -> int:
    """The number of the last page, asked once."""
    if pages not in _known:
        _known[pages] = team_page(session, Asked(), page=1).pages
    return _known[pages]


def _contact(by: Actor, made: Crowd, role: ContactRole) -> Actor:
    person = next(one for one in made.people if one["role"] is role)
    told = {"id": person["id"], "name": person["name"], "partner": person["partner_id"], "contact_role": role}
    return Actor(ActorKind.CONTACT, company=by.company, **told)


def _times(by: Actor, read: Read) -> list[float]:
    return [_spent(by, read) for _ in range(ROUNDS + 3)][3:]


def _spent(by: Actor, read: Read) -> float:
    with db.reading(by) as session:
        began = time.perf_counter()
        read(session)
        return 1_000 * (time.perf_counter() - began)
