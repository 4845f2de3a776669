"""Answers for everybody of some roles: published without a trace of who asked, and found before asking."""

import pytest

from core.actor import ContactRole
from core.audit.tags import Tag
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed
from core.questions import own_queries, queries, service
from core.questions.canned import CannedChanged, CannedEmpty, CannedNameTaken, CannedNotFound
from core.questions.faq import (
    FaqChanged,
    FaqForNobody,
    FaqHalfWritten,
    FaqNotFound,
    FaqText,
    FaqWithdrawn,
    TellsWhoAsked,
)
from core.questions.models import FaqEntry
from tests.core.contact_acts import ask as read
from tests.core.contact_acts import do, rows_of, tags
from tests.core.deal_acts import as_contact, make_intent, make_reseller
from tests.core.question_acts import answered, asked

ENTRY = FaqText("Does it run offline?", "Yes, for three days.", "هل يعمل دون اتصال؟", "نعم، ثلاثة أيام.")


@pytest.fixture
def shop(aisha, clock):
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", name_ar="صلالة للتجزئة", owner_id=aisha.id)


@pytest.fixture
def tariq(shop):
    return as_contact(shop, ContactRole.TECHNICAL, name="Tariq Al Hinai")


def published(by, entry=ENTRY, **facts):
    return do(by, service.publish_faq, entry=entry, **facts)


def titles(by):
    return [one.title for one in read(by, own_queries.faq)]


class TestPublish:
    def test_is_read_by_every_role_that_reads_answers(self, aisha, shop):
        published(aisha)
        for role in ContactRole:
            reader = as_contact(shop, role)
            if role is ContactRole.VIEWER:
                with pytest.raises(NotAllowed):
                    titles(reader)
            else:
                assert titles(reader) == ["Does it run offline?"]
        assert tags(aisha)[-1] == Tag.FAQ_PUBLISH

    def test_is_read_by_the_roles_it_is_for(self, aisha, shop, tariq):
        published(aisha, FaqText("A", "B", roles=(ContactRole.FINANCE, ContactRole.PRINCIPAL)))
        finance = as_contact(shop, ContactRole.FINANCE)
        assert (titles(finance), titles(tariq)) == (["A"], [])
        assert read(tariq, own_queries.search, "A").answers == []

    def test_is_read_in_ones_own_language_where_it_is_written(self, aisha, shop):
        huda = as_contact(shop, ContactRole.TECHNICAL, language="ar")
        published(aisha)
        published(aisha, FaqText("Only English", "Yes."))
        assert set(titles(huda)) == {"هل يعمل دون اتصال؟", "Only English"}

    @pytest.mark.parametrize(
        ("text", "named"),
        (
            ("Salalah Retail asked this", "the partner “Salalah Retail”"),
            ("صلالة للتجزئة سألت", "the partner “صلالة للتجزئة”"),
            ("Thank you Tariq", "the name “Tariq”"),
            ("Ask a@b.om", "the e-mail address “a@b.om”"),
            ("For Oman Flour Mills", "the customer “Oman Flour Mills”"),
            ("As in DI-0001", "the reference “DI-0001”"),
            ("Nizwa Systems has it too", "the partner “Nizwa Systems”"),
        ),
    )
    @pytest.mark.parametrize("place", ("title", "body", "title_ar", "body_ar"))
    def test_is_refused_while_it_tells_who_asked(self, aisha, shop, tariq, text, named, place):
        with transaction(aisha) as session:
            make_intent(session, shop, customer_name="Oman Flour Mills")
            make_reseller(session, name="Nizwa Systems")
        row = asked(tariq)
        told = {"title": "T", "body": "B", "title_ar": "س", "body_ar": "ج"} | {place: text}
        with pytest.raises(TellsWhoAsked) as refused:
            published(aisha, FaqText(**told), question_id=row.id)
        assert refused.value.message == f"This would tell who asked. Take out {named}, then publish it."
        assert rows_of(FaqEntry) == 0

    def test_tells_partners_nothing_of_where_it_came_from(self, aisha, tariq):
        row = asked(tariq)
        answered(aisha, row)
        published(aisha, question_id=row.id)
        told = repr(read(tariq, own_queries.faq))
        assert str(row.id) not in told
        assert aisha.name not in told
        with reading(aisha) as session:
            assert queries.question(session, row.id).faq == ["Does it run offline?"]
            assert queries.faq_entries(session)[0].question == "QS-0001"

    @pytest.mark.parametrize(
        ("entry", "kind"),
        (
            (FaqText("T", ""), FaqHalfWritten),
            (FaqText("", "B"), FaqHalfWritten),
            (FaqText("", ""), FaqHalfWritten),
            (FaqText("T", "B", "س", ""), FaqHalfWritten),
            (FaqText("T", "B", roles=()), FaqForNobody),
            (FaqText("T", "B", roles=(ContactRole.VIEWER,)), FaqForNobody),
            (FaqText("T\nT", "B"), Invalid),
            (FaqText("T", "x" * 10_001), Invalid),
        ),
    )
    def test_says_what_is_missing(self, aisha, entry, kind):
        with pytest.raises(kind):
            published(aisha, entry)

    def test_is_not_for_who_only_reads(self, analyst):
        with pytest.raises(NotAllowed):
            published(analyst)


