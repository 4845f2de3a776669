"""Links cannot be forged: every altered, re-signed or borrowed token is refused, in one of a few known ways."""

import time
from collections.abc import Iterable

import pytest

from core.access import tokens
from core.access.models import ProposalLink
from core.access.tokens import LinkAltered, LinkExpired, LinkRefused, WrongPurpose, verified_claims
from core.actor import actor_of
from core.keys import signing_keys
from tests.core.forgeries import a_link, headers_and_claims, mutations, spellings, substitutions


@pytest.fixture
def token() -> str:
    """A valid token."""
    return tokens.spell(a_link())


def accepted(forgeries: Iterable[str]) -> list[str]:
    """Those that were let in; a refusal of another family fails the test by itself."""
    found = []
    for forgery in forgeries:
        try:
            verified_claims(forgery)
        except LinkRefused:
            continue
        found.append(forgery)
    return found


class TestForging:
    def test_a_valid_token_is_read(self, token):
        assert verified_claims(token)["sub"] == a_link().partner_id.hex

    def test_no_single_character_can_be_changed(self, token):
        tried = list(substitutions(token))
        assert len(tried) > 18_000
        assert accepted(tried) == []

    def test_no_random_change_is_accepted(self, token):
        assert accepted(mutations(token, 20_000)) == []

    @pytest.mark.soak
    def test_no_random_change_is_accepted_in_the_long_run(self, token):
        assert accepted(mutations(token, 200_000)) == []


class TestNamedForgeries:
    """What an attacker, or another page of ours, may come with; looked at by the whole way in, database included."""

    @pytest.fixture
    def link(self, session, partner) -> ProposalLink:
        """A link in force."""
        return tokens.issue(session, partner.id, by=actor_of(session))

    def test_there_are_many(self, token):
        assert len(headers_and_claims(token) | spellings(token)) >= 60

    def test_none_is_accepted(self, session, link):
        own = tokens.spell(link)
        assert tokens.read(session, own) is link
        verdicts = {}
        for name, forgery in (headers_and_claims(own) | spellings(own)).items():
            with pytest.raises(LinkRefused) as refusal:
                tokens.read(session, forgery)
            verdicts[name] = type(refusal.value)
        assert {name for name, kind in verdicts.items() if kind is not LinkAltered} == {
            "aud other", "aud list", "aud two", "aud case"
        }  # fmt: skip
        assert verdicts["aud other"] is WrongPurpose

    def test_another_links_token_opens_nothing(self, session, partner):
        never_kept = tokens.spell(a_link(partner_id=partner.id))
        with pytest.raises(LinkAltered):
            tokens.read(session, never_kept)

    def test_a_borrowed_id_opens_nothing(self, session, link):
        with pytest.raises(LinkAltered):
            tokens.read(session, tokens.spell(a_link(id=link.id)))


class TestKeys:
    def test_an_older_key_still_reads_and_the_newest_signs(self, set_settings):
        set_settings(secret_keys=f"one:{'a' * 32}")
        older = tokens.spell(a_link())
        set_settings(secret_keys=f"two:{'b' * 32},one:{'a' * 32}")
        assert verified_claims(older)["jti"] == a_link().id.hex
        assert next(iter(signing_keys())) == "two"

    def test_a_key_that_is_gone_reads_nothing(self, set_settings):
        set_settings(secret_keys=f"one:{'a' * 32}")
        older, link = tokens.spell(a_link()), a_link()
        set_settings(secret_keys=f"two:{'b' * 32}")
        with pytest.raises(LinkAltered):
            verified_claims(older)
        with pytest.raises(LinkExpired):
            tokens.spell(link)

    def test_the_same_key_under_another_name_reads_nothing(self, set_settings):
        set_settings(secret_keys=f"one:{'a' * 32}")
        older = tokens.spell(a_link())
        set_settings(secret_keys=f"two:{'a' * 32}")
        with pytest.raises(LinkAltered):
            verified_claims(older)


class TestSpeed:
    def test_reading_takes_under_a_millisecond(self, token):
        """The 99th percentile of 500; the best of five rounds, since other work may share the machine."""
        assert min(percentile_99(token) for _ in range(5)) < 0.001


def percentile_99(token: str) -> float:
    """Seconds of our own work that all but one in a hundred readings take at most."""
    taken = []
    for _ in range(500):
        began = time.thread_time()
        verified_claims(token)
        taken.append(time.thread_time() - began)
    return sorted(taken)[494]
