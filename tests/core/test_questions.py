"""What becomes of a question: asked once, answered by one, followed up, closed; who is told, and what is refused."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from core.actor import Actor, ContactRole
from core.audit.tags import Tag
from core.companies.models import Staff
from core.contacts.models import Contact
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.i18n import refusal
from core.mail.messages import Kind
from core.mail.outbox import envelope_of
from core.mail.transport import compose
from core.questions import lateness, service
from core.questions.answering import (
    AnsweredMeanwhile,
    AnswersNothing,
    AssignedMeanwhile,
    ClosedMeanwhile,
    DueInThePast,
    NotClosed,
    NotWaiting,
    WroteAgainMeanwhile,
)
from core.questions.asking import NewQuestion, ThreadClosed
from core.questions.models import PartnerQuestion, PostKind, QuestionPost, QuestionState
from core.questions.posting import MOST_FILES, TooManyFiles
from core.questions.rows import QuestionNotFound
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from core.vault.models import Document, DocumentSpace, SpaceKind
from core.vault.rows import DocumentNotFound
from tests.core.contact_acts import do, rows_of, tags
from tests.core.deal_acts import as_contact, make_intent, make_reseller
from tests.core.question_acts import (
    BODY,
    SUBJECT,
    a_file,
    answered,
    asked,
    followed_up,
    mailed_to,
    mails,
    now_of,
    thread,
    version_of,
)
from tests.core.vault_acts import upload


@pytest.fixture
def shop(aisha, clock):
    """A reseller that Aisha looks after."""
    with transaction(aisha) as session:
        return make_reseller(session, name="Salalah Retail", name_ar="صلالة للتجزئة", owner_id=aisha.id)


@pytest.fixture
def tariq(shop) -> Actor:
    """Its technician."""
    return as_contact(shop, ContactRole.TECHNICAL, name="Tariq Al Hinai")


@pytest.fixture
def huda(shop) -> Actor:
    """Its principal."""
    return as_contact(shop, ContactRole.PRINCIPAL, name="Huda Al Lawati", language="ar")


@pytest.fixture
def elsewhere(aisha):
    """Another reseller, and its principal."""
    with transaction(aisha) as session:
        other = make_reseller(session, name="Nizwa Systems")
    return other, as_contact(other)


def entries(by: Actor) -> list[Entry]:
    with reading(by) as session:
        wanted = TimelineEntry.kind.startswith("question")
        return list(session.scalars(select(TimelineEntry.kind).where(wanted).order_by(TimelineEntry.id)))


def disable(by: Actor, model: type[Staff] | type[Contact], row_id: UUID | None) -> None:
    with transaction(by) as session:
        row: Any = session.get_one(model, row_id)
        row.disabled_at = datetime.now(UTC)


class TestAsk:
    def test_keeps_what_was_asked_with_its_files(self, tariq, aisha):
        row = asked(tariq, files=[a_file("a.pdf", "a"), a_file("b.pdf", "b")])
        found = thread(aisha, row)
        assert (row.reference, found.row.state, found.row.contact) == ("QS-0001", QuestionState.OPEN, "Tariq Al Hinai")
        (post,) = found.posts
        assert (post.kind, post.body, [file.file_name for file in post.files]) == (
            PostKind.ASKED, BODY, ["a.pdf", "b.pdf"],
        )  # fmt: skip
        assert tags(aisha)[-1] == Tag.QUESTION_ASK
        assert entries(aisha) == [Entry.QUESTION_ASKED]

    def test_numbers_without_gaps(self, tariq, huda):
        assert [asked(one, f"One {n}").reference for n, one in enumerate((tariq, huda, tariq))] == [
            "QS-0001", "QS-0002", "QS-0003",
        ]  # fmt: skip

    def test_pressed_twice_is_one_question(self, tariq, aisha):
        first, again = (asked(tariq, key="form-1") for _ in range(2))
        other = asked(tariq, key="form-2")
        assert first.id == again.id != other.id
        assert rows_of(QuestionPost) == 2
        assert len(mails(aisha.company, Kind.QUESTION_ASKED)) == 2

    def test_is_due_in_two_working_days(self, tariq, clock):
        clock.at(datetime(2026, 11, 26, 6, tzinfo=UTC))
        assert asked(tariq).due_at == datetime(2026, 11, 30, 6, tzinfo=UTC), (
            "Thursday, then Friday and Saturday are off"
        )

    def test_tells_the_owner_and_the_reviewers(self, tariq, aisha, nora, reviewer):
        asked(tariq)
        assert mailed_to(aisha.company, Kind.QUESTION_ASKED) == ["Aisha Al Balushi", "Said Al Rawahi"]

    def test_tells_every_admin_where_nobody_else_answers(self, tariq, aisha, nora):
        disable(nora, Staff, aisha.id)
        asked(tariq)
        assert mailed_to(aisha.company, Kind.QUESTION_ASKED) == ["Nora Al Harthy"]

    def test_is_tied_to_a_deal_that_is_seen(self, tariq, shop, aisha):
        with transaction(aisha) as session:
            deal = make_intent(session, shop, customer_name="Oman Flour Mills")
        row = asked(tariq, quote_id=deal.id)
        assert (thread(aisha, row).row.quote, thread(aisha, row).customer) == (deal.reference, "Oman Flour Mills")
        assert "Oman Flour Mills" in mails(aisha.company, Kind.QUESTION_ASKED)[0].text

    def test_is_not_tied_to_another_partners_deal_or_document(self, tariq, elsewhere, shop, aisha):
        with transaction(aisha) as session:
            deal = make_intent(session, elsewhere[0])
        with pytest.raises(NotFound, match="This deal was not found"):
            asked(tariq, quote_id=deal.id)
        hidden = [upload(aisha, elsewhere[0]).id, upload(aisha, shop).id]
        for document_id in hidden:
            with pytest.raises(DocumentNotFound):
                asked(tariq, document_id=document_id)
        assert rows_of(PartnerQuestion) == 0

    @pytest.mark.parametrize(
        ("roles", "for_all", "is_seen"),
        (
            ("all", True, True), ("technical,principal", True, True), ("principal", True, False),
            ("all", False, False),
        ),
    )  # fmt: skip
    def test_is_tied_to_a_document_of_the_library_that_the_role_reads(
        self, tariq, aisha, clock, roles, for_all, is_seen
    ):
        with transaction(aisha) as session:
            space = DocumentSpace(kind=SpaceKind.LIBRARY, name="Guides", created_at=clock.now())
            space.visible_to_all_partners, space.partner_role_visibility = for_all, roles
            session.add(space)
            session.flush()
            guide = Document(space_id=space.id, title="Guide", created_at=clock.now(), changed_at=clock.now())
            session.add(guide)
        if is_seen:
            assert thread(aisha, asked(tariq, document_id=guide.id)).document == "Guide"
        else:
            with pytest.raises(DocumentNotFound):
                asked(tariq, document_id=guide.id)

    @pytest.mark.parametrize("role", (ContactRole.SALESPERSON, ContactRole.FINANCE, ContactRole.VIEWER))
    def test_is_for_technicians_and_principals(self, shop, role):
        with pytest.raises(NotAllowed):
            asked(as_contact(shop, role))


class TestBadInput:
    @pytest.mark.parametrize(
        ("subject", "body", "says"),
        (
            ("S", "x" * 200_000, "The question: maximum 10,000 characters."),
            ("S", "a\0b", "The question contains characters that cannot be stored."),
            ("S", "a\ud800b", "The question contains characters that cannot be stored."),
            ("x\r\nBcc: e@x", "B", "The question in one line cannot contain line breaks."),
            ("a\0b", "B", "The question in one line contains characters that cannot be stored."),
            ("x" * 201, "B", "The question in one line: maximum 200 characters."),
            ("", "B", "The question in one line is missing. Fill it in."),
            ("S", " \n ", "The question is missing. Fill it in."),
        ),
        ids=("200 kB", "nul", "surrogate", "header", "nul in subject", "long", "no subject", "empty"),
    )
    def test_says_what_cannot_be_kept(self, tariq, subject, body, says):
        with pytest.raises(Invalid) as refused:
            asked(tariq, subject, body)
        assert refused.value.message == says
        assert rows_of(PartnerQuestion) == 0

    @pytest.mark.parametrize("body", ("/etc/passwd", "<img src=x onerror=alert(1)>", "{{ company }} %s {x}"))
    def test_keeps_and_mails_a_text_as_it_is(self, tariq, aisha, body):
        row = asked(tariq, body=body)
        assert thread(aisha, row).posts[0].body == body
        (mail,) = mails(aisha.company, Kind.QUESTION_ASKED)
        with reading(aisha) as session:
            sent = session.get_one(type(mail), mail.id)
            session.refresh(sent, ["attachments"])
            assert sent.attachments == []
            parts = message_from_bytes(compose(envelope_of(sent)).as_bytes(), policy=policy.default)
        assert [part.get_content_type() for part in parts.walk()] == [
            "multipart/alternative", "text/plain", "text/html",
        ]  # fmt: skip
        assert body in mail.text
        assert "<img src=x" not in mail.html

    def test_takes_so_many_files(self, tariq):
        files = [a_file(f"{n}.pdf", str(n)) for n in range(MOST_FILES + 1)]
        with pytest.raises(TooManyFiles, match="At most 5 files"):
            asked(tariq, files=files)
        assert rows_of(PartnerQuestion) == rows_of(Document) == 0


class TestAnswer:
    @pytest.fixture
    def row(self, tariq):
        return asked(tariq)

    def test_leaves_the_thread_open_for_more(self, row, reviewer, tariq, aisha):
        answered(reviewer, row, files=[a_file()])
        found = thread(aisha, row)
        assert (found.row.state, found.closed_at) == (QuestionState.ANSWERED, None)
        assert found.row.assigned_to == "Said Al Rawahi", "nobody's question is now whoever answered's"
        (mail,) = mails(aisha.company, Kind.QUESTION_ANSWERED)
        assert (mail.to_name, mail.reply_to) == (tariq.name, mailed_address(reviewer, aisha))
        assert "Yes, for three days." in mail.text
        assert "Write again on the page" in " ".join(mail.text.split())
        assert Entry.QUESTION_ANSWERED in entries(aisha)

    def test_may_end_it(self, row, aisha):
        answered(aisha, row, closes=True)
        assert now_of(row).state is QuestionState.CLOSED
        assert now_of(row).closed_by == "Aisha Al Balushi"
        (mail,) = mails(aisha.company, Kind.QUESTION_ANSWERED, Kind.QUESTION_CLOSED)
        assert "It is closed now" in mail.text

    def test_of_two_the_second_reads_who_answered_and_nothing_is_kept_of_it(self, row, aisha, nora, clock):
        seen = version_of(row)
        answered(aisha, row, version=seen)
        clock.forward(minutes=3, seconds=1)
        with pytest.raises(AnsweredMeanwhile) as refused:
            answered(nora, row, "No, never.", version=seen)
        assert refused.value.message.startswith("Aisha Al Balushi answered this 3 min ago. Your text is still here")
        assert len(mails(aisha.company, Kind.QUESTION_ANSWERED)) == 1
        answered(nora, row, "No, never.")
        assert [post.author for post in thread(aisha, row).posts[1:]] == ["Aisha Al Balushi", "Nora Al Harthy"]

    def test_pressed_twice_is_one_answer(self, row, aisha):
        seen = version_of(row)
        answered(aisha, row, version=seen)
        answered(aisha, row, version=seen)
        assert len(thread(aisha, row).posts) == 2
        assert len(mails(aisha.company, Kind.QUESTION_ANSWERED)) == 1

    def test_is_told_what_the_partner_wrote_meanwhile(self, row, aisha, tariq):
        seen = version_of(row)
        followed_up(tariq, row)
        with pytest.raises(WroteAgainMeanwhile, match="Tariq Al Hinai wrote again just now"):
            answered(aisha, row, version=seen)

    def test_is_told_who_closed_it_meanwhile(self, row, aisha, nora):
        seen = version_of(row)
        do(nora, service.close, row.id, version=seen)
        for version in (seen, version_of(row)):
            with pytest.raises(ClosedMeanwhile, match="Nora Al Harthy closed this question"):
                answered(aisha, row, version=version)
            with pytest.raises(ClosedMeanwhile):
                do(aisha, service.close, row.id, version=version)

    def test_goes_to_whoever_wrote_and_still_may(self, row, aisha, tariq, huda):
        followed_up(huda, row)
        answered(aisha, row)
        assert mailed_to(aisha.company, Kind.QUESTION_ANSWERED) == sorted([tariq.name, huda.name])
        (arabic,) = (mail for mail in mails(aisha.company, Kind.QUESTION_ANSWERED) if mail.to_name == huda.name)
        assert "إجابة عن سؤالكم" in arabic.text

    def test_goes_to_the_principals_where_the_asker_left(self, row, aisha, tariq, huda):
        disable(aisha, Contact, tariq.id)
        answered(aisha, row)
        assert mailed_to(aisha.company, Kind.QUESTION_ANSWERED) == [huda.name]

    def test_goes_to_nobody_whose_role_does_not_read_it_any_more(self, row, aisha, tariq, huda):
        with transaction(aisha) as session:
            session.get_one(Contact, tariq.id).role = ContactRole.VIEWER
        answered(aisha, row)
        assert mailed_to(aisha.company, Kind.QUESTION_ANSWERED) == [huda.name]

    def test_what_was_said_is_never_changed(self, row, aisha):
        with pytest.raises(DBAPIError, match="never changed"), transaction(aisha) as session:
            session.scalars(select(QuestionPost)).one().body = "Something else"
            session.flush()

    def test_is_not_for_who_only_reads(self, row, analyst):
        with pytest.raises(NotAllowed):
            answered(analyst, row)


def mailed_address(colleague: Actor, by: Actor) -> str:
    with reading(by) as session:
        return session.get_one(Staff, colleague.id).email


class TestFollowUp:
    def test_reopens_what_was_answered_with_a_new_clock(self, tariq, aisha, clock):
        row = asked(tariq)
        answered(aisha, row)
        clock.forward(days=9)
        followed_up(tariq, row, files=[a_file()])
        found = now_of(row)
        assert (found.state, found.escalated_at) == (QuestionState.OPEN, None)
        assert found.due_at > clock.now() + timedelta(days=1)
        assert mailed_to(aisha.company, Kind.QUESTION_FOLLOWED_UP) == ["Aisha Al Balushi"]
        assert tags(aisha)[-1] == Tag.QUESTION_FOLLOW_UP

    def test_adds_to_what_waits_without_a_new_clock(self, tariq, clock):
        row = asked(tariq)
        clock.forward(hours=5)
        followed_up(tariq, row)
        assert now_of(row).due_at == row.due_at

    def test_says_what_to_do_once_it_is_closed(self, tariq, huda, aisha):
        row = asked(tariq)
        answered(aisha, row, closes=True)
        with pytest.raises(ThreadClosed) as refused:
            followed_up(tariq, row)
        assert refused.value.message == (
            "QS-0001 is closed, so nothing can be added to it. Ask a new question; you can name QS-0001 in it."
        )
        assert "QS-0001" in refusal(refused.value, "ar")
        assert asked(tariq).reference == "QS-0001", "the same words from the same form are the same question"
        assert asked(tariq, key="another form").reference == "QS-0002"

    def test_pressed_twice_is_said_once(self, tariq, aisha):
        row = asked(tariq)
        followed_up(tariq, row)
        followed_up(tariq, row)
        assert len(thread(aisha, row).posts) == 2

    def test_is_for_the_asker_and_the_principals_of_its_own_partner(self, tariq, huda, shop, elsewhere):
        row = asked(tariq)
        followed_up(huda, row)
        for stranger in (as_contact(shop, ContactRole.TECHNICAL), elsewhere[1]):
            with pytest.raises(QuestionNotFound):
                followed_up(stranger, row)


class TestClosing:
    def test_tells_who_was_never_answered(self, tariq, aisha):
        row = asked(tariq)
        do(aisha, service.close, row.id, version=row.version)
        assert mailed_to(aisha.company, Kind.QUESTION_CLOSED) == [tariq.name]

    def test_of_an_answered_one_mails_nobody(self, tariq, aisha):
        row = asked(tariq)
        answered(aisha, row)
        do(aisha, service.close, row.id, version=version_of(row))
        assert mails(aisha.company, Kind.QUESTION_CLOSED) == []

    @pytest.mark.parametrize("was_answered", (True, False))
    def test_is_taken_back_to_where_it_stood(self, tariq, aisha, clock, was_answered):
        row = asked(tariq)
        if was_answered:
            answered(aisha, row)
        do(aisha, service.close, row.id, version=version_of(row))
        clock.forward(days=30)
        do(aisha, service.reopen, row.id, version=version_of(row))
        found = now_of(row)
        assert found.state is (QuestionState.ANSWERED if was_answered else QuestionState.OPEN)
        assert (found.closed_at, found.closed_by) == (None, "")
        assert found.due_at > clock.now()
        with pytest.raises(NotClosed):
            do(aisha, service.reopen, row.id, version=version_of(row))


class TestAssign:
    def test_tells_the_colleague(self, tariq, aisha, reviewer):
        row = asked(tariq)
        do(aisha, service.assign, row.id, staff_id=reviewer.id, instead_of=None)
        assert mailed_to(aisha.company, Kind.QUESTION_ASSIGNED) == ["Said Al Rawahi"]
        followed_up(tariq, row)
        assert mailed_to(aisha.company, Kind.QUESTION_FOLLOWED_UP) == ["Said Al Rawahi"], "the owner has it no more"
        do(aisha, service.assign, row.id, staff_id=None, instead_of=reviewer.id)
        assert now_of(row).assigned_to_id is None

    def test_does_not_take_it_from_who_has_it_by_now(self, tariq, aisha, nora, reviewer):
        row = asked(tariq)
        do(nora, service.assign, row.id, staff_id=nora.id, instead_of=None)
        with pytest.raises(AssignedMeanwhile, match="Nora Al Harthy has this question now"):
            do(aisha, service.assign, row.id, staff_id=reviewer.id, instead_of=None)

    def test_leaves_an_answer_that_is_being_written_alone(self, tariq, aisha, nora):
        row = asked(tariq)
        do(nora, service.assign, row.id, staff_id=nora.id, instead_of=None)
        answered(aisha, row, version=row.version)
        assert now_of(row).assigned_to_id == nora.id

    def test_is_to_somebody_who_answers(self, tariq, aisha, analyst, nora):
        row = asked(tariq)
        disable(aisha, Staff, nora.id)
        for colleague in (analyst, nora):
            with pytest.raises(AnswersNothing, match="cannot answer questions"):
                do(aisha, service.assign, row.id, staff_id=colleague.id, instead_of=None)


class TestDue:
    def test_can_be_moved_while_it_waits(self, tariq, aisha, clock):
        row = asked(tariq)
        later = clock.now() + timedelta(days=9)
        do(aisha, service.set_due, row.id, due_at=later)
        assert now_of(row).due_at == later
        with pytest.raises(DueInThePast):
            do(aisha, service.set_due, row.id, due_at=clock.now())
        answered(aisha, row, version=row.version)
        with pytest.raises(NotWaiting):
            do(aisha, service.set_due, row.id, due_at=later)

    def test_past_it_the_assignee_and_the_admins_are_told_once(self, tariq, aisha, nora, reviewer, clock):
        row = asked(tariq)
        do(aisha, service.assign, row.id, staff_id=reviewer.id, instead_of=None)
        lateness.escalate()
        clock.forward(days=5)
        for _ in range(2):
            lateness.escalate()
        everybody = ["Aisha Al Balushi", "Nora Al Harthy", "Said Al Rawahi"]
        assert mailed_to(aisha.company, Kind.QUESTION_LATE) == everybody
        assert tags(aisha)[-1] == Tag.QUESTION_ESCALATE
        do(aisha, service.set_due, row.id, due_at=clock.now() + timedelta(hours=1))
        clock.forward(hours=2)
        lateness.escalate()
        assert mailed_to(aisha.company, Kind.QUESTION_LATE) == sorted(everybody * 2)

    def test_an_answered_one_is_never_late(self, tariq, aisha, clock):
        answered(aisha, asked(tariq))
        clock.forward(days=30)
        lateness.escalate()
        assert mails(aisha.company, Kind.QUESTION_LATE) == []


class TestThreadOfMails:
    def test_every_mail_of_a_question_refers_to_the_same_message(self, tariq, aisha, reviewer, set_settings):
        set_settings(mail_from="partners@a-rather-long-name-of-a-company.example.com")
        row, other = asked(tariq), asked(tariq, "Another one?", key="2")
        answered(reviewer, row)
        followed_up(tariq, row)
        told = [mail for mail in mails(aisha.company) if mail.kind.startswith("question") and SUBJECT in mail.subject]
        assert len({mail.thread for mail in told}) == 1
        assert {mail.subject.removeprefix("Re: ") for mail in told} == {f"QS-0001: {SUBJECT}"}
        for mail in told:
            with reading(aisha) as session:
                kept = session.get_one(type(mail), mail.id)
                session.refresh(kept, ["attachments"])
                sent = message_from_bytes(compose(envelope_of(kept)).as_bytes(), policy=policy.default)
            assert sent["In-Reply-To"] == sent["References"] == f"<question-{row.id.hex}@{DOMAIN}>" == mail.thread
            assert sent["Message-ID"] != mail.thread
        assert other.id.hex not in {mail.thread for mail in told}


DOMAIN = "a-rather-long-name-of-a-company.example.com"


def test_each_act_leaves_one_entry(tariq, aisha, reviewer):
    row = asked(tariq)
    do(aisha, service.note, row.id, body="I ask Said.")
    do(aisha, service.assign, row.id, staff_id=reviewer.id, instead_of=None)
    answered(reviewer, row)
    do(aisha, service.close, row.id, version=version_of(row))
    do(aisha, service.reopen, row.id, version=version_of(row))
    assert [tag for tag in tags(aisha) if ":question:" in tag] == [
        Tag.QUESTION_ASK, Tag.QUESTION_NOTE, Tag.QUESTION_ASSIGN, Tag.QUESTION_ANSWER, Tag.QUESTION_CLOSE,
        Tag.QUESTION_REOPEN,
    ]  # fmt: skip
    with reading(aisha) as session:
        assert session.scalar(select(func.count()).select_from(QuestionPost)) == 3
    assert NewQuestion("a", "b").submitted_key != NewQuestion("a", "c").submitted_key
