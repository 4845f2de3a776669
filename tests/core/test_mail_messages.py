"""What each mail says, in both languages and both shapes, and what it refuses to say."""

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import now
from core.errors import Invalid
from core.mail import contact_letters, letters, messages, nda_letters, protection_letters, room_letters, sale_letters
from core.mail import meeting_letters as letters_of
from core.mail.brand import DEFAULT_COLOUR, Brand
from core.mail.meeting_letters import Addressee, MeetingFacts
from core.mail.messages import Attachment, Kind, Message
from core.mail.nda_letters import NdaFacts
from core.mail.protection_letters import ProtectionFacts
from core.mail.sale_letters import SaleFacts
from core.mail.transport import Envelope, compose

BRAND = Brand("SmartPRO", "#0b6b5d")
LINK = "https://p.example/partnership/1?token=aaa.bbb&lang=en"
BOOKING = "https://cal.example/smartpro"
UNTIL = date(2026, 12, 22)


def invitation(language: str = "en", **facts: Any) -> Message:
    said: dict[str, Any] = {"to": "salim@bank.om", "to_name": "Salim"}
    said |= {"partner_name": "Bank Sohar", "sender_name": "Aisha"}
    said |= {"booking_url": BOOKING} | facts
    return messages.invitation(BRAND, link=LINK, expires_on=UNTIL, language=language, **said)


def every(language: str) -> list[Message]:
    to, page = ("aisha@smartpro.om", "Aisha"), "https://a.example/partner"
    return [
        invitation(language),
        messages.link_reissued(BRAND, *to, "Bank Sohar", LINK, UNTIL, language),
        messages.link_requested(BRAND, *to, "Bank Sohar", "salim@bank.om", "22 Nov, 14:32", page, language),
        messages.first_view(BRAND, *to, "Bank Sohar", "22 Nov, 14:32", "Chrome on Windows", page, language),
        messages.staff_sign_in(BRAND, *to, LINK, 15, language),
        messages.staff_welcome(BRAND, *to, "Nora", "Reviewer", page, language),
        messages.test_message(BRAND, "aisha@smartpro.om", language),
        *about_meetings(language),
        *about_ndas(language),
        *about_contacts(language),
        *about_protections(language),
        *about_sales(language),
        room_letters.mailed_code(BRAND, *to, "1234 5678", "to sign the NDA", 10, language),
        room_letters.room_access(BRAND, *to, "Bank Sohar", LINK, "Aisha", language),
    ]


def about_contacts(language: str) -> list[Message]:
    to, devices = ("salim@bank.om", "Salim"), "https://p.example/devices"
    invite: dict[str, Any] = {"partner_name": "Bank Sohar", "sender_name": "Aisha", "role_text": "Finance"}
    device = {"when_text": "22 Nov, 14:32", "device_text": "Chrome on Windows", "devices_url": devices}
    return [
        contact_letters.contact_invite(BRAND, *to, link=LINK, expires_on=UNTIL, language=language, **invite),
        contact_letters.contact_sign_in(BRAND, *to, link=LINK, minutes=20, language=language),
        contact_letters.contact_new_device(BRAND, *to, language=language, **device),
    ]


def about_meetings(language: str) -> list[Message]:
    to, page = Addressee("aisha@smartpro.om", "Aisha", language), "https://a.example/partner"
    meeting = MeetingFacts("Kick-off", "22 Nov, 14:32", "https://meet.example/7", "Salim, Nora", "Bank Sohar")
    invite = Attachment("invite.ics", "text/calendar; method=REQUEST; charset=utf-8", b"BEGIN:VCALENDAR")
    task = ("Bank Sohar", "Send the list", UNTIL)
    return [
        letters_of.meeting_agenda(BRAND, to, meeting, "Nora", agenda="1. One\n2. Two", actions="A", invite=invite),
        letters_of.meeting_changed(BRAND, to, meeting, "Nora", agenda="", invite=invite),
        letters_of.meeting_cancelled(BRAND, to, meeting, "Nora", why="Illness", invite=invite),
        *(
            letters_of.meeting_booked(BRAND, to, meeting, wording=wording, notes="Soon", partner_url=page)
            for wording in ("", "moved", "cancelled")
        ),
        *(letters_of.action_due(BRAND, to, *task, state, partner_url=page) for state in ("tomorrow", "today", "late")),
        letters_of.action_due(BRAND, to, *task, "late", sender_name="Nora", meeting="Kick-off"),
        letters_of.action_done(BRAND, to, *task, "Salim", partner_url=page),
    ]


