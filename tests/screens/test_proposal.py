"""The proposal editor: written, kept, published and thrown away, and never a word lost."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.db import transaction
from core.partners.models import Partner
from core.proposals.content import Content
from tests.core.proposal_acts import invite, publish, save, workbench, written
from tests.factories import make_partner
from tests.screens import is_closed, opener, texts

pytestmark = pytest.mark.usefixtures("sqlite_database")
THEIRS = "Nora Al Harthy saved this draft"


@pytest.fixture
def open_editor(monkeypatch: pytest.MonkeyPatch, partner: Partner) -> Callable[..., AppTest]:
    """A function that opens the partner's proposal as an actor."""
    open_page = opener(monkeypatch)

    def open_as(actor: Actor, **query: str) -> AppTest:
        return open_page("proposal", actor, **{"id": str(partner.id)} | query)

    return open_as


def heading(screen: AppTest, tongue: str = "English"):
    return next(one for one in screen.text_input if one.label == f"Heading, {tongue}")


def body(screen: AppTest, tongue: str = "English"):
    return next(one for one in screen.text_area if one.label == f"Text, {tongue}")


def button(screen: AppTest, label: str):
    return next(one for one in screen.button if one.label.startswith(label))


def labels(screen: AppTest) -> list[str]:
    return [one.label for one in screen.button]


def documents(item: dict[str, str]) -> Content:
    """A proposal with one document."""
    whole = written().model_dump()
    whole["documents"]["en"]["items"] = [item]
    return Content.model_validate(whole)


class TestWriting:
    def test_shows_what_is_kept_and_saves_what_is_typed(self, open_editor, aisha, partner):
        save(aisha, partner, written("Terms"), None)
        screen = open_editor(aisha, section="terms")
        assert heading(screen).value == "Terms"
        assert heading(screen, "Arabic").value == ""
        heading(screen, "Arabic").set_value("الشروط").run()
        assert "Not saved yet" in texts(screen)
        button(screen, "Save draft").click().run()
        kept = workbench(aisha, partner)
        assert (kept.content.terms.ar.heading, kept.content.terms.en.heading) == ("الشروط", "Terms")
        assert kept.draft_version == 2
        assert "Not saved yet" not in texts(screen)

    def test_saving_nothing_new_keeps_the_version(self, open_editor, aisha, partner):
        save(aisha, partner, written(), None)
        button(open_editor(aisha), "Save draft").click().run()
        assert workbench(aisha, partner).draft_version == 1

    def test_going_to_another_section_keeps_what_was_written(self, open_editor, aisha, partner):
        screen = open_editor(aisha, section="terms")
        body(screen).set_value("All of them")
        screen.radio[0].set_value("why").run()
        assert workbench(aisha, partner).content.terms.en.body == "All of them"
        assert screen.query_params["section"] == "why"
        assert body(screen).value == ""
        screen.radio[0].set_value("terms").run()
        assert body(screen).value == "All of them"

    def test_another_view_keeps_what_was_written(self, open_editor, aisha):
        screen = open_editor(aisha, section="terms")
        body(screen, "Arabic").set_value("كل الشروط").run()
        for view in ("Write with preview", "Compare", "Write"):
            screen.segmented_control(key="view").set_value(view).run()
        assert body(screen, "Arabic").value == "كل الشروط"

    def test_counts_words_and_reading_time(self, open_editor, aisha):
        screen = open_editor(aisha)
        body(screen).set_value("word " * 221).run()
        assert "221 words" in texts(screen)
        assert "2 min in English to read" in texts(screen)

    def test_tells_how_far_each_section_is(self, open_editor, aisha, partner):
        save(aisha, partner, written(), None)
        captions = open_editor(aisha).radio[0].proto.captions
        assert captions[0] == "EN :green[:material/check_circle:] · AR empty"
        assert captions[1] == "EN 67% · AR empty"

    def test_an_unknown_section_is_the_first(self, open_editor, aisha):
        assert open_editor(aisha, section="prices").radio[0].value == "hero"


