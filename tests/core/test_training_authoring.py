"""Writing quizzes: drafts, publishing, files, pictures; and what learners never get to see of them."""

import json
from dataclasses import asdict, replace
from decimal import Decimal

import pytest

from core.actor import Actor
from core.db import transaction
from core.errors import Invalid, NotFound
from core.training import authoring, learning, my_modules, pictures, queries, service
from core.training.audience import RoleUnknown
from core.training.authoring import NoQuizDraft, PictureRefused, QuizDraftChanged, QuizUnchanged
from core.training.quiz import Choice, Question, QuizRefused
from core.training.service import NewModule, TrainingChanged, TrainingKnown
from core.training.statistics import Advice
from core.vault.intake import Taken
from core.vault.storage import digest
from core.vault.upload_refusals import FileRefused
from tests.core.contact_acts import contact_actor, make_contact, tags
from tests.core.files import image
from tests.core.training_acts import (
    add_module,
    answer_all,
    ask,
    do,
    offered,
    publish,
    question,
    questions,
    sit,
)

PNG = image("PNG")
SOURCE = '{"questions": [{"q": "What is WPS?", "choices": ["A wage file", "A tax"], "correct_idx": 0}]}'


@pytest.fixture
def hiba(aisha, partner) -> Actor:
    """A salesperson of a reseller."""
    with transaction(aisha) as session:
        row = make_contact(session, partner, name="Hiba Al Maskari")
    return contact_actor(row)


class TestModule:
    def test_is_kept_as_typed(self, aisha):
        module = add_module(aisha, name="  Selling payroll ", required_roles=("employee", "salesperson"), draw=3)
        [row] = ask(aisha, queries.modules)
        assert (row.name, row.required_roles, row.published) == ("Selling payroll", ("salesperson", "employee"), None)
        assert ask(aisha, queries.module, module.id).draw == 3

    @pytest.mark.parametrize(
        ("facts", "says"),
        (
            ({"pass_pct": 0}, "pass mark must be from 1 to 100"),
            ({"valid_for_days": 3651}, "from 1 to 3,650"),
            ({"draw": 501}, "from 1 to 500"),
            ({"cool_down_minutes": -1}, "from 0 to 43,200"),
            ({"attempts_per_day": 0}, "from 1 to 100"),
            ({"name": " "}, "Name is missing"),
            ({"required_roles": ("viewer",)}, "viewer is none that takes training"),
            ({"required_roles": ("boss",)}, "boss is none"),
        ),
    )
    def test_refuses_what_makes_no_sense(self, aisha, facts, says):
        with pytest.raises(Invalid, match=says) as refused:
            add_module(aisha, **facts)
        assert isinstance(refused.value, RoleUnknown) == ("required_roles" in facts)

    def test_has_a_name_of_its_own(self, aisha):
        add_module(aisha, name="Selling payroll")
        with pytest.raises(TrainingKnown, match="called Selling payroll already"):
            add_module(aisha, name="selling PAYROLL")

    def test_saved_by_two_keeps_the_first(self, aisha, nora):
        module = add_module(aisha)
        do(nora, service.change_module, module.id, module=NewModule("Other"), version=1)
        with pytest.raises(TrainingChanged, match="compare and save again"):
            do(aisha, service.change_module, module.id, module=NewModule("Mine"), version=1)

    def test_withdrawn_is_offered_to_nobody_until_it_is_again(self, aisha, hiba):
        module = offered(aisha)
        do(aisha, service.withdraw_module, module.id)
        with pytest.raises(NotFound):
            do(hiba, learning.begin, module.id)
        do(aisha, service.offer_again, module.id)
        assert do(hiba, learning.begin, module.id)


