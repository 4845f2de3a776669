"""No amount of a deal reaches anybody whose role or device has none, by any read, document or mail; others get it."""

import base64
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.access.devices import DeviceUnknown
from core.actor import CONTACT_GRANTS, Actor, ContactRole
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals import own_queries, service
from core.deals.fetching import DealDocumentNotForRole
from core.deals.listing import Sort
from core.deals.models import DealDraft, QuoteDocument
from core.deals.states import DocumentUse
from core.errors import DomainError, NotAllowed
from core.mail.models import Mail
from core.vault.rows import DocumentNotFound
from core.vault.storage import blobs
from tests.conftest import Clock
from tests.core.deal_acts import as_contact
from tests.core.guarded import called, guarded
from tests.core.money_canaries import (
    COMMISSION,
    DISCOUNT,
    DRAFTED,
    GROSS,
    LINE,
    ORDERED,
    PRICE,
    REGISTERED,
    SUMS,
    TOTAL,
    House,
    leaked,
)
from tests.core.sale_acts import fetch_own
from tests.core.test_nda_certificate import text_of
from tests.core.two_companies import said

OF_CONTACTS = frozenset().union(*CONTACT_GRANTS.values())
MANY = ("quote_id", "session")
"""What a read of contacts may ask to be told."""
ALL = {*SUMS, COMMISSION}
SOLD = {REGISTERED, ORDERED, LINE.unit_price, GROSS, DISCOUNT, TOTAL, COMMISSION}


@pytest.fixture
def house(clock: Clock, aisha: Actor) -> House:
    return House(aisha)


@pytest.fixture
def blind(house: House, aisha: Actor) -> dict[str, Actor]:
    """Everybody of the reseller who may see no amount, or none of these deals'."""
    unconfirmed = {f"{role}, new device": house.someone(role, trusted=False) for role in ContactRole}
    by_role = {role.value: house.someone(role) for role in (ContactRole.TECHNICAL, ContactRole.VIEWER)}
    moved = replace(house.moved, contact_role=ContactRole.TECHNICAL)
    looking = {f"staff as {name}": replace(one, viewer=aisha.id) for name, one in by_role.items()}
    colleague = house.someone(ContactRole.SALESPERSON)
    for drafting in (unconfirmed["principal, new device"], unconfirmed["salesperson, new device"]):
        house.draft(drafting)
    return unconfirmed | by_role | looking | {"moved": moved, "colleague": colleague}


def own_reads() -> list[Callable[..., Any]]:
    """Every guarded read that a contact may ask for by its role."""
    mine = [one for one in guarded() if one.__act__ in OF_CONTACTS and "by" not in signature(one).parameters]  # type: ignore[attr-defined]
    return [one for one in mine if called(one).startswith(("deals.", "contacts."))]


def asked(read: Callable[..., Any], house: House) -> Iterator[dict[str, Any]]:
    """Everything that a read may be asked: each deal, each order, each page, each text that is an amount."""
    names = set(signature(read).parameters) - {"session"}
    if "quote_id" in names:
        yield from ({"quote_id": one} for one in house.ids)
    if "quote_id" not in names or signature(read).parameters["quote_id"].default is None:
        yield {}
    if "sort" in names:
        for sort in Sort:
            yield from ({"sort": sort, "descending": descending} for descending in (True, False))
        yield from ({"text": text} for text in ("Muscat", *SUMS, *(one.split(".")[0] for one in SUMS)))
        yield {"page": 2, "size": 1}


def told(by: Actor, house: House) -> bytes:
    """Everything that all reads say to somebody, refusals too."""
    found: list[str] = []
    for read in own_reads():
        for details in asked(read, house):
            try:
                with reading(by) as session:
                    answer = read(session, **details)
            except DomainError as refusal:
                answer = refusal.message
            found += [*said(answer), repr(answer)]
    return "\n".join(found).encode("utf-8", "replace")


def documents(house: House) -> dict[Any, DocumentUse]:
    with reading(house.admin) as session:
        return {one.document_id: one.use for one in session.scalars(select(QuoteDocument))}


def opened(by: Actor, house: House) -> dict[DocumentUse, list[bytes]]:
    """The documents somebody may fetch, each with its name before its bytes."""
    found: dict[DocumentUse, list[bytes]] = {}
    for document, use in documents(house).items():
        try:
            file = fetch_own(by, document)
        except (DocumentNotFound, DealDocumentNotForRole, DeviceUnknown):
            continue
        found.setdefault(use, []).append(file.file_name.encode() + b"\n" + blobs().read(file.sha256))
    return found


def mails_to(house: House, contact: Actor) -> list[Mail]:
    with reading(house.admin) as session:
        address = select(Contact.email).where(Contact.id == contact.id).scalar_subquery()
        mine = select(Mail).where(Mail.to_address == address).options(joinedload(Mail.attachments))
        return list(session.scalars(mine).unique())


