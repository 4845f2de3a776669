"""A certificate as a page in both languages, drawn by typst as PDF/A. The same values give the same bytes."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import segno

from core import format as say
from core.i18n import t
from core.mail.brand import Brand
from core.typeset import typeset

TEMPLATE = Path(__file__).parents[2] / "data" / "training" / "certificate.typ"
MEDIA_TYPE = "application/pdf"
_STANDARD: Final = "a-2b"
_WHOLE = {"address", "colour", "qr", "reference"}


@dataclass(frozen=True)
class Certificate:
    """What stands on a certificate. ``brand``, ``brand_ar``: of the company that gives it, in each language.

    ``address``: where whoever is shown it can check it. ``completed_on``: the day where the company is.
    """

    brand: Brand
    brand_ar: Brand
    holder: str
    organisation: str
    module: str
    module_ar: str
    reference: str
    completed_on: date
    valid_until: date
    address: str


def certificate_pdf(page: Certificate, *, at: datetime) -> bytes:
    """The page. ``at``: the instant that the file is dated with."""
    values = {
        "colour": page.brand.text_colour,
        "company": {"en": page.brand.name, "ar": page.brand_ar.name},
        "title": _in_both("certificate.title"),
        "says": _in_both("certificate.says"),
        "holder": page.holder,
        "organisation": page.organisation,
        "passed": _in_both("certificate.passed"),
        "module": {"en": page.module, "ar": page.module_ar or page.module},
        "facts": _facts(page),
        "check": _in_both("certificate.check"),
        "address": page.address.removeprefix("https://").removeprefix("http://"),
        "reference": page.reference,
        "qr": _qr(page.address),
    }
    return typeset(TEMPLATE, values, standard=_STANDARD, moment=int(at.timestamp()), whole=_WHOLE)


def _facts(page: Certificate) -> list[dict[str, Any]]:
    days = {"completed_on": page.completed_on, "valid_until": page.valid_until}
    told: dict[str, Any] = {
        key: {language: say.day(day, language=language, year=True) for language in ("en", "ar")}
        for key, day in days.items()
    }
    told["reference"] = dict.fromkeys(("en", "ar"), page.reference)
    return [{"label": _in_both(f"certificate.{key}"), "value": value} for key, value in told.items()]


def _in_both(key: str) -> dict[str, str]:
    return {"en": t(key), "ar": t(key, "ar")}


def _qr(address: str) -> str:
    image = io.BytesIO()
    segno.make(address, error="m", micro=False).save(image, kind="svg", border=0, xmldecl=False, svgns=True)
    return image.getvalue().decode()
