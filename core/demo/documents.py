"""The documents that the demo proposals name, as one-page PDFs in the partners' vaults."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import typst
from sqlalchemy.orm import Session

from core.actor import Actor
from core.companies.models import Company
from core.partners.models import Partner
from core.proposals.content import Content, Item, SectionKey
from core.timeline.kinds import Kind
from core.timeline.service import note as note_timeline
from core.vault.filing import file_away
from core.vault.models import Origin

FOLDER = Path(__file__).parents[2] / "data" / "demo"
TEMPLATE = FOLDER / "document.typ"
FONTS = FOLDER.parent / "fonts"


def add_documents(
    session: Session, company: Company, partner: Partner, content: Content, *, by: Actor, at: datetime
) -> None:
    """File every document that a proposal names, as added at an instant."""
    for en, ar in named(content):
        file_away(
            session,
            partner,
            title=en.title,
            title_ar=ar.title,
            file_name=f"{en.title}.pdf",
            data=page(_said(company, en, ar)),
            media_type="application/pdf",
            origin=Origin.UPLOAD,
            requires_nda=en.value == "nda",
            by=by,
            at=at,
        )
        note_timeline(session, partner.id, Kind.DOCUMENT_ADDED, by=by, at=at, title=en.title)


def named(content: Content) -> Iterator[tuple[Item, Item]]:
    """The documents a proposal names, in English and Arabic."""
    section = content.read_in("en")[SectionKey.DOCUMENTS], content.read_in("ar")[SectionKey.DOCUMENTS]
    yield from zip(section[0].items, section[1].items, strict=True)


def _said(company: Company, en: Item, ar: Item) -> str:
    said = {
        "company": company.name,
        "colour": company.colour,
        "title": {"en": en.title, "ar": ar.title},
        "text": {"en": en.text, "ar": ar.text},
    }
    return json.dumps(said, ensure_ascii=False)


@lru_cache(maxsize=32)
def page(data: str) -> bytes:
    """One page as a PDF; the same words give the same bytes."""
    return typst.compile(
        str(TEMPLATE),
        root=str(FOLDER),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        timestamp=0,
    )
