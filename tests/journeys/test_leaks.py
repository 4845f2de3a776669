"""No secret that is handed out stands in a log, in the database's records, on an error page or in others' mail."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
import websockets
from sqlalchemy import select

from core.actor import Actor, system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.db import reading, transaction
from core.nda import stepping_aside
from core.partners import room_service
from core.partners.models import Partner
from core.proposals import service as proposals
from tests.journeys.leaks import leaks, mailed_astray, records
from tests.journeys.people import link_in
from tests.journeys.signer import code_in, text_of
from tests.journeys.town import Town, beacon
from tests.servers import wait_until
from tests.wire import connected

ROUNDS = (1, pytest.param(10, marks=pytest.mark.soak))
RAHMA, MAJID = "rahma@nizwacloud.example", "majid@nizwacloud.example"


@pytest.fixture(scope="module", params=ROUNDS)
def lived(town: Town, request: pytest.FixtureRequest) -> Town:
    """The town after people did everything that hands out secrets, and everything that goes wrong with them."""
    for number in range(request.param):
        desks = [_signs_in_by_mail(town, RAHMA), _signs_in_by_mail(town, MAJID)]
        readers = [_is_invited_and_opens(town, which) for which in (0, 1)]
        asyncio.run(_steal(town, town.stack.portal_url, *readers))
        asyncio.run(_steal(town, town.stack.admin_url, *desks))
        _use_and_misuse(town, desks[0], readers[0])
        _ask_with_a_replaced_link(town)
        _comes_into_the_room(town, number)
    return town


def _signs_in_by_mail(town: Town, address: str) -> str:
    with town.browser(town.stack.admin_url) as browser:
        with _mailed(town, address, "/sign-in/") as links:
            assert browser.post("/sign-in", data={"email": address}).is_success
        secret = town.note("sign-in secret", links[-1].rpartition("/")[2], address)
        answer = browser.post(f"/sign-in/{secret}")
        assert browser.post(f"/sign-in/{secret}").status_code == 404
    return "pd_admin=" + town.note("admin's session", answer.cookies["pd_admin"])


def _is_invited_and_opens(town: Town, number: int) -> str:
    partner, chief = town.partners()[number], town.staff("rahma")
    with _mailed(town, partner.contact_email, "token=") as links, transaction(chief) as session:
        proposals.send_invitation(session, partner.id, language="en", by=chief)
    token = links[-1].partition("token=")[2]
    return town.entered(partner, town.note("proposal link", token, partner.contact_email))


@contextmanager
def _mailed(town: Town, address: str, piece: str) -> Iterator[list[str]]:
    """The links in which a piece stands, to the one that was asked for inside; reminders are mailed meanwhile too."""

    def mails() -> list[EmailMessage]:
        return [mail for mail in town.mails.to(address) if piece in text_of(mail)]

    links, before = list[str](), len(mails())
    yield links
    wait_until(lambda: len(mails()) > before, what="the mail", seconds=40)
    links.extend(link_in(mail) for mail in mails())


async def _steal(town: Town, address: str, victim: str, thief: str) -> None:
    """Two pages are open; one person asks for the other's Streamlit session, and a stranger does."""
    async with connected(address, cookie=victim) as tab:
        await tab.rerun()
        town.note("Streamlit session", tab.session_id)
        async with connected(address, cookie=thief, resume=tab.session_id) as other:
            await other.rerun()
            town.note("Streamlit session", other.session_id)
        with pytest.raises(websockets.InvalidStatus):
            async with connected(address, cookie="pd_admin=made-up", resume=tab.session_id):
                pass


def _use_and_misuse(town: Town, desk: str, reader: str) -> None:
    visit, partner = town.visit(reader), town.partners()[0]
    token = town.link(partner)
    with town.browser(town.stack.portal_url, reader) as browser:
        assert browser.post("/seen", content=beacon(visit, 1)).status_code == 204
        assert browser.post("/seen", content=visit.encode() * 90).status_code == 204
        for path in (f"/nowhere?token={token}", f"/partnership/{partner.slug}?token={token[:-1]}", "/media/none"):
            browser.get(path)
        assert browser.put(f"/partnership/{partner.slug}?token={token}").status_code == 405
        assert browser.post(f"/partnership/{partner.slug}", data={"token": token + "="}).status_code == 404
        browser.put("/_stcore/upload_file/x/y", content=token)
        assert browser.post("/leave").is_success
        assert browser.get("/").status_code == 401
    with town.browser(town.stack.admin_url, desk) as browser:
        assert browser.get("/export/audit?format=xlsx").is_success
        for path in ("/export/none", "/mail/none", f"/sign-in/{desk}/x", "/oauth2callback?code=1&state=2"):
            browser.get(path)
        assert browser.put(f"/sign-in/{desk.partition('=')[2]}").status_code == 405


