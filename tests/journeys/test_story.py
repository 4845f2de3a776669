"""The main job as one story: a proposal is written and sent, read, and what was read is seen."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

import core.db
from core.actor import Actor, system
from core.clock import today
from core.companies.models import Staff
from core.companies.sign_in import staff_actor
from core.db import reading
from core.engagement.filters import Filter
from core.engagement.models import Visit
from core.engagement.queries import sections
from core.migrations import upgrade
from tests.browser import axe, complaints, visiting
from tests.journeys.people import SETTLE_MS, Admin, News, Reader, link_in, press, settled
from tests.servers import ROOT, Mailbox, Stack, wait_until

NAME, HEADING = "Musandam Shipping", "Sail further with us"
CONTACT = "salma@musandam-shipping.example"
READ = {"hero": 4.0, "terms": 8.0, "metrics": 3.0, "value": 5.0}
SCANNERS = ("Mozilla/5.0 (compatible; SafeLinks/1.0)", "Barracuda Sentinel", "GoogleImageProxy", "curl/8.1", "")


@pytest.fixture(scope="module")
def mails() -> Iterator[Mailbox]:
    """The mail server of the story."""
    with Mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, mails: Mailbox) -> Iterator[Stack]:
    """The real processes over a demo company."""
    folder = tmp_path_factory.mktemp("story")
    url = f"sqlite:///{folder}/story.db"
    upgrade(url)
    stack = Stack(database_url=url, folder=folder, **mails.smtp)
    _run(stack, "core.demo", "load")
    with stack:
        core.db.configure(url)
        yield stack
        core.db.dispose()


def _run(stack: Stack, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=stack.environment, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def admin(stack: Stack, browser: Browser) -> Iterator[Admin]:
    """The demo company's admin, signed in by the link that the console prints."""
    with visiting(browser) as page:
        person = Admin(page, stack.admin_url)
        found = re.search(rf"{stack.admin_url}/sign-in/\S+", _run(stack, "core.demo", "links"))
        assert found
        person.signs_in(found[0])
        yield person


@pytest.fixture(scope="module")
def rahma(stack: Stack) -> Actor:
    """The same admin, for looking into the core."""
    with reading(system()) as session:
        return staff_actor(session.scalars(select(Staff).where(Staff.email.like("rahma@%"))).one())


@pytest.fixture(scope="module")
def partner_id(admin: Admin) -> str:
    """A new partner with a published proposal that was sent."""
    added = admin.adds_partner(NAME, contact="Salma Al Kumzari", email=CONTACT)
    admin.writes_proposal(added, NAME, heading=HEADING)
    admin.sends_invitation(added, NAME)
    return added


@pytest.fixture(scope="module")
def link(partner_id: str, mails: Mailbox) -> str:
    """The link as the partner's mail has it."""
    return link_in(mails.wait_for(CONTACT, seconds=40))


def _visits(rahma: Actor, partner_id: str) -> int:
    with reading(rahma) as session:
        mine = Visit.partner_id == UUID(partner_id)
        return session.scalar(select(func.count()).select_from(Visit).where(mine)) or 0


def test_a_mail_scanner_leaves_nothing(link: str, partner_id: str, rahma: Actor, browser: Browser) -> None:
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        for agent in SCANNERS:
            for method in ("GET", "HEAD"):
                answer = client.request(method, link, headers={"User-Agent": agent})
                assert answer.status_code == 200
                assert HEADING not in answer.text
                assert not client.cookies
    with visiting(browser) as page:
        page.goto(link)
        page.wait_for_timeout(3_000)
        page.mouse.wheel(0, 400)
        assert HEADING not in page.content()
    assert _visits(rahma, partner_id) == 0


