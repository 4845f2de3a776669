"""Today: what needs somebody, the counters that lead there, and the search."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from admin_app.widgets import counters as counting
from admin_app.widgets import feed as feeding
from core.actor import Actor
from core.db import transaction
from core.engagement.models import PartnerViews
from core.mail import messages
from core.mail.brand import Brand
from core.mail.models import MailState
from core.mail.outbox import enqueue
from core.meetings.service import add_meeting
from tests.core.meeting_acts import plan
from tests.core.today_world import sign, statements
from tests.factories import make_partner
from tests.screens import is_closed, opener, texts

pytestmark = pytest.mark.usefixtures("sqlite_database")


class Lists:
    """What the page's lists and counters showed last, and a way to press one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lines: dict[str, list[feeding.Entry]] = {}
        self.figures: list[counting.Counter] = []
        self.pressed: list[Callable[[str], None]] = []
        monkeypatch.setattr(feeding, "feed", self._feed)
        monkeypatch.setattr(counting, "counters", self._counters)

    def _feed(self, *, entries: list[feeding.Entry], key: str, **_: Any) -> None:
        self.lines[key] = entries

    def _counters(self, *, figures: list[counting.Counter], **_: Any) -> None:
        self.figures = figures

    @property
    def needs(self) -> list[tuple[str, str]]:
        """The marks and titles of the list."""
        return [(entry.mark, entry.title) for entry in self.lines.get("today.list", [])]

    @property
    def counts(self) -> dict[str, int]:
        """The figures by their labels."""
        return {figure.label: figure.count for figure in self.figures}


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> Lists:
    return Lists(monkeypatch)


@pytest.fixture
def open_today(monkeypatch: pytest.MonkeyPatch, lists: Lists) -> Callable[..., AppTest]:
    """A function that opens Today as somebody, with what the address says."""
    open_page = opener(monkeypatch)

    def open_with(actor: Actor, **query: str) -> AppTest:
        screen = open_page("today", actor)
        screen.query_params.update(query)
        return screen.run()

    return open_with


@pytest.fixture
def busy(clock, aisha: Actor) -> None:
    """One thing of each kind, but for a draft."""
    long_ago = clock.now() - timedelta(days=30)
    with transaction(aisha) as session:
        late = clock.now().date() - timedelta(days=2)
        make_partner(session, name="Gulf Steel", next_action="Call Ali", next_action_on=late)
        make_partner(session, name="Muscat Foods", status_entered_at=long_ago)
        reader = make_partner(session, name="Bank Sohar")
        session.add(PartnerViews(partner_id=reader.id, visits=1, last_read_at=clock.now() - timedelta(hours=3)))
        message = messages.test_message(Brand("Dhofar Systems", "#0b5d66", "en"), "ali@gulf.om", "en")
        mail = enqueue(session, message, key="one")
        mail.state, mail.last_error = MailState.BOUNCED, "550 No such mailbox"


