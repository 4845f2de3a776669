"""The reseller agreement as a principal signs it, for everybody's tests."""

from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.db import reading, transaction
from core.nda.signing import Signed
from core.partners.models import Partner
from tests.core.contact_acts import make_contact
from tests.core.nda_acts import press, ready_to_sign

NAME = "Huda Al Said"


def principal_of(by: Actor, partner: Partner, **facts: str) -> Contact:
    """A principal of a reseller."""
    with transaction(by) as session:
        return make_contact(session, partner, role=ContactRole.PRINCIPAL, **{"name": NAME, "title": "CEO"} | facts)


def agreed(by: Actor) -> Signed:
    """The agreement, signed by a principal."""
    return press(ready_to_sign(by), signature=NAME, confirmed_name=by.name != NAME)


def in_company(by: Actor, query, *asked, **filters):
    """What a read answers."""
    with reading(by) as session:
        return query(session, *asked, **filters)
