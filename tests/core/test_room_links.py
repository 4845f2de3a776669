"""Links to rooms cannot be forged, have one spelling, and die with their epoch or key."""

import random
from uuid import UUID

import pytest

from core.access import room_links, tokens
from core.access.models import RoomLink
from core.access.room_links import LinkForProposal, LinkForRoom, is_for_room, spell, verified
from core.access.tokens import LinkAltered, LinkExpired, LinkRefused
from core.proposals import unlock
from tests.conftest import START
from tests.core.forgeries import ANYTHING, a_link, mutations, sign, substitutions
from tests.core.room_acts import look, send

PARTNER = UUID(int=9 << 64)


def a_room_link(**facts: object) -> RoomLink:
    """A room's link as it is issued, without a database."""
    usual = {"partner_id": PARTNER, "key_id": "local", "epoch": 1, "issued_at": START}
    return RoomLink(**usual | facts)


@pytest.fixture
def token() -> str:
    """A good token."""
    return spell(a_room_link())


def refused(forgery: str) -> type[LinkRefused]:
    """How a token is refused; a refusal of another family fails the test by itself."""
    with pytest.raises(LinkRefused) as refusal:
        verified(forgery)
    return type(refusal.value)


class TestSpelling:
    def test_is_the_same_each_time(self, token):
        assert token == spell(a_room_link(issued_at=START.replace(year=2030)))
        assert (verified(token).partner_id, verified(token).epoch) == (PARTNER, 1)
        assert is_for_room(token)

    def test_tells_partners_and_epochs_apart(self):
        links = [a_room_link(partner_id=UUID(int=n), epoch=epoch) for n in range(50) for epoch in (1, 2, 10)]
        assert len({spell(link) for link in links}) == 150

    def test_has_no_alias(self, token):
        head, seal = token.rsplit(".", 1)
        aliases = {
            token + "=",
            f" {token}",
            f"{token}\n",
            token.upper(),
            f"{head}.{seal}=",
            token.replace(".", ".0", 2),
        }
        aliases |= {f"{head}.{seal[:-1]}{mark}" for mark in "ABCDEFGHabcdefgh0123456789-_" if mark != seal[-1]}
        aliases |= {token.replace(".1.", epoch) for epoch in (".01.", ".+1.", ".1.0.", ".١.", ".1_.")}
        assert [alias for alias in aliases if refused(alias) is not LinkAltered] == []


class TestForging:
    def test_no_single_character_can_be_changed(self, token):
        tried = list(substitutions(token))
        assert len(tried) > 5_000
        assert [forgery for forgery in tried if is_for_room(forgery)] == []

    def test_no_random_change_is_accepted(self, token):
        assert [forgery for forgery in mutations(token, 20_000) if is_for_room(forgery)] == []

    def test_nothing_made_up_is_accepted(self):
        chance = random.Random(7)
        for length in range(200):
            assert refused("".join(chance.choices(ANYTHING, k=length))) is LinkAltered

    def test_the_seal_of_another_epoch_partner_or_key_does_not_fit(self, set_settings):
        set_settings(secret_keys=f"local:{'a' * 32},other:{'b' * 32}")
        head, seal = spell(a_room_link()).rsplit(".", 1)
        for borrowed in ({"epoch": 2}, {"partner_id": UUID(int=1)}, {"key_id": "other"}):
            other_head, other_seal = spell(a_room_link(**borrowed)).rsplit(".", 1)
            assert refused(f"{head}.{other_seal}") is LinkAltered
            assert refused(f"{other_head}.{seal}") is LinkAltered

    def test_no_key_of_nobodys_seals(self):
        for key_id in ("none", "", "..", "../../dev/null", "local\0"):
            assert refused(f"{key_id}.{PARTNER.hex}.1.{'A' * 43}") is LinkAltered

    def test_a_good_token_of_a_partner_without_a_link_opens_nothing(self, session, token):
        with pytest.raises(LinkAltered):
            room_links.read(session, token)


class TestPurpose:
    def test_a_proposals_link_is_told_apart(self):
        assert refused(tokens.spell(a_link())) is LinkForProposal
        assert LinkForProposal().message == "This link is for the proposal. Open it from the e-mail it came in."

    def test_a_proposals_link_that_nobody_signed_is_an_altered_one(self):
        for forgery in mutations(tokens.spell(a_link()), 2_000):
            assert refused(forgery) is LinkAltered

    def test_a_rooms_link_is_told_apart_by_the_proposals_route(self, session, partner, token):
        for slug in (partner.slug, "somebody-else"):
            with pytest.raises(LinkForRoom) as refusal:
                unlock.look(session, slug, token)
            assert refusal.value.status == 404
        assert refusal.value.message.startswith("This link is for the partner portal.")

    def test_a_seal_made_for_a_room_signs_no_proposal(self, session, partner, token):
        forged = sign({"alg": "HS256", "typ": "JWT", "kid": "local"}, {"sub": token})
        with pytest.raises(LinkAltered):
            tokens.read(session, forged)


class TestKeys:
    def test_an_older_key_still_opens_and_new_links_take_the_newest(self, set_settings, session, partner):
        set_settings(secret_keys=f"one:{'a' * 32}")
        link = room_links.issue(session, partner.id)
        older = spell(link)
        set_settings(secret_keys=f"two:{'b' * 32},one:{'a' * 32}")
        assert spell(room_links.issue(session, partner.id)) == older
        assert room_links.is_in_force(link, older)
        room_links.rotate(link)
        assert spell(link).startswith("two.")
        assert not room_links.is_in_force(link, older)

    def test_a_key_that_is_gone_opens_nothing_until_the_link_is_sent_again(self, set_settings, session, partner):
        set_settings(secret_keys=f"one:{'a' * 32}")
        link = room_links.issue(session, partner.id)
        older = spell(link)
        set_settings(secret_keys=f"two:{'b' * 32}")
        assert refused(older) is LinkAltered
        with pytest.raises(LinkExpired):
            spell(link)
        newest = spell(room_links.issue(session, partner.id))
        assert room_links.is_in_force(link, newest)

    def test_the_same_key_under_another_name_opens_nothing(self, set_settings):
        set_settings(secret_keys=f"one:{'a' * 32}")
        older = spell(a_room_link(key_id="one"))
        set_settings(secret_keys=f"two:{'a' * 32}")
        assert refused(older) is LinkAltered

    def test_a_key_may_have_a_dot_in_its_name(self, set_settings):
        set_settings(secret_keys=f"2026.11:{'a' * 32}")
        assert verified(spell(a_room_link(key_id="2026.11"))).key_id == "2026.11"


def test_looking_at_a_rooms_link_by_the_proposals_route_says_which_page_it_is_for(aisha, partner):
    with pytest.raises(LinkForProposal):
        look(tokens.spell(a_link(partner_id=partner.id)))
    assert look(send(aisha, partner)).partner == partner.name
