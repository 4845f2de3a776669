"""Quizzes as files: what is refused and how, what is read, and that nothing is lost on the way out and back."""

import json
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import refusal
from core.training import gift, source_json
from core.training.checks import check
from core.training.matching import matched
from core.training.quiz import QuizRefused
from core.training.quiz_file import MOST_CHARACTERS, decoded
from tests.core.malformed_gift import MALFORMED_GIFT
from tests.core.malformed_json import MALFORMED_JSON
from tests.core.malformed_questions import MALFORMED_QUESTIONS
from tests.core.quiz_pieces import ONE, SOURCE, file_of, questions, without_keys

SECONDS = 5.0
MALFORMED = {
    **{f"JSON, {name}": (source_json.read, *case) for name, case in MALFORMED_JSON.items()},
    **{f"JSON, {name}": (source_json.read, *case) for name, case in MALFORMED_QUESTIONS.items()},
    **{f"GIFT, {name}": (gift.read, *case) for name, case in MALFORMED_GIFT.items()},
}


def answered(read, text):
    """The quiz in a file, or the refusal."""
    try:
        return read(text)
    except QuizRefused as refused:
        return refused


class TestMalformed:
    def test_are_more_than_sixty_of_each_kind_of_fault(self):
        assert len(MALFORMED_JSON) + len(MALFORMED_QUESTIONS) > 60
        assert len(MALFORMED_GIFT) > 30

    @pytest.mark.parametrize("name", sorted(MALFORMED))
    def test_is_refused_in_these_sentences(self, name):
        read, text, says = MALFORMED[name]
        began = time.process_time()
        with pytest.raises(QuizRefused) as refused:
            read(text)
        assert tuple(fault.message for fault in refused.value.faults) == says
        assert time.process_time() - began < SECONDS
        assert refused.value.message.startswith(f"Nothing was changed. Correct this and try again: {says[0]}")
        assert refusal(refused.value, "ar").encode()

    @pytest.mark.parametrize("name", sorted(MALFORMED))
    def test_names_question_and_line(self, name):
        _, _, says = MALFORMED[name]
        of_the_file = ("The file ", "The quiz has", "A quiz has", "This looks like")
        for sentence in says:
            assert "ine " in sentence or sentence.startswith(of_the_file)

    def test_says_the_number_of_the_question_apart(self):
        with pytest.raises(QuizRefused) as refused:
            source_json.read(MALFORMED_QUESTIONS["correct_idx too great"][0])
        assert [fault.question for fault in refused.value.faults] == [3]

    def test_names_five_of_many_faults(self):
        with pytest.raises(QuizRefused) as refused:
            source_json.read(file_of(*["7"] * 40))
        assert len(refused.value.faults) == 40
        assert refused.value.message.count("Question ") == 5
        assert refused.value.message.endswith("And 35 more.")

    @pytest.mark.parametrize(
        ("head", "again", "tail"),
        (
            ("", "?\n\n", ""), ("", "~a", ""), ("{T", "#a", "}"), ("x {=", "~", "}"), ("[html]", "<", "{=a ~b}"),
            ("[html]", " ", "<p>{=a ~b}"), ("", "\\", ""), ("", "::", ""), ("", "//\n", ""), ("", "#", ""),
            ("{=", "a\n", "~b}"),
        ),
    )  # fmt: skip
    def test_takes_no_time_however_large(self, head, again, tail):
        text = head + again * ((MOST_CHARACTERS - len(head + tail)) // len(again)) + tail
        began = time.process_time()
        with pytest.raises(QuizRefused):
            gift.read(text)
        assert time.process_time() - began < SECONDS

    @given(st.text(st.characters() | st.sampled_from('{}[]",:\\ntrue0123\ud800'), max_size=60))
    def test_nothing_but_a_refusal_comes_of_any_text(self, text):
        for read in (source_json.read, gift.read):
            self.is_sound_or_refused(answered(read, text))

    @given(st.data())
    def test_nothing_but_a_refusal_comes_of_a_damaged_file(self, data):
        for read, text in ((source_json.read, SOURCE), (gift.read, gift.write(source_json.read(SOURCE)))):
            place = data.draw(st.integers(0, len(text)))
            damage = data.draw(st.text(st.sampled_from('{}[]",:~=#\\\n \0x'), max_size=3))
            rest = text[place + data.draw(st.integers(0, 3)) :]
            self.is_sound_or_refused(answered(read, text[:place] + damage + rest))

    def is_sound_or_refused(self, answer):
        """A quiz that can be taken, or a sentence that can be shown."""
        if isinstance(answer, QuizRefused):
            assert answer.faults
            assert answer.message.encode()
        else:
            assert check(answer, None) == []


class TestSourceJson:
    def test_reads_the_source(self):
        first, second = source_json.read(SOURCE)
        assert first.text == "What's our standard discount cap?"
        assert [choice.text for choice in first.choices] == ["5%", "10%", "15%", "20%"]
        assert first.correct == first.choices[1].key
        assert second.text == "ما هو حد الخصم؟ ½"

    def test_writes_it_unchanged(self):
        assert json.loads(source_json.write(source_json.read(SOURCE))) == json.loads(SOURCE)
        assert list(json.loads(source_json.write(source_json.read(SOURCE)))["questions"][0]) == [
            "q",
            "choices",
            "correct_idx",
        ]
        assert "ما هو" in source_json.write(source_json.read(SOURCE))

    @pytest.mark.parametrize(
        "text",
        (
            SOURCE, f"\ufeff{SOURCE}", f"\r\n{SOURCE}\n".replace("\n", "\r\n"), json.dumps(json.loads(SOURCE)),
            json.dumps(json.loads(SOURCE), indent=4, ensure_ascii=False, sort_keys=True),
        ),
        ids=("as it is", "an editor's mark", "Windows", "one line", "other order"),
    )  # fmt: skip
    def test_gives_the_same_questions_the_same_keys(self, text):
        assert source_json.read(text) == source_json.read(SOURCE)

    def test_keeps_a_key_while_the_text_stays(self):
        (one,), (changed,) = source_json.read(file_of(ONE)), source_json.read(file_of(ONE.replace("20%", "25%")))
        assert (one.key, one.correct) == (changed.key, changed.correct)
        assert one.choices[3].key != changed.choices[3].key

    @pytest.mark.parametrize("count", (1, 500))
    def test_takes_up_to_500_questions(self, count):
        assert len(source_json.read(file_of(*(ONE.replace("cap", f"cap {n}") for n in range(count))))) == count

    @given(questions(rich=False))
    def test_reads_back_what_it_wrote(self, quiz):
        read = source_json.read(source_json.write(quiz))
        assert without_keys(read) == without_keys(quiz)
        assert source_json.read(source_json.write(read)) == read
        assert matched(read, quiz) == quiz

    @given(questions())
    def test_loses_nothing_of_questions_that_we_have(self, quiz):
        assert matched(source_json.read(source_json.write(quiz)), quiz) == quiz

    def test_refuses_to_write_a_question_without_a_right_choice(self):
        (one,) = source_json.read(file_of(ONE))
        for write in (source_json.write, gift.write):
            with pytest.raises(QuizRefused, match="Question 2: No choice is marked as the right one"):
                write((one, replace(one, correct="")))

    def test_names_what_it_leaves_out(self):
        (one,) = source_json.read(file_of(ONE))
        rich = replace(one, text_ar="س", topic="t", code="x", image="i", why="w", why_ar="ل")
        assert source_json.left_out([one]) == gift.left_out([one]) == ()
        assert source_json.left_out([one, rich]) == ("Arabic", "topics", "code", "pictures", "explanations")
        assert gift.left_out([one, rich]) == ("Arabic", "code", "pictures")
        spoken = replace(one, choices=tuple(replace(choice, text_ar="س") for choice in one.choices))
        assert source_json.left_out([spoken]) == ("Arabic",)


class TestDecoded:
    @pytest.mark.parametrize("encoding", ("utf-8", "utf-8-sig", "utf-16"))
    def test_reads_what_editors_save(self, encoding):
        assert source_json.read(decoded(SOURCE.encode(encoding))) == source_json.read(SOURCE)

    @pytest.mark.parametrize("content", (b"\xff", SOURCE.encode("cp1256", "replace"), b"\xff\xfea", b"\x89PNG\r\n"))
    def test_refuses_what_is_no_text(self, content):
        with pytest.raises(QuizRefused, match=r"The file is not text in UTF-8\. Save it as UTF-8\.$"):
            decoded(content)