class TestRefusals:
    @pytest.mark.parametrize(
        ("typed", "sentence"),
        (
            ("x" * 10_001, "Terms, English, body: A body has at most 10000 characters."),
            ("a\0b", "Terms, English, body: A body contains characters that cannot be stored."),
        ),
    )
    def test_name_section_and_language_and_lose_nothing(self, open_editor, aisha, partner, typed, sentence):
        screen = open_editor(aisha, section="terms")
        body(screen).set_value(typed).run()
        assert [error.value for error in screen.error] == [sentence]
        button(screen, "Save draft").click().run()
        screen.radio[0].set_value("why").run()
        assert screen.radio[0].value == "terms"
        assert body(screen).value == typed
        assert workbench(aisha, partner).draft_version is None

    def test_of_a_draft_a_colleague_saved_keep_both(self, open_editor, aisha, nora, partner):
        save(aisha, partner, written("Before"), None)
        screen = open_editor(aisha, section="terms")
        save(nora, partner, written("Nora's"), 1)
        heading(screen).set_value("Aisha's").run()
        assert f"{THEIRS} at" in texts(screen)
        button(screen, "Save draft").click().run()
        assert heading(screen).value == "Aisha's"
        assert workbench(aisha, partner).content == written("Nora's")
        assert "1 word added, 1 removed" in texts(screen)

    def test_let_the_writer_save_over_a_colleagues_section_alone(self, open_editor, aisha, nora, partner):
        save(aisha, partner, written("Before"), None)
        screen = open_editor(aisha, section="terms")
        save(nora, partner, written("Nora's"), 1)
        heading(screen).set_value("Aisha's").run()
        button(screen, "Save my text").click().run()
        content = workbench(aisha, partner).content
        assert (content.terms.en.heading, content.why.en.heading) == ("Aisha's", "Nora's")
        assert THEIRS not in texts(screen)

    def test_let_the_writer_take_a_colleagues_text(self, open_editor, aisha, nora, partner):
        save(aisha, partner, written("Before"), None)
        screen = open_editor(aisha, section="terms")
        save(nora, partner, written("Nora's"), 1)
        heading(screen).set_value("Aisha's").run()
        button(screen, "Take what is kept").click().run()
        assert heading(screen).value == "Nora's"
        assert THEIRS not in texts(screen)

    def test_are_not_needed_where_nothing_was_typed(self, open_editor, aisha, nora, partner):
        save(aisha, partner, written("Before"), None)
        screen = open_editor(aisha, section="terms")
        save(nora, partner, written("Nora's"), 1)
        screen.run()
        assert heading(screen).value == "Nora's"
        assert THEIRS not in texts(screen)


class TestPublishing:
    def test_says_who_will_see_it_and_publishes_once(self, open_editor, aisha, partner):
        publish(aisha, partner)
        invite(aisha, partner)
        screen = open_editor(aisha, section="terms")
        heading(screen).set_value("New terms")
        button(screen, "Publish").click().run()
        said = texts(screen)
        assert "Salim Al Kindi and whoever else at **Salalah Retail** has the link reads this version" in said
        assert "instead of version 1" in said
        assert "**What changes:** Terms (English)" in said
        assert "cannot be taken back; only a newer version replaces it" in said
        button(screen, "Publish version 2").click().run()
        kept = workbench(aisha, partner)
        assert (kept.published_number, kept.draft_version) == (2, None)
        assert kept.published is not None
        assert kept.published.terms.en.heading == "New terms"

    def test_before_the_invitation_nobody_sees_it(self, open_editor, aisha, partner):
        save(aisha, partner, written(), None)
        screen = open_editor(aisha)
        button(screen, "Publish").click().run()
        assert "Nobody can open it yet: **Salalah Retail** reads it once you send the invitation." in texts(screen)

    def test_without_headings_is_refused_and_the_draft_stays(self, open_editor, aisha, partner):
        save(aisha, partner, Content.model_validate({"terms": {"en": {"heading": "Terms"}}}), None)
        screen = open_editor(aisha)
        button(screen, "Publish").click().run()
        button(screen, "Publish version").click().run()
        assert "Give these sections a heading in English first: Opening, Figures" in texts(screen)
        assert workbench(aisha, partner).draft_version == 1

    def test_without_a_draft_is_refused(self, open_editor, aisha, partner):
        publish(aisha, partner)
        screen = open_editor(aisha)
        assert "Discard draft" not in labels(screen)
        button(screen, "Publish").click().run()
        assert [error.value for error in screen.error] == ["There is no draft to publish. Change something first."]


