"""The text of the NDA: read, compared, and the next version written clause by clause."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from admin_app.nda.text_desk import TITLE, Desk
from core.actor import Actor
from core.db import reading, transaction
from core.nda import queries, text_service
from core.nda.models import Instrument, TextState
from core.nda.queries import TextRow, TextVersion
from core.nda.texts import Agreement, default_agreement
from core.partners.models import Partner
from tests.core.nda_acts import done, give_contact, read_through, signed, visitor
from tests.factories import make_partner
from tests.screens import is_closed, opener, texts

Open = Callable[..., AppTest]
pytestmark = pytest.mark.usefixtures("sqlite_database", "clock")
FIRST = default_agreement().clauses[0]


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody."""
    return opener(monkeypatch)


def pressed(screen: AppTest, label: str) -> AppTest:
    return [button for button in screen.button if button.label == label][-1].click().run()


def labels(screen: AppTest) -> set[str]:
    return {button.label for button in screen.button}


def field(screen: AppTest, name: str) -> object:
    key = screen.session_state["nda_text.desk.nda"].key(name)
    kind = screen.text_area if name.endswith("body") else screen.text_input
    return kind(key=key)


def write(screen: AppTest, name: str, text: str) -> AppTest:
    written: AppTest = field(screen, name).set_value(text).run()  # type: ignore[attr-defined]
    return written


def rows(by: Actor) -> list[TextRow]:
    with reading(by) as session:
        return queries.text_versions(session)


def words(by: Actor, number: int) -> Agreement:
    with reading(by) as session:
        return queries.text_version(session, number).agreement


@pytest.fixture
def writing(open_page: Open, aisha: Actor) -> AppTest:
    """The page with a draft begun."""
    screen = pressed(open_page("nda_text", aisha), "Write the next version")
    assert not screen.exception
    return screen


class TestReading:
    def test_without_any_says_where_the_first_comes_from(self, open_page: Open, aisha: Actor) -> None:
        said = texts(open_page("nda_text", aisha))
        assert "No text is published yet" in said
        assert "The usual one becomes version 1" in said

    def test_shows_both_languages_clause_by_clause(self, open_page: Open, analyst: Actor, partner: Partner) -> None:
        signed(partner)
        screen = open_page("nda_text", analyst)
        said = texts(screen)
        assert "Version 1 is signed since 22 Nov 2026, published by Partnerdesk" in said
        assert f"**1. {FIRST.en.heading}**" in said
        assert f"**1. {FIRST.ar.heading}**" in said
        assert {"Write the next version", "Publish…", "Save draft"} & labels(screen) == set()

    def test_compares_two_versions(self, writing: AppTest) -> None:
        write(writing, "en_heading", "Meanings")
        writing.query_params["view"] = "Compare"
        writing.button_group(key="view").set_value("Compare").run()
        assert "changed" in texts(writing)
        assert ":green-background[**+ Meanings**]" in texts(writing)

    def test_shows_it_as_the_partner_sees_it(self, open_page: Open, analyst: Actor, partner: Partner) -> None:
        signed(partner)
        screen = open_page("nda_text", analyst)
        assert not screen.button_group(key="view").set_value("As the partner sees it").run().exception

    @pytest.mark.parametrize("who", ("reviewer", "member"))
    def test_is_not_offered_to_others(self, open_page: Open, who: str, request: pytest.FixtureRequest) -> None:
        assert is_closed(open_page("nda_text", request.getfixturevalue(who)))


class TestWriting:
    def test_keeps_what_is_typed_on_other_clauses_too(self, writing: AppTest, aisha: Actor) -> None:
        write(writing, "en_body", "Words mean what {company} and {partner} say.")
        writing.radio(key="nda_text.list").set_value(TITLE).run()
        write(writing, "en_heading", "Secrecy agreement")
        pressed(writing, "Save draft")
        kept = words(aisha, 2)
        assert kept.title_en == "Secrecy agreement"
        assert kept.clauses[0].en.body == "Words mean what {company} and {partner} say."

    def test_adds_moves_and_removes_clauses(self, writing: AppTest, aisha: Actor) -> None:
        writing.text_input(key="nda_text.new").set_value("Data protection")
        pressed(writing, "Add it after the open one")
        pressed(writing, "Down")
        pressed(writing, "Save draft")
        assert [clause.key for clause in words(aisha, 2).clauses][:4] == [
            FIRST.key, default_agreement().clauses[1].key, "data_protection", default_agreement().clauses[2].key,
        ]  # fmt: skip
        pressed(writing, "Remove")
        pressed(writing, "Save draft")
        assert words(aisha, 2) == default_agreement()

    def test_says_at_once_what_lacks_its_twin(self, writing: AppTest) -> None:
        write(writing, "ar_body", "")
        assert f"1 {FIRST.en.heading} (Arabic)".replace("(", r"\(").replace(")", r"\)") in writing.warning[0].value
        write(writing, "ar_body", "نص")
        assert not writing.warning

    def test_what_cannot_be_kept_is_said_and_stays(self, writing: AppTest, aisha: Actor) -> None:
        write(writing, "en_body", "For {nobody}.")
        write(writing, "ar_body", "")
        pressed(writing, "Save draft")
        assert "stands for nothing" in writing.error[0].value
        assert "nobody" in writing.error[0].value
        assert field(writing, "en_body").value == "For {nobody}."  # type: ignore[attr-defined]
        assert len(writing.warning) == 1
        assert words(aisha, 2) == default_agreement()

    def test_publishing_says_whom_it_concerns(self, writing: AppTest, aisha: Actor, partner: Partner) -> None:
        signed(partner, device="first")
        let_read(aisha)
        write(writing, "en_heading", "Meanings")
        pressed(writing, "Publish…")
        said = texts(writing)
        assert "1 person reads version 1 right now, must review what changed, and signs version 2." in said
        assert "The 1 valid NDA that is signed already stays as signed." in said
        assert "Meanings" in said
        pressed(writing, "Publish version 2")
        assert rows(aisha)[0].state is TextState.PUBLISHED
        assert "Version 2 is signed since" in texts(writing)

    def test_publishing_without_a_twin_is_refused_and_nothing_is_lost(self, writing: AppTest, aisha: Actor) -> None:
        write(writing, "ar_body", "")
        pressed(writing, "Publish…")
        pressed(writing, "Publish version 2")
        assert any("Both languages need the same clauses" in error.value for error in writing.error)
        assert rows(aisha)[0].state is TextState.DRAFT
        pressed(writing, "Not yet")
        assert field(writing, "ar_body").value == ""  # type: ignore[attr-defined]

    def test_discarding_asks_first(self, writing: AppTest, aisha: Actor) -> None:
        pressed(writing, "Discard draft")
        assert "Version 1 stays in force." in texts(writing)
        pressed(writing, "Discard draft")
        assert [row.number for row in rows(aisha)] == [1]
        assert "Write the next version" in labels(writing)


