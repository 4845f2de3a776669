"""Documents, authorised and on record, against a plain file response in the same process."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.download_client import CONNECTIONS
from bench.served import environment
from bench.spread import row, spread
from bench.world import sqlite_database
from core.actor import Role, system
from core.db import transaction
from core.settings import settings
from tests.core.files import plain_pdf, stream
from tests.core.vault_acts import come_in, upload
from tests.factories import actor_for, make_company, make_partner, make_staff
from tests.servers import SERVE, Process, free_port, wait_until

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "4"))
SIZES = {"50 kB": 50_000, "2 MB": 2_000_000, "12 MB": 12_000_000}


@contextmanager
def served(url: str, folder: Path) -> Iterator[int]:
    """The portal in a process of its own; its port."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    given = environment(url, Path(settings().state_dir)) | {"BENCH_FILES": str(folder)}
    given |= {"ADMIN_URL": address, "PORTAL_URL": address}
    command = [sys.executable, "-m", "uvicorn", "bench.download_server:app", "--port", str(port), *SERVE]
    process = Process("portal", command, environment=given, log=folder / "portal.log")
    process.start()
    try:
        wait_until(lambda: _answers(address), what="the start of the portal", seconds=90)
        yield port
    finally:
        process.stop()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", trust_env=False, timeout=2).is_success
    except httpx.TransportError:
        return False


def _world(folder: Path) -> tuple[str, dict[str, str]]:
    """A partner's document of each size, beside a plain file of the same bytes: a session, and the addresses."""
    with transaction(system()) as session:
        company = make_company(session, name="Bench")
        admin = actor_for(make_staff(session, company, name="Bench Admin", role=Role.ADMIN))
    with transaction(admin) as session:
        partner = make_partner(session)
    found = {}
    for name, size in SIZES.items():
        data = plain_pdf(stream(os.urandom(size - 300), packed=0))
        (folder / str(size)).write_bytes(data)
        found[name] = f"/documents/{upload(admin, partner, name, data, requires_nda=False).id}"
    return come_in(partner), found


def _load(port: int, path: str, secret: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.download_client", str(port), path, secret, str(SECONDS)]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return found


def run() -> str:
    """Measure and answer with a section of ``docs/performance.md``."""
    lines = []
    with sqlite_database() as url, tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        secret, documents = _world(folder)
        with served(url, folder) as port:
            for name, size in SIZES.items():
                rounds = [
                    (_load(port, documents[name], secret), _load(port, f"/partnership/bench/plain/{size}", secret))
                    for _ in range(ROUNDS)
                ]
                lines.append(_line(name, rounds))
    head = [
        f"{CONNECTIONS} keep-alive connections from another process, one portal process (uvicorn, uvloop, httptools),"
        f" SQLite, synchronous=FULL, a local folder; {ROUNDS} rounds of {SECONDS:g} s in turn, median (range). Ours:"
        " session, device and NDA checked, and a download, an audit entry and a timeline entry committed before the"
        f" first byte. Plain: Starlette's FileResponse behind the same gate, nobody asked, nothing kept. Load average"
        f" {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        "| file | ours, files/s | ours, MB/s | plain, MB/s | ours of plain | ours p50 ms | ours p95 ms |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *lines])


def _line(name: str, rounds: list[tuple[dict[str, float], dict[str, float]]]) -> str:
    ours, plain = [one for one, _ in rounds], [other for _, other in rounds]
    shares = spread([one["mb"] / other["mb"] for one, other in rounds], "{:.2f}")
    figures = [spread([each[key] for each in ours]) for key in ("rate", "mb")]
    times = [spread([each[key] for each in ours], "{:.1f}") for key in ("p50", "p95")]
    return row([name, *figures, spread([each["mb"] for each in plain]), shares, *times])
