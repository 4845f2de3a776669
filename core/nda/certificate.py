"""The signed NDA as a page: the agreement in both languages, its signature and its evidence, drawn by typst as PDF/A.

What people typed comes in as data, so that nothing in it is markup. The same evidence gives the same bytes.
"""

import io
from pathlib import Path
from typing import Any, Final

import segno

from core.i18n import t
from core.mail.brand import Brand
from core.nda.evidence import Evidence
from core.nda.facts import Section, sections
from core.nda.texts import LANGUAGES, Agreement, Clause, Language, canonical_text
from core.typeset import isolated, typeset

TEMPLATE = Path(__file__).parents[2] / "data" / "nda" / "certificate.typ"
EVIDENCE = "evidence.json"
TEXTS: dict[Language, str] = {"en": "agreement-en.txt", "ar": "agreement-ar.txt"}
"""What the files attached to the PDF are called."""
STANDARD: Final = "a-3b"
_WHOLE = {"address", "colour", "qr"}


def render(evidence: Evidence, agreement: Agreement, *, brand: Brand, portal_url: str) -> bytes:
    """The PDF/A-3b, not sealed yet, with the evidence and the hashed texts attached.

    ``agreement``: with both parties filled in. ``brand``: the company's, for its colour. A letter no font has is drawn
    as U+FFFD; the attachment keeps it.
    """
    address = f"{portal_url}/verify?ref={evidence.reference}&code={evidence.check_code()}"
    return typeset(
        TEMPLATE,
        _values(evidence, agreement, brand, address),
        standard=STANDARD,
        moment=int(evidence.signed_at.timestamp()),
        whole=_WHOLE,
        attached={"attached": _attached(evidence, agreement)},
    )


def _attached(evidence: Evidence, agreement: Agreement) -> list[dict[str, str]]:
    """The files inside the PDF: the evidence, and the words whose hashes it holds."""
    files = [(EVIDENCE, evidence.canonical(), "application/json", "Evidence of the signing")]
    for language in LANGUAGES:
        files.append(
            (TEXTS[language], canonical_text(agreement, language), "text/plain", f"The agreement ({language})")
        )
    return [{"name": name, "text": text, "type": kind, "about": about} for name, text, kind, about in files]


def _values(evidence: Evidence, agreement: Agreement, brand: Brand, address: str) -> dict[str, Any]:
    company, partner = evidence.company, evidence.partner
    return {
        "colour": brand.text_colour,
        "reference": evidence.reference,
        "signed_on": f"{evidence.signed_at_muscat:%Y-%m-%d}",
        "company": {"en": company.name, "ar": company.name_ar or company.name},
        "title": {"en": agreement.title_in("en"), "ar": agreement.title_in("ar")},
        "parties": {
            "en": t("nda.pdf.parties", company=company.name, partner=partner.name, reference=evidence.reference),
            "ar": t(
                "nda.pdf.parties",
                "ar",
                company=company.name_ar or company.name,
                partner=isolated(partner.name_ar or partner.name),
                reference=isolated(evidence.reference),
            ),
        },
        "clauses": [_clause(number, clause) for number, clause in enumerate(agreement.clauses, 1)],
        "signature": _signature(evidence),
        "facts": [_section(section) for section in sections(evidence)],
        "consent": {"en": evidence.consent.words.en, "ar": evidence.consent.words.ar},
        "reading": _reading(evidence, agreement),
        "words": {name: _in_both(f"nda.pdf.{name}") for name in _WORDS},
        "address": address.replace("?", "\n?"),
        "qr": _qr(address),
    }


_WORDS = ("signature", "sealed", "evidence", "simple", "consent", "reading", "check")


def _clause(number: int, clause: Clause) -> dict[str, Any]:
    pair = {"en": clause.en, "ar": clause.ar}
    sides = {
        language: {"heading": words.heading, "paragraphs": _paragraphs(words.body)} for language, words in pair.items()
    }
    return {"number": str(number), **sides}


def _paragraphs(body: str) -> list[str]:
    return [paragraph for paragraph in body.split("\n\n") if paragraph]


def _signature(evidence: Evidence) -> dict[str, Any]:
    shown = ("signer_name", "signer_title", "signer_email", "signed_at_muscat", "signed_at", "expires_at")
    known = {fact.key: fact.value for section in sections(evidence) for fact in section.facts}
    facts = [{"label": _in_both(f"nda.fact.{key}"), "value": known[key]} for key in shown if key in known]
    return {"typed": evidence.signature, "facts": facts}


def _section(section: Section) -> dict[str, Any]:
    rows = [{**_in_both(f"nda.fact.{fact.key}"), "value": fact.value, "code": fact.is_code} for fact in section.facts]
    return {"title": _in_both(f"nda.facts.{section.key}"), "rows": rows}


def _reading(evidence: Evidence, agreement: Agreement) -> list[dict[str, str]]:
    """A row for each clause of the agreement; one that was never on screen says 0.0 s."""
    return [
        {
            "en": f"{number}. {clause.en.heading}",
            "ar": f"{number}. {clause.ar.heading}",
            "seconds": f"{evidence.reading.clause_ms.get(clause.key, 0) / 1000:.1f} s",
        }
        for number, clause in enumerate(agreement.clauses, 1)
    ]


def _in_both(key: str) -> dict[str, str]:
    return {"en": t(key), "ar": t(key, "ar")}


def _qr(address: str) -> str:
    image = io.BytesIO()
    segno.make(address, error="m", micro=False).save(image, kind="svg", border=0, xmldecl=False, svgns=True)
    return image.getvalue().decode()
