"""Recognising customers: how many of the labelled pairs are told right, and how long one of many takes to be found."""

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import islice, product
from pathlib import Path
from random import Random
from uuid import UUID

from bench.spread import row
from core import db
from core.actor import Actor, system
from core.clock import now
from core.deals.collision import Sighting, compare
from core.deals.lookalikes import find, sighting
from core.deals.models import Customer, Quote
from core.deals.names import key
from core.deals.states import QuoteKind, QuoteStatus
from core.ids import new_id
from core.rows import insert_rows
from tests.core.deal_acts import make_product, make_reseller, make_territory
from tests.customer_pairs import ORGANISATIONS, Side, read
from tests.databases import PostgresCluster, SqliteTemplate
from tests.factories import make_company

Row = dict[str, object]
SIZES = (1_000, 10_000)
ASKED = 200
OWN = [
    "Maha", "Noor", "Waha", "Raha", "Safa", "Marwa", "Rimal", "Jabal", "Bahar", "Nakheel", "Fajr", "Badr",
    "Hilal", "Najm", "Shams", "Qamar", "Rayyan", "Firdaws", "Yaqoot", "Zumurud", "Lulu", "Marjan", "Durra",
    "Jawhara", "Dana", "Amwaj", "Sahil", "Khor", "Wadi", "Falaj", "Sharq", "Ghadeer", "Rawdah", "Bustan",
    "Zahra", "Yasmin", "Rihan", "Hamra", "Khadra", "Zarqa", "Saif", "Darwish", "Harthy", "Hinai", "Balushi",
    "Busaidi", "Lawati", "Kindi", "Rawahi", "Siyabi", "Mamari", "Wahaibi", "Shanfari", "Mahri", "Amri", "Jabri",
    "Riyami",
]  # fmt: skip
FIRST = [
    "Ahmed", "Salim", "Khalid", "Said", "Hamad", "Nasser", "Yusuf", "Majid", "Talal", "Faisal", "Hilal",
    "Sultan", "Badar", "Mazin", "Qais", "Tariq",
]  # fmt: skip
TRADES = [
    "Trading", "Contracting", "Engineering", "Transport", "Foods", "Medical", "Motors", "Steel", "Cement",
    "Hotels", "Farms", "Textiles", "Systems", "Gold",
]  # fmt: skip
PLACES = ("", "Muscat", "Sohar", "Salalah", "Nizwa", "Oman")