def about_ndas(language: str) -> list[Message]:
    to, page = Addressee("aisha@smartpro.om", "Aisha", language), "https://a.example/partner"
    nda = NdaFacts("Bank Sohar", "NDA-00001", "Salim", "22 Nov, 14:32", "22 Nov 2029", "CEO", "salim@bank.om")
    pdf = Attachment("NDA-00001.pdf", "application/pdf", b"%PDF-1.7")
    return [
        nda_letters.nda_signed_alert(BRAND, to, nda, partner_url=page),
        nda_letters.nda_signed_record(BRAND, to, nda, pdf=pdf, verify_url="https://p.example/verify"),
        nda_letters.nda_declined(BRAND, to, "Bank Sohar", "Salim", "22 Nov, 14:32", why="Too long.", partner_url=page),
        nda_letters.nda_hand_over(BRAND, to, "Bank Sohar", "Salim", "22 Dec 2026", link=LINK),
        nda_letters.nda_renewal(BRAND, to, nda, 30, link=LINK),
        *(nda_letters.nda_renewal_team(BRAND, to, nda, 7, contact=who, partner_url=page) for who in ("Salim", "")),
        nda_letters.nda_expired(BRAND, to, nda, partner_url=page),
    ]


def about_protections(language: str) -> list[Message]:
    to, page = Addressee("salim@bank.om", "Salim", language), "https://p.example/deal"
    facts = ProtectionFacts("Bank Sohar", "DI-0042", "Al Maha Trading", "Suite", "Muscat", "22 Feb 2027")
    write = protection_letters
    return [
        *(write.protection_ending(BRAND, to, facts, 14, url=page, for_team=team) for team in (False, True)),
        *(
            write.protection_ended(BRAND, to, facts, url=page, for_team=team, why=why)
            for team in (False, True)
            for why in ("", "Nothing happened.")
        ),
        write.extension_asked(BRAND, to, facts, 30, "Salim", evidence="A meeting.\nA budget.", url=page),
        *(
            write.extension_decided(BRAND, to, facts, 30, granted=granted, note=note, url=page)
            for granted, note in ((True, ""), (True, "Good."), (False, "Too long."))
        ),
        write.turn_came(BRAND, to, facts, url=page),
    ]


def about_sales(language: str) -> list[Message]:
    to, page = Addressee("aisha@smartpro.om", "Aisha", language), "https://p.example/deal?id=7"
    pdf = Attachment("Q-00017.pdf", "application/pdf", b"%PDF-1.7")
    news = [kind for kind in Kind if kind.startswith("invoice_")] + [Kind.QUOTE_SENT, Kind.QUOTE_EXPIRED]
    full = SaleFacts("Oman Flour Mills", "DI-0042", "Q-00017", "OMR 1,834.375", "22 Dec 2026")
    return [
        *(sale_letters.sale_news(kind, BRAND, to, full, deal_url=page, pdf=pdf, reason="Wrong.") for kind in news),
        sale_letters.sale_news(Kind.QUOTE_SENT, BRAND, to, replace(full, amount=""), deal_url=page),
        sale_letters.order_waiting(BRAND, to, "Bank Sohar", "PO-1", "DI-0042", "Amount\nCustomer", deal_url=page),
        *(
            sale_letters.order_settled(BRAND, to, "PO-1", "DI-0042", accepted=yes, why="As agreed.", deal_url=page)
            for yes in (True, False)
        ),
    ]


def sent(message: Message) -> EmailMessage:
    """The mail as a reader's program sees it, after it went over the wire."""
    envelope = Envelope(
        to_address=message.to,
        to_name=message.to_name,
        from_name=message.from_name,
        reply_to=message.reply_to,
        language=message.language,
        subject=message.subject,
        html=message.html,
        text=message.text,
        message_id="<1@localhost>",
        created_at=now(),
    )
    return message_from_bytes(compose(envelope).as_bytes(), policy=policy.default)


