"""The words of the agreement: filled in, hashed, compared; drafted, and published only with both languages."""

import json
import re
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import func, select

from core.actor import Actor
from core.audit.queries import verification
from core.db import reading, transaction
from core.errors import NotAllowed, NotFound
from core.i18n import refusal
from core.nda import queries, text_service
from core.nda.evidence import Party
from core.nda.models import NdaText, TextState
from core.nda.rows import ensure_text, find_published_text
from core.nda.text_service import NoClauses, NoTextDraft, NothingChanged, TextDraftChanged, TwinMissing
from core.nda.texts import (
    Agreement,
    Change,
    Clause,
    Words,
    canonical_text,
    compare,
    default_agreement,
    filled,
    missing_twins,
    sha256_of,
)
from tests.core.nda_acts import done

OURS, THEIRS = Party(name="Nizwa Cloud", name_ar="سحابة نزوى"), Party(name="Bank Sohar")


def clause(key: str, text: str = "Text.", **other: Any) -> Clause:
    return Clause(
        key=key, **{"en": Words(heading=key.title(), body=text), "ar": Words(heading="بند", body="نص")} | other
    )


def of(*clauses: Clause) -> Agreement:
    return Agreement(title_en="NDA", title_ar="اتفاقية", clauses=clauses)


class TestTheUsualText:
    def test_has_fourteen_clauses_in_both_languages(self):
        words = default_agreement()
        assert len(words.clauses) == 14
        assert missing_twins(words) == []
        for each in words.clauses:
            assert re.search(r"[\u0600-\u06ff]", each.ar.heading + each.ar.body)
            assert not re.search(r"[\u0600-\u06ff]", each.en.heading + each.en.body)
            assert each.en.body.count("\n\n") == each.ar.body.count("\n\n"), each.key

    def test_names_the_law_in_force_on_the_day_and_no_decree(self):
        everything = canonical_text(default_agreement(), "en") + canonical_text(default_agreement(), "ar")
        assert "Electronic Transactions Law in force on the day of signing" in everything
        assert not re.search(r"69/2008|39/2025|Royal Decree", everything)

    def test_names_the_same_parties_and_numbers_on_both_sides(self):
        for each in default_agreement().clauses:
            for found in (r"\{\w+\}", r"\((\d+)\)"):
                assert set(re.findall(found, each.en.body)) == set(re.findall(found, each.ar.body)), each.key


class TestFilled:
    def test_names_both_parties_each_in_the_language(self):
        words = filled(default_agreement(), company=OURS, partner=THEIRS)
        assert "between Nizwa Cloud and Bank Sohar" in canonical_text(words, "en")
        assert "بين سحابة نزوى وBank Sohar" in canonical_text(words, "ar")
        assert "{" not in canonical_text(words, "en") + canonical_text(words, "ar")

    def test_never_fills_in_a_name_twice(self):
        words = filled(of(clause("a", "{company} and {partner}")), company=Party(name="{partner}"), partner=THEIRS)
        assert words.clauses[0].en.body == "{partner} and Bank Sohar"

    def test_changes_the_hash(self):
        words = default_agreement()
        other = filled(words, company=OURS, partner=Party(name="Bank Muscat"))
        assert sha256_of(filled(words, company=OURS, partner=THEIRS), "en") != sha256_of(other, "en")


class TestCanonical:
    def test_is_steady(self):
        words = of(clause("a", "One.\r\n\r\n\r\nTwo.  \n"), clause("b"))
        assert canonical_text(words, "en") == "NDA\n\n1. A\nOne.\n\nTwo.\n\n2. B\nText.\n"
        again = Agreement.model_validate_json(words.model_dump_json())
        assert sha256_of(again, "en") == sha256_of(words, "en")

    @given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40), max_size=4))
    def test_survives_being_stored(self, bodies):
        try:
            words = of(*(clause(f"c{n}", body) for n, body in enumerate(bodies)))
        except ValidationError:
            return
        again = Agreement.model_validate(json.loads(json.dumps(words.model_dump(mode="json"))))
        assert again == words
        assert sha256_of(again, "en") == sha256_of(words, "en")

    def test_differs_when_anything_differs(self):
        texts = (of(clause("a")), of(clause("a", "Text")), of(clause("a"), clause("b")), of(clause("b"), clause("a")))
        for one, other in permutations(texts, 2):
            assert sha256_of(one, "en") != sha256_of(other, "en")


class TestAgreement:
    @pytest.mark.parametrize(
        "body", ("a\x00b", "a\u202eb", "a\ufffeb", "Hello {customer}", "{}", "x" * 10_001), ids=range(6)
    )
    def test_refuses_words_that_cannot_stand_in_it(self, body):
        with pytest.raises(ValidationError):
            clause("a", body)

    def test_refuses_two_clauses_of_one_key(self):
        with pytest.raises(ValidationError, match="same key"):
            of(clause("a"), clause("a"))

    def test_names_what_lacks_its_twin(self):
        words = of(clause("a"), clause("term", ar=Words(heading="مدة")), clause("c", en=Words(), ar=Words()))
        assert missing_twins(words) == ["2 Term (Arabic)", "3 c (English, Arabic)"]
        assert missing_twins(Agreement(title_en="NDA")) == ["Title (Arabic)"]