class TestDraft:
    def test_is_saved_as_it_is_typed_and_recorded_once(self, aisha):
        module = add_module(aisha)
        version = None
        for n in range(1, 5):
            version = do(aisha, authoring.save_draft, module.id, questions=questions(n), version=version).version
        shown = ask(aisha, queries.module, module.id)
        assert (len(shown.draft), shown.draft_version, shown.published) == (4, version, ())
        assert tags(aisha).count("admin:quiz:save") == 1

    def test_may_lack_whatever_it_likes(self, aisha):
        module = add_module(aisha)
        half = replace(question("q1"), text="", correct="", choices=())
        assert do(aisha, authoring.save_draft, module.id, questions=[half], version=None).version == 1

    def test_saved_by_two_keeps_the_first(self, aisha, nora):
        module = add_module(aisha)
        do(nora, authoring.save_draft, module.id, questions=questions(2), version=None)
        for version in (None, 2):
            with pytest.raises(QuizDraftChanged, match="Nora Al Harthy saved this quiz"):
                do(aisha, authoring.save_draft, module.id, questions=questions(3), version=version)
        assert len(ask(aisha, queries.module, module.id).draft) == 2

    def test_is_thrown_away(self, aisha):
        module = offered(aisha)
        draft = do(aisha, authoring.save_draft, module.id, questions=questions(2), version=None)
        do(aisha, authoring.discard_draft, module.id, version=draft.version)
        assert ask(aisha, queries.module, module.id).draft_version is None
        with pytest.raises(NoQuizDraft):
            do(aisha, authoring.discard_draft, module.id, version=draft.version)


class TestPublish:
    def test_names_question_and_fault(self, aisha):
        module = add_module(aisha, draw=5)
        faulty = [question("q1"), replace(question("q2"), correct="z"), replace(question("q3"), image="none")]
        draft = do(aisha, authoring.save_draft, module.id, questions=faulty, version=None)
        with pytest.raises(QuizRefused) as refused:
            do(aisha, authoring.publish, module.id, asks_holders=False, version=draft.version)
        assert [fault.question for fault in refused.value.faults] == [None, 2, 3]
        assert "Question 2: No choice is marked as the right one" in refused.value.message

    def test_refuses_what_is_published_already(self, aisha):
        module = offered(aisha)
        draft = do(aisha, authoring.save_draft, module.id, questions=questions(), version=None)
        with pytest.raises(QuizUnchanged):
            do(aisha, authoring.publish, module.id, asks_holders=False, version=draft.version)

    def test_lists_versions_with_what_differs(self, aisha):
        module = offered(aisha)
        publish(aisha, module.id, [*questions(3), question("q5")], asks_holders=True)
        newest, first = ask(aisha, queries.versions, module.id)
        assert (newest.number, newest.questions, newest.asks_holders, first.asks_holders) == (2, 4, True, False)
        found = ask(aisha, queries.difference, module.id, old=1, new=2)
        assert [(one.kind, one.key) for one in found] == [("added", "q5"), ("removed", "q4")]


class TestFiles:
    def test_come_in_whole_and_go_out_as_they_were(self, aisha):
        module = add_module(aisha)
        done = do(aisha, authoring.import_quiz, module.id, text=SOURCE, form="json")
        assert (done.added, done.changed, done.same) == (1, 0, 0)
        assert json.loads(ask(aisha, queries.export_quiz, module.id, form="json")) == json.loads(SOURCE)
        again = do(aisha, authoring.import_quiz, module.id, text=SOURCE, form="json")
        assert (again.added, again.same, again.version) == (0, 1, done.version)

    def test_join_what_is_there_or_replace_it(self, aisha):
        module = offered(aisha)
        do(aisha, authoring.import_quiz, module.id, text=SOURCE, form="json")
        assert len(ask(aisha, queries.module, module.id).draft) == 5
        do(aisha, authoring.import_quiz, module.id, text=SOURCE, form="json", replaces=True)
        assert len(ask(aisha, queries.module, module.id).draft) == 1

    def test_that_are_malformed_change_nothing(self, aisha):
        module = offered(aisha)
        for text, form in ((SOURCE[:-3], "json"), (SOURCE.replace("0}", "9}"), "json"), ("{", "gift")):
            with pytest.raises(QuizRefused):
                do(aisha, authoring.import_quiz, module.id, text=text, form=form)
        assert ask(aisha, queries.module, module.id).draft_version is None

    def test_in_gift_keep_topics_and_answers(self, aisha):
        module = offered(aisha)
        text = ask(aisha, queries.export_quiz, module.id, form="gift")
        other = add_module(aisha)
        do(aisha, authoring.import_quiz, other.id, text=text, form="gift")
        draft = ask(aisha, queries.module, other.id).draft
        assert [(one.text, one.topic) for one in draft] == [(one.text, one.topic) for one in questions()]


