"""The review queue: what a page takes with 1,000 and with 100,000 intents that wait, sorted, filtered and paged."""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bench.spread import row, spread
from core import db
from core.actor import Actor, system
from core.clock import now
from core.deals import queries
from core.deals.models import Customer, Quote
from core.deals.names import key
from core.deals.queries import Sort
from core.deals.states import QuoteKind, QuoteStatus
from core.ids import new_id
from core.rows import insert_rows
from tests.core.deal_acts import make_product, make_reseller, make_territory
from tests.databases import PostgresCluster, SqliteTemplate
from tests.factories import make_company

SIZES = (1_000, 100_000)
ROUNDS = 21
RESELLERS = 200
AT_ONCE = 5_000
ASKED: dict[str, dict[str, Any]] = {
    "opened: the oldest first": {},
    "the newest first": {"descending": True},
    "by amount, the greatest first": {"sort": Sort.AMOUNT, "descending": True},
    "by customer": {"sort": Sort.CUSTOMER},
    "by closing day": {"sort": Sort.CLOSING},
    "page 15": {"page": 15},
    "a reference": {"text": "DI-0042"},
    "a customer's name": {"text": "Customer 42 "},
    "part of every name": {"text": "customer"},
}
"""What is asked, by what the table calls it."""


def run() -> str:
    """Measure on both databases, and answer the tables."""
    lines = [
        f"One company, {RESELLERS} resellers, pages of 50 with their count, {ROUNDS} rounds, warm; median ms (range)."
    ]
    for database in ("SQLite", "PostgreSQL"):
        found = {size: _measured(database, size) for size in SIZES}
        head = (database, *(f"{size:,} intents" for size in SIZES), "ratio")
        lines += ["", row(head), row(("---",) * len(head))]
        for name in found[SIZES[0]]:
            small, large = (found[size][name] for size in SIZES)
            ratio = statistics.median(large) / statistics.median(small)
            lines.append(row((name, spread(small, "{:.1f}"), spread(large, "{:.1f}"), f"{ratio:.2f}")))
    return "\n".join(lines)


@contextmanager
def _database(name: str) -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="partnerdesk-bench-") as folder:
        place = Path(folder)
        fresh = (
            SqliteTemplate.migrated(place).copy(place) if name == "SQLite" else PostgresCluster.started(place).clone()
        )
        with fresh as url:
            db.configure(url)
            yield
            db.dispose()


def _measured(database: str, size: int) -> dict[str, list[float]]:
    with _database(database):
        by, partner, oldest = _filled(size)
        with db.writer().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        asked = ASKED | {"one reseller's": {"partner_id": partner}}
        found = {name: _times(by, filters) for name, filters in asked.items()}
        return found | {"one deal with its evidence": _times_of_one(by, oldest)}


def _times(by: Actor, filters: dict[str, Any]) -> list[float]:
    def ask() -> None:
        with db.reading(by) as session:
            queries.review_queue(session, **filters)

    return [_spent(ask) for _ in range(ROUNDS + 3)][3:]


def _times_of_one(by: Actor, quote_id: UUID) -> list[float]:
    def ask() -> None:
        with db.reading(by) as session:
            queries.intent(session, quote_id)

    return [_spent(ask) for _ in range(ROUNDS + 3)][3:]


def _spent(ask: Any) -> float:
    began = time.perf_counter()
    ask()
    return 1_000 * (time.perf_counter() - began)


def _filled(size: int) -> tuple[Actor, UUID, UUID]:
    """A company with so many intents that wait; who asks, one of its resellers, and the oldest intent."""
    with db.transaction(system()) as session:
        company = make_company(session)
    by, rng = system(company.id), random.Random(size)
    with db.transaction(by) as session:
        things = {"product_id": make_product(session).id, "territory_id": make_territory(session).id}
        partners = [make_reseller(session).id for _ in range(RESELLERS)]
    first = None
    for begin in range(0, size, AT_ONCE):
        customers, quotes = [], []
        for number in range(begin + 1, min(begin + AT_ONCE, size) + 1):
            name, customer = f"Customer {number} of Muscat", new_id()
            customers.append({"id": customer, "name": name, "key": key(name), "added_at": now()})
            quotes.append(_intent(number, size, name, rng) | things | {"customer_id": customer})
            quotes[-1]["partner_id"] = rng.choice(partners)
        first = first or quotes[0]["id"]
        with db.transaction(by) as session:
            insert_rows(session, Customer, customers)
            insert_rows(session, Quote, quotes)
    assert first is not None
    return by, partners[0], first


def _intent(number: int, size: int, name: str, rng: random.Random) -> dict[str, Any]:
    at = now()
    return {
        "id": new_id(), "kind": QuoteKind.PARTNER_INTENT, "status": QuoteStatus.PENDING, "number": number,
        "reference": f"DI-{number:04d}", "customer_name": name, "amount": Decimal(rng.randint(100, 900_000)),
        "currency": "OMR", "close_on": (at + timedelta(days=rng.randint(1, 365))).date(), "need": "Forty seats. " * 5,
        "submitted_at": at - timedelta(minutes=size - number), "submitted_key": f"{number:064d}",
    }  # fmt: skip