@dataclass
class Told:
    """What became of the labelled pairs: by kind, how many were told right, and how many there are."""

    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    found: int = 0
    found_wrongly: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of what was found, the share that is the same."""
        return self.found / (self.found + self.found_wrongly)

    @property
    def recall(self) -> float:
        """Of what is the same, the share that was found."""
        return self.found / (self.found + self.missed)


def told() -> Told:
    """Compare every labelled pair."""
    so_far = Told()
    for pair in read():
        is_found = compare(_seen(pair.a), _seen(pair.b)) is not None
        so_far.of[pair.kind] += 1
        so_far.right[pair.kind] += is_found is pair.same
        so_far.found += is_found and pair.same
        so_far.found_wrongly += is_found and not pair.same
        so_far.missed += pair.same and not is_found
    return so_far


def _seen(side: Side) -> Sighting:
    return sighting(side.name, domain=side.domain, registration_number=side.registration)


def names(count: int) -> list[str]:
    """So many names of organisations, no two the same."""
    every = (
        f"{first} Al {own} {trade} {place}".strip()
        for place, own, trade, first in product(PLACES, OWN, TRADES, ("", *FIRST))
    )
    chosen = list(every)
    Random(7).shuffle(chosen)
    return list(islice(chosen, count))


def fill(count: int) -> tuple[Actor, UUID, UUID]:
    """A company with so many open deals, each of another customer: who looks, a product and a territory."""
    with db.transaction(system()) as session:
        company = make_company(session).id
    by = system(company)
    with db.transaction(by) as session:
        partner = make_reseller(session).id
        ids = make_product(session).id, make_territory(session).id
        customers = [_customer(number, name) for number, name in enumerate(names(count))]
        insert_rows(session, Customer, customers)
        insert_rows(session, Quote, (_deal(number, one, partner, *ids) for number, one in enumerate(customers)))
    return by, *ids


def _customer(number: int, name: str) -> Row:
    return {
        "id": new_id(), "name": name, "key": key(name), "domain": f"customer-{number}.om",
        "registration": str(1_000_000 + number), "added_at": now(),
    }  # fmt: skip


def _deal(
    number: int, customer: dict[str, object], partner: UUID, product_id: UUID, territory_id: UUID
) -> dict[str, object]:
    at = now() - timedelta(minutes=number)
    return {
        "id": new_id(), "kind": QuoteKind.PARTNER_INTENT, "status": QuoteStatus.PENDING, "number": number,
        "reference": f"DI-{number:04d}", "partner_id": partner, "customer_id": customer["id"], "version": 1,
        "product_id": product_id, "territory_id": territory_id, "customer_name": customer["name"],
        "customer_contact": "", "amount": Decimal(100), "currency": "OMR", "close_on": at.date(), "need": "",
        "submitted_at": at, "submitted_key": str(number), "note": "", "decided_by": "", "conditions": "",
    }  # fmt: skip


def timed(
    by: Actor, product_id: UUID, territory_id: UUID, asked: Sequence[str]
) -> tuple[list[float], list[float], int]:
    """How long each customer takes to be looked for and how much of it is work here, in ms; how many were found."""
    taken, worked, found = [], [], 0
    for name in asked:
        with db.reading(by) as session:
            start, cpu = time.perf_counter(), time.process_time()
            collisions = find(session, sighting(name), product_id=product_id, territory_id=territory_id)
            taken.append(1_000 * (time.perf_counter() - start))
            worked.append(1_000 * (time.process_time() - cpu))
        found += bool(collisions)
    return taken, worked, found


def to_ask(count: int) -> list[str]:
    """Customers to look for: those that are there, in both scripts others that are not."""
    there = names(count)[:: max(1, count // (ASKED // 2))]
    others = [name for organisation in ORGANISATIONS for name in organisation[:2]]
    return [*there[: ASKED // 2], *others[: ASKED // 2]]


@contextmanager
def database(kind: str) -> Iterator[None]:
    """A fresh database of a kind that ``core.db`` uses."""
    with tempfile.TemporaryDirectory(prefix="partnerdesk-bench-") as folder:
        if kind == "SQLite":
            fresh = SqliteTemplate.migrated(Path(folder)).copy(Path(folder))
        else:
            fresh = PostgresCluster.started(Path(folder) / "pg").clone()
        with fresh as url:
            db.configure(url)
            yield
            db.dispose()


def run() -> str:
    """Both tables."""
    lines = ["Pairs of customers labelled by hand, `tests/data/customer_pairs.csv`.", ""]
    quality = told()
    lines += [row(("kind of pair", "told right")), row(("---", "---"))]
    lines += [row((kind, f"{quality.right[kind]} of {count}")) for kind, count in quality.of.items()]
    lines += [
        row((f"all {sum(quality.of.values())}", f"precision {quality.precision:.3f}, recall {quality.recall:.3f}")), "",
        f"Looking for one of {ASKED} customers among open deals, each of another customer; budget 100 ms.", "",
        row(("database", "open deals", "median ms", "95 % ms", "slowest ms", "CPU here, median ms", "found")),
        row(("---",) * 7),
    ]  # fmt: skip
    for kind in ("SQLite", "PostgreSQL"):
        for size in SIZES:
            with database(kind):
                taken, worked, found = timed(*fill(size), to_ask(size))
            p95 = statistics.quantiles(taken, n=20)[-1]
            times = (statistics.median(taken), p95, max(taken), statistics.median(worked))
            figures = (*(f"{ms:.0f}" for ms in times), f"{found} of {len(taken)}")
            lines.append(row((kind, f"{size:,}", *figures)))
    return "\n".join(lines)
