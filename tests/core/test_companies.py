"""The company, its modules and its staff: what an admin does, and how staff get in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.actor import Actor, ActorKind, Role, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.companies import queries, service, sign_in
from core.companies.models import Company, Staff
from core.companies.service import CompanySettings
from core.db import Base, reading, transaction
from core.errors import DomainError, Invalid, NotAllowed, NotFound
from core.mail.models import Mail
from core.settings import settings
from core.tenancy import enter
from tests.factories import actor_for, make_staff

VALUES = CompanySettings(name="Dhofar Systems", name_ar="أنظمة ظفار", base_currency="OMR")


def _do(by: Actor, operation: Callable[..., Any], *subject: Any, **details: Any) -> Any:
    with transaction(by) as session:
        return operation(session, *subject, by=by, **details)


def _read(by: Actor, query: Callable[..., Any], *subject: Any) -> Any:
    with reading(by) as session:
        return query(session, *subject)


def _count(model: type[Base], by: Actor | None = None) -> int:
    with reading(by or system()) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def _tags(by: Actor) -> list[str]:
    with reading(by) as session:
        return list(session.scalars(select(AuditEntry.tag).order_by(AuditEntry.seq)))


def _link(staff_id: UUID | None) -> str:
    assert staff_id
    with transaction(system()) as session:
        staff = session.get_one(Staff, staff_id)
        return sign_in.make_link(session, staff, by=enter(session, staff.company_id))


def _spend(secret: str) -> str:
    with transaction(system(ip="203.0.113.7")) as session:
        return sign_in.spend_link(session, secret, by=system(ip="203.0.113.7"))


def _who(secret: str) -> Actor | None:
    with reading(system()) as session:
        return sign_in.who(session, secret)


class TestAddStaff:
    def test_adds_and_mails_how_to_sign_in(self, aisha: Actor) -> None:
        row = _do(aisha, service.add_staff, name=" Huda ", email="Huda@Dhofar.om", role=Role.ANALYST)
        assert (row.name, row.email, row.role, row.company_id) == (
            "Huda",
            "huda@dhofar.om",
            Role.ANALYST,
            aisha.company,
        )
        with reading(aisha) as session:
            mail = session.scalars(select(Mail)).one()
        assert mail.to_address == "huda@dhofar.om"
        assert f"{settings().admin_url}/sign-in" in mail.text
        assert _tags(aisha) == [Tag.STAFF_ADD]

    @pytest.mark.parametrize(
        ("facts", "said"),
        (
            ({"name": "x\r\nBcc: e@x.om"}, "Name cannot contain line breaks."),
            ({"name": "  "}, "Name is missing"),
            ({"email": "huda"}, "does not look like name@company.com"),
        ),
    )
    def test_refuses_what_cannot_be_kept(self, aisha: Actor, facts: dict[str, str], said: str) -> None:
        given = {"name": "Huda", "email": "huda@dhofar.om"} | facts
        with pytest.raises(Invalid) as refusal:
            _do(aisha, service.add_staff, role=Role.ANALYST, **given)
        assert said in refusal.value.message
        assert _count(Mail) == 0

    def test_refuses_an_address_in_use_even_elsewhere(self, aisha: Actor, outsider: Actor) -> None:
        for email in ("aisha.al.balushi@dhofar.om", "LAYLA.al.siyabi@sohar.om"):
            with pytest.raises(service.EmailTaken):
                _do(aisha, service.add_staff, name="Twin", email=email, role=Role.MEMBER)

    def test_nobody_hands_out_what_reaches_beyond_the_company(self, aisha: Actor, analyst: Actor) -> None:
        with pytest.raises(NotAllowed, match="platform admin"):
            _do(aisha, service.add_staff, name="Huda", email="huda@dhofar.om", role=Role.PLATFORM_ADMIN)
        with pytest.raises(NotAllowed, match="platform admin"):
            _do(aisha, service.change_role, analyst.id, role=Role.PLATFORM_ADMIN)

    @pytest.mark.parametrize("who", ("reviewer", "analyst", "member"))
    def test_is_for_admins_alone(self, who: str, database: str, request: pytest.FixtureRequest) -> None:
        by: Actor = request.getfixturevalue(who)
        for operation, details in (
            (service.add_staff, {"name": "Huda", "email": "huda@dhofar.om", "role": Role.MEMBER}),
            (service.switch_partner_portal, {"enabled": True}),
        ):
            with pytest.raises(NotAllowed):
                _do(by, operation, **details)
        for upon in (service.disable_staff, service.enable_staff, service.end_sessions):
            with pytest.raises(NotAllowed):
                _do(by, upon, by.id)


class TestRoles:
    def test_a_new_role_holds_at_the_next_click(self, aisha: Actor, analyst: Actor) -> None:
        secret = _spend(_link(analyst.id))
        _do(aisha, service.change_role, analyst.id, role=Role.MEMBER)
        assert (actor := _who(secret)) is not None
        assert actor.role is Role.MEMBER

    def test_the_last_admin_stays_one(self, aisha: Actor) -> None:
        with pytest.raises(service.LastAdmin):
            _do(aisha, service.change_role, aisha.id, role=Role.ANALYST)
        with pytest.raises(service.LastAdmin):
            _do(aisha, service.disable_staff, aisha.id)

    def test_one_of_two_admins_may_step_down(self, aisha: Actor, nora: Actor) -> None:
        assert _do(aisha, service.change_role, nora.id, role=Role.ANALYST).role is Role.ANALYST
        with pytest.raises(service.LastAdmin):
            _do(aisha, service.change_role, aisha.id, role=Role.ANALYST)

    def test_a_disabled_admin_is_none(self, aisha: Actor, nora: Actor) -> None:
        _do(aisha, service.disable_staff, nora.id)
        with pytest.raises(service.LastAdmin):
            _do(aisha, service.disable_staff, aisha.id)

    def test_two_admins_who_step_down_at_once_leave_one(self, aisha: Actor, nora: Actor) -> None:
        def step_down(pair: tuple[Actor, UUID | None]) -> bool:
            try:
                _do(pair[0], service.change_role, pair[1], role=Role.ANALYST)
            except DomainError:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(step_down, [(aisha, nora.id), (nora, aisha.id)]))
        with reading(aisha) as session:
            assert session.scalar(select(func.count()).where(Staff.role == Role.ADMIN)) == 1

    def test_nobody_of_another_company_is_found(self, aisha: Actor, outsider: Actor) -> None:
        with pytest.raises(NotFound, match="colleague"):
            _do(aisha, service.change_role, outsider.id, role=Role.MEMBER)


class TestDisable:
    def test_ends_the_sessions_and_enabling_needs_a_new_sign_in(self, aisha: Actor, analyst: Actor) -> None:
        secret = _spend(_link(analyst.id))
        assert _who(secret)
        _do(aisha, service.disable_staff, analyst.id)
        assert _who(secret) is None
        _do(aisha, service.enable_staff, analyst.id)
        assert _who(secret) is None
        assert _who(_spend(_link(analyst.id)))
        assert [tag for tag in _tags(aisha) if "staff" in tag] == [Tag.STAFF_DISABLE, Tag.STAFF_ENABLE]

    def test_an_admin_ends_somebodys_sessions(self, aisha: Actor, analyst: Actor) -> None:
        secrets = [_spend(_link(analyst.id)) for _ in range(3)]
        assert _do(aisha, service.end_sessions, analyst.id) == 3
        assert [_who(secret) for secret in secrets] == [None] * 3


class TestSettings:
    def test_are_saved_and_recorded_as_what_changed(self, aisha: Actor, company: Company) -> None:
        changed = CompanySettings(name="Dhofar Group", name_ar="أنظمة ظفار", time_zone="Asia/Dubai", colour="#7a1f3d")
        _do(aisha, service.change_company, changed, version=company.version)
        row = _read(aisha, queries.company)
        assert (row.name, row.time_zone, row.colour, row.version) == ("Dhofar Group", "Asia/Dubai", "#7a1f3d", 2)
        with reading(aisha) as session:
            entry = session.scalars(select(AuditEntry)).one()
        assert '"Dhofar Systems"' in entry.before
        assert "base_currency" not in entry.after

    def test_of_two_who_save_the_second_is_told(self, aisha: Actor, nora: Actor, company: Company) -> None:
        _do(aisha, service.change_company, VALUES, version=company.version)
        _do(aisha, service.change_company, CompanySettings(name="First"), version=company.version)
        with pytest.raises(service.SettingsChanged):
            _do(nora, service.change_company, CompanySettings(name="Second"), version=company.version)
        assert _read(aisha, queries.company).name == "First"

    def test_of_many_who_save_at_once_one_wins(self, aisha: Actor, company: Company) -> None:
        def save(number: int) -> bool:
            try:
                _do(aisha, service.change_company, CompanySettings(name=f"Name {number}"), version=company.version)
            except service.SettingsChanged:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(save, range(16))) == 1
        assert _read(aisha, queries.company).version == 2

    @pytest.mark.parametrize(
        ("facts", "said"),
        (
            ({"name": ""}, "Name is missing"),
            ({"base_currency": "XYZ"}, "XYZ is not a currency"),
            ({"time_zone": "Muscat"}, "Muscat is not a time zone"),
            ({"booking_url": "javascript:alert(1)"}, "Booking link must begin with https://"),
        ),
    )
    def test_refuse_what_cannot_be_used(self, aisha: Actor, company: Company, facts: dict[str, str], said: str) -> None:
        with pytest.raises(Invalid) as refusal:
            _do(aisha, service.change_company, CompanySettings(**{"name": "Dhofar"} | facts), version=company.version)
        assert said in refusal.value.message

    def test_a_module_is_off_until_switched_on(self, aisha: Actor, company: Company) -> None:
        made = _do(system(), service.create_company, CompanySettings(name="New"), slug="new")
        assert made.module_partner_portal_enabled is False
        _do(aisha, service.switch_partner_portal, enabled=False)
        assert _read(aisha, queries.company).module_partner_portal_enabled is False
        assert _tags(aisha) == [Tag.MODULE_SWITCH]

    def test_companies_are_created_by_platform_admins(self, aisha: Actor, company: Company) -> None:
        with pytest.raises(NotAllowed):
            _do(aisha, service.create_company, VALUES, slug="another")
        with transaction(system()) as session:
            staff = make_staff(session, company, name="Pat", role=Role.PLATFORM_ADMIN)
        with pytest.raises(NotAllowed):
            _read(actor_for(staff), queries.team)


class TestTeam:
    def test_says_who_is_signed_in_and_when_they_were_seen(self, aisha: Actor, analyst: Actor, clock: Any) -> None:
        _spend(_link(analyst.id))
        clock.forward(days=1)
        seen = clock.now()
        _spend(_link(analyst.id))
        rows = {row.id: row for row in _read(aisha, queries.team)}
        assert (rows[analyst.id].sessions, rows[analyst.id].seen_at) == (2, seen)
        assert (rows[aisha.id].sessions, rows[aisha.id].seen_at) == (0, None)
        clock.forward(days=29, hours=12)
        assert {row.id: row.sessions for row in _read(aisha, queries.team)}[analyst.id] == 1
        _do(aisha, service.disable_staff, analyst.id)
        last = _read(aisha, queries.team)[-1]
        assert (last.id, last.sessions, last.seen_at) == (analyst.id, 0, seen)

    def test_is_not_for_members(self, member: Actor) -> None:
        with pytest.raises(NotAllowed):
            _read(member, queries.team)

    def test_owners_are_the_enabled(self, aisha: Actor, nora: Actor, analyst: Actor) -> None:
        _do(aisha, service.disable_staff, nora.id)
        assert _read(aisha, queries.owners) == {aisha.id: aisha.name, analyst.id: analyst.name}

    def test_everybody_knows_their_own_address(self, member: Actor) -> None:
        assert _read(member, queries.own_address) == "khalid.al.amri@dhofar.om"

    def test_who_has_no_company_has_nothing_to_read(self, database: str) -> None:
        with pytest.raises(NotFound, match="Sign in again"):
            _read(Actor(ActorKind.SYSTEM), queries.company)
