"""The NDAs of the demo are real: sealed, in the vault, and confirmed by the page that checks them."""

import pytest
from sqlalchemy import select

from core.actor import system
from core.audit.queries import verification
from core.companies.models import Company
from core.db import reading, transaction
from core.demo.load import load
from core.nda import queries
from core.nda.models import Instrument, Nda
from core.nda.public import confirm_document, confirm_reference
from core.nda.steps import State
from core.partners.models import Hop, Partner
from core.partners.pipeline import Status
from core.vault.storage import blobs


@pytest.fixture
def demo(sqlite_database: str) -> Company:
    with transaction(system()) as session:
        company = load(session, by=system())
    assert company is not None
    return company


def test_every_partner_that_signed_has_its_own(demo: Company) -> None:
    with reading(system(demo.id)) as session:
        signed = set(session.scalars(select(Hop.partner_id).where(Hop.to == Status.NDA_SIGNED)))
        every = session.scalars(select(Nda).order_by(Nda.number)).all()
        ndas = [nda for nda in every if nda.instrument is Instrument.NDA]
        assert {nda.partner_id for nda in ndas} == signed
        assert len(signed) == 2
        assert [nda.reference for nda in ndas] == ["NDA-00001", "NDA-00002"]
        assert ndas[0].signed_at < ndas[1].signed_at
        for nda in ndas:
            hop = session.scalars(
                select(Hop).where(Hop.partner_id == nda.partner_id, Hop.to == Status.NDA_SIGNED)
            ).one()
            assert hop.at == nda.signed_at
            assert session.get_one(Partner, nda.partner_id).nda_expires_at == nda.expires_at
        assert queries.register(session).counts[State.VALID] == 2
        assert [nda.reference for nda in every if nda not in ndas] == ["RA-00001"]
        assert verification(session).intact


def test_the_public_page_confirms_them(demo: Company) -> None:
    with reading(system()) as session:
        for nda in session.scalars(select(Nda)).all():
            assert confirm_document(session, blobs().read(nda.pdf_sha256)).confirmed
            assert confirm_reference(session, nda.reference, nda.evidence_sha256[:16]).confirmed
