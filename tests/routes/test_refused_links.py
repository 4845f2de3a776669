"""A proposal's link that opens nothing: what is said, how often it may be tried, and how to get a new one."""

import pytest
from sqlalchemy import func, select

from core.access.models import AccessSession, Attempt, ProposalLink
from core.actor import system
from core.clock import now
from core.db import Base, reading, transaction
from core.mail.models import Mail
from core.partners.models import Partner
from core.partners.service import code_hash

PLACE = "/partnership/salalah-retail"


def count(model: type[Base]) -> int:
    with reading(system()) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def mails() -> list[Mail]:
    with reading(system()) as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))


class TestRefusals:
    """Each says what is wrong and what to do, with the right status, looked at and pressed alike."""

    def both(self, portal, token, *, place=PLACE):
        looked = portal.get(place, params={"token": token})
        pressed = portal.post(place, data={"token": token})
        assert looked.status_code == pressed.status_code
        assert count(AccessSession) == 0
        return looked

    @pytest.mark.parametrize(
        "damage",
        (
            lambda token: token[:-1],
            lambda token: token[:40],
            lambda token: token + "=",
            lambda token: token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:],
            lambda token: "eyJhbGciOiJub25lIn0." + token.split(".")[1] + ".",
            lambda token: "",
            lambda token: "\x00",
            lambda token: "كلمة",
        ),
    )
    def test_a_changed_or_cut_link(self, portal, token, damage):
        page = self.both(portal, damage(token))
        assert page.status_code == 404
        assert "This link is incomplete or was changed. Copy the whole link from the e-mail" in page.text
        assert "هذا الرابط ناقص أو جرى تغييره" in page.text
        assert "Dhofar" not in page.text
        assert "new-link" not in page.text

    @pytest.mark.parametrize("slug", ("another-partner", "Salalah-Retail", "x" * 200, "%00"))
    def test_a_link_under_another_name(self, portal, token, slug):
        page = self.both(portal, token, place=f"/partnership/{slug}")
        assert page.status_code == 404

    def test_an_expired_link(self, clock, portal, token):
        clock.forward(days=30)
        page = self.both(portal, token)
        assert page.status_code == 410
        assert "This link expired on 22 Dec 2026. Ask Aisha Al Balushi for a new one" in page.text
        assert "Send me a new link" in page.text

    def test_a_link_a_second_before_it_expires(self, clock, portal, token):
        clock.forward(days=30, seconds=-1)
        assert portal.get(PLACE, params={"token": token}).status_code == 200

    def test_a_replaced_link(self, portal, token, issue):
        issue()
        page = self.both(portal, token)
        assert page.status_code == 410
        assert "A newer link was sent on" in page.text
        assert "Send me a new link" in page.text

    def test_a_withdrawn_link(self, clock, portal, aisha, token):
        with transaction(aisha) as session:
            session.scalars(select(ProposalLink)).one().revoked_at = now()
        page = self.both(portal, token)
        assert page.status_code == 410
        assert "Access was withdrawn on 22 Nov 2026. Contact Aisha Al Balushi" in page.text
        assert "new-link" not in page.text

    def test_in_arabic_first_for_an_arabic_browser(self, portal, token):
        page = portal.get(PLACE, params={"token": token[:-1]}, headers={"Accept-Language": "ar-OM,en;q=0.5"})
        assert page.text.index("هذا الرابط ناقص") < page.text.index("This link is incomplete")


