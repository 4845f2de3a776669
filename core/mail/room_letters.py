"""The mails around a partner's room: the code that proves a mailbox, and the link to the room."""

from datetime import timedelta

from babel.dates import format_timedelta

from core.i18n import is_rtl
from core.mail.brand import Brand
from core.mail.messages import Kind, Letterhead, Message


def mailed_code(
    brand: Brand, to: str, to_name: str, code: str, purpose_text: str, minutes: int, language: str
) -> Message:
    """A code to be typed on the page that asked for it, such as "1234 5678"; it is never in the subject."""
    locale = "ar" if is_rtl(language) else "en"
    span = format_timedelta(timedelta(minutes=minutes), granularity="minute", threshold=2, locale=locale)
    values = {"purpose": purpose_text, "duration": span}
    return Letterhead(Kind.MAILED_CODE, brand, to, to_name, language, values).message(code=code)


def room_access(
    brand: Brand,
    to: str,
    to_name: str,
    partner_name: str,
    link: str,
    sender_name: str,
    language: str,
    *,
    reply_to: str = "",
) -> Message:
    """The link to the partner's room; to the contact on record."""
    values = {"partner_name": partner_name, "sender_name": sender_name}
    letter = Letterhead(Kind.ROOM_ACCESS, brand, to, to_name, language, values, reply_to=reply_to)
    return letter.message(link=link, lets_in=True)
