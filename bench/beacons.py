"""The intake of beacons against a route that does nothing in the same process, and against a transaction for each."""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.world import programme, readers, sqlite_database

CONNECTIONS = 32
ROUNDS = 5
SECONDS = 3.0
ROUTES = {
    "/nothing": "a route that does nothing",
    "/seen": "beacons, kept in batches, answered after the commit",
    "/alone": "beacons, a transaction for each",
}
Round = dict[str, float]


def cost_of_a_sync(folder: Path, rounds: int = 50) -> float:
    """Median ms of making one small write durable, here and now."""
    spent = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(rounds):
            began = time.perf_counter()
            file.write(b"x" * 4_096)
            os.fsync(file.fileno())
            spent.append((time.perf_counter() - began) * 1_000)
    return statistics.median(spent)


@contextmanager
def server(url: str) -> Iterator[tuple[int, int]]:
    """The bench server in a process of its own; its port and process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "bench.beacon_server:app", "--loop", "uvloop", "--http", "httptools"]
    command += ["--port", str(port), "--log-level", "warning", "--no-access-log"]
    process = subprocess.Popen(command, env={**os.environ, "BENCH_DATABASE": url})
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def cpu_seconds(pid: int) -> float:
    """CPU time a process has used. Unlike requests a second it hardly depends on what else the machine does."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the bench server did not start")


def measure() -> tuple[dict[str, list[Round]], float]:
    """Rounds of every route in turn, and what a sync cost."""
    rounds: dict[str, list[Round]] = {route: [] for route in ROUTES}
    with sqlite_database() as url, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "readers.json"
        file.write_text(json.dumps(readers(programme(100), 320)))
        with server(url) as (port, pid):
            _load(port, "/seen", file, 0)  # Every proposal is read for the first time, and its owner told.
            for number in range(1, ROUNDS + 1):
                for place, route in enumerate(ROUTES):
                    first, used = 2_000 * (number * len(ROUTES) + place), cpu_seconds(pid)
                    found = _load(port, route, file, first)
                    rounds[route].append({**found, "cpu": (cpu_seconds(pid) - used) / found["count"]})
        return rounds, cost_of_a_sync(Path(folder))


def _load(port: int, route: str, file: Path, first: int) -> Round:
    command = [sys.executable, "-m", "bench.beacon_client", str(port), route]
    command += [str(CONNECTIONS), str(SECONDS), str(file), str(first)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: Round = json.loads(done.stdout)
    return found


def run() -> str:
    """Measure and answer with a section of ``docs/performance.md``."""
    rounds, sync = measure()
    floor = rounds["/nothing"]
    lines = [
        f"{CONNECTIONS} keep-alive connections from another process, one server process (uvicorn, uvloop, httptools),"
        f" SQLite, synchronous=FULL; {ROUNDS} rounds in turn, median (range). A sync cost {sync:.2f} ms during the run."
        f" Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        "| route | requests/s | of the floor, round by round | server CPU µs a request | p50 ms | p99 ms |",
        "|---|---|---|---|---|---|",
    ]
    for route, name in ROUTES.items():
        shares = [each["rate"] / other["rate"] for each, other in zip(rounds[route], floor, strict=True)]
        rates = [each["rate"] for each in rounds[route]]
        cpu = [1_000_000 * each["cpu"] for each in rounds[route]]
        p50s, p99s = ([1_000 * each[key] for each in rounds[route]] for key in ("p50", "p99"))
        cells = [_spread(rates, "{:,.0f}"), _spread(shares, "{:.2f}"), _spread(cpu, "{:.0f}")]
        lines.append(f"| {' | '.join([name, *cells, _spread(p50s, '{:.1f}'), _spread(p99s, '{:.1f}')])} |")
    gain = [a["rate"] / b["rate"] for a, b in zip(rounds["/seen"], rounds["/alone"], strict=True)]
    return "\n".join([*lines, "", f"Batches against a transaction for each: {_spread(gain, '{:.1f}')} ×."])


def _spread(values: list[float], shape: str) -> str:
    low, high = min(values), max(values)
    return f"{shape.format(statistics.median(values))} ({shape.format(low)}–{shape.format(high)})"
