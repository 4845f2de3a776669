"""Quizzes in Moodle's GIFT format: what is read, and that it reads back."""

import pytest
from hypothesis import given

from core.training import gift, source_json
from core.training.matching import matched
from core.training.quiz import QuizRefused
from tests.core.quiz_pieces import SOURCE, questions, without_keys


class TestGift:
    def test_reads_choices_titles_comments_categories_and_feedback(self):
        one, two, three = gift.read(
            "// The bank of 2026\n"
            "$CATEGORY: $course$/top/Pricing/Discounts\n\n"
            "::Cap::\nHow large is\nour discount? {\n"
            "\t=10% # Since 2026.\n\t// not 7%\n\t~5% # That was 2025.\n\t~15%\n"
            "#### See the price list.\n}\n\n\n"
            "::a title of words:: Which \\{set\\} \\= A\\:B \\~ C \\# 1?{~none=A\\nB}\n"
            "$CATEGORY: top\n"
            "حرب الثلاثين {=عامًا ~يومًا} دارت في أوروبا.\n"
        )
        assert (one.key, one.text, one.topic) == ("Cap", "How large is\nour discount?", "Pricing/Discounts")
        assert [choice.text for choice in one.choices] == ["10%", "5%", "15%"]
        assert one.correct == one.choices[0].key
        assert one.why == "See the price list.\nSince 2026.\n5%: That was 2025."
        assert (two.text, two.topic) == ("Which {set} = A:B ~ C # 1?", "Pricing/Discounts")
        assert [choice.text for choice in two.choices] == ["none", "A\nB"]
        assert two.correct == two.choices[1].key
        assert (three.text, three.topic) == ("حرب الثلاثين _____ دارت في أوروبا.", "")

    @pytest.mark.parametrize(
        ("answers", "right", "why"),
        (
            ("T", "True", ""),
            ("true", "True", ""),
            (" F ", "False", ""),
            (
                "FALSE # It rained. # Well done. #### Look outside.",
                "False",
                "Look outside.\nWell done.\nTrue: It rained.",
            ),
            ("TRUE#No.", "True", "False: No."),
            ("T####Yes.", "True", "Yes."),
        ),
    )
    def test_reads_true_and_false(self, answers, right, why):
        (one,) = gift.read(f"The sun shone. {{{answers}}}")
        assert [(choice.text, choice.text_ar) for choice in one.choices] == [("True", "صحيح"), ("False", "خطأ")]
        assert [choice.text for choice in one.choices if choice.key == one.correct] == [right]
        assert one.why == why
        assert f"{{{right.upper()}" in gift.write([one])

    @pytest.mark.parametrize(
        ("text", "says"),
        (
            ("[html]<p>Is 1 &lt; 2?</p><p>Really<br>so?</p>", "Is 1 < 2?\nReally\nso?"),
            ("[html]<div>A <b>bold</b> <span>claim</span></div>", "A bold claim"),
            ("[markdown]Is it **bold**?", "Is it **bold**?"),
            ("[moodle]Is 1 < 2?", "Is 1 < 2?"),
            ("[plain][html]?", "[html]?"),
            ("\\(x\\) \\\\n \\n?", "\\(x\\) \\n \n?"),
        ),
    )
    def test_reads_the_forms_of_a_text(self, text, says):
        (one,) = gift.read(f"{text} {{=Yes ~No}}")
        assert one.text == says

    def test_reads_what_moodle_writes(self):
        """In its own files answers are in the form of the question unless they say otherwise."""
        (one,) = gift.read(
            "// question: 0  name: Switch category to $course$/top/Default for Demo\n"
            "$CATEGORY: $course$/top/Default for Demo\n\n\n"
            "// question: 12  name: Price list\n"
            "::Price list::[html]<p>Who sees the <b>price list</b> &amp; its history?<br></p>{\n"
            "\t=<p>Salespeople</p>#<p>In the library.</p>\n"
            "\t~[moodle]<p>\n"
            "\t~<p>Nobody</p>\n"
            "}\n\n\n"
        )
        assert (one.text, one.topic) == ("Who sees the price list & its history?", "Default for Demo")
        assert [choice.text for choice in one.choices] == ["Salespeople", "<p>", "Nobody"]
        assert one.why == "In the library."

    def test_refuses_endless_html(self):
        with pytest.raises(QuizRefused, match=r"Its HTML has 50,000 characters\. Maximum 40,000 characters"):
            gift.read(f"[html]{'x' * 50_000}{{=a ~b}}")

    @pytest.mark.parametrize("title", ("two words", "", "م", "x" * 41))
    def test_makes_a_key_where_the_title_is_none(self, title):
        (one,) = gift.read(f"::{title}::Why? {{=a ~b}}")
        (same,) = gift.read("Why? {=a ~b}")
        assert one == same

    def test_tells_questions_of_one_title_apart(self):
        one, two, three = gift.read("::t::Why? {=a ~b}\n\n::t::How? {=a ~b}\n\n::u::When? {=a ~b}")
        assert len({one.key, two.key, three.key}) == 3
        assert three.key == "u"

    @given(questions())
    def test_reads_back_what_it_wrote(self, quiz):
        read = gift.read(gift.write(quiz))
        assert without_keys(read) == without_keys(quiz)
        assert [(one.key, one.topic, one.why) for one in read] == [(one.key, one.topic, one.why) for one in quiz]
        assert gift.read(gift.write(read)) == read
        assert matched(read, quiz) == quiz

    def test_is_the_same_quiz_as_the_json(self):
        quiz = source_json.read(SOURCE)
        assert source_json.write(gift.read(gift.write(quiz))) == source_json.write(quiz)
