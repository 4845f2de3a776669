"""What becomes of a question: asked once, answered by one, followed up, closed; who is told, and what is refused."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.actor import Actor, ContactRole
from core.audit.tags import Tag
from core.companies.models import Staff
from core.contacts.models import Contact
from core.db import reading, transaction
from core.errors import Invalid, NotAllowed, NotFound
from core.mail.messages import Kind
from core.mail.outbox import envelope_of
from core.mail.transport import compose
from core.questions.models import PartnerQuestion, PostKind, QuestionPost, QuestionState
from core.questions.posting import MOST_FILES, TooManyFiles
from core.timeline.kinds import Kind as Entry
from core.timeline.models import TimelineEntry
from core.vault.models import Document, DocumentSpace, SpaceKind
from core.vault.rows import DocumentNotFound
from tests.core.contact_acts import rows_of, tags
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
    thread,
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
