"""A room's link, from the partner's side: looked at, entered, refused, renewed."""

import re

import pytest
from sqlalchemy import select

from core.access.models import AccessSession, Attempt
from core.actor import Actor, system
from core.db import reading, transaction
from core.partners.models import Partner
from core.timeline.models import TimelineEntry
from front_door.logs import without_secrets
from tests.core.room_acts import rotate, send
from tests.routes.test_entry import PLACE, SCANNERS, count, mails


@pytest.fixture
def room(aisha: Actor, partner: Partner) -> str:
    """The address of a room's link, in force."""
    return f"/portal/{send(aisha, partner)}"


class TestLooking:
    def test_says_whose_room_it_is_and_what_is_in_it_in_both_languages(self, portal, room):
        page = portal.get(room)
        assert page.status_code == 200
        for words in ("Dhofar Systems shares a room with Salalah Retail", "مساحة مشتركة بين أنظمة ظفار وصلالة"):
            assert words in page.text
        for words in ("the documents you share", "What is recorded", "Your contact: Aisha Al Balushi"):
            assert words in page.text
        for button in ("Enter the room", "دخول المساحة"):
            assert f">{button}</button>" in page.text

    def test_is_small_and_needs_no_script(self, portal, room):
        page = portal.get(room)
        assert len(page.content) < 15_000
        assert "<script" not in page.text

    def test_shows_names_as_text(self, portal, aisha, partner, room):
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).name = "<img src=x onerror=alert(1)>"
        assert "<img" not in portal.get(room).text

    def test_is_kept_by_nobody_and_tells_nobody_where_it_came_from(self, portal, room):
        headers = portal.get(room).headers
        assert "no-store" in headers["cache-control"]
        assert headers["referrer-policy"] == "no-referrer"

    @pytest.mark.parametrize("agent", SCANNERS)
    def test_by_scanners_leaves_nothing(self, portal, room, agent):
        before = count(TimelineEntry), len(mails())
        for attempt in range(20):
            method = "HEAD" if attempt % 2 else "GET"
            answer = portal.request(method, room, headers={"User-Agent": agent})
            assert answer.status_code == 200
            assert "set-cookie" not in answer.headers
        assert (count(AccessSession), count(Attempt)) == (0, 0)
        assert (count(TimelineEntry), len(mails())) == before
        assert portal.post(room).status_code == 303

    @pytest.mark.parametrize("extra", ("?confirm=1", "?enter=yes", "?method=POST", "?_method=POST"))
    def test_never_enters_whatever_it_is_asked(self, portal, room, extra):
        assert portal.get(room + extra).status_code == 200
        assert count(AccessSession) == 0

    @pytest.mark.parametrize("method", ("PUT", "DELETE", "PATCH"))
    def test_wants_no_other_method(self, portal, room, method):
        assert portal.request(method, room).status_code == 405
        assert portal.get(f"{room}/new-link").status_code == 405


