"""Lists taken out as files, and a mail looked at in a tab of its own."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import select

import admin_app.routes
from admin_app import exports, mail_preview
from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor
from core.audit.models import AuditEntry
from core.audit.service import record
from core.audit.tags import Tag
from core.db import reading, transaction
from core.mail import messages
from core.mail.brand import Brand
from core.mail.outbox import enqueue
from tests.routes.conftest import _client, gated

LINK = "https://desk.dhofar.om/sign-in/let-me-in"


@pytest.fixture
def desk(database: str) -> Iterator[Any]:
    """A browser at the admin app's files."""
    door = admin_app.routes.door()
    with _client(gated(door, [exports.route(), mail_preview.route()]), door.address) as client:
        yield client


def _enter(desk: Any, actor: Actor) -> str:
    with transaction(actor) as session:
        secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=actor.id, by=actor)
    desk.cookies.set(admin_app.routes.door().cookie, secret)
    return secret


def _act(actor: Actor, tag: Tag, **facts: object) -> None:
    with transaction(actor) as session:
        record(session, tag, by=actor, after=facts)


def _exported(actor: Actor) -> list[str]:
    with reading(actor) as session:
        return list(session.scalars(select(AuditEntry.after).where(AuditEntry.tag == Tag.EXPORT)))


def _mail(actor: Actor) -> UUID:
    name = "<script>alert(1)</script>"
    message = messages.staff_sign_in(Brand("Dhofar"), "huda@dhofar.om", name, link=LINK, minutes=20, language="en")
    with transaction(actor) as session:
        return enqueue(session, message, key="mail").id


class TestExport:
    def test_gives_the_filtered_rows_and_is_recorded(self, desk: Any, aisha: Actor) -> None:
        _act(aisha, Tag.MODULE_SWITCH, name="=1+1")
        _act(aisha, Tag.MAIL_TEST)
        _enter(desk, aisha)
        answer = desk.get("/export/audit?format=csv&act=admin:module:switch")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [(row["Act"], row["Who"]) for row in rows] == [("admin:module:switch", aisha.name)]
        assert answer.headers["content-disposition"].startswith('attachment; filename="audit-')
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        expected = '{"filters":{"act":"admin:module:switch"},"format":"csv","rows":1,"what":"audit"}'
        assert _exported(aisha) == [expected]

    def test_gives_a_workbook(self, desk: Any, analyst: Actor) -> None:
        _act(analyst, Tag.MAIL_TEST)
        _enter(desk, analyst)
        answer = desk.get("/export/audit?format=xlsx")
        page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert (page["A1"].value, page.max_row) == ("Entry", 2)

    def test_nobody_without_a_session_gets_anything(self, desk: Any, aisha: Actor) -> None:
        _act(aisha, Tag.MAIL_TEST)
        assert desk.get("/export/audit").status_code == 303
        secret = _enter(desk, aisha)
        with transaction(aisha) as session:
            sessions.close(session, secret)
        assert desk.get("/export/audit", headers={"Accept": "*/*"}).status_code == 401
        assert _exported(aisha) == []

    @pytest.mark.parametrize("who", ("reviewer", "member"))
    def test_who_may_not_export_gets_nothing(
        self, desk: Any, who: str, request: pytest.FixtureRequest, aisha: Actor
    ) -> None:
        _enter(desk, request.getfixturevalue(who))
        answer = desk.get("/export/audit")
        assert (answer.status_code, aisha.name in answer.text) == (403, False)
        assert "does not allow taking out lists" in answer.text
        assert _exported(aisha) == []

    def test_of_another_company_nothing_is_in_it(self, desk: Any, aisha: Actor, outsider: Actor) -> None:
        _act(outsider, Tag.MAIL_TEST, secret="canary")
        _enter(desk, aisha)
        assert "canary" not in desk.get("/export/audit").text

    @pytest.mark.parametrize("path", ("/export/staff", "/export/audit?format=pdf"))
    def test_what_is_not_offered_is_not_found(self, desk: Any, aisha: Actor, path: str) -> None:
        _enter(desk, aisha)
        assert desk.get(path).status_code == 404

    def test_it_is_only_read(self, desk: Any, aisha: Actor) -> None:
        _enter(desk, aisha)
        assert desk.post("/export/audit").status_code == 405


class TestMailPreview:
    def test_shows_the_mail_where_nothing_runs(self, desk: Any, aisha: Actor) -> None:
        mail = _mail(aisha)
        _enter(desk, aisha)
        answer = desk.get(f"/mail/{mail}")
        assert answer.status_code == 200
        assert LINK in answer.text
        assert "<script>" not in answer.text
        assert answer.headers["cache-control"] == "no-store"

    def test_may_load_and_run_nothing(self, desk: Any, aisha: Actor) -> None:
        mail = _mail(aisha)
        _enter(desk, aisha)
        policies = desk.get(f"/mail/{mail}").headers.get_list("content-security-policy")
        assert any("sandbox" in policy and "default-src 'none'" in policy for policy in policies)

    def test_hides_links_from_who_only_reads(self, desk: Any, aisha: Actor, analyst: Actor) -> None:
        mail = _mail(aisha)
        _enter(desk, analyst)
        answer = desk.get(f"/mail/{mail}")
        assert answer.status_code == 200
        assert "let-me-in" not in answer.text

    def test_is_for_who_reads_mail_of_this_company(
        self, desk: Any, aisha: Actor, reviewer: Actor, outsider: Actor
    ) -> None:
        mail = _mail(aisha)
        for actor, status in ((reviewer, 403), (outsider, 404)):
            _enter(desk, actor)
            answer = desk.get(f"/mail/{mail}")
            assert (answer.status_code, "huda@dhofar.om" in answer.text) == (status, False)

    def test_nothing_else_is_a_mail(self, desk: Any, aisha: Actor) -> None:
        _enter(desk, aisha)
        assert desk.get("/mail/00000000-0000-0000-0000-000000000000").status_code == 404
