"""What a proposal says: limits, completeness, reading time, and editors' markdown made plain."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import ValidationError

from core.proposals.content import (
    LAYOUTS,
    SECTIONS,
    Content,
    Item,
    Layout,
    Section,
    SectionKey,
    blank,
    completeness,
    plain_markdown,
    plain_text,
    problems,
    reading_time,
    word_count,
)

READER = MarkdownIt("gfm-like", {"html": True, "linkify": False})
WORD_JOINER = "\u2060"
PIECES = [*"ab1 \n\t$:![](){}<>*_~`#+-.=|\\/\"'&;@^ع😀\u00a0", "http://x.om", "](http://x", ":red[", "```", "  - "]
MARKUP = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def tokens(markdown: str) -> list[Token]:
    """Every token of a reading by a parser that allows far more than we do."""
    flat: list[Token] = []
    for token in READER.parse(markdown):
        flat += [token, *(token.children or [])]
    return flat


def shown(markdown: str) -> str:
    """The text a reader sees, invisible letters apart."""
    text = "".join(token.content for token in tokens(markdown) if token.type in ("text", "code_inline", "image"))
    return text.replace(WORD_JOINER, "")


def terms(section: dict[str, Any]) -> Content:
    return Content.model_validate({"terms": {"en": section}})


class TestContent:
    def test_has_nine_sections_in_reading_order(self):
        assert list(SECTIONS) == [
            "hero",
            "terms",
            "metrics",
            "value",
            "modules",
            "why",
            "next_steps",
            "cta",
            "documents",
        ]
        assert list(Content.model_fields) == list(SECTIONS) == list(LAYOUTS)

    def test_survives_a_round_trip(self):
        written = terms({"heading": "الشروط", "body": "**18 %**", "items": [{"title": "Rate", "value": "18 %"}]})
        assert Content.model_validate(written.model_dump(mode="json")) == written
        assert written.read_in("en")[SectionKey.TERMS].items == (Item(title="Rate", value="18 %"),)
        assert written.read_in("ar")[SectionKey.TERMS] == Section()

    def test_titles_are_one_line(self):
        assert Item(title=" Deal \n protection ").title == "Deal protection"

    @pytest.mark.parametrize(
        ("section", "problem"),
        (
            ({"heading": "x" * 201}, "terms, en, heading: A heading has at most 200 characters."),
            ({"body": "x" * 10_001}, "terms, en, body: A body has at most 10000 characters."),
            ({"items": [{}, {"title": "x" * 121}]}, "terms, en, items, 2, title: A title has at most 120 characters."),
            ({"items": [{"value": "x" * 61}]}, "terms, en, items, 1, value: A value has at most 60 characters."),
            (
                {"items": [{"text": "x" * 1001}]},
                "terms, en, items, 1, text: An item's text has at most 1000 characters.",
            ),
            ({"items": [{}] * 13}, "terms, en, items: A section has at most 12 items."),
            ({"body": "a\0b"}, "terms, en, body: A body contains characters that cannot be stored."),
        ),
    )
    def test_says_in_a_sentence_what_is_wrong(self, section: dict[str, Any], problem: str):
        with pytest.raises(ValidationError) as refusal:
            terms(section)
        assert problems(refusal.value) == [problem]

    def test_refuses_half_a_letter(self):
        with pytest.raises(ValidationError):
            terms({"body": "a\ud800"})

    def test_refuses_sections_it_does_not_know(self):
        with pytest.raises(ValidationError):
            Content.model_validate({"prices": {}})


class TestCompleteness:
    def test_of_a_blank_proposal_is_nothing(self):
        assert completeness(blank(), "en") == dict.fromkeys(SECTIONS, 0.0)

    def test_is_counted_per_language(self):
        written = terms({"heading": "Terms", "body": "All of them", "items": [{"title": "Rate", "value": "18 %"}]})
        assert completeness(written, "en")[SectionKey.TERMS] == 1.0
        assert completeness(written, "ar")[SectionKey.TERMS] == 0.0

    def test_a_figure_without_its_number_is_not_written(self):
        written = terms({"heading": "Terms", "body": "All of them", "items": [{"title": "Rate"}]})
        assert completeness(written, "en")[SectionKey.TERMS] == pytest.approx(2 / 3)

    @pytest.mark.parametrize("key", [key for key in SECTIONS if LAYOUTS[key] in (Layout.OPENING, Layout.CALL)])
    def test_an_opening_and_a_call_need_no_items(self, key: SectionKey):
        written = Content.model_validate({key: {"ar": {"heading": "مرحبا", "body": "نص"}}})
        assert completeness(written, "ar")[key] == 1.0


class TestReadingTime:
    @pytest.mark.parametrize(
        ("markdown", "words"),
        (
            ("", 0),
            ("Don't count **this** as more", 5),
            ("One\n\ntwo\nthree  \nfour", 4),
            ("[the price list](https://a.om/very/long/address)", 3),
            ("- first\n- second one", 3),
            ("بسم الله الرحمن", 3),
            ("```\nsome code\n```", 2),
            ("![a picture](https://a.om/x.png) here", 3),
        ),
    )
    def test_counts_what_is_read(self, markdown: str, words: int):
        assert word_count(Section(body=markdown)) == words

    def test_counts_headings_and_items(self):
        item = Item(title="Commission", value="18 %", text="of *net* revenue")
        assert word_count(Section(heading="All terms", body="Simple", items=(item,))) == 8

    def test_is_in_whole_minutes(self):
        assert reading_time(blank(), "en") == 0
        assert reading_time(terms({"body": "word"}), "en") == 1
        assert reading_time(terms({"body": "word " * 221}), "en") == 2
        assert reading_time(Content.model_validate({"terms": {"ar": {"body": "كلمة " * 181}}}), "ar") == 2


class TestPlainMarkdown:
    @pytest.mark.parametrize(
        ("written", "plain"),
        (
            ("Price $5 and $6", r"Price \$5 and \$6"),
            ("**bold** and *em* and __b__ and _e_", "**bold** and *em* and **b** and *e*"),
            ("# Big\n\nText", "### Big\n\nText"),
            ("Big\n===\n\nText", "### Big\n\nText"),
            ("- a\n- b\n  - c", "- a\n- b\n  - c"),
            ("3. x\n4. y", "3. x\n4. y"),
            ("> said\n> so", "> said\n> so"),
            ("a\n\n---\n\nb", "a\n\n***\n\nb"),
            ("one\\\ntwo", "one\\\ntwo"),
            ("[site](https://a.om/?q=$1)", "[site](<https://a.om/?q=%241>)"),
            ("[mail](mailto:a@b.om)", "[mail](<mailto:a@b.om>)"),
            ("[bad](javascript:alert(1))", r"\[bad\]\(javascript\:alert\(1\)\)"),
            ("[here](/admin)", "here"),
            ("[](https://a.om)", ""),
            ("![logo](https://spy.om/x.png)", "logo"),
            ("![](https://spy.om/x.png) **![](x)** text", "text"),
            ("** not bold**", r"\*\* not bold\*\*"),
            ("<b>x</b> &lt; &amp;", r"\<b\>x\</b\> \< \&"),
            (":red[warn]", r"\:red\[warn\]"),
            (":material/lock: :smile:", f"\\:{WORD_JOINER}material/lock\\: \\:{WORD_JOINER}smile\\:"),
            ("`a$b$`", r"a\$b\$"),
            ("```\nline *one*\n\ntwo\n```", "line \\*one\\*\n\ntwo"),
            ("| a | b |\n|---|---|", "\\| a \\| b \\|\n\\|\\-\\-\\-\\|\\-\\-\\-\\|"),
            ("~~gone~~", "gone"),
            ("", ""),
        ),
    )
    def test_keeps_what_is_meant_and_nothing_more(self, written: str, plain: str):
        assert plain_markdown(written) == plain

    @given(MARKUP)
    def test_never_loads_links_out_of_the_web_or_runs_anything(self, written: str):
        for token in tokens(plain_markdown(written)):
            assert token.type not in (
                "image",
                "html_block",
                "html_inline",
                "code_inline",
                "code_block",
                "fence",
                "th_open",
            )
            if token.type == "link_open":
                assert str(token.attrs["href"]).lower().startswith(("http://", "https://", "mailto:"))

    @given(MARKUP)
    def test_leaves_no_dollar_or_colon_alive(self, written: str):
        plain = plain_markdown(written).replace("\\\\", "")
        outside_addresses = "".join(part.split(">)")[-1] for part in plain.split("](<"))
        assert outside_addresses.count("$") == outside_addresses.count("\\$")
        assert outside_addresses.count(":") == outside_addresses.count("\\:")

    @given(st.text(alphabet=st.sampled_from("ab1 $:!(){}<>#+-.=|\\/\"'&;@^ع é"), min_size=1))
    def test_plain_text_shows_as_it_is_typed(self, typed: str):
        assert shown(plain_text(typed)) == " ".join(typed.split())

    @given(MARKUP)
    def test_plain_text_is_never_markup(self, typed: str):
        kinds = {token.type for token in tokens(plain_text(typed))}
        assert kinds <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
