"""How questions are searched, when they are due, and what tells who asked: pure rules."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.questions import searching
from core.questions.anonymity import Known, What, traces
from core.questions.due import due

MUSCAT = ZoneInfo("Asia/Muscat")
KNOWN = Known(
    partners=("Muscat Tech", "مسقط للتقنية", "MOL"), people=("Salim Al Kindi", "سالم الكندي", "Said"),
    customers=("Oman Flour Mills",),
)  # fmt: skip


class TestWords:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        (
            ("Licences", "the licence"),
            ("LICENCE", "licence's price"),
            ("policies", "Policy"),
            ("الأجهزة", "اجهزه"),
            ("رخصة", "الرُّخصة"),
            ("إعداد", "اعداد"),
            ("مستشفى", "مستشفي"),
            ("الشـــبكة", "شبكة"),
            ("port ٤٤٣", "443 port"),
            ("café", "CAFE"),
            ("للشبكة", "الشبكة"),
        ),
    )
    def test_spellings_of_a_word_are_one(self, typed, kept):
        (term, *_) = searching.terms(typed)
        assert searching.beginning(term) in searching.kept(kept)

    @pytest.mark.parametrize(
        ("question", "terms"),
        (
            ("How do I reset the password?", ["reset", "password"]),
            ("كيف يمكنني تغيير كلمة المرور؟", ["تغيير", "كلمه", "مرور"]),
            ("how can I", ["how", "can", "i"]),
            ("", []),
            ("?!", []),
        ),
    )
    def test_what_says_nothing_is_not_searched_for(self, question, terms):
        assert searching.terms(question) == terms

    def test_a_third_must_be_there(self):
        assert [searching.enough(["x"] * n) for n in range(8)] == [1, 1, 1, 1, 2, 2, 2, 3]

    @given(st.text(max_size=200))
    def test_any_text_is_found_by_itself(self, text):
        row = searching.kept(text)
        assert all(searching.beginning(term) in row for term in searching.terms(text))


class TestDue:
    @pytest.mark.parametrize(
        ("asked", "answer_by"),
        (
            ((22, 10, 30), (24, 10, 30)),
            ((24, 16, 0), (26, 16, 0)),
            ((25, 9, 0), (29, 9, 0)),
            ((26, 9, 0), (30, 9, 0)),
            ((27, 9, 0), (31, 8, 0)),
            ((28, 23, 59), (31, 8, 0)),
        ),
        ids=("Sunday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    )
    def test_is_two_working_days_on(self, asked, answer_by):
        (day, hour, minute), (until, then, at) = asked, answer_by
        month, last = (12, until - 30) if until > 30 else (11, until)
        assert due(datetime(2026, 11, day, hour, minute, tzinfo=MUSCAT), zone="Asia/Muscat") == datetime(
            2026, month, last, then, at, tzinfo=MUSCAT
        )

    @given(st.integers(0, 3_000_000_000))
    def test_never_falls_on_a_free_day(self, asked):
        at = datetime.fromtimestamp(asked, MUSCAT)
        found = due(at, zone="Asia/Muscat").astimezone(MUSCAT)
        assert found > at
        assert found.weekday() not in (4, 5)
        assert (found - at).total_seconds() <= 4 * 86_400 + 9 * 3_600


class TestTraces:
    @pytest.mark.parametrize(
        ("text", "what", "named"),
        (
            ("As we told muscat tech", What.PARTNER, "Muscat Tech"),
            ("كما قلنا لـ مسقط للتقنية", What.PARTNER, "مسقط للتقنية"),
            ("Salim al Kindi asked", What.PERSON, "Salim Al Kindi"),
            ("Dear Salim,", What.PERSON, "Salim"),
            ("Write to help@muscat-tech.om.", What.EMAIL, "help@muscat-tech.om"),
            ("It is for Oman Flour Mills", What.CUSTOMER, "Oman Flour Mills"),
            ("See di-0042", What.REFERENCE, "DI-0042"),
            ("See QS-0007", What.REFERENCE, "QS-0007"),
        ),
    )
    def test_names_what_tells_who_asked(self, text, what, named):
        assert [(one.what, one.text) for one in traces(text, KNOWN)] == [(what, named)]

    @pytest.mark.parametrize(
        "text",
        (
            "As said before, the technology of Muscat is fine.", "A molecule is small.", "Q-learning, 3 of 7.",
            "الرخصة سنوية", "",
        ),
    )  # fmt: skip
    def test_lets_other_words_pass(self, text):
        assert traces(text, KNOWN) == []
