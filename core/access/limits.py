"""How often something may be tried: moving windows in the database, shared by every process.

Counting has its own transaction, so that a refused act still counts. When counting fails, the act is refused.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from limits import RateLimitItemPerHour
from limits.strategies import MovingWindowRateLimiter

from core.access.attempts import AttemptStorage
from core.errors import TooManyAttempts
from core.format import clock_time
from core.keys import signing_keys
from core.settings import settings

_limiter = MovingWindowRateLimiter(AttemptStorage())


class TryAgainAt(TooManyAttempts):
    """Too many attempts. Try again at {time} (Muscat)."""


def failed_unlock(ip: str, partner: str) -> None:
    """Count a failed unlock of a partner's proposal from an address.

    Raises:
        TryAgainAt: the address has failed too often, for this partner or for all.
    """
    _hit(settings().unlock_failures_per_partner, "unlock", ip, partner)
    _hit(settings().unlock_failures_per_address, "unlock", ip)


def asked_for_link(ip: str, about: str) -> None:
    """Count a request for a mailed link, by address and by what it is about.

    Raises:
        TryAgainAt: too many were asked for.
    """
    _hit(settings().sign_in_links_per_address, "link", ip)
    _hit(settings().sign_in_links_per_address, "link-for", about)


def invited_colleague(_ip: str, by: str) -> None:
    """Count an invitation that somebody sent to a colleague; a whole team is invited in an hour, a town is not.

    Raises:
        TryAgainAt: too many were sent.
    """
    _hit(settings().sign_in_links_per_address * 3, "invite", by)


def submitted_nda(ip: str, partner: str) -> None:
    """Count an NDA submitted from an address for a partner.

    Raises:
        TryAgainAt: too many were submitted.
    """
    _hit(settings().nda_submissions_per_partner, "nda", ip, partner)


def nda_stopped_until(ip: str, partner: str) -> datetime | None:
    """Until when nothing can be submitted from an address for a partner; None: it can now. Nothing is counted."""
    item, key = RateLimitItemPerHour(settings().nda_submissions_per_partner), _hidden(("nda", ip, partner))
    left = _limiter.get_window_stats(item, key)
    return None if left.remaining else datetime.fromtimestamp(left.reset_time, UTC)


def asked_for_code(ip: str, partner: str) -> None:
    """Count a code asked for from an address for a partner.

    Raises:
        TryAgainAt: too many were asked for.
    """
    _hit(settings().mailed_codes_per_partner, "code", ip, partner)
    _hit(settings().mailed_codes_per_partner * 5, "code-for", partner)


def asked_to_verify(ip: str) -> None:
    """Count a question to the public page that checks signed NDAs.

    Raises:
        TryAgainAt: the address has asked too often.
    """
    _hit(settings().verifications_per_address, "verify", ip)


def asked_pre_check(ip: str, contact: str) -> None:
    """Count a question whether a customer is free, by who asks; what the partner asked in all is counted with its log.

    Raises:
        TryAgainAt: too many were asked.
    """
    _hit(settings().pre_checks_per_day, "pre-check", contact)


def failed_unlock_key(ip: str, partner: str) -> bytes:
    """What failed unlocks of a partner's proposal from an address are counted under; see ``Attempt.key_hash``."""
    return bytes.fromhex(_hidden(("unlock", ip, partner)))


def _hit(amount: int, *names: str) -> None:
    item, key = RateLimitItemPerHour(amount), _hidden(names)
    if not _limiter.hit(item, key):
        reset = _limiter.get_window_stats(item, key).reset_time
        retry_at = datetime.fromtimestamp(reset, UTC) + timedelta(seconds=59)
        raise TryAgainAt(retry_at=retry_at, time=clock_time(retry_at))


def _hidden(names: tuple[str, ...]) -> str:
    """The key of a window; an address cannot be read back from it."""
    secret = list(signing_keys().values())[-1]
    return hmac.digest(secret, "\0".join(("limit", *names)).encode(), hashlib.sha256).hex()
