"""What of a proposal is drawn, and which next step it offers."""

from typing import Any

from streamlit.testing.v1 import AppTest

from core.proposals.content import blank
from proposal_view import draw
from tests.widgets.proposal_content import CONTENT, WORDS


def page(lang: str, booking_url: str | None, nda_url: str | None, nda_signed: bool, is_blank: bool) -> None:
    """The script under test; AppTest runs its source, so it imports for itself."""
    from core.proposals.content import blank
    from proposal_view.draw import proposal
    from tests.widgets.proposal_content import CONTENT, WORDS

    proposal(
        content=(blank() if is_blank else CONTENT).read_in("ar" if lang == "ar" else "en"),
        lang=lang,
        partner="Sohar International Bank",
        company="Rimal Cloud",
        booking_url=booking_url,
        words=WORDS[lang].__getitem__,
        nda_url=nda_url,
        nda_signed=nda_signed,
    )


def drawn(**options: Any) -> AppTest:
    given = {"lang": "en", "booking_url": None, "nda_url": None, "nda_signed": False, "is_blank": False} | options
    test = AppTest.from_function(page, kwargs=given).run()
    assert not test.exception
    return test


def text(test: AppTest) -> str:
    return "\n".join(element.value for element in test.markdown)


def links(test: AppTest) -> list[tuple[str, str]]:
    return [(link.proto.label, link.proto.url) for link in test.get("link_button")]


class TestProposal:
    def test_names_the_partner_first(self):
        test = drawn()
        assert test.markdown[0].value == "Partnership proposal for\n\n**Sohar International Bank**"
        assert test.title[0].value == "Bring sovereign cloud to Oman's banks, together"

    def test_has_a_heading_for_each_section(self):
        headings = [section.heading for section in list(CONTENT.read_in("ar").values())[1:]]
        assert [header.value for header in drawn(lang="ar").header] == headings

    def test_draws_of_a_blank_one_the_opening_only(self):
        test = drawn(is_blank=True)
        assert (test.title[0].value, len(test.header)) == ("Rimal Cloud", 0)

    def test_offers_the_meeting_before_the_nda(self):
        assert links(drawn(booking_url="https://cal.example.com/a", nda_url="/nda")) == [
            ("Book a meeting", "https://cal.example.com/a")
        ]

    def test_offers_the_nda_where_nobody_can_be_booked(self):
        assert links(drawn(nda_url="/nda")) == [("Sign the NDA", "/nda")]
        assert links(drawn()) == []

    def test_says_what_unlocks_a_document(self):
        assert text(drawn()).count(":material/lock: Opens once the NDA is signed") == 2
        assert ":material/lock:" not in text(drawn(nda_signed=True))

    def test_asks_only_for_words_it_lists(self):
        assert set(WORDS["en"]) == set(WORDS["ar"]) == set(draw.WORDS)


class TestRail:
    def test_lists_what_is_drawn(self):
        words = WORDS["en"].__getitem__
        assert draw.rail(blank().read_in("en"), words) == [("hero", "Welcome")]
        assert draw.rail(CONTENT.read_in("en"), words)[-1] == ("documents", "Documents")
