"""Engagement questions over many visits: ours against DuckDB over the same rows, and how they grow.

One company, 1,000 partners, a year of visits. DuckDB scans a table of its own with the raw rows, all sections in
columns, which is the layout it likes best.
"""

import sqlite3
import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bench.world import Programme, programme, sqlite_database
from core import db
from core.actor import Actor, ActorKind, Role, system
from core.engagement import calls, queries, readers
from core.engagement.filters import Filter
from core.engagement.rebuild import rebuild
from core.engagement.rollups import MS
from core.engagement.times import REACHED_MS, N

PARTNERS = 1_000
DAYS = 365
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 7


@dataclass(frozen=True)
class Measured:
    """Median milliseconds of a question at one size, with their range, and DuckDB's where it was asked the same."""

    question: str
    visits: int
    ours: float
    low: float
    high: float
    duck: float | None


def made_up(count: int, partners: int, rng: np.random.Generator) -> pd.DataFrame:
    """Visits as a frame: partner (index), day (index), nine times in ms."""
    depth = rng.integers(1, N + 1, count)
    ms = np.rint(np.exp(rng.normal(10, 0.9, (count, N)))).astype(np.int64)
    ms[np.arange(N) >= depth[:, None]] = 0
    frame = pd.DataFrame(ms, columns=list(MS))
    frame["partner"] = (partners * rng.power(0.6, count)).astype(int)
    frame["day"] = np.sort(rng.integers(0, DAYS, count))
    return frame


