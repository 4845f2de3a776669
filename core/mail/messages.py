"""Every mail Partnerdesk sends: one pure function each, from plain values to a finished message."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from babel.dates import format_date, format_timedelta

from core import fields
from core.i18n import LANGUAGES, is_rtl
from core.mail.brand import Brand
from core.mail.letters import Slots, render


class Kind(StrEnum):
    """What a mail is about; also the name of its wording."""

    INVITATION = "invitation"
    STAFF_SIGN_IN = "staff_sign_in"
    STAFF_WELCOME = "staff_welcome"
    FIRST_VIEW = "first_view"
    LINK_REISSUED = "link_reissued"
    LINK_REQUESTED = "link_requested"
    TEST = "test"
    MAILED_CODE = "mailed_code"
    NDA_SIGNED_ALERT = "nda_signed_alert"
    NDA_SIGNED_RECORD = "nda_signed_record"
    NDA_DECLINED = "nda_declined"
    NDA_HAND_OVER = "nda_hand_over"
    NDA_RENEWAL = "nda_renewal"
    NDA_EXPIRED = "nda_expired"
    AGREEMENT_SIGNED_ALERT = "agreement_signed_alert"
    AGREEMENT_SIGNED_RECORD = "agreement_signed_record"
    AGREEMENT_DECLINED = "agreement_declined"
    AGREEMENT_RENEWAL = "agreement_renewal"
    AGREEMENT_EXPIRED = "agreement_expired"
    ROOM_ACCESS = "room_access"
    MEETING_AGENDA = "meeting_agenda"
    MEETING_CHANGED = "meeting_changed"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_BOOKED = "meeting_booked"
    ACTION_DUE = "action_due"
    ACTION_DONE = "action_done"
    PROTECTION_ENDING = "protection_ending"
    PROTECTION_ENDED = "protection_ended"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECIDED = "extension_decided"
    TURN_CAME = "turn_came"
    DEAL_SUBMITTED = "deal_submitted"
    DEAL_WITHDRAWN = "deal_withdrawn"
    DEAL_LATE = "deal_late"
    DEAL_APPROVED = "deal_approved"
    DEAL_REJECTED = "deal_rejected"
    DEAL_RETURNED = "deal_returned"
    CONTACT_INVITE = "contact_invite"
    CONTACT_SIGN_IN = "contact_sign_in"
    CONTACT_NEW_DEVICE = "contact_new_device"
    QUOTE_SENT = "quote_sent"
    QUOTE_EXPIRED = "quote_expired"
    INVOICE_ISSUED = "invoice_issued"
    INVOICE_PAID = "invoice_paid"
    INVOICE_REFUNDED = "invoice_refunded"
    INVOICE_CANCELLED = "invoice_cancelled"
    ORDER_WAITING = "order_waiting"
    ORDER_SETTLED = "order_settled"
    CERTIFICATION_GIVEN = "certification_given"
    CERTIFICATION_ENDING = "certification_ending"
    CERTIFICATION_REVOKED = "certification_revoked"
    QUESTION_ASKED = "question_asked"
    QUESTION_FOLLOWED_UP = "question_followed_up"
    QUESTION_ASSIGNED = "question_assigned"
    QUESTION_LATE = "question_late"
    QUESTION_ANSWERED = "question_answered"
    QUESTION_CLOSED = "question_closed"


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail. ``name`` may be Arabic."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """One mail to one person. ``secrets``: the links and codes in it that let somebody in; lists never show them."""

    kind: Kind
    to: str
    to_name: str
    language: str
    subject: str
    html: str
    text: str
    from_name: str
    reply_to: str = ""
    secrets: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    thread: str = ""
    """The message id that mails of one conversation refer to."""


def invitation(
    brand: Brand,
    to: str,
    to_name: str,
    partner_name: str,
    link: str,
    booking_url: str | None,
    expires_on: date,
    sender_name: str,
    language: str,
    *,
    reply_to: str = "",
) -> Message:
    """The proposal's link, and the booking link if the company has one; to the partner's contact."""
    booking = fields.web_address(booking_url or "", name="Booking link")
    values = {"partner_name": partner_name, "sender_name": sender_name, "expires": _day(expires_on, language)}
    letter = Letterhead(Kind.INVITATION, brand, to, to_name, language, values, reply_to=reply_to)
    return letter.message(link=link, second_link=booking, lets_in=True)


def link_reissued(
    brand: Brand,
    to: str,
    to_name: str,
    partner_name: str,
    link: str,
    expires_on: date,
    language: str,
    *,
    reply_to: str = "",
) -> Message:
    """The new link a partner asked for; to the contact on record."""
    values = {"partner_name": partner_name, "expires": _day(expires_on, language)}
    letter = Letterhead(Kind.LINK_REISSUED, brand, to, to_name, language, values, reply_to=reply_to)
    return letter.message(link=link, lets_in=True)


def link_requested(
    brand: Brand,
    to: str,
    to_name: str,
    partner_name: str,
    contact_address: str,
    when_text: str,
    partner_url: str,
    language: str,
) -> Message:
    """A partner asked for a new link; to the owner."""
    values = {"partner_name": partner_name, "contact_address": contact_address}
    letter = Letterhead(Kind.LINK_REQUESTED, brand, to, to_name, language, values)
    return letter.message(link=partner_url, facts={"when": when_text, "contact_address": contact_address})


def first_view(
    brand: Brand,
    to: str,
    to_name: str,
    partner_name: str,
    when_text: str,
    device_text: str,
    partner_url: str,
    language: str,
) -> Message:
    """A partner has opened the proposal for the first time; to the owner."""
    values = {"partner_name": partner_name, "when": when_text}
    letter = Letterhead(Kind.FIRST_VIEW, brand, to, to_name, language, values)
    return letter.message(link=partner_url, facts={"when": when_text, "device": device_text})


def staff_sign_in(brand: Brand, to: str, to_name: str, link: str, minutes: int, language: str) -> Message:
    """The link that signs a member of staff in, once and for this many minutes."""
    span, locale = timedelta(minutes=minutes), "ar" if is_rtl(language) else "en"
    values = {"duration": format_timedelta(span, granularity="minute", threshold=2, locale=locale)}
    return Letterhead(Kind.STAFF_SIGN_IN, brand, to, to_name, language, values).message(link=link, lets_in=True)


def staff_welcome(
    brand: Brand, to: str, to_name: str, sender_name: str, role_text: str, sign_in_url: str, language: str
) -> Message:
    """A colleague has been given access: the sign-in page, and no link that lets anybody in."""
    letter = Letterhead(Kind.STAFF_WELCOME, brand, to, to_name, language, {"sender_name": sender_name})
    return letter.message(link=sign_in_url, facts={"role": role_text, "address": to})


def test_message(brand: Brand, to: str, language: str) -> Message:
    """The mail that proves the mail settings."""
    return Letterhead(Kind.TEST, brand, to, "", language, {}).message()


@dataclass(frozen=True)
class Letterhead:
    """Who writes what to whom, before it is put into shape."""

    kind: Kind
    brand: Brand
    to: str
    to_name: str
    language: str
    values: Mapping[str, str]
    reply_to: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    """What may have several lines, or be empty."""
    wording: str = ""
    """The name of its wording, where that is not its kind."""

    def message(
        self,
        *,
        link: str = "",
        second_link: str = "",
        facts: Mapping[str, str] | None = None,
        lets_in: bool = False,
        code: str = "",
        attachments: tuple[Attachment, ...] = (),
    ) -> Message:
        """The finished message. ``lets_in``: the link is a secret; a code always is.

        Raises:
            Invalid: an address is none, or a name has a line break or is too long.
        """
        spoken = self.language if self.language in LANGUAGES else LANGUAGES[0]
        to_name = _plain(self.to_name, "Name", least=0)
        company = _plain(self.brand.name, "Company name")
        values = {key: _plain(value, _NAMES.get(key, "Name")) for key, value in self.values.items()}
        values |= {key: fields.body(_storable(value), name=key.capitalize()) for key, value in self.texts.items()}
        slots = Slots(
            greet=bool(to_name),
            link=link,
            code=code,
            second_link=second_link,
            facts={key: _plain(value, _NAMES.get(key, "Name"), most=500) for key, value in (facts or {}).items()},
        )
        said = values | {"to_name": to_name, "company": company}
        subject, html, text = render(self.wording or self.kind, spoken, brand=self.brand, values=said, slots=slots)
        return Message(
            kind=self.kind,
            to=fields.email(self.to),
            to_name=to_name,
            language=spoken,
            subject=subject,
            html=html,
            text=text,
            from_name=company,
            reply_to=fields.email(self.reply_to) if self.reply_to else "",
            secrets=tuple(secret for secret in (link if lets_in else "", code) if secret),
            attachments=attachments,
        )


_NAMES = {"partner_name": "Partner name", "sender_name": "Your name", "device": "Device", "role": "Role"}


def _plain(value: str, name: str, *, least: int = 1, most: int = 200) -> str:
    """One line of text that HTML can hold."""
    return fields.line(_storable(value), name=name, least=least, most=most)


def _storable(value: str) -> str:
    """Text without Unicode's two non-characters, which HTML cannot hold."""
    return value.replace("\ufffe", "").replace("\uffff", "")


def _day(day: date, language: str) -> str:
    return format_date(day, "long", locale="ar" if is_rtl(language) else "en_GB")
