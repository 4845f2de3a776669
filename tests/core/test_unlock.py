"""Getting in to a proposal: every refusal with its words and status, and what looking, opening and asking leave."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.access import tokens
from core.access.models import AccessSession, ProposalLink
from core.access.tokens import LinkAltered, LinkExpired, LinkRefused, LinkReplaced, LinkRevoked
from core.actor import Actor, system
from core.audit.models import AuditEntry
from core.contacts import presence
from core.db import reading, transaction
from core.mail.models import Mail
from core.partners.models import Partner
from core.partners.service import set_legacy_code
from core.proposals import queries, service, unlock
from core.proposals.unlock import CodesEnded, CodeWrong, NotReady
from tests.core.proposal_acts import everything, invite, kinds, publish, rows, tags, written
from tests.factories import make_partner

CODE = "SOHAR-2024"
STRANGER = system(ip="198.51.100.4", user_agent="Mozilla/5.0")


@pytest.fixture
def link(aisha: Actor, partner: Partner) -> ProposalLink:
    """The link in force to a published proposal."""
    publish(aisha, partner)
    return invite(aisha, partner)


@pytest.fixture
def old_code(aisha: Actor, partner: Partner, link: ProposalLink) -> str:
    """The partner's access code of an older system."""
    with transaction(aisha) as session:
        set_legacy_code(session, partner.id, code=CODE, by=aisha)
    return CODE


def look(slug: str, token: str) -> unlock.EntryPage:
    with reading(STRANGER) as session:
        return unlock.look(session, slug, token)


def open_by_link(slug: str, token: str, *, measured: bool = True) -> str:
    with transaction(STRANGER) as session:
        return unlock.open_by_link(session, slug, token, measured=measured, device="d", by=STRANGER)


def open_by_code(slug: str, code: str) -> str:
    with transaction(STRANGER) as session:
        return unlock.open_by_code(session, slug, code, measured=False, device="d", by=STRANGER)


def ask(slug: str, token: str) -> None:
    with transaction(STRANGER) as session:
        unlock.ask_for_new_link(session, slug, token, by=STRANGER)


def refusal(way: Callable[..., Any], *given: str) -> tuple[type[LinkRefused], int, str]:
    """How a way in is refused: the kind, the HTTP status and the sentence."""
    with pytest.raises(LinkRefused) as refused:
        way(*given)
    return type(refused.value), refused.value.status, refused.value.message


def revoke(actor: Actor, partner: Partner) -> None:
    with transaction(actor) as session:
        service.revoke_link(session, partner.id, by=actor)


@pytest.mark.parametrize("way", (look, open_by_link))
class TestRefusals:
    def test_of_an_altered_link(self, partner, link, way):
        wording = "This link is incomplete or was changed. Copy the whole link from the e-mail."
        token = tokens.spell(link)
        for altered in (token[:-8], token + "=", "", "a.b.c"):
            assert refusal(way, partner.slug, altered) == (LinkAltered, 404, wording)

    def test_of_a_link_under_another_partners_name(self, aisha, link, way):
        with transaction(aisha) as session:
            other = make_partner(session)
        for slug in (other.slug, "nobody", ""):
            assert refusal(way, slug, tokens.spell(link))[:2] == (LinkAltered, 404)

    def test_of_a_link_that_expired(self, clock, partner, link, way):
        clock.at(link.expires_at - timedelta(seconds=1))
        way(partner.slug, tokens.spell(link))
        clock.at(link.expires_at)
        assert refusal(way, partner.slug, tokens.spell(link)) == (
            LinkExpired, 410, "This link expired on 22 Dec 2026. Ask Aisha Al Balushi for a new one."
        )  # fmt: skip

    def test_of_a_link_that_was_revoked(self, clock, aisha, partner, link, way):
        clock.forward(days=2)
        revoke(aisha, partner)
        clock.forward(days=60)
        assert refusal(way, partner.slug, tokens.spell(link)) == (
            LinkRevoked, 410, "Access was withdrawn on 24 Nov 2026. Contact Aisha Al Balushi."
        )  # fmt: skip

    def test_of_a_link_that_was_replaced(self, clock, aisha, partner, link, way):
        clock.forward(days=1)
        newest = invite(aisha, partner)
        assert refusal(way, partner.slug, tokens.spell(link)) == (
            LinkReplaced, 410,
            "A newer link was sent on 23 Nov 2026. Use the newest e-mail, or ask for a new link.",
        )  # fmt: skip
        way(partner.slug, tokens.spell(newest))

    def test_name_the_company_where_nobody_owns_the_partner(self, clock, aisha, company, way):
        with transaction(aisha) as session:
            partner = make_partner(session, owner_id=None)
        publish(aisha, partner)
        link = invite(aisha, partner)
        clock.at(link.expires_at)
        assert refusal(way, partner.slug, tokens.spell(link))[2].endswith("Ask Dhofar Systems for a new one.")

    def test_of_a_proposal_nobody_published(self, aisha, partner, way):
        with transaction(aisha) as session:
            link = tokens.issue(session, partner.id, by=aisha)
        assert refusal(way, partner.slug, tokens.spell(link)) == (
            NotReady, 410, "This proposal is being written anew. Try again later, or contact Aisha Al Balushi."
        )  # fmt: skip