class TestLimits:
    def test_the_sixth_failed_press_is_told_when_to_try_again(self, clock, portal, token):
        bad = {"token": token[:-1]}
        assert [portal.post(PLACE, data=bad).status_code for _ in range(6)] == [404] * 5 + [429]
        answer = portal.post(PLACE, data=bad)
        assert 3_500 < int(answer.headers["retry-after"]) <= 3_660
        assert "Too many attempts. Try again at 13:00 (Muscat)" in answer.text
        assert "\u206813:00\u2069 (بتوقيت مسقط)" in answer.text

    def test_a_good_link_opens_all_the_same(self, portal, token):
        for _ in range(7):
            portal.post(PLACE, data={"token": token[:-1]})
        assert portal.post(PLACE, data={"token": token}).status_code == 303

    def test_an_hour_later_it_is_read_again(self, clock, portal, token):
        for _ in range(6):
            portal.post(PLACE, data={"token": token[:-1]})
        clock.forward(hours=1, seconds=1)
        assert portal.post(PLACE, data={"token": token[:-1]}).status_code == 404

    def test_twenty_failures_over_all_partners_are_the_most(self, portal, token):
        places = [f"/partnership/partner-{n}" for n in range(21)]
        assert [portal.post(place, data={"token": "x"}).status_code for place in places] == [404] * 20 + [429]

    def test_looking_is_never_counted(self, portal, token):
        for _ in range(30):
            portal.get(PLACE, params={"token": token[:-1]})
        assert count(Attempt) == 0

    def test_a_claimed_address_changes_nothing(self, portal, token):
        bad = {"token": token[:-1]}
        answers = [portal.post(PLACE, data=bad, headers={"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(6)]
        assert [answer.status_code for answer in answers] == [404] * 5 + [429]

    def test_behind_a_proxy_each_client_has_its_own(self, one_proxy, portal, token):
        def press(forwarded: str) -> int:
            headers = {"X-Forwarded-For": forwarded}
            return int(portal.post(PLACE, data={"token": token[:-1]}, headers=headers).status_code)

        assert [press(f"10.0.0.{n}, 198.51.100.7") for n in range(6)] == [404] * 5 + [429]
        assert press("198.51.100.7, 198.51.100.8") == 404


class TestNewLink:
    def test_goes_to_the_known_address(self, clock, portal, token, published):
        clock.forward(days=31)
        answer = portal.post(f"{PLACE}/new-link", data={"token": token})
        assert answer.status_code == 200
        assert "a new one is on its way to the address the invitation was sent to" in answer.text
        assert published.contact_email in [mail.to_address for mail in mails()]

    def test_answers_alike_for_a_link_nobody_knows(self, clock, portal, token):
        clock.forward(days=31)
        known = portal.post(f"{PLACE}/new-link", data={"token": token})
        unknown = portal.post(f"{PLACE}/new-link", data={"token": "made up"})
        elsewhere = portal.post("/partnership/nobody-here/new-link", data={"token": "made up"})
        assert known.text == unknown.text == elsewhere.text
        assert known.status_code == unknown.status_code == elsewhere.status_code == 200

    def test_is_limited(self, portal, token):
        statuses = [portal.post(f"{PLACE}/new-link", data={"token": token}).status_code for _ in range(11)]
        assert statuses == [200] * 10 + [429]


class TestLegacyCodes:
    @pytest.fixture
    def coded(self, aisha, published) -> str:
        with transaction(aisha) as session:
            session.get_one(Partner, published.id).legacy_code_hash = code_hash(published.id, "OMAN-2024")
        return "OMAN-2024"

    def test_are_not_asked_for_by_default(self, portal, coded):
        assert portal.get(PLACE).status_code == 404
        assert portal.post(PLACE, data={"code": coded}).status_code == 410
        assert count(AccessSession) == 0

    def test_open_while_they_are_accepted(self, codes_accepted, portal, coded):
        assert 'name="code"' in portal.get(PLACE).text
        assert portal.post(PLACE, data={"code": coded, "measured": "yes"}).status_code == 303

    def test_may_be_tried_again_when_they_are_wrong(self, codes_accepted, portal, coded):
        said = portal.post(PLACE, data={"code": "wrong"}).text
        assert "<h1>This code is not right</h1>" in said
        assert "هذا الرمز غير صحيح" in said
        assert f'href="{PLACE}">Try again</a>' in said

    def test_are_counted_before_they_are_compared(self, codes_accepted, portal, coded):
        assert [portal.post(PLACE, data={"code": "wrong"}).status_code for _ in range(5)] == [404] * 5
        assert portal.post(PLACE, data={"code": coded}).status_code == 429
        assert count(AccessSession) == 0