def store(url: str, made: Programme, frame: pd.DataFrame) -> None:
    """Write the visits into the SQLite file as rows of ``visit``."""
    last = date.today()  # noqa: DTZ011
    days = [last - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
    texts = [day.isoformat() for day in days]
    partner_ids, versions = [each.hex for each in made.partners], [each.hex for each in made.versions]
    columns = (
        "id, company_id, partner_id, proposal_version_id, version_number, device, new_device, read_before, came_back,"
        " language, measured, reader, started_at, day, last_seen_at, seq, strip, " + ", ".join(MS)
    )
    rows = (
        (
            uuid.uuid4().hex, made.company.hex, partner_ids[partner], versions[partner], 1, "Chrome on Windows",
            number % 211 == 0, number % 3 > 0, number % 499 == 0, "en", 1, "human",
            f"{texts[day]} 08:00:00.000000", texts[day], f"{texts[day]} 08:10:00.000000", 9, "[]", *ms,
        )
        for number, (partner, day, *ms) in enumerate(
            frame[["partner", "day", *MS]].itertuples(index=False, name=None)
        )
    )  # fmt: skip
    with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
        file.execute("PRAGMA synchronous=OFF")
        file.executemany(f"INSERT INTO visit ({columns}) VALUES ({', '.join('?' * (17 + N))})", rows)
        file.execute("ANALYZE")


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Median, least and most milliseconds of some rounds, after two to warm up."""
    work(), work()
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1_000)
    return statistics.median(spent), min(spent), max(spent)


def duck_of(frame: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    """The same visits in DuckDB."""
    connection = duckdb.connect()
    connection.register("frame", frame)
    connection.execute("CREATE TABLE visit AS SELECT * FROM frame")
    return connection


def duck_questions(days: int) -> dict[str, str]:
    """The questions that DuckDB can be asked in the same words."""
    since = f"day >= {DAYS - days}"
    per_section = ", ".join(
        f"count(*) FILTER ({name} >= {REACHED_MS}), avg({name}) FILTER ({name} >= {REACHED_MS}),"
        f" quantile_disc({name}, [0.5, 0.9, 0.95]) FILTER ({name} >= {REACHED_MS})"
        for name in MS
    )
    reached = " ".join(f"WHEN {name} >= {REACHED_MS} THEN {number}" for number, name in reversed([*enumerate(MS)]))
    means = ", ".join(f"avg({name})" for name in MS)
    whole = " + ".join(MS)
    return {
        "sections": f"SELECT count(*), {per_section} FROM visit WHERE {since}",
        "drop-off": f"SELECT CASE {reached} END AS last, count(*) FROM visit WHERE {since} GROUP BY last",
        "heat map": f"SELECT partner, count(*) AS n, {means} FROM visit WHERE {since} GROUP BY partner"
        " ORDER BY n DESC LIMIT 100",
        "visits per day": f"SELECT day, count(*) FROM visit WHERE {since} GROUP BY day",
        "figures": f"SELECT count(DISTINCT partner), count(*), quantile_disc({whole}, 0.5),"
        f" count(*) FILTER (ms_terms >= {REACHED_MS}) FROM visit WHERE {since}",
    }


def questions(session: Session, made: Programme, days: int) -> dict[str, Callable[[], Any]]:
    """Our questions, all visits of the days unless the name says otherwise."""
    until = date.today()  # noqa: DTZ011
    asked = Filter(until - timedelta(days=days - 1), until)
    one = Filter(asked.since, until, partner_ids=(made.partners[500],))
    return {
        "sections": lambda: queries.sections(session, asked),
        "drop-off": lambda: queries.drop_off(session, asked),
        "heat map": lambda: readers.heat_map(session, asked),
        "visits per day": lambda: queries.visits_per_day(session, asked),
        "figures": lambda: queries.figures(session, asked),
        "never reached terms": lambda: readers.never_reached_terms(session, asked),
        "excluded": lambda: queries.excluded(session, asked),
        "views of every partner": lambda: readers.views_by_partner(session),
        "call list": lambda: calls.call_list(session),
        "came back": lambda: readers.returning(session, asked),
        "forwarded": lambda: readers.forwarded(session, asked),
        "visits of a partner, a page": lambda: readers.visits(session, made.partners[500]),
        "sections of one partner": lambda: queries.sections(session, one),
        "sections of a version": lambda: queries.sections(session, Filter(asked.since, until, version=1)),
    }


def percentile_errors(session: Session, frame: pd.DataFrame, days: int) -> list[float]:
    """How far each section's median, p90 and p95 are from exact, as shares."""
    until = date.today()  # noqa: DTZ011
    found = queries.sections(session, Filter(until - timedelta(days=days - 1), until))
    recent = frame[frame["day"] >= DAYS - days]
    errors = []
    for name, row in zip(MS, found.rows, strict=True):
        spent: NDArray[np.int64] = recent[name].to_numpy()
        there = spent[spent >= REACHED_MS]
        for share, value in ((50, row.median_ms), (90, row.p90_ms), (95, row.p95_ms)):
            exact = float(np.percentile(there, share, method="inverted_cdf"))
            errors.append(abs((value or 0) - exact) / exact)
    return errors


def measure(size: int, days: int = DAYS) -> tuple[list[Measured], float]:
    """Every question at one size, and the largest error of a percentile."""
    with sqlite_database() as url:
        made = programme(PARTNERS)
        frame = made_up(size, PARTNERS, np.random.default_rng(1))
        store(url, made, frame)
        with db.transaction(system()) as session:
            rebuild(session)
        duck = duck_of(frame)
        asked_duck = {name: timed(partial(_ask, duck, sql))[0] for name, sql in duck_questions(days).items()}
        rows = []
        with db.reading(_analyst(made.company)) as session:
            for name, work in questions(session, made, days).items():
                rows.append(Measured(name, size, *timed(work), asked_duck.get(name)))
            return rows, max(percentile_errors(session, frame, days))


def _ask(duck: duckdb.DuckDBPyConnection, sql: str) -> list[Any]:
    return duck.execute(sql).fetchall()


def _analyst(company: UUID) -> Actor:
    return Actor(ActorKind.STAFF, id=company, name="Bench", company=company, role=Role.ANALYST)


def run() -> str:
    """Measure and answer with a section of ``docs/performance.md``."""
    found: dict[str, dict[int, Measured]] = {}
    errors = {}
    for size in SIZES:
        rows, errors[size] = measure(size)
        for row in rows:
            found.setdefault(row.question, {})[size] = row
    return _table(found, errors)


def _table(found: dict[str, dict[int, Measured]], errors: dict[int, float]) -> str:
    head = [
        f"{DAYS} days, one company, {PARTNERS:,} partners, SQLite; median ms of {ROUNDS} rounds (range), warm. DuckDB"
        f" {duckdb.__version__} scans the same visits in memory.",
        "",
        "| question | 10⁴ | 10⁵ | 10⁶ | 10⁶ / 10⁵ | DuckDB 10⁶ | ours / DuckDB |",
        "|---|---|---|---|---|---|---|",
    ]
    lines = []
    for question, by_size in found.items():
        small, middle, large = (by_size[size] for size in SIZES)
        duck = f"{large.duck:.1f}" if large.duck else "–"
        share = f"{large.ours / large.duck:.2f}" if large.duck else "–"
        lines.append(
            f"| {question} | {small.ours:.1f} | {middle.ours:.1f} | {large.ours:.1f} ({large.low:.1f}–{large.high:.1f})"
            f" | {large.ours / middle.ours:.2f} | {duck} | {share} |"
        )
    worst = ", ".join(f"{error:.1%} at {size:,}" for size, error in errors.items())
    tail = ["", f"Largest error of a section's median, p90 or p95 against the exact value: {worst} visits."]
    return "\n".join([*head, *lines, *tail])