class TestToday:
    def test_is_calm_when_nothing_waits(self, partner, aisha, open_today, lists):
        assert "Nothing needs you right now." in texts(open_today(aisha))
        assert set(lists.counts.values()) == {0}

    def test_lists_what_waits_the_most_urgent_first(self, busy, aisha, open_today, lists):
        open_today(aisha)
        assert [mark for mark, _ in lists.needs] == ["Mail", "Action due", "Read", "Stuck"]
        assert [title for _, title in lists.needs][1:] == ["Gulf Steel", "Bank Sohar", "Muscat Foods"]
        mail, action, read, stuck = lists.lines["today.list"]
        assert (mail.text, action.text, action.note) == ("550 No such mailbox", "Call Ali", "20 Nov")
        assert (read.note, stuck.text) == ("3 h ago", "in Draft for too long")
        assert mail.href.startswith("/email?mail=")
        assert action.href.startswith("/partner?id=")

    def test_counts_it_and_each_figure_leads_there(self, busy, aisha, open_today, lists):
        open_today(aisha)
        assert lists.counts == {
            "Mails not delivered": 1,
            "Deals past 48 h": 0,
            "Questions due": 0,
            "Meetings today and tomorrow": 0,
            "Actions due": 1,
            "NDAs signed this week": 0,
            "Proposals read since yesterday": 1,
            "Partners stuck": 1,
            "NDAs expiring in 90 days": 0,
            "Drafts never published": 0,
        }
        assert [figure.href for figure in lists.figures] == [
            "/?show=mail", "/deal_intents", "/questions", "/?show=meeting", "/?show=action", "/?show=signed",
            "/?show=read", "/partnerships?stuck=true", "/ndas?state=expiring", "/?show=draft",
        ]  # fmt: skip

    def test_shows_one_topic_by_its_address(self, busy, aisha, open_today, lists):
        screen = open_today(aisha, show="action")
        assert lists.needs == [("Action due", "Gulf Steel")]
        next(button for button in screen.button if button.label == "Show everything").click().run()
        assert len(lists.needs) == 4

    def test_shows_a_reviewer_only_what_a_reviewer_may_see(self, busy, reviewer, open_today, lists):
        open_today(reviewer)
        assert {mark for mark, _ in lists.needs} == {"Action due", "Stuck"}
        named = {"Meetings today and tomorrow", "Actions due", "Partners stuck", "Drafts never published"}
        assert set(lists.counts) == named | {"Deals past 48 h", "Questions due"}

    def test_shows_ones_own_and_everyones(self, busy, aisha, nora, open_today, lists):
        with transaction(aisha) as session:
            due = {"next_action": "Call", "next_action_on": date(2026, 11, 1)}
            make_partner(session, name="Noras", owner_id=nora.id, **due)
        screen = open_today(aisha)
        assert ("Action due", "Noras") not in lists.needs
        screen.query_params["whose"] = "all"
        screen.run()
        assert ("Action due", "Noras") in lists.needs

    def test_opens_a_meeting_and_an_nda_where_they_are(self, clock, partner, aisha, open_today, lists):
        soon = plan(clock, at=clock.now() + timedelta(hours=3))
        with transaction(aisha) as session:
            meeting = add_meeting(session, partner.id, plan=soon, by=aisha)
            nda = sign(session, partner, at=clock.now() - timedelta(days=2))
        open_today(aisha)
        assert [(line.mark, line.note, line.href) for line in lists.lines["today.list"]] == [
            ("Meeting", "today 15:00", f"/partner?id={partner.id}&tab=Meetings&meeting={meeting.id}"),
            ("NDA signed", "2 d ago", f"/ndas?nda={nda.id}"),
        ]

    def test_asks_the_database_little(self, busy, aisha, open_today):
        # One more tells who is here.
        screen = open_today(aisha)
        with statements() as asked:
            screen.run()
        assert len(asked) <= 10

    def test_is_not_offered_to_members(self, monkeypatch, member):
        assert is_closed(opener(monkeypatch)("today", member))


class TestSearch:
    def test_finds_partners(self, partner, aisha, open_today, lists):
        screen = open_today(aisha)
        screen.text_input(key="search").input("kindi").run()
        (entry,) = lists.lines["today.found"]
        assert (entry.title, entry.text, entry.note) == ("Salalah Retail", "Salim Al Kindi", "Draft")

    def test_says_when_there_is_none(self, partner, aisha, open_today):
        screen = open_today(aisha)
        said = texts(screen.text_input(key="search").input("nobody").run())
        assert "No partner, NDA or document has this in its name" in said

    def test_finds_an_nda_by_its_reference(self, clock, partner, aisha, open_today, lists):
        with transaction(aisha) as session:
            nda = sign(session, partner, at=clock.now())
        open_today(aisha).text_input(key="search").input("nda-00001").run()
        (entry,) = lists.lines["today.found"]
        assert (entry.mark, entry.text, entry.href) == ("NDA", "Salalah Retail", f"/ndas?nda={nda.id}")


class TestWelcome:
    def test_tells_a_member_that_nothing_waits(self, monkeypatch, member):
        screen = opener(monkeypatch)("welcome", member, portal=False)
        assert screen.title[0].value == "Welcome, Khalid Al Amri"
        assert "There is nothing for you to do here yet" in texts(screen)
        assert "Dhofar Systems · Member" in texts(screen)


def test_a_company_without_partners_is_told_where_to_start(sqlite_database, aisha, open_today) -> None:
    assert "Start by adding your first partner." in texts(open_today(aisha))
