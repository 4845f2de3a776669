"""A sample of every kind of mail, in a language; what they say is made up."""

from dataclasses import replace
from datetime import date
from typing import Any

from core.mail import (
    contact_letters,
    deal_letters,
    messages,
    nda_letters,
    protection_letters,
    question_letters,
    room_letters,
    sale_letters,
    training_letters,
)
from core.mail import meeting_letters as letters_of
from core.mail.brand import Brand
from core.mail.deal_letters import DealFacts
from core.mail.meeting_letters import Addressee, MeetingFacts
from core.mail.messages import Attachment, Kind, Message
from core.mail.nda_letters import NdaFacts
from core.mail.protection_letters import ProtectionFacts
from core.mail.question_letters import QuestionFacts
from core.mail.sale_letters import SaleFacts
from core.mail.training_letters import CertificationFacts

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
        *about_deals(language),
        *about_sales(language),
        *about_certifications(language),
        *about_questions(language),
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
        *about_agreements(to, replace(nda, reference="RA-00001", called="agreement"), page),
    ]


def about_agreements(to: Addressee, agreement: NdaFacts, page: str) -> list[Message]:
    """The same of the reseller agreement."""
    pdf, kind = Attachment("RA-00001.pdf", "application/pdf", b"%PDF-1.7"), Kind.AGREEMENT_DECLINED
    signed_by = ("Bank Sohar", "Salim", "22 Nov, 14:32")
    return [
        nda_letters.nda_signed_alert(BRAND, to, agreement, partner_url=page),
        nda_letters.nda_signed_record(BRAND, to, agreement, pdf=pdf, verify_url="https://p.example/verify"),
        nda_letters.nda_declined(BRAND, to, *signed_by, why="Too long.", partner_url=page, kind=kind),
        nda_letters.nda_renewal(BRAND, to, agreement, 30, link="https://p.example/agreement"),
        *(nda_letters.nda_renewal_team(BRAND, to, agreement, 7, contact=who, partner_url=page) for who in ("S", "")),
        nda_letters.nda_expired(BRAND, to, agreement, partner_url=page),
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


def about_deals(language: str) -> list[Message]:
    to, page = Addressee("salim@bank.om", "Salim", language), "https://p.example/deal?id=7"
    waits = DealFacts("Bank Sohar", "DI-0042", "Oman Flour Mills", "Suite", "Muscat", due="24 Nov 2026, 14:32")
    known = replace(waits, amount="OMR\u00a01,834.375", closing="22 Dec 2026", contact="Salim", due="")
    approved = replace(known, quote="Q-00017", commission="12.5%", protected="20 Feb 2027")
    write = deal_letters
    return [
        *(write.deal_submitted(BRAND, to, waits, need=need, url=page) for need in ("", "Forty users.\nBy May.")),
        write.deal_withdrawn(BRAND, to, known, url=page),
        write.deal_late(BRAND, to, waits, url=page),
        *(
            write.deal_approved(BRAND, to, deal, note=note, url=page)
            for deal, note in ((approved, "Good."), (known, ""))
        ),
        write.deal_rejected(BRAND, to, known, note="They buy from us already.", url=page),
        write.deal_returned(BRAND, to, known, note="Who decides there?", url=page),
    ]


def about_sales(language: str) -> list[Message]:
    to, page = Addressee("aisha@smartpro.om", "Aisha", language), "https://p.example/deal?id=7"
    pdf = Attachment("Q-00017.pdf", "application/pdf", b"%PDF-1.7")
    news = [kind for kind in Kind if kind.startswith("invoice_")] + [Kind.QUOTE_SENT, Kind.QUOTE_EXPIRED]
    full = SaleFacts("Oman Flour Mills", "DI-0042", "Q-00017", "OMR\u00a01,834.375", "22 Dec 2026")
    return [
        *(sale_letters.sale_news(kind, BRAND, to, full, deal_url=page, pdf=pdf, reason="Wrong.") for kind in news),
        sale_letters.sale_news(Kind.QUOTE_SENT, BRAND, to, replace(full, amount=""), deal_url=page),
        sale_letters.order_waiting(BRAND, to, "Bank Sohar", "PO-1", "DI-0042", "Amount\nCustomer", deal_url=page),
        *(
            sale_letters.order_settled(BRAND, to, "PO-1", "DI-0042", accepted=yes, why="As agreed.", deal_url=page)
            for yes in (True, False)
        ),
    ]


def about_questions(language: str) -> list[Message]:
    to, page = Addressee("salim@bank.om", "Salim", language), "https://p.example/question?id=7"
    known = QuestionFacts("Bank Sohar", "QS-0042", "Does it run offline?", "Salim", "<question-7@smartpro.om>")
    known = replace(known, about="DI-0042", due="24 Nov 2026, 14:32", files="2", assignee="Nora", sender_name="Nora")
    write, text = question_letters, "We have no network there.\n\nDoes it run offline?"
    return [
        *(tell(BRAND, to, known, text=text, url=page) for tell in (write.question_asked, write.question_followed_up)),
        write.question_assigned(BRAND, to, known, url=page),
        write.question_late(BRAND, to, known, url=page),
        *(
            write.question_answered(BRAND, to, replace(known, due="", assignee=""), text=text, is_last=last, url=page)
            for last in (False, True)
        ),
        write.question_closed(BRAND, to, replace(known, due="", files=""), url=page),
    ]


def about_certifications(language: str) -> list[Message]:
    to, page = Addressee("aisha@smartpro.om", "Aisha", language), "https://p.example/training"
    facts = CertificationFacts("Salim Al Kindi", "Selling payroll", "C-00017", "22 Nov 2027", "92.5%")
    pdf, write = Attachment("C-00017.pdf", "application/pdf", b"%PDF-1.7"), training_letters
    return [
        write.certification_given(BRAND, to, facts, url=page, pdf=pdf),
        *(write.certification_ending(BRAND, to, facts, "30 days", url=page, for_team=team) for team in (False, True)),
        write.certification_revoked(BRAND, to, facts, why="Somebody else sat the quiz.", url=page),
    ]
