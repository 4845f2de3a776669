"""A reseller whose amounts stand nowhere else, in every spelling they could leak in, and a search for them."""

import base64
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from core.actor import Actor, ContactRole
from core.contacts import service as contacts
from core.contacts.models import Contact
from core.contacts.rows import NewContact
from core.db import reading, transaction
from core.deals import service
from core.deals.lines import NewLine
from core.deals.models import Quote
from core.partners.models import Partner
from tests.core.deal_acts import as_contact, make_product, make_reseller, make_territory, new_deal
from tests.core.sale_acts import (
    a_file,
    again,
    answer,
    attach,
    invoice,
    pay,
    save_lines,
    send,
    settle,
    upload_order,
)

REGISTERED, ORDERED, PRICE, DRAFTED = "734911286.377", "718233461.119", "835772163.221", "928476351.613"
LINE = NewLine("Ledger", "7", "61283459.131", "13.7")
GROSS, DISCOUNT, TOTAL = "428984213.917", "58770837.307", "370213376.610"
"""What that line comes to. So long that no id has such a number in it by chance."""
COMMISSION = "17.353"
SUMS = (REGISTERED, ORDERED, PRICE, DRAFTED, LINE.unit_price, GROSS, DISCOUNT, TOTAL)
ARABIC = str.maketrans("0123456789,.", "٠١٢٣٤٥٦٧٨٩٬٫")


def spellings(amount: str) -> set[bytes]:
    """An amount as any text or number could carry it: grouped, in Arabic digits, in minor units, escaped, packed."""
    whole, _, fraction = amount.partition(".")
    grouped = f"{int(whole):,}"
    texts = {whole, *(grouped.replace(",", mark) for mark in (",", ".", " ", "'", "\xa0", "\u202f"))}
    if len(whole) < 4:
        texts = {amount, amount.replace(".", ",")}
    texts |= {text.translate(ARABIC) for text in texts}
    texts |= {json.dumps(text)[1:-1] for text in texts}
    minor = int(whole + fraction)
    packed = {struct.pack("<d", float(amount)), struct.pack("<q", minor), struct.pack(">q", minor)}
    found = {text.encode() for text in texts} | packed
    return found | {cut for one in {*found, *(text.encode("utf-16-le") for text in texts)} for cut in _in_base64(one)}


def _in_base64(text: bytes) -> Iterator[bytes]:
    """What is seen of bytes in base64, wherever in it they begin; the ends depend on what stands beside them."""
    for before in range(3):
        shown = base64.b64encode(bytes(before) + text)
        cut = shown[(0, 2, 3)[before] : (before + len(text)) * 8 // 6]
        if len(cut) > 6:
            yield cut


NEEDLES = {amount: spellings(amount) for amount in (*SUMS, COMMISSION)}


def leaked(told: bytes) -> set[str]:
    """The amounts that are in something, in whatever spelling."""
    return {amount for amount, needles in NEEDLES.items() if any(needle in told for needle in needles)}


@dataclass
class House:
    """A reseller with people of every role, a deal from its registration to its payment, and others on their way."""

    admin: Actor
    partner: Partner = field(init=False)
    salim: Actor = field(init=False)
    """Who registered the deals."""
    moved: Actor = field(init=False)
    """Who registered one too, and works on the technical side since."""
    deals: list[Quote] = field(init=False)
    """Paid, on its way to be sold by who moved, returned, in review."""

    def __post_init__(self) -> None:
        with transaction(self.admin) as session:
            self.partner = make_reseller(session, name="Salalah Retail", owner_id=self.admin.id)
            self.product = make_product(session, price=Decimal(PRICE))
            self.place = make_territory(session)
        self.salim = as_contact(self.partner, ContactRole.SALESPERSON, name="Salim Al Kindi")
        self.moved = as_contact(self.partner, ContactRole.SALESPERSON, name="Badr Al Hinai")
        self.deals = [self._submitted(by) for by in (self.salim, self.moved, self.salim, self.salim)]
        self._move(self.moved)
        for quote in self.deals[:2]:
            self._sell(quote)
        with transaction(self.admin) as session:
            service.return_(session, self.deals[2].id, note="Who signs?", version=self.deals[2].version, by=self.admin)

    def someone(self, role: ContactRole, *, trusted: bool = True) -> Actor:
        """A colleague of another role, or of the same."""
        return as_contact(self.partner, role, trusted=trusted)

    @property
    def ids(self) -> list[UUID]:
        """The deals."""
        return [quote.id for quote in self.deals]

    def draft(self, by: Actor) -> None:
        """A form half filled in by somebody."""
        with transaction(by) as session:
            content = {"customer": "Izki Cement", "amount": DRAFTED, "asked": "Izki Cement", "answer": "clear"}
            service.save_draft(session, content=content, by=by)

    def _submitted(self, by: Actor) -> Quote:
        with transaction(by) as session:
            quote = service.submit(session, deal=new_deal(self.product, self.place, amount=REGISTERED), by=by)
        attach(by, quote)
        return again(self.admin, quote)

    def _move(self, by: Actor) -> None:
        with reading(self.admin) as session:
            row = session.get_one(Contact, by.id)
        person = NewContact(row.name, row.email, row.title, ContactRole.TECHNICAL, row.language)
        with transaction(self.admin) as session:
            contacts.change(session, row.id, person=person, version=row.version, by=self.admin)

    def _sell(self, quote: Quote) -> None:
        admin, terms = self.admin, service.flat(COMMISSION)
        with transaction(admin) as session:
            service.approve(session, quote.id, terms=terms, version=quote.version, by=admin)
        save_lines(admin, quote, lines=(LINE,), conditions="Net 30 days")
        send(admin, quote)
        seller = self.someone(ContactRole.PRINCIPAL)
        file = a_file(f"order {quote.reference}", f"PO {ORDERED}.pdf")
        order = upload_order(seller, quote, file=file, amount=ORDERED, customer_name=quote.customer_name)
        settle(admin, order)
        answer(admin, quote)
        pay(admin, invoice(admin, quote))
