"""No secret that is handed out stands in a log, in the database's records, on an error page or in others' mail."""

import asyncio
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import websockets
from sqlalchemy import select

from core.actor import system
from core.audit.models import AuditEntry
from core.audit.tags import Tag
from core.db import Base, reading, transaction
from core.proposals import service as proposals
from tests.journeys.people import link_in
from tests.journeys.town import Issued, Town, beacon
from tests.servers import wait_until
from tests.wire import connected

ROUNDS = (1, pytest.param(10, marks=pytest.mark.soak))
RAHMA, MAJID = "rahma@nizwacloud.example", "majid@nizwacloud.example"


@pytest.fixture(scope="module", params=ROUNDS)
def lived(town: Town, request: pytest.FixtureRequest) -> Town:
    """The town after people did everything that hands out secrets, and everything that goes wrong with them."""
    for _ in range(request.param):
        desks = [_signs_in_by_mail(town, RAHMA), _signs_in_by_mail(town, MAJID)]
        readers = [_is_invited_and_opens(town, number) for number in (0, 1)]
        asyncio.run(_steal(town, town.stack.portal_url, *readers))
        asyncio.run(_steal(town, town.stack.admin_url, *desks))
        _use_and_misuse(town, desks[0], readers[0])
        _ask_with_a_replaced_link(town)
    return town


def _signs_in_by_mail(town: Town, address: str) -> str:
    before = len(town.mails.to(address))
    with town.browser(town.stack.admin_url) as browser:
        assert browser.post("/sign-in", data={"email": address}).is_success
        wait_until(lambda: len(town.mails.to(address)) > before, what="the mail", seconds=40)
        secret = town.note("sign-in secret", link_in(town.mails.to(address)[-1]).rpartition("/")[2], address)
        answer = browser.post(f"/sign-in/{secret}")
        assert browser.post(f"/sign-in/{secret}").status_code == 404
    return "pd_admin=" + town.note("admin's session", answer.cookies["pd_admin"])


def _is_invited_and_opens(town: Town, number: int) -> str:
    partner, chief = town.partners()[number], town.staff("rahma")
    before = len(town.mails.to(partner.contact_email))
    with transaction(chief) as session:
        proposals.send_invitation(session, partner.id, language="en", by=chief)
    wait_until(lambda: len(town.mails.to(partner.contact_email)) > before, what="the mail", seconds=40)
    token = link_in(town.mails.to(partner.contact_email)[-1]).partition("token=")[2]
    return town.entered(partner, town.note("proposal link", token, partner.contact_email))


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
    before = len(town.mails.to(partner.contact_email))
    with town.browser(town.stack.portal_url) as browser:
        assert browser.post(f"/partnership/{partner.slug}/new-link", data={"token": old}).is_success
    wait_until(lambda: len(town.mails.to(partner.contact_email)) > before, what="the mail", seconds=40)
    newest = link_in(town.mails.to(partner.contact_email)[-1]).partition("token=")[2]
    town.note("proposal link", newest, partner.contact_email)


def _leaks(town: Town, text: str) -> list[str]:
    """What of the secrets stands in a text, by what they are."""
    return [one.what for one in town.issued if any(part in text for part in _telling(one))]


def _telling(one: Issued) -> Iterator[str]:
    """A secret, and the part of it that cannot be guessed."""
    yield one.secret
    if one.what == "proposal link":
        yield one.secret.rpartition(".")[2]
    if one.what == "visit":
        yield one.secret[-32:]


def _records(*, but: tuple[str, ...] = ()) -> str:
    """Every row of every table as text, except some tables."""
    with reading(system()) as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in but]
        return "\n".join(str(tuple(row)) for table in tables for row in session.execute(select(table)))


def _whole_text(mail: EmailMessage) -> str:
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *parts])


def test_no_secret_is_where_it_does_not_belong(lived: Town) -> None:
    kinds = {one.what for one in lived.issued}
    assert kinds == {"sign-in secret", "admin's session", "proposal link", "reader's session", "device", "visit"} | {
        "Streamlit session"
    }
    assert all(len(one.secret) >= 36 for one in lived.issued)
    assert _leaks(lived, lived.stack.logs()) == []
    assert _leaks(lived, _records(but=("mail",))) == []
    assert len(lived.refusals) >= 10
    assert _leaks(lived, "\n".join(lived.refusals)) == []


def test_a_secret_is_mailed_to_its_owner_only(lived: Town) -> None:
    mailed = 0
    for mail, recipients in zip(lived.mails.messages, lived.mails.recipients, strict=True):
        text = _whole_text(mail)
        for one in lived.issued:
            if any(part in text for part in _telling(one)):
                mailed += 1
                assert recipients == [one.owner], one.what
    assert mailed >= 5


def test_the_search_finds_what_is_there(lived: Town) -> None:
    link = next(one for one in lived.issued if one.what == "proposal link" and lived.mails.to(one.owner))
    assert "proposal link" in _leaks(lived, "x".join(("", link.secret, "")))
    assert "session.mismatch" in lived.stack.logs()
    assert re.search(r'"event": "mail.sent"', lived.stack.logs())
    with reading(system()) as session:
        assert session.scalars(select(AuditEntry.seq).where(AuditEntry.tag == Tag.SESSION_MISMATCH.value)).all()
