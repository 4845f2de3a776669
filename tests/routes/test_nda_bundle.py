"""The evidence of an NDA as a file, out of the admin app."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

import admin_app.routes
from admin_app.nda import bundle_route
from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.db import reading, transaction
from core.nda.models import Nda
from core.partners.models import Partner
from core.vault.intake import take_in
from core.vault.storage import blobs
from tests.core.files import pdf
from tests.core.nda_acts import signed
from tests.core.test_nda_records import recorded
from tests.routes.conftest import _client, gated

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(database: str) -> Iterator[Any]:
    """A browser at the admin app's evidence."""
    door = admin_app.routes.door()
    with _client(gated(door, [bundle_route.route()]), door.address) as client:
        yield client


@pytest.fixture
def nda_id(partner: Partner) -> UUID:
    """A signed NDA."""
    made: UUID = signed(partner).id
    return made


def enter(desk: Any, actor: Actor) -> None:
    with transaction(actor) as session:
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=actor.id, by=actor)
    desk.cookies.set(admin_app.routes.door().cookie, secret)


def taken(actor: Actor) -> int:
    with reading(actor) as session:
        return len(session.scalars(select(AuditEntry.seq).where(AuditEntry.tag == Tag.NDA_EVIDENCE)).all())


def verified(tmp_path: Path, data: bytes) -> subprocess.CompletedProcess[str]:
    """What the command says that stands beside the button."""
    (tmp_path / "NDA-00001-evidence.zip").write_bytes(data)
    command = [sys.executable, "-m", "core.nda", "verify-bundle", str(tmp_path / "NDA-00001-evidence.zip")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_is_checked_by_the_command_and_on_record(desk: Any, aisha: Actor, nda_id: UUID, tmp_path: Path) -> None:
    enter(desk, aisha)
    answer = desk.get(f"/nda/{nda_id}/evidence")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="NDA-00001-evidence.zip"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert taken(aisha) == 1
    found = verified(tmp_path, answer.content)
    assert (found.returncode, "VERIFIED" in found.stdout) == (0, True), found.stdout


def test_of_a_paper_nda_is_checked_too(
    desk: Any, sqlite_database: str, clock: Any, aisha: Actor, partner: Partner, tmp_path: Path
) -> None:
    scan = take_in("scan.pdf", pdf())
    blobs().keep(scan.data)
    nda: Nda = recorded(aisha, partner, scan)
    enter(desk, aisha)
    found = verified(tmp_path, desk.get(f"/nda/{nda.id}/evidence").content)
    assert (found.returncode, "VERIFIED" in found.stdout) == (0, True), found.stdout


@pytest.mark.parametrize("who", ("analyst", "reviewer", "member"))
def test_is_for_who_manages_ndas(
    desk: Any, sqlite_database: str, aisha: Actor, nda_id: UUID, who: str, request: pytest.FixtureRequest
) -> None:
    enter(desk, request.getfixturevalue(who))
    assert desk.get(f"/nda/{nda_id}/evidence").status_code == 403
    assert taken(aisha) == 0


def test_of_another_company_is_not_found(
    desk: Any, sqlite_database: str, aisha: Actor, outsider: Actor, nda_id: UUID
) -> None:
    enter(desk, outsider)
    assert desk.get(f"/nda/{nda_id}/evidence").status_code == 404
    assert (taken(outsider), taken(aisha)) == (0, 0)


def test_nobody_without_a_session_gets_it(desk: Any, sqlite_database: str, aisha: Actor, nda_id: UUID) -> None:
    assert desk.get(f"/nda/{nda_id}/evidence").status_code == 303
    assert taken(aisha) == 0


@pytest.mark.parametrize("method", ("head", "post"))
def test_is_only_got(desk: Any, sqlite_database: str, aisha: Actor, nda_id: UUID, method: str) -> None:
    enter(desk, aisha)
    assert getattr(desk, method)(f"/nda/{nda_id}/evidence").status_code == 405
    assert taken(aisha) == 0


def test_what_is_missing_is_said(desk: Any, sqlite_database: str, aisha: Actor, nda_id: UUID) -> None:
    with transaction(system(aisha.company)) as session:
        session.execute(update(Nda).where(Nda.id == nda_id).values(pdf_sha256="0" * 64))
    enter(desk, aisha)
    answer = desk.get(f"/nda/{nda_id}/evidence")
    assert (answer.status_code, "the document is missing" in answer.text) == (404, True)
    assert taken(aisha) == 0
