"""What resellers of a furnished company left behind: deals at every stage, protections, who waits, orders, invoices."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.actor import Actor, system
from core.clock import today
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import attachments, invoicing, orders, pre_check, protections, queue_views, quoting, registering
from core.deals.catalogue_models import Product, Territory
from core.deals.lines import NewLine
from core.deals.lookalikes import customer_for, sighting
from core.deals.models import Quote
from core.deals.orders import OrderFacts
from core.deals.protection import protect
from core.deals.states import QuoteStatus
from core.partners.models import Partner
from tests.core.crossing import sound_pdf
from tests.core.crossing_deals import typed
from tests.core.deal_acts import make_intent, make_quote
from tests.core.two_companies import House, Side

CUSTOMERS = ("Pharmacies", "Cattle feed", "Harbour towing")
"""One of each partner, protected; the partner before it wants it too."""
STAGES = (*(QuoteStatus.PENDING,) * 4, *(QuoteStatus.RETURNED,) * 2, QuoteStatus.SENT, QuoteStatus.SENT)
"""Where deals stand whose way there is not told."""


def trade(house: House, people: list[Actor]) -> None:
    """Deals of every partner, each written by one of its people; everybody waits for the next one's customer."""
    customers = [f"{house.mark} {name}" for name in CUSTOMERS]
    for side, person, customer in zip(house.sides, people, customers, strict=True):
        _stand(house, side, person)
        _protect(house, side, person, customer)
        _sell(house, side, person)
    for person, customer in zip(people, [*customers[1:], customers[0]], strict=True):
        _ask(house, person, wanted=customer)
    _do(queue_views.keep, house.admin, page="deal_intents", name=f"{house.mark} view", query=f"text={house.mark}")


def _do(operation: Any, by: Actor, *subject: Any, **details: Any) -> Any:
    with transaction(by) as session:
        return operation(session, *subject, **details, by=by)


def _facts(house: House) -> dict[str, Any]:
    """What is sold, and where."""
    with reading(house.admin) as session:
        return {
            "product_id": session.scalars(select(Product.id)).first(),
            "territory_id": session.scalars(select(Territory.id)).first(),
        }


def _registered(house: House, side: Side, person: Actor, customer: str, status: QuoteStatus) -> Quote:
    """A deal of one of a partner's people, at a stage."""
    with transaction(system(house.admin.company)) as session:
        partner, contact = session.get_one(Partner, side.id), session.get_one(Contact, person.id)
        make = make_intent if status in (QuoteStatus.PENDING, QuoteStatus.RETURNED) else make_quote
        texts = {name: f"{side.mark} {name}" for name in ("customer_contact", "need", "note")}
        customer_id = customer_for(session, sighting(customer)).id
        known = texts | _facts(house) | {"customer_id": customer_id, "customer_name": customer}
        return make(session, partner, contact, status=status, **known)


def _stand(house: House, side: Side, person: Actor) -> None:
    """Deals at the first stages."""
    for number, status in enumerate(STAGES):
        _registered(house, side, person, f"{side.mark} Customer {number}", status)


def _protect(house: House, side: Side, person: Actor, customer: str) -> None:
    """Two protected deals: one of a customer that somebody else wants too, and one that asks for longer."""
    for name in (customer, f"{side.mark} Longer"):
        quote = _registered(house, side, person, name, QuoteStatus.DRAFT)
        _offer(house, side, quote)
        with transaction(house.admin) as session:
            protection = protect(session, session.get_one(Quote, quote.id), days=90)
    _do(protections.ask_extension, person, protection.id, days=30, evidence=f"{side.mark} evidence")


def _offer(house: House, side: Side, quote: Quote) -> None:
    """The lines of a quote."""
    with reading(house.admin) as session:
        version = session.get_one(Quote, quote.id).version
    offered = {"lines": (NewLine(f"{side.mark} setup", "1", "850"),), "conditions": f"{side.mark} conditions"}
    until = today("Asia/Muscat") + timedelta(days=30)
    _do(quoting.save_lines, house.admin, quote.id, **offered, valid_until=until, version=version)


def _sell(house: House, side: Side, person: Actor) -> None:
    """A deal that was paid, two that were invoiced, one that is accepted, and one whose order differs."""
    for number, stage in enumerate(("paid", "invoiced", "void", "accepted", "ordered")):
        quote = _registered(house, side, person, f"{side.mark} {stage}", QuoteStatus.DRAFT)
        _offer(house, side, quote)
        _do(quoting.send, house.admin, quote.id)
        _do(attachments.attach, person, quote.id, file=sound_pdf(f"{side.mark}letter{number}"))
        if stage == "ordered":
            order = OrderFacts(f"{side.mark}-{number}", f"{side.mark} Other", "5", "OMR")
            _do(orders.upload_order, person, quote.id, order=order, file=sound_pdf(f"{side.mark}order"))
            continue
        _do(quoting.answer, house.admin, quote.id, accepted=True, note=f"{side.mark} yes")
        if stage != "accepted":
            sale = _do(invoicing.invoice, house.admin, quote.id, due_on=today("Asia/Muscat"))
        if stage == "paid":
            _do(invoicing.pay, house.admin, sale.id, at=today("Asia/Muscat"))


def _ask(house: House, person: Actor, *, wanted: str) -> None:
    """Another partner's protected customer asked for and registered all the same, and a form half filled in."""
    ground = _facts(house)
    _do(pre_check.pre_check, person, customer=wanted, **ground)
    _do(registering.submit, person, deal=typed(wanted, person.name, **ground))
    _do(registering.save_draft, person, content={"need": f"{person.name} need"})