def test_a_partner_reads_and_the_team_sees_what_was_read(
    link: str, partner_id: str, rahma: Actor, browser: Browser, mails: Mailbox, stack: Stack
) -> None:
    with visiting(browser) as page:
        reader = Reader(page)
        reader.opens(link, hero=HEADING)
        assert page.url == f"{stack.portal_url}/"
        for section, seconds in READ.items():
            reader.reads(section, seconds=seconds)
        reader.leaves()
    mails.wait_for("rahma@nizwacloud.example", subject=NAME, seconds=40)
    day = today("Asia/Muscat")
    asked = Filter(day, day, partner_ids=(UUID(partner_id),))
    with reading(rahma) as session:
        found = {row.section: row.median_ms or 0 for row in sections(session, asked).rows}
    assert 0 < found["hero"] <= reader.spent["hero"] * 1_100
    for section in set(READ) - {"hero"}:
        assert found[section] == pytest.approx(reader.spent[section] * 1000, rel=0.1), (reader.spent, found)
    assert found["documents"] == 0
    assert sum(1 for mail in mails.to("rahma@nizwacloud.example", subject=NAME)) == 1


def test_the_partner_comes_back_without_the_token(link: str, browser: Browser, stack: Stack) -> None:
    with visiting(browser) as page:
        heard = complaints(page)
        reader = Reader(page)
        reader.opens(link, hero=HEADING)
        reader.leaves()
        page.goto(stack.portal_url)
        expect(page.get_by_role("heading", name=HEADING)).to_be_visible(timeout=SETTLE_MS)
        settled(page)
        assert axe(page) == []
        assert heard == []