class TestLook:
    def test_says_who_invites_whom_and_leaves_nothing(self, aisha, partner, link):
        before = everything(aisha, partner)
        page = look(partner.slug, tokens.spell(link))
        assert (page.company, page.partner, page.owner) == ("Dhofar Systems", "Salalah Retail", aisha.name)
        assert (page.partner_ar, page.language) == ("صلالة", "en")
        assert everything(aisha, partner) == before


class TestOpenByLink:
    @pytest.mark.parametrize("measured", (True, False))
    def test_lets_the_reader_see_this_proposal_alone(self, aisha, partner, link, measured):
        secret = open_by_link(partner.slug, tokens.spell(link), measured=measured)
        with reading(system()) as session:
            reader = presence.who(session, secret, ip="198.51.100.4")
        assert reader is not None
        with reading(reader) as session:
            seen = queries.reading(session)
        assert (seen.partner_id, seen.content, seen.link_id) == (partner.id, written(), link.id)
        assert seen.measured is measured
        (visit,) = rows(aisha, AccessSession)
        assert (visit.ip, visit.user_agent) == (STRANGER.ip, STRANGER.user_agent)

    def test_is_recorded_in_the_partners_company(self, aisha, outsider, partner, link):
        open_by_link(partner.slug, tokens.spell(link))
        with reading(aisha) as session:
            last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.tag, last.subject_id, last.ip) == ("partner:proposal:open", partner.id, STRANGER.ip)
        assert tags(outsider) == []

    def test_ends_when_access_is_withdrawn(self, aisha, partner, link):
        secret = open_by_link(partner.slug, tokens.spell(link))
        revoke(aisha, partner)
        with reading(system()) as session:
            assert presence.who(session, secret) is None

    def test_a_strangers_secret_is_nobody(self, partner, link):
        with reading(system()) as session:
            assert presence.who(session, "x" * 43) is None


class TestOpenByCode:
    def test_is_over_unless_the_setting_says_otherwise(self, aisha, partner, old_code):
        before = everything(aisha, partner)
        assert refusal(open_by_code, partner.slug, old_code) == (
            CodesEnded, 410, "Access codes are no longer accepted. Ask the sender for a link."
        )  # fmt: skip
        assert everything(aisha, partner) == before

    def test_opens_under_the_setting(self, set_settings, aisha, partner, old_code):
        set_settings(legacy_proposal_codes_accepted="true", secret_keys="")
        secret = open_by_code(partner.slug, f" {old_code} ")
        with reading(system()) as session:
            reader = presence.who(session, secret)
        assert reader is not None
        assert reader.partner == partner.id
        with reading(aisha) as session:
            last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert last.after == '{"code":true,"measured":false}'

    def test_has_one_wording_for_every_failure(self, set_settings, aisha, partner, old_code):
        set_settings(legacy_proposal_codes_accepted="true")
        with transaction(aisha) as session:
            without, unpublished = make_partner(session), make_partner(session)
            set_legacy_code(session, unpublished.id, code=CODE, by=aisha)
        wording = "This access code is not right. Check it, or ask for a link."
        for slug, code in (
            (partner.slug, "SOHAR-2025"), (partner.slug, ""), ("nobody", CODE), (without.slug, CODE),
            (without.slug, ""), (unpublished.slug, CODE),
        ):  # fmt: skip
            assert refusal(open_by_code, slug, code) == (CodeWrong, 404, wording)
        assert rows(aisha, AccessSession) == []


class TestAskForNewLink:
    @pytest.mark.parametrize("died", ("expired", "replaced"))
    def test_mails_a_new_one_to_the_known_contact_and_tells_the_owner(self, clock, aisha, partner, link, died):
        if died == "expired":
            clock.at(link.expires_at + timedelta(days=1))
        else:
            invite(aisha, partner)
        known = {mail.id for mail in rows(aisha, Mail)}
        ask(partner.slug, tokens.spell(link))
        mails = {mail.kind.value: mail for mail in rows(aisha, Mail) if mail.id not in known}
        assert {kind: mail.to_address for kind, mail in mails.items()} == {
            "link_reissued": partner.contact_email, "link_requested": "aisha.al.balushi@dhofar.om"
        }  # fmt: skip
        (newest,) = [row for row in rows(aisha, ProposalLink) if not row.replaced_at]
        assert service.link_address(partner, newest) in mails["link_reissued"].text
        assert "token=" not in mails["link_requested"].text
        assert tags(aisha)[-1] == "partner:proposal_link:request"
        assert "link_requested" in kinds(aisha)
        look(partner.slug, tokens.spell(newest))

    def test_is_silent_about_what_it_does_not_know(self, aisha, partner, link):
        before = everything(aisha, partner)
        for slug, token in (("nobody", tokens.spell(link)), (partner.slug, "x.y.z"), (partner.slug, "")):
            ask(slug, token)
        assert everything(aisha, partner) == before

    def test_is_silent_about_what_was_withdrawn(self, aisha, partner, link):
        revoke(aisha, partner)
        before = everything(aisha, partner)
        ask(partner.slug, tokens.spell(link))
        assert everything(aisha, partner) == before