class TestEntering:
    def test_gives_a_session_and_an_address_without_the_token(self, portal, room):
        answer = portal.post(room)
        assert (answer.status_code, answer.headers["location"]) == (303, "/room")
        with reading(system()) as session:
            opened = session.scalars(select(AccessSession)).one()
        assert (opened.kind, opened.measured, opened.ip) == ("room", False, "203.0.113.9")
        assert opened.device_hash is not None
        assert portal.get("/room").text == "what the gate guards"

    def test_keeps_the_cookies_from_scripts_and_other_sites(self, portal, room):
        answer = portal.post(room)
        cookies = answer.headers.get_list("set-cookie")
        assert [cookie.split("=")[0] for cookie in cookies] == ["pd_portal", "pd_device"]
        for cookie in cookies:
            assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert room.rpartition("/")[2] not in str(answer.headers)

    def test_gives_a_new_session_each_time(self, portal, room):
        assert len({portal.post(room).cookies["pd_portal"] for _ in range(3)}) == 3

    def test_is_refused_from_other_sites(self, portal, room):
        answer = portal.post(room, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403
        assert count(AccessSession) == 0

    def test_is_closed_to_everybody_without_a_session(self, portal, room):
        assert portal.get("/room").status_code == 401


class TestRefusals:
    @pytest.mark.parametrize("damage", ("cut", "changed", "padded", "empty seal", "long"))
    def test_a_changed_or_cut_link(self, portal, room, damage):
        damaged = {
            "cut": room[:-1],
            "changed": room[:-1] + ("A" if room[-1] != "A" else "E"),
            "padded": room + "=",
            "empty seal": room.rpartition(".")[0] + ".",
            "long": room + "x" * 6_000,
        }[damage]
        for answer in (portal.get(damaged), portal.post(damaged)):
            assert answer.status_code == 404
            assert "This link is incomplete or was changed. Copy the whole link from the e-mail" in answer.text
            assert "Salalah" not in answer.text
        assert count(AccessSession) == 0

    def test_a_link_that_was_replaced_offers_the_newest_by_mail(self, portal, aisha, partner, room):
        rotate(aisha, partner)
        newest = send(aisha, partner)
        for answer in (portal.get(room), portal.post(room)):
            assert answer.status_code == 410
            assert "A newer link was sent on" in answer.text
            assert f'action="{room}/new-link"' in answer.text
            assert newest not in answer.text
        answer = portal.post(f"{room}/new-link")
        assert "Look in your inbox" in answer.text
        assert [mail.to_address for mail in mails()] == [partner.contact_email] * 3
        assert newest in mails()[-1].text

    def test_a_link_that_was_taken_away_offers_nothing(self, portal, aisha, partner, room):
        rotate(aisha, partner)
        answer = portal.get(room)
        assert answer.status_code == 410
        assert re.search(r"Access was withdrawn on .* Contact Aisha Al Balushi", answer.text)
        assert "new-link" not in answer.text
        assert "Look in your inbox" in portal.post(f"{room}/new-link").text
        assert len(mails()) == 1

    def test_asking_answers_alike_for_a_link_nobody_knows_and_is_limited(self, portal, room, set_settings):
        unknown = f"{room[:-4]}AAAA/new-link"
        assert portal.post(unknown).text == portal.post(f"{room}/new-link").text
        set_settings(sign_in_links_per_address=2)
        answer = portal.post(unknown)
        assert answer.status_code == 429
        assert "Retry-After" in answer.headers

    def test_links_of_the_two_pages_say_which_one_they_are_for(self, portal, room, token):
        here = portal.get(f"/portal/{token}")
        assert here.status_code == 404
        assert "This link is for the proposal" in here.text
        there = portal.get(PLACE, params={"token": room.rpartition("/")[2]})
        assert there.status_code == 404
        assert "This link is for the partner portal" in there.text
        assert "هذا الرابط خاص ببوابة الشركاء" in there.text
        assert "Dhofar" not in here.text + there.text
        assert portal.post(PLACE, data={"token": room.rpartition("/")[2]}).status_code == 404
        assert count(AccessSession) == 0

    def test_failed_presses_are_counted_and_good_ones_never(self, portal, room):
        answers = [portal.post(room[:-2]).status_code for _ in range(6)]
        assert answers == [404] * 5 + [429]
        assert portal.post(room).status_code == 303


class TestReplacing:
    def test_of_a_hundred_requests_afterwards_none_succeeds(self, portal, aisha, partner, room):
        portal.post(room)
        assert portal.get("/room").status_code == 200
        rotate(aisha, partner)
        for path in ("/room", "/", "/documents/01a2044b-0a6f-7a67-88f6-a6be352708d5", "/_stcore/health"):
            assert {portal.get(path).status_code for _ in range(25)} == {401}, path
        assert portal.post(room).status_code == 410


def test_no_token_stands_in_the_log(portal, aisha, partner, room, capfd: pytest.CaptureFixture[str]) -> None:
    portal.get(room)
    portal.post(room[:-2])
    rotate(aisha, partner)
    portal.post(room)
    said = "".join(capfd.readouterr())
    assert room.rpartition(".")[2] not in said
    assert room.rpartition(".")[2][:-2] not in said


@pytest.mark.parametrize("around", ("GET {} HTTP/1.1", 'url="{}"', "{}/new-link", "{}?lang=ar"))
def test_the_log_takes_a_token_out_wherever_it_stands(room: str, around: str) -> None:
    assert room.rpartition("/")[2] not in without_secrets(around.format(room))