def test_arabic_on_a_phone(link: str, browser: Browser, stack: Stack) -> None:
    with visiting(browser, width=390, height=844, locale="ar-OM") as page:
        Reader(page).opens(link, hero=HEADING)
        page.get_by_role("button", name="العربية").click()
        expect(page.locator("html")).to_have_attribute("dir", "rtl", timeout=SETTLE_MS)
        settled(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        assert axe(page) == []


def test_opening_without_measuring_measures_nothing(link: str, partner_id: str, browser: Browser, rahma: Actor) -> None:
    with visiting(browser) as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        reader = Reader(page)
        reader.opens(link, button="Open without measuring", hero=HEADING)
        reader.reads("terms", seconds=2)
        reader.leaves()
        assert not [url for url in sent if url.endswith("/seen")]
    with reading(rahma) as session:
        mine = (Visit.partner_id == UUID(partner_id), Visit.measured.is_(False))
        assert session.scalars(select(Visit.ms_terms).where(*mine)).all() == [0]


def test_the_board_and_the_engagement_show_the_reading(admin: Admin, partner_id: str, rahma: Actor) -> None:
    admin.opens("partnerships", "Partnerships")
    expect(admin.column("proposal_sent").locator("li").filter(has_text=NAME)).to_contain_text("view")
    admin.opens(f"engagement?partner={partner_id}", "Engagement")
    expect(admin.page.get_by_text("Partners who read")).to_be_visible()
    assert axe(admin.page) == []
    admin.opens("email", "E-mail")
    # The table is a picture; what it says stands in cells for those who cannot see it.
    expect(admin.page.get_by_text(CONTACT).first).to_be_attached()


def test_a_card_is_moved_by_keyboard_only(admin: Admin, partner_id: str) -> None:
    admin.opens("partnerships", "Partnerships")
    card = admin.card(NAME)
    card.locator(".title").focus()
    admin.page.keyboard.press("Alt+ArrowRight")
    moved = admin.column("meeting_scheduled").locator("li:not(.pending)").filter(has_text=NAME)
    expect(moved).to_be_visible(timeout=SETTLE_MS)
    assert card.locator(".title").evaluate("element => element === element.getRootNode().activeElement")


def test_a_refused_drop_puts_the_card_back_and_says_why(admin: Admin, partner_id: str) -> None:
    admin.opens("partnerships", "Partnerships")
    admin.drags(NAME, "nda_signed")
    expect(admin.page.locator(".notice")).to_contain_text("Only a signed NDA", timeout=SETTLE_MS)
    expect(admin.column("meeting_scheduled").locator("li").filter(has_text=NAME)).to_be_visible()


def test_two_admins_move_one_card(admin: Admin, partner_id: str, browser: Browser, mails: Mailbox) -> None:
    with visiting(browser) as page:
        news = News(page)
        majid = Admin(page, admin.address)
        page.goto(f"{admin.address}/sign-in")
        page.get_by_role("textbox").fill("majid@nizwacloud.example")
        page.get_by_role("button").first.click()
        majid.signs_in(link_in(mails.wait_for("majid@nizwacloud.example", subject="sign-in", seconds=40)))
        majid.opens("partnerships", "Partnerships")
        news.wait()
        admin.opens("partnerships", "Partnerships")
        _step_back(admin)
        expect(admin.column("proposal_sent").locator("li:not(.pending)").filter(has_text=NAME)).to_be_visible(
            timeout=SETTLE_MS
        )
        expect(majid.column("meeting_scheduled").locator("li").filter(has_text=NAME)).to_be_visible()
        majid.card(NAME).locator(".title").focus()
        page.keyboard.press("Alt+ArrowLeft")
        news.arrive()
        expect(page.get_by_text("Moved to Proposal sent by Rahma Al Shukaili").first).to_be_attached(timeout=SETTLE_MS)
        settled(page)
        expect(majid.column("proposal_sent").locator("li").filter(has_text=NAME)).to_be_visible(timeout=SETTLE_MS)


def _step_back(admin: Admin) -> None:
    """Move the card one stage back, with the reason that is asked for."""
    admin.card(NAME).locator(".title").focus()
    admin.page.keyboard.press("Alt+ArrowLeft")
    dialog = admin.page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("The meeting was called off.")
    press(admin.page, "Step back", within=dialog)


def test_withdrawn_access_ends_at_the_next_click(
    admin: Admin, partner_id: str, link: str, browser: Browser, stack: Stack
) -> None:
    with visiting(browser) as page:
        reader = Reader(page)
        reader.opens(link, hero=HEADING)
        admin.opens(f"partner?id={partner_id}&tab=proposal", NAME)
        admin.page.get_by_role("tab", name="Proposal").click()
        settled(admin.page)
        press(admin.page, "Withdraw access")
        press(admin.page, "Withdraw access", within=admin.page.get_by_role("dialog"))
        expect(admin.page.get_by_role("dialog")).to_have_count(0, timeout=SETTLE_MS)
        settled(admin.page)
        page.get_by_role("button", name="العربية").click()
        expect(page.get_by_text("انتهت صلاحية دخولك").first).to_be_visible(timeout=SETTLE_MS)
        assert HEADING not in page.content()
        page.goto(link)
        expect(page.get_by_text("Access was withdrawn on").first).to_be_visible()


@pytest.mark.parametrize(
    "name", ("today", "partnerships", "proposals", "engagement", "team", "email", "audit", "modules", "company")
)
def test_every_page_is_accessible(name: str, admin: Admin) -> None:
    heard = complaints(admin.page)
    path, heading = ("", "Today") if name == "today" else (name, {"email": "E-mail"}.get(name, name.capitalize()))
    admin.opens(path, heading)
    assert axe(admin.page) == []
    assert [text for text in heard if "404" not in text] == []


@pytest.mark.parametrize("path", ("partner?id={}", "proposal?id={}", "engagement?view=partners&partner={}"))
def test_every_page_of_a_partner_is_accessible(path: str, admin: Admin, partner_id: str) -> None:
    admin.opens(path.format(partner_id), "Engagement" if path.startswith("engagement") else NAME)
    assert axe(admin.page) == []


def test_signing_out_ends_the_session(stack: Stack, browser: Browser) -> None:
    with visiting(browser) as page:
        person = Admin(page, stack.admin_url)
        found = re.search(rf"{stack.admin_url}/sign-in/\S+", _run(stack, "core.demo", "links"))
        assert found
        person.signs_in(found[0])
        page.goto(f"{stack.admin_url}/sign-out")
        page.get_by_role("button").first.click()
        page.goto(f"{stack.admin_url}/team")
        expect(page).to_have_url(re.compile("/sign-in"))


def test_no_secret_is_in_the_logs(stack: Stack, link: str, tmp_path: Path) -> None:
    wait_until(lambda: stack.logs(), what="a log")
    token = link.partition("token=")[2]
    assert token not in stack.logs()
    assert token.rpartition(".")[2] not in stack.logs()
