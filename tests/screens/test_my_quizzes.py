"""A quiz as whoever sits it sees it: question by question, resumed anywhere, and what came of it."""

from streamlit.testing.v1 import AppTest

from core.actor import Actor, ContactRole
from core.db import transaction
from core.i18n import t
from core.training import learning
from core.training.models import TrainingModule
from tests.core.contact_acts import contact_actor, make_contact
from tests.core.today_world import statements
from tests.core.training_acts import (
    answer_all,
    ask,
    asked_in,
    certifications,
    do,
    offered,
    question,
    questions,
)
from tests.screens.portal_deals import labels, press, told
from tests.screens.portal_training import choose, links, opened, person


class TestQuiz:
    def begin(self, at_my_training, by: Actor, module: TrainingModule) -> AppTest:
        screen: AppTest = at_my_training(by, attempt=str(do(by, learning.begin, module.id)))
        return screen

    def place(self, screen: AppTest) -> str:
        return str(screen.get("progress")[0].proto.text)

    def test_keeps_every_answer_at_once_and_goes_on_there(self, at_my_training, learner, aisha):
        screen = self.begin(at_my_training, learner, offered(aisha))
        choose(screen, 2)
        kept = ask(learner, learning.my_attempt, opened(screen))
        assert (kept.questions[0].answer, kept.answered) == (2, 1)
        assert "Answered: 1 of 4" in told(screen)
        assert self.place(screen) == "Question 1 of 4"
        elsewhere = at_my_training(learner, attempt=str(opened(screen)))
        assert self.place(elsewhere) == "Question 2 of 4"
        press(elsewhere, "Previous")
        assert elsewhere.radio[0].value == 2

    def test_shows_an_answer_given_on_another_device(self, at_my_training, learner, aisha):
        screen = self.begin(at_my_training, learner, offered(aisha))
        choose(screen, 1)
        do(learner, learning.answer, opened(screen), number=1, choice=3)
        assert screen.run().radio[0].value == 3

    def test_goes_from_question_to_question(self, at_my_training, learner, aisha):
        screen = self.begin(at_my_training, learner, offered(aisha))
        assert next(one for one in screen.button if one.label == "Previous").disabled
        assert "Finish the quiz" not in labels(screen)
        for place in ("Question 2 of 4", "Question 3 of 4", "Question 4 of 4"):
            assert self.place(press(screen, "Next")) == place
        assert "Next" not in labels(screen)
        assert list(screen.button_group[0].options) == ["1", "2", "3"]
        screen.button_group[0].set_value(2).run()
        assert self.place(screen) == "Question 2 of 4"

    def test_names_what_is_still_to_be_answered(self, at_my_training, learner, aisha):
        screen = self.begin(at_my_training, learner, offered(aisha))
        choose(screen, 1)
        for _ in range(3):
            press(screen, "Next")
        press(screen, "Finish the quiz")
        assert [one.value.replace("\\", "") for one in screen.error] == ["\u2068Answer question 2, 3, 4.\u2069"]
        assert self.place(screen) == "Question 4 of 4"

    def test_ends_with_a_certificate(self, at_my_training, learner, aisha):
        screen = self.begin(at_my_training, learner, offered(aisha))
        answer_all(learner, opened(screen))
        press(screen.run(), "Finish the quiz")
        held = certifications(aisha)[0]
        assert "You passed. 100% (4 of 4 right); 80% is needed." in told(screen).replace("**", "")
        assert "Your certificate · C-00001" in told(screen)
        assert "Valid until 22 Nov 2027" in told(screen)
        assert links(screen)["Download the certificate (PDF)"] == f"/training/certificates/{held.id}"
        assert links(screen)["Check page"].endswith(f"/certificate/{held.code}")

    def test_tells_after_a_fail_the_score_and_the_topics_and_nothing_else(self, at_my_training, learner, aisha):
        screen = self.begin(at_my_training, learner, offered(aisha))
        answer_all(learner, opened(screen), wrong=["q1", "q3"])
        press(screen.run(), "Finish the quiz")
        said = told(screen)
        assert "Not passed this time.** 50% (2 of 4 right); 80% is needed." in said
        assert "Wages**: 2 of 2 wrong" in said
        assert "You can try again at once." in said
        assert "Take the quiz again" in labels(screen)
        for one in asked_in(opened(screen)):
            assert one.why not in said
            assert not [choice for choice in one.choices if choice.text in said]

    def test_is_in_arabic(self, at_my_training, learner, aisha):
        module = offered(aisha, [question("q1")])
        screen = at_my_training(learner, lang="ar", attempt=str(do(learner, learning.begin, module.id)))
        assert "سؤال q1" in told(screen)
        assert all("خيار" in one for one in screen.radio[0].options)
        assert t("training.finish", "ar") in labels(screen)

    def test_keeps_no_answer_once_it_is_finished_elsewhere(self, at_my_training, learner, aisha):
        screen = self.begin(at_my_training, learner, offered(aisha))
        attempt = opened(screen)
        answer_all(learner, attempt)
        do(learner, learning.finish, attempt)
        choose(screen, 1)
        assert "You passed" in told(screen)

    def test_is_nobody_elses(self, at_my_training, learner, aisha, partner):
        screen = self.begin(at_my_training, learner, offered(aisha))
        for other in (person(aisha, partner), person(aisha, partner, ContactRole.PRINCIPAL)):
            seen = at_my_training(other, attempt=str(opened(screen)))
            assert "This quiz was not found" in told(seen)
            assert not seen.radio

    def test_can_be_looked_at_but_not_answered_as_somebody_else(self, at_my_training, aisha, partner):
        with transaction(aisha) as session:
            contact = make_contact(session, partner)
        screen = self.begin(at_my_training, contact_actor(contact), offered(aisha))
        choose(screen, 2)
        seen = at_my_training(contact_actor(contact, viewer=aisha.id), attempt=str(opened(screen)))
        assert (seen.get("progress")[0].proto.text, seen.radio[0].disabled) == ("Question 2 of 4", True)
        assert press(seen, "Previous").radio[0].value == 2
        assert "Only the learner can take this quiz" in told(seen)
        assert "Finish the quiz" not in labels(press(press(press(seen, "Next"), "Next"), "Next"))

    def test_asks_the_database_little(self, at_my_training, learner, aisha):
        screen = self.begin(at_my_training, learner, offered(aisha, questions(40)))
        with statements() as said:
            screen.run()
        assert len(said) <= 10
