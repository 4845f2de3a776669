"""What of a proposal is drawn, and which next step it offers."""

from typing import Any

from streamlit.testing.v1 import AppTest

from core.proposals.content import blank
from proposal_view import draw
from tests.widgets.proposal_content import CONTENT, WORDS


def page(lang: str, booking_url: str | None, can_sign: bool, nda_signed: bool, is_blank: bool) -> None:
    """The script under test; AppTest runs its source, so it imports for itself."""
    import streamlit as st

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
        sign=(lambda: st.write("gone to sign")) if can_sign else None,
        nda_signed=nda_signed,
    )


def drawn(**options: Any) -> AppTest:
    given = {"lang": "en", "booking_url": None, "can_sign": False, "nda_signed": False, "is_blank": False} | options
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
        both = drawn(booking_url="https://cal.example.com/a", can_sign=True)
        assert links(both) == [("Book a meeting", "https://cal.example.com/a")]
        assert [(button.label, button.proto.type) for button in both.button] == [("Sign the NDA", "secondary")] * 2

    def test_signing_comes_first_where_nobody_can_be_booked(self):
        alone = drawn(can_sign=True)
        assert alone.button[0].proto.type == "primary"
        assert "gone to sign" in text(alone.button[0].click().run())

    def test_offers_no_signing_where_it_is_done_or_cannot_be(self):
        assert not drawn().button
        assert not drawn(can_sign=True, nda_signed=True).button

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
