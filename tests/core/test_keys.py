"""The keys behind links and the audit chain: made once, kept apart, rotated without signing anybody out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core import keys
from core.access import sessions, tokens
from core.access.kinds import SessionKind
from core.actor import Actor, system
from core.db import reading, transaction
from core.partners.models import Partner

KEY = "k" * 32


class TestKeys:
    def test_made_once_and_kept_for_the_owner_alone(self, set_settings: Callable[..., None], tmp_path: Any) -> None:
        set_settings(state_dir=tmp_path / "new")
        first, audit = keys.signing_keys(), keys.audit_key()
        keys.forget()
        assert (keys.signing_keys(), keys.audit_key()) == (first, audit)
        assert first["local"] != audit
        assert {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()} == {
            "signing.key": 0o600,
            "audit.key": 0o600,
        }

    def test_processes_that_start_at_once_agree(self, set_settings: Callable[..., None], tmp_path: Any) -> None:
        set_settings(state_dir=tmp_path)
        with ThreadPoolExecutor(16) as pool:
            found = set(pool.map(lambda _: keys._kept("signing.key"), range(32)))
        assert len(found) == 1

    def test_the_newest_signs_and_the_older_still_verify(
        self, set_settings: Callable[..., None], aisha: Actor, partner: Partner
    ) -> None:
        set_settings(secret_keys=f"old:{KEY}")
        with transaction(aisha) as session:
            token = tokens.spell(tokens.issue(session, partner.id, by=aisha))
        set_settings(secret_keys=f"new:{KEY[::-1]}x, old:{KEY}")
        assert tokens.verified_claims(token)
        with transaction(aisha) as session:
            assert tokens.issue(session, partner.id, by=aisha).key_id == "new"

    def test_a_link_of_a_key_that_is_gone_opens_nothing(
        self, set_settings: Callable[..., None], aisha: Actor, partner: Partner
    ) -> None:
        set_settings(secret_keys=f"old:{KEY}")
        with transaction(aisha) as session:
            token = tokens.spell(tokens.issue(session, partner.id, by=aisha))
        set_settings(secret_keys=f"new:{KEY[:-1]}y")
        with pytest.raises(tokens.LinkAltered):
            tokens.verified_claims(token)

    @pytest.mark.parametrize("given", ("short:abc", f"a:{KEY},b:{'x' * 31}"))
    def test_a_short_key_stops_the_start(self, set_settings: Callable[..., None], given: str) -> None:
        set_settings(secret_keys=given)
        with pytest.raises(ValueError, match="at least 32 bytes"):
            keys.signing_keys()

    def test_rotating_keys_signs_nobody_out(self, set_settings: Callable[..., None], aisha: Actor) -> None:
        set_settings(secret_keys=f"old:{KEY}")
        with transaction(aisha) as session:
            secret = sessions.open_session(session, kind=SessionKind.STAFF, staff_id=aisha.id, by=aisha)
        set_settings(secret_keys=f"new:{KEY[:-1]}z")
        with reading(system()) as session:
            assert sessions.find_live(session, secret, kinds=[SessionKind.STAFF])
