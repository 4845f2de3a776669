"""Many signers at once, in processes of their own: references without a gap, each signature kept once."""

from datetime import timedelta
from time import perf_counter

import pytest
from sqlalchemy import func, select

from core.actor import Actor, system
from core.audit.models import AuditEntry
from core.audit.queries import verification
from core.audit.tags import Tag
from core.db import reading, transaction
from core.mail.messages import Kind
from core.nda import ceremony, service
from core.nda.models import Nda, NdaCounter
from core.nda.signing import Signed
from core.partners.models import Partner
from core.vault.models import Document
from tests.core.nda_acts import NAME, mailed, ready_to_sign, view, visitor
from tests.core.together import line_up, together
from tests.factories import make_partner

ALL = 32


def race(by: Actor, alone: bool) -> tuple[Signed, float]:
    """Press at the same moment as everybody. ``alone``: in one transaction, without the turn."""
    wish = {"signature": NAME, "confirmed_name": False, "consent": True, "text_number": view(by).text_number}
    with reading(by) as session:
        service.prepare(session, **wish)  # type: ignore[arg-type]  # Warm, as a process that serves is.
    line_up()
    began = perf_counter()
    if not alone:
        return ceremony.sign(**wish, by=by), perf_counter() - began  # type: ignore[arg-type]
    with transaction(by) as session:
        return service.sign(session, **wish, by=by), perf_counter() - began  # type: ignore[arg-type]


def raced(database: str, signers: list[Actor], *, alone: bool = False) -> list[tuple[Signed, float]]:
    return together(database, race, signers, [alone] * len(signers))


def counted(by: Actor, kind: type, **equal: object) -> int:
    with reading(system(by.company)) as session:
        return session.scalar(select(func.count()).select_from(kind).filter_by(**equal)) or 0


class TestSignersOfManyPartners:
    @pytest.mark.parametrize("number", (8, pytest.param(ALL, marks=pytest.mark.soak)))
    def test_get_numbers_without_a_gap(self, database, aisha, number):
        with transaction(aisha) as session:
            partners = [make_partner(session, owner_id=aisha.id) for _ in range(number)]
        ends = raced(database, [ready_to_sign(visitor(partner)) for partner in partners])
        assert sorted(done.reference for done, _ in ends) == [f"NDA-{n:05d}" for n in range(1, number + 1)]
        assert not any(done.already for done, _ in ends)
        with reading(aisha) as session:
            assert session.scalars(select(NdaCounter.last)).one() == number
            assert verification(session).intact
            for nda in session.scalars(select(Nda)):
                assert nda.evidence["reference"] == nda.reference
                assert session.get_one(Partner, nda.partner_id).nda_expires_at == nda.expires_at
        assert counted(aisha, Document) == number
        assert len(mailed(aisha, Kind.NDA_SIGNED_RECORD)) == len(mailed(aisha, Kind.NDA_SIGNED_ALERT)) == number
        assert max(seconds for _, seconds in ends) < timedelta(seconds=60).total_seconds()


class TestSignersOfOnePartner:
    @pytest.mark.parametrize("alone", (False, True))
    def test_in_two_tabs_sign_once(self, database, partner, aisha, alone):
        salim = ready_to_sign(visitor(partner))
        ends = raced(database, [salim, salim, salim], alone=alone)
        self.check_once(aisha, ends)

    def test_on_two_devices_sign_once(self, database, partner, aisha):
        ends = raced(database, [ready_to_sign(visitor(partner, device=name)) for name in ("phone", "desk")])
        self.check_once(aisha, ends)

    def check_once(self, aisha, ends):
        assert {(done.reference, done.signed_at) for done, _ in ends} == {("NDA-00001", ends[0][0].signed_at)}
        assert sorted(done.already for done, _ in ends) == [False, *[True] * (len(ends) - 1)]
        assert counted(aisha, Nda) == counted(aisha, Document) == 1
        assert counted(aisha, AuditEntry, tag=Tag.NDA_SIGN.value) == 1
        assert len(mailed(aisha, Kind.NDA_SIGNED_RECORD) + mailed(aisha, Kind.NDA_SIGNED_ALERT)) == 2
