"""How staff get in: a link that works once, or a provider that vouches for them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.access.models import AccessSession, SignInLink
from core.actor import Actor, Role, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.companies import service, sign_in
from core.companies.models import Staff
from core.db import Base, reading, transaction
from core.mail.models import Mail
from core.tenancy import enter


def _do(by: Actor, operation: Callable[..., Any], *subject: Any, **details: Any) -> Any:
    with transaction(by) as session:
        return operation(session, *subject, by=by, **details)


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


class TestSignIn:
    def test_a_link_is_mailed_and_only_its_hash_is_kept(self, aisha: Actor) -> None:
        with transaction(system()) as session:
            sign_in.request_link(session, " AISHA.al.balushi@dhofar.om", by=system())
        with reading(system()) as session:
            mail, link = session.scalars(select(Mail)).one(), session.scalars(select(SignInLink)).one()
        secret = mail.secrets[0].rpartition("/")[2]
        assert secret.encode() not in link.secret_hash
        assert _who(_spend(secret)) is not None

    @pytest.mark.parametrize("email", ("nobody@dhofar.om", "not an address", "x\r\nBcc: e@x.om", ""))
    def test_nothing_happens_for_an_address_that_is_not_known(self, aisha: Actor, email: str) -> None:
        with transaction(system()) as session:
            sign_in.request_link(session, email, by=system())
        assert (_count(Mail), _count(SignInLink), _count(AuditEntry)) == (0, 0, 0)

    def test_of_64_who_spend_a_link_at_once_one_gets_in(self, aisha: Actor) -> None:
        secret = _link(aisha.id)

        def spend(_: int) -> str:
            try:
                return _spend(secret)
            except sign_in.SignInLinkDead:
                return ""

        with ThreadPoolExecutor(16) as pool:
            opened = [cookie for cookie in pool.map(spend, range(64)) if cookie]
        assert len(opened) == 1
        assert _count(AccessSession) == 1
        assert _tags(aisha).count(Tag.SIGN_IN) == 1
        assert _who(opened[0]) is not None

    def test_a_link_lasts_twenty_minutes(self, aisha: Actor, clock: Any) -> None:
        early, late = _link(aisha.id), _link(aisha.id)
        clock.forward(seconds=sign_in.LIFETIME.total_seconds() - 1)
        assert _spend(early)
        clock.forward(seconds=1)
        with pytest.raises(sign_in.SignInLinkDead):
            _spend(late)

    @pytest.mark.parametrize("secret", ("", "wrong", "x" * 5_000, "\ud800", "a\0b"))
    def test_a_link_that_never_was_is_dead(self, aisha: Actor, secret: str) -> None:
        with pytest.raises(sign_in.SignInLinkDead):
            _spend(secret)

    def test_a_link_of_somebody_disabled_meanwhile_is_dead(self, aisha: Actor, analyst: Actor) -> None:
        secret = _link(analyst.id)
        _do(aisha, service.disable_staff, analyst.id)
        with pytest.raises(sign_in.SignInLinkDead):
            _spend(secret)

    def test_a_provider_lets_in_whom_we_know(self, aisha: Actor, analyst: Actor) -> None:
        def vouched(email: str) -> str:
            with transaction(system()) as session:
                return sign_in.open_for_email(session, email, by=system())

        assert (actor := _who(vouched(" Aisha.Al.Balushi@dhofar.om "))) is not None
        assert (actor.id, actor.role) == (aisha.id, Role.ADMIN)
        _do(aisha, service.disable_staff, analyst.id)
        for email in ("stranger@dhofar.om", "maryam.al.lawati@dhofar.om", ""):
            with pytest.raises(sign_in.NotStaff):
                vouched(email)
