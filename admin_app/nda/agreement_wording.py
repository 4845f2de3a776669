"""How the pages speak of a partner's reseller agreement."""

from core import format as say
from core.i18n import t
from core.nda.agreement_queries import Standing


def said(agreement: Standing | None, *, zone: str) -> str:
    """How it stands: "Reseller agreement: signed 3 Nov 2026"."""
    if agreement is None:
        return t("agreement.state.none")
    at = agreement.signed_at if agreement.is_in_force else agreement.expires_at
    key = "agreement.state.signed" if agreement.is_in_force else "agreement.state.expired"
    return t(key, day=say.day(at, zone=zone, year=True))
