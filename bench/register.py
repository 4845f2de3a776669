"""The register of NDAs: what a page of it takes with 100 and with 10,000 NDAs, filtered and sorted."""

import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bench.spread import row, spread
from bench.world import programme, sqlite_database
from core import db
from core.actor import Actor, system
from core.clock import now
from core.ids import new_id
from core.nda import queries
from core.nda.models import Form, Nda
from core.nda.register import Order
from core.nda.steps import State
from core.rows import insert_rows

SIZES = (100, 10_000)
ROUNDS = 9
ASKED: dict[str, dict[str, Any]] = {
    "newest signed, first page": {},
    "ends first, last page": {"order": Order.EXPIRES, "descending": False, "page": 10**9},
    "by partner, first page": {"order": Order.PARTNER, "descending": False},
    "expiring only": {"state": State.EXPIRING},
    "on paper only": {"form": Form.PAPER},
    "text that one NDA has": {"text": "NDA-00042"},
    "text that none has": {"text": "nowhere"},
}
"""What is asked, by what the table calls it."""
ONE = "a reference, and a partner's own NDAs"


def run() -> str:
    """Measure, and answer the tables."""
    found = {size: _measured(size) for size in SIZES}
    small, large = (found[size] for size in SIZES)
    lines = [
        row((name, *(spread(found[size][name], "{:.1f}") for size in SIZES), _ratio(small[name], large[name])))
        for name in [*ASKED, ONE]
    ]
    head = [row(("question", *(f"{size:,} NDAs, ms" for size in SIZES), "ratio")), row(["---"] * (len(SIZES) + 2))]
    told = f"One company, SQLite, {ROUNDS} rounds, warm; median ms (range) of a read with its counts by state."
    return "\n".join([told, "", *head, *lines])


def _ratio(small: list[float], large: list[float]) -> str:
    return f"{statistics.median(large) / statistics.median(small):.1f}"


def _measured(size: int) -> dict[str, list[float]]:
    with sqlite_database():
        by, one = _filled(size)

        def asking(**filters: Any) -> Callable[[], object]:
            def ask() -> object:
                with db.reading(by) as session:
                    return queries.register(session, **filters)

            return ask

        def open_one() -> object:
            with db.reading(by) as session:
                return queries.find_by_reference(session, "NDA-00042"), queries.partner_ndas(session, one)

        found = {name: _times(asking(**filters)) for name, filters in ASKED.items()}
        return found | {ONE: _times(open_one)}


def _times(ask: Callable[[], object]) -> list[float]:
    ask()
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        spent.append(1_000 * (time.perf_counter() - began))
    return spent


def _filled(size: int) -> tuple[Actor, UUID]:
    """A company with so many NDAs, one of each partner."""
    made = programme(size)
    by, rng, at = system(made.company), random.Random(size), now()
    rows = [_nda(number, partner, rng, at) for number, partner in enumerate(made.partners, 1)]
    with db.transaction(by) as session:
        insert_rows(session, Nda, rows)
    return by, made.partners[41]


def _nda(number: int, partner: UUID, rng: random.Random, at: datetime) -> dict[str, Any]:
    signed = at - timedelta(days=rng.randint(0, 1_400), seconds=rng.randint(0, 80_000))
    return {
        "id": new_id(), "partner_id": partner, "number": number, "reference": f"NDA-{number:05d}", "form": Form.PAPER,
        "signer_name": f"Signer {number}", "signer_email": f"signer@partner-{number}.om", "recorded_by": "Bench",
        "evidence": {"words": "x" * 4_000}, "evidence_sha256": "0" * 64, "pdf_sha256": "0" * 64, "signed_at": signed,
        "expires_at": signed + timedelta(days=1_095), "superseded_at": at if number % 10 == 0 else None,
    }  # fmt: skip
