"""The mails around a contact of a reseller: the invite, the link asked for, a device not seen before."""

from datetime import date, timedelta

from babel.dates import format_date, format_timedelta

from core.i18n import is_rtl
from core.mail.brand import Brand
from core.mail.messages import Kind, Letterhead, Message


def contact_invite(
    brand: Brand,
    to: str,
    to_name: str,
    *,
    partner_name: str,
    sender_name: str,
    role_text: str,
    link: str,
    expires_on: date,
    language: str,
    reply_to: str = "",
) -> Message:
    """The link that lets a new contact in, once."""
    expires = format_date(expires_on, "long", locale="ar" if is_rtl(language) else "en_GB")
    values = {"partner_name": partner_name, "sender_name": sender_name, "expires": expires}
    letter = Letterhead(Kind.CONTACT_INVITE, brand, to, to_name, language, values, reply_to=reply_to)
    return letter.message(link=link, facts={"role": role_text, "address": to}, lets_in=True)


def contact_sign_in(brand: Brand, to: str, to_name: str, *, link: str, minutes: int, language: str) -> Message:
    """The link that a contact asked for; it works once, for this many minutes."""
    span, locale = timedelta(minutes=minutes), "ar" if is_rtl(language) else "en"
    values = {"duration": format_timedelta(span, granularity="minute", threshold=2, locale=locale)}
    return Letterhead(Kind.CONTACT_SIGN_IN, brand, to, to_name, language, values).message(link=link, lets_in=True)


def contact_new_device(
    brand: Brand, to: str, to_name: str, *, when_text: str, device_text: str, devices_url: str, language: str
) -> Message:
    """Somebody came in as this contact on a device not seen before; to the contact."""
    letter = Letterhead(Kind.CONTACT_NEW_DEVICE, brand, to, to_name, language, {})
    return letter.message(link=devices_url, facts={"when": when_text, "device": device_text})
