"""The demo company loads once, whole, and its links work."""

import re

import pytest
from sqlalchemy import func, select

from core.access.models import ProposalLink
from core.actor import ContactRole, system
from core.audit.queries import verification
from core.clock import now
from core.companies.models import Company
from core.companies.sign_in import spend_link
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import catalogue_queries
from core.demo.__main__ import main
from core.demo.load import load
from core.engagement.models import Reader, Visit
from core.partners.models import Hop, Partner
from core.partners.pipeline import Status
from core.proposals.unlock import look
from core.timeline.models import TimelineEntry
from core.vault.models import Document, DocumentSpace, DocumentVersion, Origin, SpaceKind
from core.vault.storage import blobs
from tests.core.contact_acts import enter, person

SLUGS = {"mol", "mocipi", "occi", "ooredoo", "bank-sohar", "usman"}


@pytest.fixture
def demo(sqlite_database: str) -> Company:
    """The demo company."""
    with transaction(system()) as session:
        company = load(session, by=system())
    assert company is not None
    return company


def test_it_has_its_six_partners_with_their_past(demo: Company) -> None:
    with reading(system(demo.id)) as session:
        partners = session.scalars(select(Partner)).all()
        assert {partner.slug for partner in partners} == SLUGS
        assert all(partner.is_demo for partner in partners)
        for partner in partners:
            last = session.scalars(select(Hop).where(Hop.partner_id == partner.id).order_by(Hop.at.desc())).first()
            assert partner.status is (last.to if last else Status.DRAFT)
            assert last is None or partner.status_entered_at == last.at
        newest = session.scalar(select(func.max(TimelineEntry.at)))
        assert newest is not None
        assert newest <= now()
        assert (session.scalar(select(func.count()).where(Visit.reader == Reader.HUMAN)) or 0) > 20
        assert verification(session, company=demo.id).intact


def test_it_sells_in_omans_governorates(demo: Company) -> None:
    with reading(system(demo.id)) as session:
        offered = [one for one in catalogue_queries.products(session) if one.withdrawn_at is None]
        assert 6 <= len(offered) <= 8
        assert {one.currency for one in offered} == {"OMR"}
        assert all(one.name_ar and one.unit and one.unit_ar for one in offered)
        assert len(catalogue_queries.territories(session)) == 11
        assert all(one.counts for one in catalogue_queries.plans(session))


def test_loading_again_changes_nothing(demo: Company) -> None:
    with transaction(system()) as session:
        assert load(session, by=system()) is None
    with reading(system()) as session:
        assert session.scalar(select(func.count()).select_from(Company)) == 1


def test_the_printed_links_let_in(demo: Company, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links"]) == 0
    printed = capsys.readouterr().out
    assert "Rahma Al Shukaili" in printed
    sign_in, proposal = re.search(r"/sign-in/(\S+)", printed), re.search(r"/partnership/(\S+)\?token=(\S+)", printed)
    assert sign_in
    assert proposal
    with transaction(system()) as session:
        assert spend_link(session, sign_in[1], by=system())
    with reading(system()) as session:
        assert look(session, proposal[1], proposal[2]).company == demo.name
    assert (join := re.search(r"/join/(\S+)", printed))
    assert (actor := person(enter(join[1])))
    assert (actor.name, actor.contact_role) == ("Usman Al Raisi", ContactRole.PRINCIPAL)


def test_every_partner_that_was_written_to_has_a_link(demo: Company) -> None:
    with reading(system(demo.id)) as session:
        linked = set(session.scalars(select(ProposalLink.partner_id)))
        written_to = set(session.scalars(select(Partner.id).where(Partner.status != Status.DRAFT)))
    assert linked == written_to


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert "usage" in capsys.readouterr().out


def test_every_document_a_proposal_names_is_in_the_vault(demo: Company) -> None:
    with reading(system()) as session:
        partner = session.scalars(select(Partner).where(Partner.slug == "usman")).one()
        vault = (DocumentSpace.partner_visible_to_id == partner.id, DocumentSpace.kind == SpaceKind.VAULT)
        space = session.scalars(select(DocumentSpace).where(*vault)).one()
        rows = session.scalars(select(Document).where(Document.space_id == space.id, Document.origin == Origin.UPLOAD))
        found = {row.title: row.requires_nda for row in rows}
        version = session.scalars(select(DocumentVersion).limit(1)).one()
    assert list(found.values()).count(True) == 2
    assert len(found) == 4
    assert blobs().read(version.sha256).startswith(b"%PDF-")


def test_two_partners_are_resellers_with_people_of_every_role(demo: Company) -> None:
    with reading(system(demo.id)) as session:
        found = session.execute(
            select(Partner.slug, Contact.role).join(Contact, Contact.partner_id == Partner.id)
        ).all()
        resellers = set(session.scalars(select(Partner.slug).where(Partner.reseller_since.is_not(None))))
    assert resellers == {slug for slug, _ in found} == {"usman", "bank-sohar"}
    assert {role for _, role in found} == set(ContactRole)
