"""Why a mail server did not take a mail, in one sentence that names the cause and never shows a secret."""

import base64
import smtplib
import socket
import ssl

from core.settings import Settings, settings


class AddressNotSupported(Exception):
    """This address has letters before the @ that mail servers in general do not take."""


class SignInRefused(smtplib.SMTPAuthenticationError):
    """The server hung up during the sign-in; its last refusal before that, or code 0."""


def explain(error: Exception, ours: Settings | None = None) -> str:
    """One sentence: what happened, and which setting to look at."""
    ours = ours or settings()
    return _answered(error, ours) or _not_reached(error, ours)


def _answered(error: Exception, ours: Settings) -> str:
    """The sentence for a server that answered with a refusal; empty when it did not."""
    match error:
        case AddressNotSupported():
            return f"{error.args[0]} has letters before the @ that mail servers do not take. Use another address."
        case SignInRefused(smtp_code=0):
            return "The server hung up during sign-in: user name or password not accepted."
        case smtplib.SMTPAuthenticationError():
            return f"Server answered {error.smtp_code}: user name or password not accepted."
        case smtplib.SMTPSenderRefused():
            said = _said(error.smtp_code, error.smtp_error, ours)
            return f"{said}: it does not let {error.sender} send. Check MAIL_FROM, and whether a sign-in is needed."
        case smtplib.SMTPRecipientsRefused():
            address, (code, text) = next(iter(error.recipients.items()))
            verdict = "it refuses the address" if code >= 500 else "it cannot take mail now for"
            return f"{_said(code, text, ours)}: {verdict} {address}."
        case smtplib.SMTPNotSupportedError():
            return _not_offered(str(error), ours)
        case smtplib.SMTPResponseException() if error.smtp_code > 0:
            verdict = "it refuses this mail" if error.smtp_code >= 500 else "it cannot take mail now"
            return f"{_said(error.smtp_code, error.smtp_error, ours)}: {verdict}."
    return ""


def _not_offered(said: str, ours: Settings) -> str:
    place = f"{ours.smtp_host}:{ours.smtp_port}"
    if "STARTTLS" in said:
        return f"{place} does not offer STARTTLS. Set SMTP_SECURITY=ssl (usual on port 465), or none."
    return f"{place} offers no sign-in here. Set SMTP_SECURITY=starttls or ssl, or leave SMTP_USER empty."


def _not_reached(error: Exception, ours: Settings) -> str:
    """The sentence for a conversation that failed without an answer."""
    place = f"{ours.smtp_host}:{ours.smtp_port}"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        hint = " If it expects TLS from the start, set SMTP_SECURITY=ssl." if ours.smtp_security != "ssl" else ""
        return f"{place} did not answer within {ours.smtp_timeout:g} seconds.{hint}"
    match error:
        case ssl.SSLCertVerificationError():
            return f"The certificate of {place} is not valid for us: {error.verify_message}. Check SMTP_HOST."
        case ssl.SSLError():
            return f"{place} does not speak TLS this way. Use SMTP_SECURITY=starttls on port 587, ssl on port 465."
        case socket.gaierror():
            return f"The mail server {ours.smtp_host} is unknown. Check SMTP_HOST."
        case ConnectionRefusedError():
            return f"Nothing answers at {place}. Check SMTP_HOST and SMTP_PORT, and whether the server runs."
        case smtplib.SMTPServerDisconnected() | ConnectionError():
            return f"{place} closed the connection before it answered. Check SMTP_PORT and SMTP_SECURITY."
        case OSError() if error.strerror:
            return f"{place} cannot be reached: {error.strerror}."
    return f"{place} gave an answer that is not SMTP. Check SMTP_HOST and SMTP_PORT."


def _said(code: int, text: bytes | str, ours: Settings) -> str:
    """The server's answer on one line, without whatever it may echo of our password."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = " ".join(words.split())[:160].rstrip(".")
    if any(secret in line for secret in _secrets(ours)):
        line = ""
    return f"Server answered {code} ({line})" if line else f"Server answered {code}"


def _secrets(ours: Settings) -> list[str]:
    password = ours.smtp_password.get_secret_value()
    if not password:
        return []
    pair = f"\0{ours.smtp_user}\0{password}"
    return [password, *(base64.b64encode(text.encode()).decode().rstrip("=") for text in (password, pair))]
