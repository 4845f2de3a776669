"""What each mail says, in both languages and both shapes, and what it refuses to say."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import now
from core.errors import Invalid
from core.mail import letters, messages, room_letters
from core.mail.brand import DEFAULT_COLOUR, Brand
from core.mail.messages import Kind, Message
from core.mail.transport import Envelope, compose
from tests.core.mail_samples import BOOKING, BRAND, LINK, about_contacts, every, invitation


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