def body_of(mail: EmailMessage, kind: str) -> str:
    """One of its two shapes, decoded."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def shown(html: str) -> str:
    """The text a reader sees of some HTML."""
    body = re.sub(r"<(style|head).*?</\1>|<!--.*?-->", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", body))


@pytest.mark.parametrize("language", ("en", "ar"))
class TestEveryMail:
    def test_is_written_for_every_kind(self, language):
        assert {mail.kind for mail in every(language)} == set(Kind)

    def test_says_the_same_in_both_shapes(self, language):
        for mail in every(language):
            links = " ".join(re.findall('href="([^"]+)"', unescape(mail.html)))
            words = re.sub(r": |\s+", "", shown(mail.html) + links)
            for line in mail.text.replace("-- \n", "").splitlines():
                if set(line) - {"-"}:
                    assert re.sub(r":$|: |\s+", "", line) in words, mail.kind

    def test_has_the_language_and_direction_of_its_reader(self, language):
        for mail in every(language):
            direction = "rtl" if language == "ar" else "ltr"
            assert f'<html lang="{language}" dir="{direction}"' in mail.html
            assert f"direction:{'ltr' if language == 'ar' else 'rtl'}" not in mail.html

    def test_asks_nothing_of_other_hosts(self, language):
        for mail in every(language):
            assert not re.search(r"<img|<link|@import|url\(|<script", mail.html)

    def test_leaves_no_wording_unfilled(self, language):
        for mail in every(language):
            assert "{{" not in mail.subject + mail.text + mail.html

    def test_names_the_company(self, language):
        for mail in every(language):
            assert mail.from_name == "SmartPRO"
            assert mail.text.startswith("SmartPRO\n")


def test_both_languages_have_the_same_words():
    english, arabic = letters.words("en"), letters.words("ar")
    assert {kind: set(said) for kind, said in english.items()} == {kind: set(said) for kind, said in arabic.items()}
    for kind, said in english.items():
        for part, wording in said.items():
            fields = re.compile(r"{{ \w+ }}")
            if part != "reason" and isinstance(wording, str):
                assert set(fields.findall(wording)) == set(fields.findall(arabic[kind][part])), (kind, part)


class TestInvitation:
    def test_offers_the_proposal_and_the_booking_page(self):
        mail = invitation()
        assert f'href="{LINK.replace("&", "&amp;")}"' in mail.html
        assert f'href="{BOOKING}"' in mail.html
        assert f"Open the proposal:\n{LINK}\n" in mail.text
        assert f"Book a meeting:\n{BOOKING}\n" in mail.text

    def test_says_until_when_the_link_works(self):
        assert "22 December 2026" in invitation().text
        assert "22 ديسمبر 2026" in invitation("ar").text

    def test_offers_no_meeting_without_a_booking_page(self):
        mail = invitation(booking_url=None)
        assert "meeting" not in mail.text
        assert "talk it through" not in mail.text
        assert "meeting" not in mail.html

    def test_greets_by_name_and_signs_with_one(self):
        assert "Dear Salim,\n" in invitation().text
        assert "Kind regards,\nAisha\nSmartPRO\n" in invitation().text

    def test_greets_nobody_without_a_name(self):
        assert "Dear" not in invitation(to_name="").text

    def test_keeps_its_link_a_secret(self):
        assert invitation().secrets == (LINK,)

    def test_can_be_answered(self):
        mail = sent(invitation(reply_to="aisha@smartpro.om"))
        assert mail["Reply-To"] == "aisha@smartpro.om"
        assert mail["Auto-Submitted"] is None

    def test_falls_back_to_english(self):
        assert invitation("fr").language == "en"

    def test_refuses_a_booking_page_that_is_a_script(self):
        with pytest.raises(Invalid):
            invitation(booking_url="javascript:alert(1)")


class TestOthers:
    def test_a_sign_in_link_says_how_long_it_works(self):
        assert "for 15 minutes" in messages.staff_sign_in(BRAND, "a@b.om", "", LINK, 15, "en").text
        assert "15 دقيقة" in messages.staff_sign_in(BRAND, "a@b.om", "", LINK, 15, "ar").text

    def test_a_first_view_tells_when_and_on_what(self):
        mail = messages.first_view(BRAND, "a@b.om", "", "OCCI", "22 Nov, 14:32", "Chrome on Windows", LINK, "en")
        assert "Opened: 22 Nov, 14:32\nDevice: Chrome on Windows\n" in mail.text
        assert mail.secrets == ()


class TestMailsToContacts:
    @pytest.mark.parametrize("language", ("en", "ar"))
    def test_hide_the_link_that_lets_in(self, language):
        invite, sign_in, device = about_contacts(language)
        assert invite.secrets == sign_in.secrets == (LINK,)
        assert device.secrets == ()
        assert LINK in invite.text
        assert LINK in sign_in.text

    def test_tell_the_role_and_until_when(self):
        invite = about_contacts("en")[0]
        assert "Your role: Finance" in invite.text
        assert "until 22 December 2026" in invite.text
        assert "for 20 minutes" in about_contacts("en")[1].text


class TestMailedCode:
    def test_stands_in_the_mail_and_not_in_what_lists_show(self):
        mail = room_letters.mailed_code(BRAND, "a@b.om", "", "1234 5678", "to sign the NDA", 10, "en")
        assert mail.secrets == ("1234 5678",)
        assert "1234 5678" in shown(mail.html)
        assert "1234 5678\n" in mail.text
        assert "1234" not in mail.subject

    def test_keeps_its_order_between_arabic_words(self):
        mail = room_letters.mailed_code(BRAND, "a@b.om", "", "1234 5678", "لتوقيع الاتفاقية", 10, "ar")
        assert re.search(r'<span dir="ltr"[^>]*>1234 5678</span>', mail.html)
        assert "10 دقائق" in mail.text


class TestUserText:
    """Names come from people; they stay plain text."""

    @pytest.mark.parametrize("field", ("to_name", "partner_name", "sender_name"))
    @pytest.mark.parametrize("bad", ("x\r\nBcc: e@x.om", "x\ny", "x\ry", "x\u2028y"))
    def test_cannot_add_a_header(self, field, bad):
        with pytest.raises(Invalid, match="cannot contain line breaks"):
            invitation(**{field: bad})

    def test_cannot_add_a_header_by_the_companys_name(self):
        with pytest.raises(Invalid, match="Company name cannot contain line breaks"):
            messages.test_message(Brand("A\r\nBcc: e@x.om"), "a@b.om", "en")

    @pytest.mark.parametrize("bad", ("a@b.om\r\nBcc: e@x.om", "a", "a@b.om, e@x.om", "A <a@b.om>"))
    def test_cannot_add_a_recipient(self, bad):
        with pytest.raises(Invalid):
            invitation(to=bad)

    def test_that_is_a_path_attaches_nothing(self):
        mail = sent(invitation(partner_name="/etc/passwd", to_name="/etc/passwd", sender_name="/etc/passwd"))
        assert list(mail.iter_attachments()) == []
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert "Dear /etc/passwd,\r\n" in body_of(mail, "plain")
        assert "root:" not in mail.as_string()

    @pytest.mark.parametrize("markup", ("<img src=x onerror=alert(1)>", "{{ 7 * 7 }}", "</mj-text><mj-raw>x", "A & B"))
    def test_is_shown_as_it_was_typed(self, markup):
        mail = invitation(partner_name=markup, to_name=markup)
        assert f"Dear {markup},\n" in mail.text
        assert f"Dear {markup}," in shown(mail.html)
        assert f"A partnership proposal for {markup}\n" in mail.text
        assert "<img" not in mail.html

    @given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60))
    def test_survives_whatever_it_is(self, name):
        try:
            mail = invitation(to_name=name)
        except Invalid:
            return
        if mail.to_name:
            assert f"Dear {mail.to_name},\n" in mail.text
            arrived = sent(mail)["To"].addresses[0].display_name
            assert "".join(arrived.split()) == "".join(mail.to_name.split())

    def test_arabic_headers_make_the_round_trip(self):
        mail = sent(invitation("ar", to_name="سالم الحارثي", partner_name="بنك صحار"))
        assert mail["To"].addresses[0].display_name == "سالم الحارثي"
        assert mail["To"].addresses[0].addr_spec == "salim@bank.om"
        assert mail["Subject"] == "عرض الشراكة المقدَّم إليكم من SmartPRO"
        assert mail["Content-Language"] == "ar"
        assert "بنك صحار" in body_of(mail, "plain")
        assert mail.as_bytes().isascii()


class TestBrand:
    @pytest.mark.parametrize("colour", ("red", "#12345", "#12345g", "#123456;background:url(x)", ""))
    def test_takes_nothing_but_a_colour(self, colour):
        assert Brand("A", colour).colour == DEFAULT_COLOUR

    @pytest.mark.parametrize(
        ("colour", "ink", "text"),
        (("#0b6b5d", "#ffffff", "#0b6b5d"), ("#ffe066", "#16181c", "#16181c"), ("#000000", "#ffffff", "#000000")),
    )
    def test_stays_readable(self, colour, ink, text):
        assert (Brand("A", colour).ink, Brand("A", colour).text_colour) == (ink, text)
