"""The demo company, its partners and their proposals: complete, in both languages, and fictional."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.partners import pipeline
from core.partners.pipeline import STAGES, Ask, Status
from core.proposals.content import LANGUAGES, LAYOUTS, SECTIONS, Content, Layout, SectionKey, completeness

DEMO = Path(__file__).parents[2] / "data" / "demo"
PROPOSALS = sorted((DEMO / "proposals").glob("*.json"))
SLUGS = ("mol", "mocipi", "occi", "ooredoo", "bank-sohar", "usman")
STYLES = {"skimmer", "thorough", "terms-focused", "forwarded", "stopped-early"}
ITEMS = {"hero": (3, 3), "terms": (4, 6), "metrics": (4, 6), "next_steps": (4, 4), "cta": (0, 0), "documents": (3, 4)}
"""Fewest and most items of a section; a section of cards has three or four."""

ARABIC = re.compile(r"[\u0621-\u064a]")
LATIN = re.compile(r"[A-Za-z]")
OTHER_DIGITS = re.compile(r"[\u0660-\u0669\u06f0-\u06f9]")
AMOUNT = {"en": re.compile(r"OMR (\S+)"), "ar": re.compile(r"(\S+) ر\.ع\.")}
CURRENCY = {"en": "OMR", "ar": "ر.ع."}
THREE_DECIMALS = re.compile(r"\d{1,3}(,\d{3})*\.\d{3}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
MARKUP = re.compile(r"[<>$`\[\]~|]|!\[")
EMAIL = re.compile(r"[^\s\"@]+@([^\s\"]+)")
ADDRESS = re.compile(r"https?://([^\s\"/]+)")


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def words(content: dict[str, Any], lang: str) -> int:
    return sum(len(text.split()) for _, text in texts(content, lang) if text != "nda")


def texts(content: dict[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    """Every string a reader of one language may meet, with its place."""
    for key, section in content.items():
        yield f"{key}.heading", section[lang]["heading"]
        yield f"{key}.body", section[lang]["body"]
        for place, item in enumerate(section[lang]["items"]):
            yield from ((f"{key}.{place}.{name}", text) for name, text in item.items())


def due(place: str) -> bool:
    """Whether a string of a section has to be written: facts have no note, cards no value, documents may be marked."""
    section, name = place.split(".")[0], place.split(".")[-1]
    layout = LAYOUTS[SectionKey(section)]
    empty = {Layout.OPENING: "text", Layout.CARDS: "value", Layout.DOCUMENTS: "value"}
    return empty.get(layout) != name


@pytest.fixture(params=PROPOSALS, ids=lambda path: path.stem)
def proposal(request: pytest.FixtureRequest) -> dict[str, Any]:
    content: dict[str, Any] = read(request.param)
    return content


@pytest.fixture(scope="module")
def company() -> dict[str, Any]:
    found: dict[str, Any] = read(DEMO / "company.json")
    return found


@pytest.fixture(scope="module")
def partners() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(DEMO / "partners.json")
    return found


class TestProposals:
    def test_every_partner_has_one(self):
        current = {path.stem for path in PROPOSALS if not path.stem.endswith(".v1")}
        assert current == set(SLUGS)

    def test_is_content_as_the_editor_reads_it(self, proposal: dict[str, Any]):
        content = Content.model_validate(proposal)
        assert content.model_dump(mode="json") == proposal
        assert all(share == 1 for lang in LANGUAGES for share in completeness(content, lang).values())

    def test_has_the_nine_sections_in_order(self, proposal: dict[str, Any]):
        assert list(proposal) == [key.value for key in SECTIONS]

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_has_as_many_items_as_its_sections_ask_for(self, proposal: dict[str, Any], lang: str):
        for key, section in proposal.items():
            fewest, most = ITEMS.get(key, (3, 4))
            assert fewest <= len(section[lang]["items"]) <= most, key

    def test_has_the_same_items_in_both_languages(self, proposal: dict[str, Any]):
        for key, section in proposal.items():
            assert len(section["en"]["items"]) == len(section["ar"]["items"]), key

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_has_no_empty_text(self, proposal: dict[str, Any], lang: str):
        assert [place for place, text in texts(proposal, lang) if due(place) and not text.strip()] == []

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_leaves_unused_fields_empty(self, proposal: dict[str, Any], lang: str):
        unused = {place: text for place, text in texts(proposal, lang) if not due(place)}
        assert {text for place, text in unused.items() if not place.startswith("documents")} == {""}
        assert {text for place, text in unused.items() if place.startswith("documents")} == {"", "nda"}

    def test_locks_the_same_two_documents_or_more(self, proposal: dict[str, Any]):
        marks = [[item["value"] for item in proposal["documents"][lang]["items"]] for lang in LANGUAGES]
        assert marks[0] == marks[1]
        assert marks[0].count("nda") >= 2

    def test_arabic_is_arabic(self, proposal: dict[str, Any]):
        for place, text in texts(proposal, "ar"):
            if text != "nda" and (LATIN.search(text) or not place.endswith("value")):
                assert not text or ARABIC.search(text), place
            assert not OTHER_DIGITS.search(text), place

    def test_english_has_no_arabic(self, proposal: dict[str, Any]):
        assert [place for place, text in texts(proposal, "en") if ARABIC.search(text)] == []

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_writes_money_with_three_decimals(self, proposal: dict[str, Any], lang: str):
        found = [amount for _, text in texts(proposal, lang) for amount in AMOUNT[lang].findall(text)]
        named = sum(text.count(CURRENCY[lang]) for _, text in texts(proposal, lang))
        assert len(found) == named >= 3
        assert [amount for amount in found if not THREE_DECIMALS.fullmatch(amount.rstrip(".,;"))] == []

    def test_gives_the_same_figures_in_both_languages(self, proposal: dict[str, Any]):
        for key, section in proposal.items():
            for english, arabic in zip(section["en"]["items"], section["ar"]["items"], strict=True):
                assert set(NUMBER.findall(arabic["value"])) == set(NUMBER.findall(english["value"])), (key, english)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_has_no_markup_but_emphasis(self, proposal: dict[str, Any], lang: str):
        assert [place for place, text in texts(proposal, lang) if MARKUP.search(text)] == []

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_is_of_a_length_people_read(self, proposal: dict[str, Any], lang: str):
        assert 350 <= words(proposal, lang) <= 600

    @pytest.mark.parametrize("slug", ("ooredoo", "bank-sohar"))
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_an_earlier_version_had_other_terms(self, slug: str, lang: str):
        earlier, current = (read(DEMO / "proposals" / f"{slug}{mark}.json") for mark in (".v1", ""))
        assert earlier["terms"][lang] != current["terms"][lang]
        assert earlier["modules"] == current["modules"]


class TestPartners:
    def test_are_the_six(self, partners: list[dict[str, Any]]):
        assert tuple(partner["slug"] for partner in partners) == SLUGS

    def test_are_written_in_full(self, partners: list[dict[str, Any]]):
        for partner in partners:
            assert [name for name, value in partner.items() if isinstance(value, str) and not value.strip()] == []
            assert ARABIC.search(partner["name_ar"])
        assert {partner["language"] for partner in partners} == set(LANGUAGES)

    def test_stand_where_their_last_hop_led(self, partners: list[dict[str, Any]]):
        for partner in partners:
            hops = [{"to": "draft", "days_ago": partner["created_days_ago"]}, *partner["history"]]
            assert (partner["status"], partner["days_in_stage"]) == (hops[-1]["to"], hops[-1]["days_ago"])
            assert [hop["days_ago"] for hop in hops] == sorted((hop["days_ago"] for hop in hops), reverse=True)

    def test_moved_as_the_pipeline_allows(self, partners: list[dict[str, Any]], company: dict[str, Any]):
        admins = {person["email"] for person in company["staff"] if person["role"] == "admin"}
        for partner in partners:
            start = Status.DRAFT
            for hop in partner["history"]:
                to = Status(hop["to"])
                if to is Status.NDA_SIGNED:
                    assert start in STAGES[1:3]
                    assert hop["by"] == partner["contact_email"]
                else:
                    asked = pipeline.check(start, to).ask
                    assert hop["by"] in admins
                    assert bool(hop.get("reason")) is (asked in (Ask.REASON, Ask.CLOSE_WON))
                start = to

    def test_are_spread_over_the_pipeline_and_one_is_stuck(self, partners: list[dict[str, Any]]):
        stages = sorted(partner["status"] for partner in partners)
        assert stages == ["active", "draft", "meeting_scheduled", "nda_signed", "proposal_sent", "proposal_sent"]
        stuck = [p["slug"] for p in partners if pipeline.is_stuck(Status(p["status"]), p["days_in_stage"])]
        assert stuck == ["mol"]

    def test_are_owned_by_an_admin(self, partners: list[dict[str, Any]], company: dict[str, Any]):
        admins = {person["email"] for person in company["staff"] if person["role"] == "admin"}
        assert {partner["owner"] for partner in partners} == admins

    def test_have_a_proposal_published_before_it_was_sent(self, partners: list[dict[str, Any]]):
        named = [version["file"] for partner in partners for version in partner["proposal_versions"]]
        assert sorted(named) == [path.name for path in PROPOSALS]
        for partner in partners:
            days = [version["published_days_ago"] for version in partner["proposal_versions"]]
            if partner["status"] == "draft":
                assert days == [None]
            else:
                assert days == sorted(days, reverse=True)
                assert partner["history"][0]["days_ago"] < days[0] <= partner["created_days_ago"]

    def test_read_only_what_they_were_sent(self, partners: list[dict[str, Any]]):
        for partner in partners:
            reading = partner["reading"]
            if partner["status"] == "draft":
                assert reading == {"visits": 0, "readers": 0, "style": None, "stops_at": None, "last_days_ago": None}
            else:
                assert reading["visits"] >= reading["readers"] >= 1
                assert 0 <= reading["last_days_ago"] <= partner["history"][0]["days_ago"]
                assert reading["stops_at"] in (None, *SECTIONS)
        assert {partner["reading"]["style"] for partner in partners} == {*STYLES, None}


class TestCompany:
    def test_is_an_omani_company(self, company: dict[str, Any]):
        assert set(company["name"]) == set(company["languages"]) == set(LANGUAGES)
        assert (company["time_zone"], company["currency"]) == ("Asia/Muscat", "OMR")
        assert ARABIC.search(company["name"]["ar"])
        assert re.fullmatch(r"#[0-9A-F]{6}", company["colour"])

    def test_has_four_people(self, company: dict[str, Any]):
        assert [person["role"] for person in company["staff"]] == ["admin", "admin", "reviewer", "analyst"]
        assert all(person["email"].endswith("@nizwacloud.example") for person in company["staff"])


@pytest.mark.parametrize("path", sorted(DEMO.rglob("*.json")), ids=lambda path: path.name)
def test_mail_and_links_lead_nowhere(path: Path):
    text = path.read_text(encoding="utf-8")
    hosts = [*EMAIL.findall(text), *ADDRESS.findall(text)]
    assert [host for host in hosts if not host.endswith(".example")] == []
