"""Handing the signing over to a colleague: a link of its own, for that colleague's address and no other."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.access import tokens
from core.access.tokens import LinkAltered, LinkExpired, LinkReplaced, LinkRevoked, WrongPurpose
from core.actor import system
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.errors import Invalid
from core.mail.messages import Kind
from core.nda import handover, service
from core.nda.evidence import Evidence
from core.nda.models import Nda, NdaHandover, NdaSigning, SigningState
from core.nda.readiness import AccessWithdrawn, SignatureUnusable
from core.nda.register import nda as detail
from core.nda.stepping_aside import HandedToSelf, TooManyHandovers
from core.nda.steps import Step
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from tests.core.forgeries import mutations, spellings
from tests.core.nda_acts import (
    back,
    done,
    give_contact,
    handover_link,
    mailed,
    newest_handover,
    press,
    ready_to_sign,
    view,
    visitor,
)

NASSER = {"name": "Nasser Al Busaidi", "email": "nasser@salalah.om", "title": "CEO"}


@pytest.fixture
def salim(clock, partner):
    return visitor(partner)


@pytest.fixture
def token(salim):
    """The link that Nasser was mailed."""
    done(service.hand_over, salim, **NASSER)
    return handover_link(salim)


def look(token: str) -> handover.HandoverPage:
    with reading(system()) as session:
        return handover.look_handover(session, token)


def opened(token: str):
    """Nasser, let in by his link."""
    by = system(ip="203.0.113.20")
    with transaction(by) as session:
        secret = handover.open_handover(session, token, device="tablet", by=by)
    return back(secret)


class TestHandOver:
    def test_mails_a_link_and_ends_the_own_signing(self, salim, partner):
        give_contact(salim)
        done(service.hand_over, salim, **NASSER)
        mail = mailed(salim, Kind.NDA_HAND_OVER)[0]
        assert (mail.to_address, mail.to_name) == ("nasser@salalah.om", "Nasser Al Busaidi")
        assert f"/sign/{partner.slug}/nda?token=" in mail.text
        assert "Salim Al Kindi has named you" in mail.text
        with reading(system(salim.company)) as session:
            assert session.scalars(select(NdaSigning.state)).all() == [SigningState.HANDED_OVER]
            entry = session.scalars(select(TimelineEntry).where(TimelineEntry.kind == Entry.NDA_HANDED_OVER)).one()
            assert (entry.actor_name, entry.facts) == ("Salim Al Kindi", {"signer": "Nasser Al Busaidi"})

    def test_lets_the_colleague_sign_under_that_address(self, token, salim, partner):
        nasser = opened(token)
        seen = view(nasser)
        assert (seen.step, seen.name, seen.title, seen.is_handed_over) == (Step.CONTACT, NASSER["name"], "CEO", True)
        result = press(ready_to_sign(nasser, NASSER["name"]), signature=NASSER["name"])
        assert mailed(nasser, Kind.NDA_SIGNED_RECORD)[0].to_address == "nasser@salalah.om"
        with reading(system(salim.company)) as session:
            said = detail(session, result.id).evidence
        assert isinstance(said, Evidence)
        assert (said.entered_by, said.invited_name) == ("handover_link", NASSER["name"])
        assert view(salim).step is Step.DONE

    def test_leaves_the_contact_free_to_sign_after_all(self, token, salim):
        assert press(ready_to_sign(salim)).reference == "NDA-00001"

    @pytest.mark.parametrize(
        ("wrong", "kind"),
        (({"name": "x"}, SignatureUnusable), ({"email": "nasser"}, Invalid), ({"title": "a\nb"}, Invalid)),
    )
    def test_refuses_what_cannot_be_mailed(self, salim, wrong, kind):
        with pytest.raises(kind):
            done(service.hand_over, salim, **NASSER | wrong)
        assert mailed(salim, Kind.NDA_HAND_OVER) == []

    def test_refuses_the_address_that_is_invited(self, salim, partner):
        with pytest.raises(HandedToSelf):
            done(service.hand_over, salim, **NASSER | {"email": partner.contact_email.upper()})

    def test_is_no_mail_bomb(self, salim):
        for number in range(5):
            done(service.hand_over, salim, **NASSER | {"email": f"n{number}@salalah.om"})
        with pytest.raises(TooManyHandovers):
            done(service.hand_over, salim, **NASSER)
        assert len(mailed(salim, Kind.NDA_HAND_OVER)) == 5


class TestLink:
    def test_shows_who_asks_and_changes_nothing(self, token, partner):
        page = look(token)
        assert (page.slug, page.name, page.email_masked) == (partner.slug, NASSER["name"], "n•••@salalah.om")
        assert (page.asked_by, page.owner) == ("Salim Al Kindi", "Aisha Al Balushi")
        with reading(system(partner.company_id)) as session:
            assert session.scalar(select(func.count()).select_from(NdaSigning)) == 1

    def test_opens_each_time_a_session_of_its_own(self, token):
        first, second = opened(token), opened(token)
        assert first.session != second.session
        give_contact(first, NASSER["name"])
        assert (view(first).step, view(second).step) == (Step.READ, Step.CONTACT)

    def test_has_one_spelling(self, token):
        wrong = [*spellings(token).values(), *mutations(token, 200), "", "a", "a.b.c", token[:-1]]
        with reading(system()) as session:
            for other in wrong:
                with pytest.raises(LinkAltered):
                    handover.look_handover(session, other)

    def test_is_for_nothing_else(self, token, partner):
        with pytest.raises(WrongPurpose):
            tokens.verified_claims(token)
        with pytest.raises(WrongPurpose):
            look(tokens.spell(newest_handover(partner.company_id)))

    def test_expires_after_thirty_days(self, token, clock):
        clock.forward(days=30, seconds=-1)
        look(token)
        clock.forward(seconds=1)
        with pytest.raises(LinkExpired, match="Ask Aisha Al Balushi for a new one"):
            look(token)

    def test_is_replaced_by_a_later_one_to_the_same_person(self, token, salim, clock):
        clock.forward(seconds=2)
        done(service.hand_over, salim, **NASSER)
        with pytest.raises(LinkReplaced):
            look(token)
        look(handover_link(salim))

    def test_dies_when_another_colleague_is_asked(self, token, salim):
        nasser = ready_to_sign(opened(token), NASSER["name"])
        done(service.hand_over, salim, **NASSER | {"email": "badr@salalah.om"})
        with pytest.raises(LinkRevoked):
            look(token)
        with pytest.raises(AccessWithdrawn):
            press(nasser, signature=NASSER["name"])
        with reading(system(salim.company)) as session:
            assert session.scalars(select(Nda)).all() == []

    def test_stays_that_persons_though_begun_anew(self, token):
        nasser = opened(token)
        done(service.decline, nasser, reason="Not now")
        give_contact(nasser, NASSER["name"])
        assert view(nasser).email == "nasser@salalah.om"

    def test_stands_in_no_log_and_no_list(self, token, salim, caplog):
        opened(token)
        with reading(system(salim.company)) as session:
            kept = [str(vars(row)) for row in session.scalars(select(AuditEntry))]
            kept += [str(vars(row)) for row in session.scalars(select(TimelineEntry))]
            kept += [str(vars(row)) for row in session.scalars(select(NdaHandover))]
        assert not any(token in text for text in kept)
        assert token not in caplog.text
        mail = mailed(salim, Kind.NDA_HAND_OVER)[0]
        assert all(token in secret for secret in mail.secrets)


def test_a_link_lasts_as_long_as_a_proposals(token, partner):
    made = newest_handover(partner.company_id)
    assert made.expires_at - made.issued_at == tokens.LIFETIME == timedelta(days=30)
