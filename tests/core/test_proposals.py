"""Writing, publishing and sending a proposal: whole or not at all, and never over a colleague's words."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.mail.models import Mail
from core.partners.models import Hop, Partner
from core.partners.pipeline import Status
from core.partners.rows import NoContact
from core.proposals import queries, service
from core.proposals.models import ProposalVersion, VersionState
from core.proposals.service import DraftChanged, NoLink, NothingToPublish, NotPublished
from tests.core.proposal_acts import everything, invite, kinds, let_in, publish, rows, save, tags, workbench, written
from tests.factories import make_partner


@pytest.fixture
def published(aisha: Actor, partner: Partner) -> Partner:
    """A partner whose proposal is published."""
    publish(aisha, partner)
    return partner


@pytest.fixture
def other_partner(aisha: Actor) -> Partner:
    """A second partner of the same company."""
    with transaction(aisha) as session:
        return make_partner(session, name="Nizwa Dairy", owner_id=aisha.id)


class TestSaveDraft:
    def test_keeps_the_first_draft(self, aisha, partner, clock):
        assert save(aisha, partner, written(), None) == 1
        bench = workbench(aisha, partner)
        assert bench.content == written()
        assert (bench.draft_number, bench.draft_version, bench.saved_by) == (1, 1, aisha.name)
        assert (bench.saved_at, bench.published) == (clock.now(), None)
        assert tags(aisha) == ["admin:proposal:save"]

    def test_goes_on_from_what_was_read(self, aisha, partner):
        assert save(aisha, partner, written(), None) == 1
        assert save(aisha, partner, written("Better"), 1) == 2
        assert workbench(aisha, partner).content == written("Better")
        assert len(rows(aisha, ProposalVersion)) == 1

    @pytest.mark.parametrize("stale", (None, 1, 3))
    def test_never_overwrites_a_colleague(self, aisha, nora, partner, stale):
        save(nora, partner, written("Nora's"), save(nora, partner, written(), None))
        with pytest.raises(DraftChanged) as refusal:
            save(aisha, partner, written("Aisha's"), stale)
        assert refusal.value.message == (
            "Nora Al Harthy saved this draft while you were writing."
            " Your text is still in the form; compare and save again."
        )
        assert workbench(aisha, partner).content == written("Nora's")

    def test_of_a_draft_that_was_published_meanwhile_is_refused(self, aisha, published):
        with pytest.raises(DraftChanged, match="A colleague"):
            save(aisha, published, written("Late"), 1)

    def test_after_publishing_starts_the_next_version(self, aisha, published):
        assert save(aisha, published, written("Second"), None) == 1
        bench = workbench(aisha, published)
        assert (bench.draft_number, bench.published_number, bench.published) == (2, 1, written())

    @pytest.mark.parametrize("first", (True, False))
    def test_of_many_at_once_one_wins(self, aisha, partner, first):
        start = None if first else save(aisha, partner, written(), None)
        gate = Barrier(6)

        def one(number: int) -> str:
            gate.wait()
            try:
                save(aisha, partner, written(f"Hand {number}"), start)
            except DraftChanged:
                return "refused"
            return f"Hand {number}"

        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(one, range(6)))
        winners = [result for result in results if result != "refused"]
        assert len(winners) == 1
        assert workbench(aisha, partner).content == written(winners[0])

    def test_of_another_companys_partner_finds_nothing(self, outsider, partner):
        with pytest.raises(NotFound):
            save(outsider, partner, written(), None)


class TestDiscard:
    def discard(self, actor: Actor, partner: Partner, version: int) -> None:
        with transaction(actor) as session:
            service.discard_draft(session, partner.id, version=version, by=actor)

    def test_leaves_what_is_published(self, aisha, published):
        self.discard(aisha, published, save(aisha, published, written("Second"), None))
        bench = workbench(aisha, published)
        assert (bench.draft_version, bench.content, bench.published_number) == (None, written(), 1)
        with reading(aisha) as session:
            last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.before, last.after) == ('{"number":2}', '{"draft":null}')

    def test_of_a_draft_somebody_changed_is_refused(self, aisha, nora, partner):
        version = save(aisha, partner, written(), None)
        save(nora, partner, written("Nora's"), version)
        with pytest.raises(DraftChanged, match="Nora Al Harthy"):
            self.discard(aisha, partner, version)
        assert workbench(aisha, partner).content == written("Nora's")

    def test_without_a_draft_is_refused(self, aisha, published):
        with pytest.raises(DraftChanged):
            self.discard(aisha, published, 1)


class TestPublish:
    def test_lets_the_partner_read_the_draft(self, aisha, partner, clock):
        assert publish(aisha, partner) == 1
        bench = workbench(aisha, partner)
        assert (bench.published, bench.published_number, bench.published_at) == (written(), 1, clock.now())
        assert bench.draft_version is None
        assert tags(aisha)[-1] == "admin:proposal:publish"
        assert kinds(aisha) == ["proposal_published"]

    def test_keeps_every_older_version(self, aisha, published):
        publish(aisha, published, written("Second"))
        with reading(aisha) as session:
            found = [(row.number, row.state) for row in queries.versions(session, published.id)]
            assert found == [(2, VersionState.PUBLISHED), (1, VersionState.PUBLISHED)]
            assert queries.version_content(session, published.id, 1) == written()
            with pytest.raises(NotFound, match="This version was not found"):
                queries.version_content(session, published.id, 3)

    def test_without_a_draft_is_refused(self, aisha, published):
        with transaction(aisha) as session, pytest.raises(NothingToPublish) as refusal:
            service.publish(session, published.id, version=1, by=aisha)
        assert refusal.value.message == "There is no draft to publish. Change something first."

    def test_of_other_words_than_were_read_is_refused(self, aisha, nora, partner):
        save(nora, partner, written("Nora's"), save(aisha, partner, written(), None))
        with transaction(aisha) as session, pytest.raises(DraftChanged):
            service.publish(session, partner.id, version=1, by=aisha)
        assert workbench(aisha, partner).published is None

    @pytest.mark.parametrize(("language", "tongue"), (("en", "English"), ("ar", "Arabic")))
    def test_needs_headings_in_the_partners_language(self, aisha, language, tongue):
        with transaction(aisha) as session:
            partner = make_partner(session, language=language)
        version = save(aisha, partner, written(language="ar" if language == "en" else "en"), None)
        with transaction(aisha) as session, pytest.raises(Invalid) as refusal:
            service.publish(session, partner.id, version=version, by=aisha)
        assert refusal.value.message.startswith(f"Give these sections a heading in {tongue} first: Opening, Terms,")


class TestIssue:
    def test_gives_thirty_days_and_moves_the_draft_partner_on(self, aisha, published):
        with transaction(aisha) as session:
            link = service.issue_proposal_token(session, published.id, by=aisha)
            assert service.link_address(published, link).startswith(
                "http://127.0.0.1:8502/partnership/salalah-retail?token=ey"
            )
        assert (link.expires_at - link.issued_at).days == 30
        assert everything(aisha, published)["status"] is Status.PROPOSAL_SENT
        assert tags(aisha)[-2:] == ["admin:partner:move", "admin:proposal_link:issue"]
        assert kinds(aisha) == ["link_issued", "moved", "proposal_published"]

    def test_replaces_the_link_before(self, aisha, published):
        first, second = invite(aisha, published), invite(aisha, published)
        with reading(aisha) as session:
            found = queries.links(session, published.id)
        assert [(row.id, row.state) for row in found] == [(second.id, "in_force"), (first.id, "replaced")]
        assert [bool(row.address) for row in found] == [True, False]

    def test_leaves_a_partner_further_on_where_it_stands(self, aisha, published):
        invite(aisha, published)
        invite(aisha, published)
        assert len(rows(aisha, Hop)) == 1

    def test_before_publishing_is_refused(self, aisha, partner):
        save(aisha, partner, written(), None)
        with transaction(aisha) as session, pytest.raises(NotPublished) as refusal:
            service.issue_proposal_token(session, partner.id, by=aisha)
        assert refusal.value.message == "Publish the proposal before you send it."

    def test_shows_the_address_only_to_those_who_may_send_it(self, aisha, reviewer, published):
        invite(aisha, published)
        with reading(reviewer) as session:
            assert [row.address for row in queries.links(session, published.id)] == [""]


class TestInvitation:
    def test_is_a_link_a_mail_a_move_and_their_records(self, aisha, published):
        link = invite(aisha, published)
        (mail,) = rows(aisha, Mail)
        assert (mail.to_address, mail.key, mail.partner_id) == (
            published.contact_email, f"invitation:{link.id}", published.id
        )  # fmt: skip
        assert (mail.language, mail.reply_to) == ("en", "aisha.al.balushi@dhofar.om")
        assert service.link_address(published, link) in mail.text
        assert everything(aisha, published)["status"] is Status.PROPOSAL_SENT
        assert kinds(aisha) == ["invitation_sent", "link_issued", "moved", "proposal_published"]
        assert tags(aisha)[-3:] == ["admin:partner:move", "admin:proposal_link:issue", "admin:invitation:send"]

    def test_speaks_arabic(self, aisha, published):
        invite(aisha, published, "ar")
        (mail,) = rows(aisha, Mail)
        assert mail.language == "ar"
        assert "صلالة" in mail.text

    def test_without_an_address_is_refused(self, aisha):
        with transaction(aisha) as session:
            partner = make_partner(session, contact_email="")
        publish(aisha, partner)
        with pytest.raises(NoContact, match="Add the contact's e-mail address to the partner first"):
            invite(aisha, partner)


class TestRevoke:
    def revoke(self, actor: Actor, partner: Partner) -> int:
        with transaction(actor) as session:
            return service.revoke_link(session, partner.id, by=actor)

    def test_ends_the_link_and_everybody_who_reads(self, aisha, published, other_partner):
        link = invite(aisha, published)
        secrets = [let_in(aisha, published, link), let_in(aisha, published)]
        elsewhere = let_in(aisha, other_partner)
        assert self.revoke(aisha, published) == 2
        with reading(aisha) as session:
            live = [sessions.find_live(session, secret, kinds=[SessionKind.READER]) for secret in (*secrets, elsewhere)]
            assert [bool(found) for found in live] == [False, False, True]
            assert [row.state for row in queries.links(session, published.id)] == ["revoked"]
        assert tags(aisha)[-1] == "admin:proposal_link:revoke"
        assert kinds(aisha).count("link_revoked") == 1

    def test_without_a_link_in_force_is_refused(self, aisha, published):
        invite(aisha, published)
        self.revoke(aisha, published)
        with pytest.raises(NoLink, match="No link is in force"):
            self.revoke(aisha, published)


class TestList:
    def test_shows_every_partner_with_its_state(self, aisha, published, other_partner):
        link = invite(aisha, published)
        save(aisha, other_partner, written(), None)
        with reading(aisha) as session:
            found, total = queries.proposals(session)
        assert total == 2
        assert [(row.partner, row.published_number, row.link_until) for row in found] == [
            ("Nizwa Dairy", None, None), ("Salalah Retail", 1, link.expires_at)
        ]  # fmt: skip
        assert [row.draft_saved_at is not None for row in found] == [True, False]

    def test_filters_by_name_and_owner_and_pages(self, aisha, nora, published, other_partner):
        with reading(aisha) as session:
            assert [row.partner for row in queries.proposals(session, text="salALah")[0]] == ["Salalah Retail"]
            assert queries.proposals(session, text="%") == ([], 0)
            assert queries.proposals(session, owner_id=nora.id) == ([], 0)
            second, total = queries.proposals(session, page=2, size=1)
            assert ([row.partner for row in second], total) == (["Salalah Retail"], 2)


class TestRoles:
    @pytest.mark.parametrize("act", (
        lambda session, who, id_: service.save_draft(session, id_, content=written(), version=None, by=who),
        lambda session, who, id_: service.discard_draft(session, id_, version=1, by=who),
        lambda session, who, id_: service.publish(session, id_, version=1, by=who),
        lambda session, who, id_: service.issue_proposal_token(session, id_, by=who),
        lambda session, who, id_: service.send_invitation(session, id_, language="en", by=who),
        lambda session, who, id_: service.revoke_link(session, id_, by=who),
    ))  # fmt: skip
    def test_only_an_admin_writes(self, request, published, act: Callable[..., Any]):
        for role in ("reviewer", "analyst", "member"):
            who = request.getfixturevalue(role)
            with transaction(who) as session, pytest.raises(NotAllowed):
                act(session, who, published.id)

    def test_reviewers_and_analysts_read(self, reviewer, analyst, member, published):
        for who in (reviewer, analyst):
            assert workbench(who, published).published == written()
        with pytest.raises(NotAllowed):
            workbench(member, published)
