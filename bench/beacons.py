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
from dataclasses import dataclass
from pathlib import Path

from bench.served import environment
from bench.spread import row, spread
from bench.world import programme, readers, sqlite_database
from core.settings import settings
from tests.servers import SERVE, free_port

CONNECTIONS = 32
ROUNDS = 5
SECONDS = 3.0
INSIDE = "/partnership/bench/nothing/inside"
ALONE = "/partnership/bench/nothing/alone"
"""As in ``bench.beacon_server``."""
ROUTES = {
    "/nothing": "a route that does nothing, in front of the portal",
    INSIDE: "a route that does nothing, in the portal behind its gate",
    "/seen": "beacons behind the gate, in batches, answered after the commit",
    ALONE: "beacons behind the gate, a transaction for each",
}
SLOW_SYNC_MS = 2
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
def server(url: str, *, sync_ms: float = 0) -> Iterator[tuple[int, int]]:
    """The portal in a process of its own; its port and process id."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    given = environment(url, Path(settings().state_dir))  # Whose key signed the visits.
    given |= {"ADMIN_URL": address, "PORTAL_URL": address, "BENCH_SYNC_MS": str(sync_ms)}
    command = [sys.executable, "-m", "uvicorn", "bench.beacon_server:app", "--port", str(port), *SERVE]
    process = subprocess.Popen(command, env=given)
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


@dataclass(frozen=True)
class Measured:
    """Rounds of every route in turn; those of beacons when a commit takes ``SLOW_SYNC_MS`` longer; ms of a sync."""

    rounds: dict[str, list[Round]]
    slow: dict[str, list[Round]]
    sync: float


def measure() -> Measured:
    """Load the portal, at first as the disk is."""
    with sqlite_database() as url, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "readers.json"
        file.write_text(json.dumps(readers(programme(100), 320)))
        rounds = _rounds(url, file, list(ROUTES), first=0)
        slow = _rounds(url, file, ["/seen", ALONE], first=100_000, sync_ms=SLOW_SYNC_MS)
        return Measured(rounds, slow, cost_of_a_sync(Path(folder)))


def _rounds(url: str, file: Path, routes: list[str], *, first: int, sync_ms: float = 0) -> dict[str, list[Round]]:
    found: dict[str, list[Round]] = {route: [] for route in routes}
    with server(url, sync_ms=sync_ms) as (port, pid):
        _load(port, "/seen", file, first)  # Every proposal is read for the first time, and its owner told.
        for number in range(1, ROUNDS + 1):
            for place, route in enumerate(routes):
                used = cpu_seconds(pid)
                one = _load(port, route, file, first + 2_000 * (number * len(routes) + place))
                found[route].append({**one, "cpu": (cpu_seconds(pid) - used) / one["count"]})
    return found


def _load(port: int, route: str, file: Path, first: int) -> Round:
    command = [sys.executable, "-m", "bench.beacon_client", str(port), route]
    command += [str(CONNECTIONS), str(SECONDS), str(file), str(first)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: Round = json.loads(done.stdout)
    return found


def run() -> str:
    """Measure and answer with a section of ``docs/performance.md``."""
    found = measure()
    slow_rate = spread([each["rate"] for each in found.slow["/seen"]])
    head = [
        f"{CONNECTIONS} keep-alive connections from another process, one portal process (uvicorn, uvloop, httptools),"
        f" SQLite, synchronous=FULL; {ROUNDS} rounds in turn, median (range). A sync cost {found.sync:.2f} ms during"
        f" the run. Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        "| route | requests/s | of the idle one behind the gate | server CPU µs a request | p50 ms | p99 ms |",
        "|---|---|---|---|---|---|",
    ]
    lines = [_line(name, found.rounds[route], found.rounds[INSIDE]) for route, name in ROUTES.items()]
    tail = [
        "",
        f"Beacons against the route in front of the portal: {_share(found.rounds, '/seen', '/nothing')}. Batches"
        f" against a transaction for each: {_share(found.rounds, '/seen', ALONE)} ×; where each commit takes"
        f" {SLOW_SYNC_MS} ms longer: {_share(found.slow, '/seen', ALONE)} ×, {slow_rate} beacons/s.",
    ]
    return "\n".join([*head, *lines, *tail])


def _line(name: str, rounds: list[Round], floor: list[Round]) -> str:
    shares = [each["rate"] / other["rate"] for each, other in zip(rounds, floor, strict=True)]
    times = [spread([1_000 * each[key] for each in rounds], "{:.1f}") for key in ("p50", "p99")]
    cpu = spread([1_000_000 * each["cpu"] for each in rounds])
    return row([name, spread([each["rate"] for each in rounds]), spread(shares, "{:.2f}"), cpu, *times])


def _share(rounds: dict[str, list[Round]], one: str, other: str) -> str:
    return spread([a["rate"] / b["rate"] for a, b in zip(rounds[one], rounds[other], strict=True)], "{:.2f}")
