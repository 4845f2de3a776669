"""The booking page's link names the partner it is for."""

from urllib.parse import parse_qs, urlsplit

import pytest

from core.meetings.links import booking_link


class TestLink:
    @pytest.mark.parametrize("url", ("https://cal.example/team", "https://cal.example/team?month=2026-12&a="))
    def test_names_the_partner_and_keeps_the_rest(self, url):
        asked = parse_qs(urlsplit(booking_link(url, "bank-sohar")).query, keep_blank_values=True)
        assert asked == parse_qs(urlsplit(url).query, keep_blank_values=True) | {"metadata[partner]": ["bank-sohar"]}

    def test_names_one_partner_only(self):
        assert booking_link(booking_link("https://cal.example/x", "a"), "b") == booking_link(
            "https://cal.example/x", "b"
        )

    def test_of_nothing_is_nothing(self):
        assert booking_link("", "bank-sohar") == ""
