"""The Engagement screen: at a glance, by partner, over time."""

from collections.abc import Callable
from datetime import date, timedelta

import altair as alt
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from admin_app.reading.asked import asked
from admin_app.reading.export import engagement_sheet
from admin_app.widgets.reading_charts import build_conversion, build_replay
from core.actor import Actor
from core.clock import today
from core.companies.models import Company
from core.db import reading
from core.engagement.filters import Filter
from core.engagement.overview import overview
from core.engagement.readers import Run
from core.errors import NotAllowed
from core.partners.pipeline import Status
from tests.core.engagement_world import open_proposal, publish
from tests.screens import opener, texts

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody."""
    return opener(monkeypatch)


@pytest.fixture
def read(company: Company, sqlite_database: str) -> str:
    """A proposal that one partner read twice; returns the partner's id."""
    proposal = publish(company, name="Khasab Ferries")
    for device in ("phone", "laptop"):
        visit = open_proposal(proposal, device=device, ago=timedelta(minutes=10))
        visit.send(1, at="terms", hero=4_000, terms=90_000)
    return str(proposal.partner)


class TestNow:
    def test_says_so_when_nobody_read(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page("engagement", aisha)
        assert not screen.exception
        assert "Nobody has read a proposal in these days" in texts(screen)

    def test_shows_figures_and_whom_to_call(self, open_page: Open, aisha: Actor, read: str) -> None:
        screen = open_page("engagement", aisha)
        assert not screen.exception
        shown = {metric.label: metric.value for metric in screen.metric}
        assert (shown["Partners who read"], shown["Visits"], shown["Reached the terms"]) == ("1", "2", "2")
        assert shown["Median time of a visit"].startswith("1 min 3")
        calls = screen.dataframe[0].value
        assert calls["Partner"][0].endswith("#Khasab Ferries")
        assert "forwarded?" in calls["Why"][0]
        assert "Every visit of these days is counted." in texts(screen)

    def test_a_filter_leaves_others_out(self, open_page: Open, aisha: Actor, nora: Actor, read: str) -> None:
        screen = open_page("engagement", aisha, owner=str(nora.id))
        assert "Nobody has read a proposal in these days" in texts(screen)

    def test_an_address_that_means_nothing_is_read_as_none(self, open_page: Open, aisha: Actor, read: str) -> None:
        screen = open_page("engagement", aisha, owner="x", partner="';--", stage="gone", days="-7", version="9e9")
        assert not screen.exception
        assert {metric.label: metric.value for metric in screen.metric}["Visits"] == "2"

    def test_is_not_offered_to_a_reviewer_and_refused_by_the_core(
        self, aisha: Actor, reviewer: Actor, read: str
    ) -> None:
        day = today("Asia/Muscat")
        with pytest.raises(NotAllowed), reading(reviewer) as session:
            overview(session, Filter(day, day))


class TestByPartner:
    def test_shows_the_partners_visits(self, open_page: Open, analyst: Actor, read: str) -> None:
        screen = open_page("engagement", analyst, view="partners", partner=read)
        assert not screen.exception
        assert "Visits of Khasab Ferries" in texts(screen)
        visits = screen.dataframe[0].value
        assert list(visits["Longest on"]) == ["Terms", "Terms"]
        assert list(visits["Time"]) == ["1 min 34 s", "1 min 34 s"]

    def test_says_so_when_nobody_read(self, open_page: Open, aisha: Actor) -> None:
        assert "Nobody has read" in texts(open_page("engagement", aisha, view="partners"))

    def test_draws_a_replay(self) -> None:
        chart = build_replay([Run("hero", 0, 4_000), Run("terms", 4, 90_000), Run("hero", 94, 1_000)])
        assert isinstance(chart, alt.Chart)
        rows = next(iter(chart.to_dict()["datasets"].values()))
        assert [(row["section"], row["from"], row["to"]) for row in rows] == [
            ("Opening", 0, 4.0),
            ("Terms", 4, 94.0),
            ("Opening", 94, 95.0),
        ]


class TestOverTime:
    def test_shows_days_and_an_empty_cohort(self, open_page: Open, aisha: Actor, read: str) -> None:
        screen = open_page("engagement", aisha, view="time")
        assert not screen.exception
        assert "no cohort to follow" in texts(screen)

    def test_says_so_instead_of_drawing_empty_axes(self, open_page: Open, aisha: Actor) -> None:
        screen = open_page("engagement", aisha, view="time")
        assert "Nobody has read a proposal in these days" in texts(screen)
        assert not screen.get("vega_lite_chart")

    def test_draws_each_month_against_each_stage(self) -> None:
        frame = pd.DataFrame({"cohort": [date(2026, 9, 1)], "sent": [4], "nda_signed": [1]})
        rows = next(iter(build_conversion(frame).to_dict()["datasets"].values()))
        assert [(row["month"], row["stage"], row["partners"], row["share"]) for row in rows] == [
            ("Sep 2026", "Proposal sent", 4, 1.0),
            ("Sep 2026", "NDA signed", 1, 0.25),
        ]


class TestTakenOut:
    @pytest.mark.parametrize(
        ("view", "header", "rows"), (("", "Section", 9), ("partners", "Partner", 1), ("time", "Day", 90))
    )
    def test_is_the_table_behind_the_view(self, view: str, header: str, rows: int, aisha: Actor, read: str) -> None:
        with reading(aisha) as session:
            sheet = engagement_sheet(session, {"view": view})
        assert (sheet.header[0], len(sheet.rows)) == (header, rows)


def test_the_address_is_read_whole() -> None:
    day = today("Asia/Muscat")
    params = {"days": "0", "since": "2026-03-09", "until": "2026-02-01", "stage": "active", "version": "3"}
    found = asked(params, today=day)
    assert (found.since.isoformat(), found.until.isoformat()) == ("2026-02-01", "2026-03-09")
    assert (found.stage, found.version, found.partner_ids) == (Status.ACTIVE, None, None)
