"""The booking service's door: signed or refused, whatever else it is told."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from core.db import reading
from core.meetings.cal import signature
from core.meetings.models import Meeting
from tests.core.test_booking import report

SECRET = "whsec-of-this-test"
HOOK = "/hooks/cal"


@pytest.fixture
def hooked(set_settings: Callable[..., None]) -> None:
    """Bookings are taken in; named before ``portal``."""
    set_settings(cal_webhook_secret=SECRET)


def signed(message: bytes, **headers: str) -> dict[str, str]:
    """What the service sends along: no origin of ours, no cookie."""
    return {"X-Cal-Signature-256": signature(SECRET, message), "Origin": "https://cal.com", **headers}


def held(actor) -> int:
    with reading(actor) as session:
        return session.scalar(select(func.count()).select_from(Meeting)) or 0


class TestCal:
    def test_takes_a_booking_in_from_elsewhere(self, clock, hooked, portal, partner, aisha):
        answer = portal.post(HOOK, content=report(), headers=signed(report()))
        assert (answer.status_code, answer.text) == (200, "Meeting set")
        assert held(aisha) == 1

    def test_takes_a_replay_for_what_it_is(self, clock, hooked, portal, partner, aisha):
        for said in ("Meeting set", "Known already"):
            assert portal.post(HOOK, content=report(), headers=signed(report())).text == said
        assert held(aisha) == 1

    @pytest.mark.parametrize("given", ("", "0" * 64, signature("other", report()), signature(SECRET, report() + b" ")))
    def test_refuses_a_signature_that_does_not_match(self, clock, hooked, portal, partner, aisha, given):
        answer = portal.post(HOOK, content=report(), headers={"X-Cal-Signature-256": given})
        assert answer.status_code == 401
        assert held(aisha) == 0

    def test_refuses_an_unsigned_message(self, clock, hooked, portal, partner):
        assert portal.post(HOOK, content=report()).status_code == 401

    def test_is_not_there_without_a_secret(self, clock, portal, partner):
        assert portal.post(HOOK, content=report(), headers=signed(report())).status_code == 404

    def test_is_only_posted_to(self, hooked, portal):
        assert portal.get(HOOK).status_code == 405

    def test_takes_no_more_than_a_report(self, hooked, portal):
        much = b"x" * 300_000
        assert portal.post(HOOK, content=much, headers=signed(much)).status_code == 413

    @pytest.mark.parametrize(
        ("message", "status"), ((b"{}", 200), (b'{"triggerEvent":"PING"}', 200), (b"no json", 422), (b"", 422))
    )
    def test_answers_other_messages(self, clock, hooked, portal, message, status):
        assert portal.post(HOOK, content=message, headers=signed(message)).status_code == status

    def test_answers_well_when_nobody_matches(self, clock, hooked, portal, partner):
        message = report(metadata={})
        assert portal.post(HOOK, content=message, headers=signed(message)).text == "No partner matched"

    def test_opens_no_other_path_to_strangers(self, hooked, portal):
        for path in ("/hooks/cal/x", "/hooks", "/leave"):
            assert portal.post(path, content=b"", headers=signed(b"")).status_code == 403
