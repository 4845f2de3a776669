"""The training that must be held at a reseller before it registers deals of a product."""

from uuid import UUID

from sqlalchemy.orm import Session

from core.actor import Actor
from core.deals.models import Product
from core.errors import NotAllowed
from core.training.holders import lacking


class CertificateNeeded(NotAllowed):
    """To register deals of {product}, somebody at your company needs a valid {module} certificate. Take the training
    first."""


def require_certificate(session: Session, product_id: UUID | None, by: Actor) -> None:
    """Go on only where somebody at the reseller is certified in what the product asks for.

    Raises:
        CertificateNeeded
    """
    product = session.get_one(Product, product_id)
    for module in lacking(session, by.partner, [product.certificate_module_id]).values():
        is_arabic = by.language == "ar"
        raise CertificateNeeded(
            product=product.name_ar if is_arabic and product.name_ar else product.name,
            module=module.name_ar if is_arabic and module.name_ar else module.name,
        )