class TestNobodyWithoutMoney:
    def test_is_told_an_amount_by_any_read(self, house: House, blind: dict[str, Actor]) -> None:
        found = {name: leaked(told(by, house)) for name, by in blind.items()}
        assert {name: amounts for name, amounts in found.items() if amounts} == {"colleague": {PRICE}}

    def test_sorts_by_amount_or_finds_a_deal_by_it(self, house: House, blind: dict[str, Actor]) -> None:
        for name, by in blind.items():
            with reading(by) as session:
                if name != "colleague":
                    with pytest.raises(NotAllowed):
                        own_queries.my_deals(session, sort=Sort.AMOUNT)
                for text in (REGISTERED, REGISTERED.split(".")[0], f"{Decimal(REGISTERED):,}"):
                    assert own_queries.my_deals(session, text=text).total == 0, name

    def test_opens_a_document_with_an_amount(self, house: House, blind: dict[str, Actor]) -> None:
        for name, by in blind.items():
            if by.viewer is None:
                found = opened(by, house)
                assert set(found) <= {DocumentUse.ATTACHMENT}, name
                assert leaked(b"".join(one for files in found.values() for one in files)) == set(), name

    def test_is_mailed_an_amount_or_a_file(self, house: House) -> None:
        mine = mails_to(house, house.moved)
        assert {mail.kind.value for mail in mine} >= {"deal_approved", "quote_sent", "invoice_issued", "invoice_paid"}
        for mail in mine:
            assert leaked("\n".join((mail.subject, mail.text, mail.html)).encode()) == set(), mail.kind
            assert mail.attachments == [], mail.kind


class TestWhoSeesMoney:
    """The same search finds every amount with those who may see them: it can fail."""

    @pytest.mark.parametrize("role", (ContactRole.PRINCIPAL, ContactRole.FINANCE))
    def test_is_told_all_of_it(self, house: House, role: ContactRole) -> None:
        by = house.someone(role)
        if role is ContactRole.PRINCIPAL:
            house.draft(by)
        assert leaked(told(by, house)) == (ALL if role is ContactRole.PRINCIPAL else SOLD)

    def test_reads_the_own_deals_alone_as_a_salesperson(self, house: House) -> None:
        assert leaked(told(house.salim, house)) == {*SOLD, PRICE}
        assert leaked(told(house.someone(ContactRole.SALESPERSON), house)) == {PRICE}

    def test_sees_the_same_on_any_device_where_no_code_is_asked(
        self, house: House, set_settings: Callable[..., None]
    ) -> None:
        set_settings(code_on_new_device=False)
        assert leaked(told(house.someone(ContactRole.FINANCE, trusted=False), house)) == SOLD

    def test_opens_quotes_and_invoices(self, house: House, tmp_path: Path) -> None:
        found = opened(house.someone(ContactRole.FINANCE), house)
        assert set(found) == set(DocumentUse)
        assert leaked(b"".join(found[DocumentUse.ORDER])) == {ORDERED}
        for use in (DocumentUse.QUOTE, DocumentUse.INVOICE):
            page = tmp_path / f"{use}.pdf"
            page.write_bytes(found[use][0].partition(b"\n")[2])
            assert leaked(text_of(str(page)).encode()) >= {TOTAL, LINE.unit_price}

    def test_is_mailed_them_with_the_papers(self, house: House) -> None:
        mine = mails_to(house, house.salim)
        assert leaked("\n".join(mail.text + mail.html for mail in mine).encode()) == {REGISTERED, TOTAL, COMMISSION}
        assert {file.name for mail in mine for file in mail.attachments} == {"Q-00001.pdf", "INV-00001.pdf"}


def test_an_amount_that_was_not_shown_stays_in_the_draft(house: House) -> None:
    mine = as_contact(house.partner, trusted=False)
    house.draft(mine)
    with transaction(mine) as session:
        service.save_draft(session, content={"customer": "Izki Cement", "need": "40 seats"}, by=mine)
    with reading(mine) as session:
        draft = own_queries.my_draft(session)
        kept = session.scalars(select(DealDraft)).one().content
    assert draft is not None
    assert draft.content == {"customer": "Izki Cement", "need": "40 seats"}
    assert kept == draft.content | {"amount": DRAFTED}


def test_reads_of_contacts_are_all_known(house: House) -> None:
    for read in own_reads():
        needed = [one.name for one in signature(read).parameters.values() if one.default is one.empty]
        assert set(needed) <= set(MANY), f"say in `asked` what {called(read)} is to be asked"


@pytest.mark.parametrize(
    "told",
    (
        "734,911,286.377",
        "734911286,38",
        "٧٣٤٬٩١١٬٢٨٦",
        "734 911 286",
        "734911286377",
        r"\u0667\u0663\u0664\u0669\u0661\u0661\u0662\u0668\u0666",
    ),
)
def test_any_spelling_is_found(told: str) -> None:
    assert leaked(told.encode()) == {REGISTERED}


@pytest.mark.parametrize("before", range(4))
def test_a_packed_amount_is_found_in_base64(before: int) -> None:
    for packed in (b"734911286.377", struct.pack("<d", float(REGISTERED)), "734,911,286".encode("utf-16-le")):
        assert leaked(base64.b64encode(b"x" * before + packed + b"after")) == {REGISTERED}
    assert leaked(struct.pack("<d", float(DRAFTED))) == {DRAFTED}