def let_read(aisha: Actor) -> None:
    """Show the text to somebody of another partner."""
    with transaction(aisha) as session:
        other = make_partner(session)
    by = visitor(other)
    give_contact(by)
    read_through(by)


class TestMeanwhile:
    """A colleague saves, publishes or discards the draft while somebody writes."""

    def changed(self, by: Actor, heading: str) -> None:
        [draft, *_] = rows(by)
        clause = FIRST.model_copy(update={"en": FIRST.en.model_copy(update={"heading": heading})})
        kept = words(by, draft.number)
        done(
            text_service.save_draft,
            by,
            agreement=kept.model_copy(update={"clauses": (clause, *kept.clauses[1:])}),
            version=draft.version,
        )

    def test_a_newer_draft_takes_its_place_where_nothing_was_typed(self, writing: AppTest, nora: Actor) -> None:
        self.changed(nora, "Nora's meanings")
        writing.run()
        assert field(writing, "en_heading").value == "Nora's meanings"  # type: ignore[attr-defined]

    def test_otherwise_the_writer_chooses(self, writing: AppTest, aisha: Actor, nora: Actor) -> None:
        self.changed(nora, "Nora's meanings")
        write(writing, "en_heading", "My meanings")
        assert "saved this draft" in writing.warning[0].value
        pressed(writing, "Save draft")
        assert any("saved this draft while you were writing" in error.value for error in writing.error)
        assert words(aisha, 2).clauses[0].en.heading == "Nora's meanings"
        pressed(writing, "Save my text over it")
        assert words(aisha, 2).clauses[0].en.heading == "My meanings"

    def test_theirs_can_be_taken(self, writing: AppTest, nora: Actor) -> None:
        self.changed(nora, "Nora's meanings")
        write(writing, "en_heading", "My meanings")
        pressed(writing, "Take what is kept now")
        assert field(writing, "en_heading").value == "Nora's meanings"  # type: ignore[attr-defined]

    def test_what_was_typed_outlives_a_discarded_draft(self, writing: AppTest, aisha: Actor, nora: Actor) -> None:
        write(writing, "en_heading", "My meanings")
        done(text_service.discard_draft, nora, version=rows(nora)[0].version)
        writing.run()
        assert "What you typed is still here." in writing.warning[0].value
        pressed(writing, "Keep my text as a new draft")
        assert words(aisha, 2).clauses[0].en.heading == "My meanings"


class TestDesk:
    @pytest.fixture
    def desk(self) -> Desk:
        row = TextRow(Instrument.NDA, 2, TextState.DRAFT, None, "Aisha", None, "", "", "", 1)  # type: ignore[arg-type]
        return Desk.of(TextVersion(row, default_agreement()))

    def test_begins_at_the_first_clause_and_says_the_same(self, desk: Desk) -> None:
        assert desk.chosen == FIRST.key
        assert desk.composed() == default_agreement()
        assert not desk.is_changed()

    @pytest.mark.parametrize(
        ("heading", "key"),
        (
            ("Data & privacy", "data_privacy"),
            ("البيانات", "clause_1"),
            (FIRST.key, "clause_1"),
            ("9 lives", "clause_1"),
        ),
    )
    def test_a_new_clause_has_a_name_of_its_own(self, desk: Desk, heading: str, key: str) -> None:
        desk.add(heading)
        assert (desk.chosen, desk.rows[desk.at].en_heading) == (key, heading)
        assert desk.composed().keys.count(key) == 1

    def test_the_title_stays_on_top(self, desk: Desk) -> None:
        desk.move(-1)
        assert desk.rows[0].key == TITLE
        desk.chosen = TITLE
        desk.move(1)
        desk.remove()
        assert desk.rows[0].key == TITLE
        assert desk.composed() == default_agreement()

    def test_every_clause_can_be_removed(self, desk: Desk) -> None:
        while desk.chosen != TITLE:
            desk.remove()
        assert desk.composed().clauses == ()

    def test_what_cannot_be_stored_is_complained_of(self, desk: Desk) -> None:
        desk.rows[2] = replace(desk.rows[2], ar_body="x\u202ey")
        with pytest.raises(ValidationError):
            desk.composed()
        assert desk.complaints() == [
            f"2 {desk.rows[2].en_heading}, Arabic, text: The text contains characters that cannot be stored."
        ]
        assert desk.best() == default_agreement()