def _ask_with_a_replaced_link(town: Town) -> None:
    """Somebody asks for a new link with one that was replaced; it goes to the contact, never to who asks."""
    partner = town.partners()[2]
    old = town.link(partner)
    town.link(partner)
    with _mailed(town, partner.contact_email, "token=") as links, town.browser(town.stack.portal_url) as browser:
        assert browser.post(f"/partnership/{partner.slug}/new-link", data={"token": old}).is_success
    town.note("proposal link", links[-1].partition("token=")[2], partner.contact_email)


def _comes_into_the_room(town: Town, number: int) -> None:
    """A room's link is used and misused, a code asked for and mistyped, the signing handed over to a colleague."""
    partner = town.new_partner(f"Nizwa {number} Dates", contact="Asma Al Abri")
    token, colleague = town.room_link(partner), f"yusuf{number}@dates.example"
    with town.browser(town.stack.portal_url) as browser:
        answer = browser.post(f"/portal/{token}")
        assert answer.status_code == 303
        town.note("device", answer.cookies["pd_device"])
        secret = town.note("reader's session", answer.cookies["pd_portal"])
        by = town.who(secret)
        with transaction(by) as session:
            room_service.send_device_code(session, language="en", by=by)
        wait_until(lambda: town.mails.to(partner.contact_email), what="the code", seconds=40)
        code = town.note("code", code_in(town.mails.to(partner.contact_email)[-1]), partner.contact_email)
        with transaction(by) as session:
            assert not room_service.prove_device(session, text=code[::-1], by=by).is_right
        for path in (f"/portal/{token}x", f"/portal/{token[:-1]}", f"/nowhere/{code}", f"/documents/{token}"):
            browser.get(path)
        assert browser.get(f"/partnership/{partner.slug}?token={token}").status_code == 404
        assert browser.put(f"/portal/{token}").status_code == 405
        _is_signed_by_a_colleague(town, partner, colleague, by)
        with transaction(town.staff("rahma")) as session:
            room_service.rotate(session, partner.id, by=town.staff("rahma"))
        assert browser.get(f"/portal/{token}").status_code == 410
        assert browser.post(f"/portal/{token}").status_code == 410
        assert browser.post(f"/portal/{token}/new-link").is_success


def _is_signed_by_a_colleague(town: Town, partner: Partner, email: str, by: Actor) -> None:
    """Handed over, opened by the mailed link, and that link misused."""
    with transaction(by) as session:
        stepping_aside.hand_over(session, name="Yusuf Al Abri", email=email, by=by)
    wait_until(lambda: town.mails.to(email), what="the mail", seconds=40)
    token = town.note("handover link", link_in(town.mails.to(email)[-1]).partition("token=")[2], email)
    with town.browser(town.stack.portal_url) as browser:
        answer = browser.post(f"/sign/{partner.slug}/nda", data={"token": token})
        assert answer.status_code == 303
        town.note("reader's session", answer.cookies["pd_portal"])
        town.note("device", answer.cookies["pd_device"])
        for bad in (token[:-1], f"{token}="):
            assert browser.get(f"/sign/{partner.slug}/nda?token={bad}").status_code == 404
        assert browser.post(f"/sign/{partner.slug}/nda", data={"token": token[1:]}).status_code == 404
        assert browser.get(f"/portal/{token}").status_code == 404
        assert browser.put(f"/sign/{partner.slug}/nda?token={token}").status_code == 405


def test_no_secret_is_where_it_does_not_belong(lived: Town) -> None:
    kinds = {one.what for one in lived.issued}
    assert kinds == {"sign-in secret", "admin's session", "proposal link", "reader's session", "device", "visit"} | {
        "Streamlit session", "room link", "handover link", "code",
    }  # fmt: skip
    assert all(len(one.secret) >= 36 for one in lived.issued if one.what != "code")
    assert leaks(lived, lived.stack.logs()) == []
    assert leaks(lived, records(but=("mail",))) == []
    assert len(lived.refusals) >= 10
    assert leaks(lived, "\n".join(lived.refusals)) == []


def test_a_secret_is_mailed_to_its_owner_only(lived: Town) -> None:
    mailed, astray = mailed_astray(lived)
    assert astray == []
    assert mailed >= 5


def test_the_search_finds_what_is_there(lived: Town) -> None:
    link = next(one for one in lived.issued if one.what == "proposal link" and lived.mails.to(one.owner))
    assert "proposal link" in leaks(lived, "x".join(("", link.secret, "")))
    assert "session.mismatch" in lived.stack.logs()
    assert re.search(r'"event": "mail.sent"', lived.stack.logs())
    with reading(system()) as session:
        assert session.scalars(select(AuditEntry.seq).where(AuditEntry.tag == Tag.SESSION_MISMATCH.value)).all()