class TestPictures:
    def test_are_kept_once_and_shown_to_learners(self, aisha, hiba):
        module, taken = add_module(aisha), pictures.take_in("Screen.png", PNG)
        row = do(aisha, authoring.add_image, module.id, file=taken)
        assert do(aisha, authoring.add_image, module.id, file=taken).id == row.id
        with pytest.raises(NotFound):
            ask(hiba, my_modules.picture, row.id)
        publish(aisha, module.id, [replace(question("q1"), image=str(row.id))])
        assert ask(hiba, my_modules.picture, row.id).content == PNG
        attempt = do(hiba, learning.begin, module.id)
        assert ask(hiba, learning.my_attempt, attempt).questions[0].image == str(row.id)

    def test_are_pictures(self, aisha):
        module = add_module(aisha)
        with pytest.raises(PictureRefused, match="PNG, JPEG or WebP picture of at most 2 MB"):
            do(aisha, authoring.add_image, module.id, file=Taken(b"%PDF-", "application/pdf", "a.pdf", digest(b"")))

    def test_in_webp_tell_their_size(self):
        body = (
            b"VP8X" + (10).to_bytes(4, "little") + bytes(4) + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
        )
        webp = b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body
        taken = pictures.take_in("a.webp", webp)
        assert (taken.media_type, pictures.measured(taken)) == ("image/webp", (640, 480))

    @pytest.mark.parametrize("data", (b"RIFF\x08\0\0\0WEBPVP8 ", b"<svg onload=x>", b"", bytes(3_000_000)))
    def test_that_are_none_are_refused(self, data):
        with pytest.raises(FileRefused):
            pictures.measured(pictures.take_in("a.webp", data))


def marked(n: int) -> Question:
    """A question with a mark in all that nobody who sits it may see."""
    choices = tuple(Choice(f"canary{n}{mark}", f"{n}, choice {mark}") for mark in "abcd")
    why = {"why": "canary", "why_ar": "canary"}
    return Question(f"canary{n}", f"What about {n}?", choices, f"canary{n}c", code=f"print({n})", **why)


class TestAnswersStayHere:
    """Whatever a learner is given holds neither a right answer nor why it is right, nor a key that tells one."""

    def test_in_every_read(self, aisha, hiba):
        module = offered(aisha, [marked(n) for n in range(5)])
        attempt = do(hiba, learning.begin, module.id)
        given = [ask(hiba, learning.my_attempt, attempt)]
        answer_all(hiba, attempt, wrong=("canary1", "canary2"))
        given += [ask(hiba, learning.my_attempt, attempt), do(hiba, learning.finish, attempt)]
        given += [ask(hiba, learning.my_result, attempt), ask(hiba, learning.my_attempt, attempt)]
        given += [ask(hiba, my_modules.my_module, module.id), *ask(hiba, my_modules.my_modules)]
        said = json.dumps([asdict(one) for one in given], default=str)
        assert "What about 3?" in said
        for secret in ("canary", "correct", '"why"', "why_ar", '"key"'):
            assert secret not in said

    def test_before_those_who_only_read_training(self, aisha, analyst):
        module = offered(aisha)
        shown = ask(analyst, queries.module, module.id)
        assert {one.correct + one.why + one.why_ar for one in shown.published} == {""}
        assert ask(aisha, queries.module, module.id).published[0].correct == "c"


class TestStatistics:
    def test_count_first_attempts_alone(self, aisha, partner):
        module = offered(aisha)
        for n in range(4):
            with transaction(aisha) as session:
                row = make_contact(session, partner)
            by = contact_actor(row)
            sit(by, module, wrong=("q1", "q2")[: n % 3] if n < 3 else ())
            if n == 1:
                sit(by, module)
        first, *_, last = ask(aisha, queries.item_statistics, module.id)
        assert (first.question, first.attempts, first.facility) == ("q1", 4, Decimal("0.500"))
        assert (last.attempts, last.facility, last.advice) == (4, Decimal("1.000"), (Advice.TOO_FEW,))
        assert sum(share.times for share in first.shares) == 4

    def test_are_empty_before_the_first_version(self, aisha):
        assert ask(aisha, queries.item_statistics, add_module(aisha).id) == []
