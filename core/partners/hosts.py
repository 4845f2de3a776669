"""Who invites whom: what each page before the portal may say to whoever holds a link."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.companies.models import Company, Staff
from core.partners.models import Partner


@dataclass(frozen=True)
class Host:
    """A company and the partner it invites. ``owner``: whom the partner's people may ask."""

    company: str
    company_ar: str
    colour: str
    partner: str
    partner_ar: str
    language: str
    owner: str

    def named(self, language: str) -> dict[str, str]:
        """Both names as a language says them; one without an Arabic name has its other one."""
        is_arabic = language == "ar"
        return {
            "company": (is_arabic and self.company_ar) or self.company,
            "partner": (is_arabic and self.partner_ar) or self.partner,
        }


def host_of(session: Session, partner: Partner, company: Company) -> Host:
    """Who invites a partner."""
    return Host(
        company=company.name,
        company_ar=company.name_ar,
        colour=company.colour,
        partner=partner.name,
        partner_ar=partner.name_ar,
        language=partner.language,
        owner=owner_name(session, partner, company),
    )


def owner_name(session: Session, partner: Partner, company: Company) -> str:
    """Whom a partner's people may ask: its owner, or the company."""
    owner = session.get(Staff, partner.owner_id) if partner.owner_id else None
    return owner.name if owner else company.name