class TestChange:
    def test_is_checked_again(self, aisha, tariq):
        row = asked(tariq)
        entry = published(aisha, question_id=row.id)
        with pytest.raises(TellsWhoAsked):
            do(aisha, service.change_faq, entry.id, entry=FaqText("T", "Dear Tariq"), version=entry.version)
        do(aisha, service.change_faq, entry.id, entry=FaqText("New", "Words"), version=entry.version)
        assert titles(tariq) == ["New"]
        assert read(tariq, own_queries.search, "offline").answers == []
        with pytest.raises(FaqChanged):
            do(aisha, service.change_faq, entry.id, entry=ENTRY, version=entry.version - 1)

    def test_withdrawn_it_is_gone_for_partners_and_kept_for_us(self, aisha, tariq):
        entry = published(aisha)
        do(aisha, service.withdraw_faq, entry.id)
        assert titles(tariq) == read(tariq, own_queries.search, "offline").answers == []
        with reading(aisha) as session:
            assert queries.faq_entries(session)[0].withdrawn_at is not None
        for operation, facts in ((service.withdraw_faq, {}), (service.change_faq, {"entry": ENTRY, "version": 2})):
            with pytest.raises(FaqWithdrawn):
                do(aisha, operation, entry.id, **facts)

    def test_of_another_company_is_not_found(self, aisha, outsider):
        entry = published(aisha)
        with pytest.raises(FaqNotFound):
            do(outsider, service.withdraw_faq, entry.id)


class TestSearch:
    @pytest.mark.parametrize(
        "typed", ("offline", "Can it RUN offline??", "الاتصال", "هل يعمل دون إتصال", "it runs off-line offline")
    )
    def test_finds_published_answers_in_both_languages(self, aisha, tariq, typed):
        published(aisha)
        published(aisha, FaqText("What does it cost?", "See the price list."))
        assert [one.title for one in read(tariq, own_queries.search, typed).answers] == ["Does it run offline?"]

    def test_finds_ones_own_threads_by_what_was_said_in_them(self, aisha, tariq, shop):
        row = asked(tariq)
        answered(aisha, row, "It synchronises at dawn.")
        do(aisha, service.note, row.id, body="Zanzibar")
        for typed in ("synchronises at dawn", "MOUNTAINS network", "qs-0001"):
            assert [one.id for one in read(tariq, own_queries.search, typed).threads] == [row.id]
        assert read(tariq, own_queries.search, "Zanzibar").threads == []
        assert read(as_contact(shop, ContactRole.TECHNICAL), own_queries.search, "mountains").threads == []
        assert read(as_contact(shop, ContactRole.FINANCE), own_queries.search, "mountains").threads == []
        assert len(read(as_contact(shop), own_queries.search, "mountains").threads) == 1

    def test_puts_what_has_more_of_the_words_first(self, aisha, tariq):
        published(aisha, FaqText("Reset a password", "So."))
        published(aisha, FaqText("Reset a password by mail", "So."))
        found = read(tariq, own_queries.search, "reset password mail").answers
        assert [one.title for one in found] == ["Reset a password by mail", "Reset a password"]

    @pytest.mark.parametrize("typed", ("", "  ", "?", "%", "_", "xyzzy"))
    def test_finds_nothing_for_nothing(self, aisha, tariq, typed):
        published(aisha)
        asked(tariq)
        assert read(tariq, own_queries.search, typed) == own_queries.Found([], [])


class TestCanned:
    def test_is_kept_changed_and_removed(self, aisha, reviewer):
        row = do(reviewer, service.save_canned, None, version=None, name="Thanks", body="Thank you.", body_ar="شكرًا")
        do(aisha, service.save_canned, row.id, name="Thanks", body="Many thanks.", version=row.version)
        with reading(reviewer) as session:
            (one,) = queries.canned_answers(session)
        assert (one.name, one.body, one.body_ar) == ("Thanks", "Many thanks.", "")
        with pytest.raises(CannedChanged):
            do(aisha, service.save_canned, row.id, name="Thanks", body="x", version=row.version)
        do(aisha, service.remove_canned, row.id)
        with pytest.raises(CannedNotFound):
            do(aisha, service.remove_canned, row.id)
        assert tags(aisha) == [*[Tag.CANNED_ANSWER_SAVE] * 2, Tag.CANNED_ANSWER_REMOVE]

    def test_has_a_name_of_its_own_and_says_something(self, aisha):
        do(aisha, service.save_canned, None, version=None, name="Thanks", body="Thank you.")
        with pytest.raises(CannedNameTaken):
            do(aisha, service.save_canned, None, version=None, name="Thanks ", body="x")
        with pytest.raises(CannedEmpty):
            do(aisha, service.save_canned, None, version=None, name="Empty", body=" ")
