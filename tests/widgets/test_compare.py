"""Two texts compared word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.widgets.compare import AROUND, difference

WORDS = st.lists(st.sampled_from(["the", "offer", "is", "good", "18%", "*", "الشروط", "\n"]), max_size=30).map(" ".join)


class TestDifference:
    @pytest.mark.parametrize(
        ("old", "new", "added", "removed", "marked"),
        (
            ("", "", 0, 0, ""),
            ("same words", "same words", 0, 0, ""),
            ("same words", "same\t words", 0, 0, ""),
            ("", "new words", 2, 0, ":green-background[**+ new words**]"),
            ("old words", "", 0, 2, ":red-background[~~old words~~]"),
            ("a fee of 5", "a fee of 6", 1, 1, "a fee of :red-background[~~5~~] :green-background[**+ 6**]"),
            ("one", "one\ntwo", 1, 0, "one \n\n:green-background[**+ two**]"),
        ),
    )
    def test_counts_and_marks_words(self, old, new, added, removed, marked):
        found = difference(old, new)
        assert (found.added, found.removed, found.marked) == (added, removed, marked)

    def test_leaves_out_what_is_far_from_a_change(self):
        text = " ".join(f"w{number}" for number in range(100))
        found = difference(text, text.replace("w50", "new"))
        assert found.marked.startswith("… w42 w43")
        assert found.marked.endswith("w57 w58 …")
        assert found.marked.count("w") <= 2 * AROUND + 2

    def test_shows_markup_as_it_was_typed(self):
        assert difference("", "**bold** $5 :red[x]").marked == (r":green-background[**+ \*\*bold\*\* \$5 \:red\[x\]**]")

    def test_says_one_word_and_many(self):
        assert difference("a", "b").summary == "1 word added, 1 removed"
        assert difference("", "a b").summary == "2 words added, 0 removed"

    @given(WORDS, WORDS)
    def test_what_was_added_in_one_direction_was_removed_in_the_other(self, old, new):
        there = difference(old, new)
        assert there.added - there.removed == len(new.split()) - len(old.split())
        assert (there.added, there.removed) != (0, 0) or old.split() == new.split()