class TestDiscarding:
    def test_asks_first_and_goes_back_to_what_is_published(self, open_editor, aisha, partner):
        publish(aisha, partner, written("Published"))
        save(aisha, partner, written("Draft"), None)
        screen = open_editor(aisha)
        button(screen, "Discard draft").click().run()
        assert "Everything written since is lost" in texts(screen)
        assert "Version 1 stays published." in texts(screen)
        [one for one in screen.button if one.label == "Discard draft"][-1].click().run()
        assert workbench(aisha, partner).draft_version is None
        assert heading(screen.run()).value == "Published"


class TestComparing:
    def test_marks_what_was_added_and_removed(self, open_editor, aisha, partner):
        publish(aisha, partner, written("The old terms"))
        save(aisha, partner, written("The new terms"), None)
        said = texts(open_editor(aisha, view="Compare"))
        assert "**Terms** · English · 1 word added, 1 removed" in said
        assert "The :red-background[~~old~~] :green-background[**+ new**] terms" in said

    def test_names_when_a_document_opens(self, open_editor, aisha, partner):
        terms = {"title": "Price list", "value": ""}
        publish(aisha, partner, documents(terms))
        save(aisha, partner, documents(terms | {"value": "nda"}), None)
        said = texts(open_editor(aisha, view="Compare"))
        assert ":red-background[~~At once~~] :green-background[**+ After the NDA**]" in said

    def test_says_when_nothing_differs(self, open_editor, aisha, partner):
        publish(aisha, partner)
        assert "The draft says what the published version says." in texts(open_editor(aisha, view="Compare"))


class TestStarting:
    def test_copies_what_is_published_for_another_partner(self, open_editor, aisha, partner):
        with transaction(aisha) as session:
            other = make_partner(session, name="Nizwa Dairy")
        publish(aisha, other, written("For Nizwa"))
        screen = open_editor(aisha)
        assert "Nothing is written for this partner yet." in texts(screen)
        button(screen, "Start from").click().run()
        assert "**Nizwa Dairy**, version 1" in texts(screen)
        button(screen, "Copy into draft").click().run()
        assert workbench(aisha, partner).content == written("For Nizwa")
        assert heading(screen.run()).value == "For Nizwa"

    def test_says_when_there_is_none_to_copy(self, open_editor, aisha):
        screen = open_editor(aisha)
        button(screen, "Start from").click().run()
        assert "No other partner has a published proposal yet." in texts(screen)


class TestReading:
    @pytest.mark.parametrize("role", ("reviewer", "analyst"))
    def test_shows_preview_and_comparison_and_no_form(self, request, open_editor, aisha, partner, role):
        publish(aisha, partner, written("Read me"))
        screen = open_editor(request.getfixturevalue(role))
        assert "Read me" in texts(screen)
        assert (screen.text_input.len, screen.text_area.len, screen.radio.len) == (0, 0, 0)
        assert {"Save draft", "Publish", "Discard draft"}.isdisjoint(labels(screen))
        assert screen.segmented_control(key="view").options == ["Preview", "Compare"]

    def test_shows_each_language(self, open_editor, reviewer, aisha, partner):
        publish(aisha, partner)
        save(aisha, partner, written("اقرأني", "ar"), None)
        screen = open_editor(reviewer)
        screen.segmented_control(key="editor.preview.language").set_value("ar").run()
        assert "اقرأني" in texts(screen)

    def test_is_not_offered_to_a_member(self, open_editor, member):
        assert is_closed(open_editor(member))

    @pytest.mark.parametrize("chosen", ("", "x", "00000000-0000-0000-0000-000000000000"))
    def test_without_a_known_partner_says_what_to_do(self, open_editor, aisha, chosen):
        screen = open_editor(aisha, id=chosen)
        assert not screen.exception
        assert "No partner is chosen." in texts(screen) or "This partner was not found." in texts(screen)

    def test_another_companys_proposal_is_not_found(self, open_editor, aisha, outsider, partner):
        publish(aisha, partner, written("Secret"))
        screen = open_editor(outsider)
        assert "This partner was not found." in texts(screen)
        assert "Secret" not in texts(screen)
