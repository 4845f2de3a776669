"""Where a client came from, as it is kept for evidence."""

import json

from front_door.client import client_of
from front_door.sockets import naming
from tests.test_front_door import scope


class TestOrigin:
    """Where a signer came from, as scripts and evidence are told."""

    def told(self, *args: str) -> dict[str, object]:
        named = naming(scope(*args), client_of(scope(*args)))
        told: dict[str, object] = json.loads(dict(named["headers"])[b"x-partnerdesk-origin"])
        return told

    def test_a_direct_connection_is_its_own_address(self):
        assert self.told("203.0.113.9") == {
            "peer": "203.0.113.9", "forwarded": [], "trusted_proxies": 0, "forwarded_is_sound": True,
            "address": "203.0.113.9",
        }  # fmt: skip

    def test_a_bad_forwarded_header_is_kept_as_it_came_and_nothing_is_made_of_it(self, set_settings):
        set_settings(trusted_proxies=1)
        told = self.told("203.0.113.9", "abc, 999.1.1.1")
        assert told["forwarded"] == ["abc, 999.1.1.1"]
        assert (told["peer"], told["address"], told["forwarded_is_sound"]) == ("203.0.113.9", "", False)

    def test_a_browser_cannot_write_the_header_itself(self):
        forged = scope("203.0.113.9")
        forged["headers"] = [*forged["headers"], (b"x-partnerdesk-origin", b'{"address": "198.51.100.1"}')]
        named = naming(forged, client_of(forged))
        assert [name for name, _ in named["headers"]].count(b"x-partnerdesk-origin") == 1
        assert b"198.51.100.1" not in dict(named["headers"])[b"x-partnerdesk-origin"]
