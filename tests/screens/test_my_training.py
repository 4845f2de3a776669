"""Training as its learner sees it, in both apps: the list, a lesson, the quiz, its result, the certificates."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import ContactRole
from core.i18n import t
from core.training import service
from core.training.models import TrainingModule
from tests.conftest import Clock
from tests.core.today_world import statements
from tests.core.training_acts import (
    answer_all,
    certifications,
    do,
    offered,
    publish,
    question,
    questions,
    sit,
)
from tests.screens import opener as admin_opener
from tests.screens.portal_deals import labels, press, told
from tests.screens.portal_training import links, opened, person, ways


class TestList:
    @pytest.mark.parametrize(("lang", "words"), (("en", "no training for your role yet"), ("ar", "لا يوجد تدريب")))
    def test_is_empty_at_first(self, at_my_training, learner, lang, words):
        assert words in told(at_my_training(learner, lang=lang))

    def test_shows_what_is_required_first_and_where_one_stands(self, at_my_training, learner, aisha):
        offered(aisha, name="Advanced payroll")
        module = offered(aisha, name="Selling payroll", required_roles=("salesperson",))
        screen = at_my_training(learner)
        said = told(screen)
        assert said.index("Required for your role") < said.index("Also for you")
        assert "Required of you: 1. Held now: 0." in said
        assert ways(screen)[-2:] == ["Selling payroll", "Advanced payroll"]
        screen.button[-2].click().run()
        assert str(module.id) in str(screen.query_params["id"])
        assert screen.title[0].value == "\u2068Selling payroll\u2069"
        assert "Still to do" in said
        assert "Questions: 4 · to pass: 80% · valid for 365 days" in said

    def test_tells_of_ends_tries_and_scores(self, at_my_training, learner, aisha, clock):
        module = offered(aisha, name="Selling payroll")
        sit(learner, module, wrong=["q1", "q2"])
        sit(learner, module)
        assert "Tries: 2, last score: 100%" in told(at_my_training(learner))
        for days, words in ((0, "Valid until 22 Nov 2027"), (335, "Expires in 30 days"), (30, "Expires today")):
            clock.forward(days=days)
            assert words in told(at_my_training(learner))
        clock.forward(days=1)
        assert "Expired on 22 Nov 2027" in told(at_my_training(learner))

    def test_shows_certificates_and_what_became_of_them(self, at_my_training, learner, aisha):
        module = offered(aisha, name="Selling payroll")
        sit(learner, module)
        held = certifications(aisha)[0]
        found = links(at_my_training(learner))
        assert found["Download C-00001"] == f"/training/certificates/{held.id}"
        assert found["Check page"].endswith(f"/certificate/{held.code}")
        do(aisha, service.revoke, held.id, reason="A mistake")
        screen = at_my_training(learner)
        assert "Revoked on 22 Nov 2026" in told(screen)
        assert "Download C-00001" not in links(screen)

    def test_is_in_arabic(self, at_my_training, learner, aisha):
        offered(aisha, name="Selling payroll", name_ar="بيع الرواتب", required_roles=("salesperson",))
        screen = at_my_training(learner, lang="ar")
        assert t("training.required", "ar") in told(screen)
        assert "بيع الرواتب" in ways(screen)

    def test_is_closed_to_viewers(self, at_my_training, aisha, partner):
        screen = at_my_training(person(aisha, partner, ContactRole.VIEWER))
        assert not screen.title
        assert "This page is not part of your role" in told(screen)

    def test_asks_the_database_little(self, at_my_training, learner, aisha):
        for _ in range(5):
            sit(learner, offered(aisha))
        screen = at_my_training(learner)
        with statements() as said:
            screen.run()
        assert len(said) <= 10


class TestLesson:
    def at(self, at_my_training, by, module: TrainingModule, **query: str) -> AppTest:
        screen: AppTest = at_my_training(by, id=str(module.id), **query)
        return screen

    def test_teaches_and_offers_the_quiz(self, at_my_training, learner, aisha):
        taught = "Read **this**, <b>please</b>.\n\n```python\nprint(1)\n```\n\nThen the quiz."
        module = offered(aisha, content=taught, content_ar="اقرأ هذا")
        screen = self.at(at_my_training, learner, module)
        assert "Read **this**, <b>please</b>." in told(screen)
        assert [one.value for one in screen.code] == ["print(1)"]
        assert labels(screen)[-1] == "Begin the quiz"
        assert "اقرأ هذا" in told(self.at(at_my_training, learner, module, lang="ar"))

    def test_begins_and_goes_on(self, at_my_training, learner, aisha):
        module = offered(aisha)
        screen = press(self.at(at_my_training, learner, module), "Begin the quiz")
        assert str(opened(screen)) in str(screen.query_params["attempt"])
        assert "id" not in screen.query_params
        assert "Question 1 of 4" in screen.get("progress")[0].proto.text
        again = self.at(at_my_training, learner, module)
        assert opened(press(again, "Go on with the quiz")) == opened(screen)

    def test_says_why_not_and_from_when(self, at_my_training, learner, aisha, clock):
        module = offered(aisha, cool_down_minutes=90)
        sit(learner, module, wrong=["q1", "q2"])
        screen = self.at(at_my_training, learner, module)
        assert "You can begin from 22 Nov 2026, 13:30." in told(screen)
        assert "Take the quiz again" not in labels(screen)
        clock.forward(minutes=90)
        assert "Take the quiz again" in labels(self.at(at_my_training, learner, module))

    def test_says_when_attempts_are_used_up(self, at_my_training, learner, aisha):
        module = offered(aisha, attempts_per_day=1)
        sit(learner, module, wrong=["q1", "q2"])
        assert "You can begin again from 23 Nov 2026, 12:00." in told(self.at(at_my_training, learner, module))

    def test_renews_early_and_keeps_what_is_held(self, at_my_training, learner, aisha, clock):
        module = offered(aisha)
        sit(learner, module)
        assert "You can renew from 24 Aug 2027." in told(self.at(at_my_training, learner, module))
        clock.at(certifications(aisha)[0].expires_at - timedelta(days=60))
        screen = self.at(at_my_training, learner, module)
        assert "Download the certificate (PDF)" in links(screen)
        press(screen, "Renew early")
        assert "Expires in 59 days" in told(at_my_training(learner))

    def test_asks_only_what_changed(self, at_my_training, learner, aisha, clock):
        module = offered(aisha)
        sit(learner, module)
        publish(aisha, module.id, [*questions(3), question("q4", text="New?"), question("q5")], asks_holders=True)
        assert "The quiz has changed. Questions to answer: 2" in told(at_my_training(learner))
        clock.at(certifications(aisha)[0].expires_at - timedelta(days=60))
        screen = self.at(at_my_training, learner, module)
        assert {"Answer what changed", "Renew with the whole quiz"} <= set(labels(screen))
        assert "Question 1 of 2" in press(screen, "Answer what changed").get("progress")[0].proto.text

    def test_renews_with_the_whole_quiz_where_that_is_wished(self, at_my_training, learner, aisha, clock):
        module = offered(aisha)
        sit(learner, module)
        publish(aisha, module.id, [*questions(3), question("q4", text="New?")], asks_holders=True)
        clock.at(certifications(aisha)[0].expires_at - timedelta(days=60))
        screen = press(self.at(at_my_training, learner, module), "Renew with the whole quiz")
        assert "of 4" in screen.get("progress")[0].proto.text

    @pytest.mark.parametrize("query", ({"id": "x"}, {"attempt": "x"}, {"id": str(UUID(int=7))}))
    def test_leads_back_from_an_address_of_nothing(self, at_my_training, learner, query):
        screen = at_my_training(learner, **query)
        assert "hoose one from the list" in told(screen)
        assert "All training" in ways(screen)

    def test_is_not_for_roles_it_is_not_for(self, at_my_training, aisha, partner):
        module = offered(aisha, content="Only for sellers")
        screen = self.at(at_my_training, person(aisha, partner, ContactRole.FINANCE), module)
        assert "This training was not found" in told(screen)
        assert "Only for sellers" not in told(screen)

    def test_can_be_looked_at_but_not_taken_as_somebody_else(self, at_my_training, aisha, partner):
        module = offered(aisha)
        looking = person(aisha, partner, viewer=aisha.id)
        screen = self.at(at_my_training, looking, module)
        assert "Only the learner can take this quiz" in told(screen)
        assert "Begin the quiz" not in labels(screen)


class TestEmployees:
    @pytest.fixture
    def open_mine(self, monkeypatch: pytest.MonkeyPatch, sqlite_database: str, clock: Clock) -> Callable[..., AppTest]:
        """Opens the admin app's page as somebody."""
        at_my_training = admin_opener(monkeypatch)
        return lambda by, **query: at_my_training("my_training", by, **query)

    def test_see_what_is_required_of_them(self, open_mine, aisha, member):
        assert "no training for your role yet" in told(open_mine(member))
        offered(aisha, name="Protecting data", required_roles=("employee",))
        assert "Required of you: 1. Held now: 0." in told(open_mine(member))

    def test_sit_the_same_quiz_and_get_a_certificate(self, open_mine, monkeypatch, aisha, member):
        module = offered(aisha, name="Protecting data")
        screen = open_mine(member)
        screen.query_params["id"] = str(module.id)
        press(screen.run(), "Begin the quiz")
        attempt = opened(screen)
        press(press(press(screen, "Next"), "Next"), "Next")
        press(screen, "Finish the quiz")
        assert "Answer question 1, 2, 3, 4." in told(screen)
        answer_all(member, attempt)
        press(screen.run(), "Finish the quiz")
        assert "You passed" in told(screen)
        assert "Download the certificate (PDF)" in links(screen)

    def test_come_straight_to_it_where_it_is_all_there_is(self, monkeypatch, sqlite_database, member):
        screen = admin_opener(monkeypatch)("welcome", member)
        assert screen.title[0].value == "My training"

    def test_have_none_where_the_portal_is_switched_off(self, monkeypatch, sqlite_database, member):
        screen = admin_opener(monkeypatch)("welcome", member, portal=False)
        assert screen.title[0].value.startswith("Welcome")
        assert "my_training" not in str(screen.get("page_link"))