class TestCompare:
    def test_equal_texts_differ_in_nothing(self):
        assert compare(default_agreement(), default_agreement()) == []

    def test_names_what_was_added_removed_changed_and_moved(self):
        old = of(clause("a"), clause("b"), clause("c"), clause("d"))
        new = of(clause("b"), clause("a", "New."), clause("e"), clause("d"))
        assert [(each.key, each.change) for each in compare(old, new)] == [
            ("b", Change.MOVED),
            ("a", Change.CHANGED),
            ("e", Change.ADDED),
            ("c", Change.REMOVED),
        ]

    @given(st.permutations("abcde"), st.integers(0, 5), st.integers(0, 5))
    def test_says_everything_that_differs(self, keys, cut_old, cut_new):
        old, new = of(*map(clause, sorted(keys)[cut_old:])), of(*map(clause, keys[cut_new:]))
        found = compare(old, new)
        assert (found == []) == (old == new)
        assert {each.key for each in found if each.old is None} == set(new.keys) - set(old.keys)
        assert {each.key for each in found if each.new is None} == set(old.keys) - set(new.keys)


def draft(by: Actor) -> NdaText:
    found: NdaText = done(text_service.start_draft, by)
    return found


def changed(number: int = 2) -> Agreement:
    words = default_agreement()
    first = words.clauses[0]
    said = first.en.model_copy(update={"body": f"{first.en.body} Version {number}."})
    return words.model_copy(update={"clauses": (first.model_copy(update={"en": said}), *words.clauses[1:])})


class TestVersions:
    def test_a_company_begins_with_the_usual_text(self, aisha):
        with transaction(aisha) as session:
            first = ensure_text(session, by=aisha)
            assert ensure_text(session, by=aisha) is first
        assert (first.number, first.state) == (1, TextState.PUBLISHED)
        assert first.sha256_ar == sha256_of(default_agreement(), "ar")
        with reading(aisha) as session:
            assert session.scalar(select(func.count()).select_from(NdaText)) == 1

    def test_a_draft_becomes_the_next_version(self, aisha, nora):
        first = draft(aisha)
        assert draft(nora).id == first.id
        saved = done(text_service.save_draft, nora, agreement=changed(), version=first.version)
        published = done(text_service.publish, aisha, version=saved.version)
        assert (published.number, published.published_by) == (2, aisha.name)
        assert published.sha256_en == sha256_of(changed(), "en")
        with reading(aisha) as session:
            newest = find_published_text(session)
            assert newest is not None
            assert newest.number == 2
            assert [row.number for row in queries.text_versions(session)] == [2, 1]
            assert [each.key for each in queries.compare_versions(session, 1, 2)] == ["definitions"]
            assert queries.text_version(session, 1).agreement == default_agreement()
            assert verification(session).intact
            with pytest.raises(NotFound):
                queries.text_version(session, 3)

    def test_is_not_published_while_a_clause_lacks_its_twin(self, aisha):
        words = default_agreement()
        lacking = words.clauses[2].model_copy(update={"ar": Words()})
        partial = words.model_copy(update={"clauses": (*words.clauses[:2], lacking, *words.clauses[3:])})
        saved = done(text_service.save_draft, aisha, agreement=partial, version=draft(aisha).version)
        with pytest.raises(TwinMissing) as refused:
            done(text_service.publish, aisha, version=saved.version)
        assert "3 Obligations of the Receiving Party (Arabic)" in refused.value.message
        assert "3 Obligations of the Receiving Party (Arabic)" in refusal(refused.value, "ar")

    def test_is_not_published_without_a_change_or_a_clause(self, aisha):
        version = draft(aisha).version
        with pytest.raises(NothingChanged):
            done(text_service.publish, aisha, version=version)
        saved = done(text_service.save_draft, aisha, agreement=of(), version=version)
        with pytest.raises(NoClauses):
            done(text_service.publish, aisha, version=saved.version)

    def test_two_who_write_at_once_lose_nothing(self, aisha, nora):
        version = draft(aisha).version
        done(text_service.save_draft, nora, agreement=changed(), version=version)
        for late in (
            lambda: done(text_service.save_draft, aisha, agreement=changed(3), version=version),
            lambda: done(text_service.publish, aisha, version=version),
            lambda: done(text_service.discard_draft, aisha, version=version),
        ):
            with pytest.raises(TextDraftChanged, match=nora.name):
                late()

    def test_a_discarded_draft_leaves_what_is_published(self, aisha):
        done(text_service.discard_draft, aisha, version=draft(aisha).version)
        with pytest.raises(NoTextDraft):
            done(text_service.discard_draft, aisha, version=1)
        with reading(aisha) as session:
            assert [row.number for row in queries.text_versions(session)] == [1]

    def test_others_may_read_or_not_even_that(self, aisha, analyst, reviewer):
        draft(aisha)
        with pytest.raises(NotAllowed):
            done(text_service.save_draft, analyst, agreement=changed(), version=1)
        with reading(analyst) as session:
            assert queries.text_version(session, 2).row.state is TextState.DRAFT
        with reading(reviewer) as session, pytest.raises(NotAllowed):
            queries.text_versions(session)
