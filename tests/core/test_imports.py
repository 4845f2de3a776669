"""Importing tables: what is read, what each line becomes, and which lines are refused with what sentence."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from core.actor import Actor, ContactRole
from core.companies.models import Company
from core.contacts.models import Contact
from core.db import reading, transaction
from core.deals.models import Quote
from core.deals.states import QuoteKind, QuoteStatus
from core.errors import Invalid, NotAllowed
from core.export import Sheet, csv_bytes
from core.imports.columns import ColumnMissing, What, guess, match
from core.imports.dates import DayUnreadable, day
from core.imports.service import Fate, Result, carry_out, rehearse
from core.imports.tables import MOST_LINES, NotATable, Table, TableNotUtf8, TableTooLong, read
from core.imports.taking import Choices
from core.mail.models import Mail
from core.partners.models import Partner
from core.vault.intake import take_in
from tests.core.deal_acts import make_product, make_reseller, make_territory

ACCOUNTS = """Account Name,Website,Billing City,Billing Country,Account Owner
Nizwa Networks,nizwanet.example,Nizwa,Oman,Jane Doe
"Sur, Ship & Co",https://sur.example,Sur,Oman,Jane Doe
"""
CONTACTS = """First Name,Last Name,Title,Email,Account Name,Role
Huda,Al Lawati,Sales lead,huda@nizwanet.example,Nizwa Networks,Principal
Badr,Al Jabri,,badr@nizwanet.example,nizwa networks,
Badr,Al Jabri,,BADR@nizwanet.example,Nizwa Networks,
Salma,Al Amri,,not-an-address,Nizwa Networks,
Zahra,Al Hinai,,zahra@x.example,Nowhere,
Amal,Al Siyabi,,amal@nizwanet.example,Nizwa Networks,owner
"""
DEALS = """Opportunity Name,Account Name,Partner Account,Amount,Opportunity Currency,Close Date,Stage
Rollout,Muscat Pharmacies,Nizwa Networks,"12,500.5",OMR,2027-03-01,Negotiation
Old one,Muscat Pharmacies,Nizwa Networks,100,OMR,2027-03-01,Closed Won
Bad one,Dhofar Cattle,Nizwa Networks,-5,OMR,2027-03-01,
Odd day,Dhofar Cattle,Nizwa Networks,5,OMR,soon,
"""


def table(text: str) -> Table:
    """The table in a CSV file of that text."""
    return read(take_in("list.csv", text.encode()))


def workbook(rows: list[list[Any]]) -> bytes:
    """An Excel file with those rows."""
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


class TestReading:
    @pytest.mark.parametrize("mark", (",", ";", "\t"))
    def test_of_csv_with_any_usual_mark(self, mark: str):
        found = table(f"Name{mark}City\n\nNizwa{mark}Oman\n")
        assert found.header == ("Name", "City")
        assert [(line.number, line.cells) for line in found.lines] == [(3, {"Name": "Nizwa", "City": "Oman"})]

    def test_of_a_workbook(self):
        rows: list[list[Any]] = [["Amount", "Close Date", "Customer"]]
        rows += [[12.5, date(2027, 3, 1), "صلالة"], [7.0, None, "Sur"]]
        lines = read(take_in("list.xlsx", workbook(rows))).lines
        assert lines[0].cells == {"Amount": "12.5", "Close Date": "2027-03-01", "Customer": "صلالة"}
        assert lines[1].cells["Amount"] == "7"

    def test_takes_back_what_we_took_out(self):
        sheet = Sheet("Partners", ("Partner", "Summary"), [("=cmd|x", "-5"), ("'quoted'", "+1")])
        cells = [line.cells for line in read(take_in("list.csv", csv_bytes(sheet))).lines]
        assert cells == [{"Partner": "=cmd|x", "Summary": "-5"}, {"Partner": "'quoted'", "Summary": "+1"}]

    @pytest.mark.parametrize(
        ("data", "refusal"),
        (
            (b"Name\n", NotATable), (b",,\nx,y,z\n", NotATable), (b'Name\n"open\n', NotATable),
            ("Name\nصلالة\n".encode("cp1256"), Invalid), (b"Name\n" + b"x\n" * (MOST_LINES + 1), TableTooLong),
        ),
        ids=["no lines", "no heading", "broken", "another coding", "too long"],
    )  # fmt: skip
    def test_refuses(self, data: bytes, refusal: type[Invalid]):
        with pytest.raises(refusal):
            read(take_in("list.csv", data))

    def test_says_how_to_save_what_is_not_utf8(self):
        assert "CSV UTF-8" in TableNotUtf8().message

    def test_refuses_what_is_no_table(self):
        with pytest.raises(NotATable):
            read(take_in("list.txt", b"hello"))


class TestColumns:
    def test_are_found_by_salesforces_names(self):
        found = match(What.PARTNERS, table(ACCOUNTS).header)
        assert found.headings["name"] == "Account Name"
        assert found.headings["city"] == "Billing City"
        assert found.unread == ("Account Owner",)

    @pytest.mark.parametrize(
        ("text", "what"), ((ACCOUNTS, What.PARTNERS), (CONTACTS, What.CONTACTS), (DEALS, What.DEALS))
    )
    def test_tell_what_the_lines_are(self, text: str, what: What):
        assert guess(table(text).header) is what

    def test_that_are_missing_are_named(self):
        with pytest.raises(ColumnMissing, match="E-mail, Name"):
            match(What.CONTACTS, ["Account Name"])


class TestDays:
    @pytest.mark.parametrize("text", ("2026-11-03", "3 Nov 2026", "3/11/2026", "03.11.2026", "Nov 3, 2026"))
    def test_are_read_as_people_write_them(self, text: str):
        assert day(text) == date(2026, 11, 3)

    def test_may_have_the_month_first(self):
        assert day("11/3/2026", month_first=True) == date(2026, 11, 3)

    @pytest.mark.parametrize("text", ("", "soon", "31/31/2026", "2026-02-30"))
    def test_refuse_the_rest(self, text: str):
        with pytest.raises(DayUnreadable, match="Write it as 2026-11-03"):
            day(text)


def done(by: Actor, what: What, text: str, **choices: Any) -> list[Result]:
    return [one for part in carry_out(what, table(text), chosen=Choices(**choices), by=by) for one in part]


def tried(by: Actor, what: What, text: str, **choices: Any) -> list[Result]:
    return [one for part in rehearse(what, table(text), chosen=Choices(**choices), by=by) for one in part]


def how_many(by: Actor, model: Any) -> int:
    with reading(by) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def reseller(aisha: Actor) -> Partner:
    """The reseller whose people and deals are imported, where the portal is switched on."""
    with transaction(aisha) as session:
        session.get_one(Company, aisha.company).module_partner_portal_enabled = True
        return make_reseller(session, name="Nizwa Networks")


class TestPartners:
    def test_come_in_once(self, aisha):
        assert [one.fate for one in done(aisha, What.PARTNERS, ACCOUNTS, resellers=True)] == [Fate.ADDED] * 2
        assert [one.fate for one in done(aisha, What.PARTNERS, ACCOUNTS)] == [Fate.THERE] * 2
        with reading(aisha) as session:
            found = session.scalars(select(Partner).where(Partner.name == "Nizwa Networks")).one()
            assert (found.website, found.city, found.reseller_since is None) == (
                "https://nizwanet.example", "Nizwa", False,
            )  # fmt: skip

    def test_are_refused_by_line_and_reason(self, aisha):
        text = "Partner,Commission %,Contact e-mail\nA,101,\nB,10%,nobody\nC,7.5,\n"
        one, two, three = done(aisha, What.PARTNERS, text)
        assert (one.line, one.name, one.fate) == (2, "A", Fate.REFUSED)
        assert "0–100" in one.why
        assert "Contact e-mail" in two.why
        assert three.fate is Fate.ADDED
        with reading(aisha) as session:
            assert session.scalars(select(Partner.default_commission_pct)).all() == [Decimal("7.5")]


class TestContacts:
    def test_come_in_with_their_role_and_are_mailed_when_asked(self, aisha, reseller):
        results = done(aisha, What.CONTACTS, CONTACTS, role=ContactRole.TECHNICAL, invited=True)
        assert [one.fate.value for one in results] == ["added", "added", "there", "refused", "refused", "refused"]
        assert "E-mail" in results[3].why
        assert "No partner is called “Nowhere”" in results[4].why
        assert "“owner” is no role" in results[5].why
        with reading(aisha) as session:
            people = session.scalars(select(Contact).order_by(Contact.email)).all()
            assert [(one.name, one.role.value) for one in people] == [
                ("Badr Al Jabri", "technical"), ("Huda Al Lawati", "principal"),
            ]  # fmt: skip
        assert how_many(aisha, Mail) == 2

    def test_are_not_mailed_otherwise(self, aisha, reseller):
        done(aisha, What.CONTACTS, CONTACTS)
        assert how_many(aisha, Mail) == 0


class TestDeals:
    def test_wait_for_a_review_like_any_other(self, aisha, reseller):
        with transaction(aisha) as session:
            chosen = {"product_id": make_product(session).id, "territory_id": make_territory(session).id}
        results = done(aisha, What.DEALS, DEALS, **chosen)
        assert [one.fate.value for one in results] == ["added", "refused", "refused", "refused"]
        assert "This deal ended already (Closed Won)" in results[1].why
        assert "Enter an amount" in results[2].why
        assert "“soon” is no day" in results[3].why
        with reading(aisha) as session:
            deal = session.scalars(select(Quote)).one()
            assert (deal.kind, deal.status) == (QuoteKind.PARTNER_INTENT, QuoteStatus.PENDING)
            assert (deal.amount, deal.close_on, deal.reference) == (Decimal("12500.500"), date(2027, 3, 1), "DI-0001")
        assert done(aisha, What.DEALS, DEALS, **chosen)[0].fate is Fate.THERE

    def test_need_a_product_and_a_territory(self, aisha, reseller):
        assert "Choose the product" in done(aisha, What.DEALS, DEALS)[0].why


class TestRehearsal:
    def test_tells_the_same_and_keeps_nothing(self, aisha, reseller):
        assert tried(aisha, What.CONTACTS, CONTACTS, invited=True) == done(aisha, What.CONTACTS, CONTACTS)
        before = how_many(aisha, Partner)
        assert [one.fate for one in tried(aisha, What.PARTNERS, ACCOUNTS)] == [Fate.THERE, Fate.ADDED]
        assert how_many(aisha, Partner) == before
        assert how_many(aisha, Mail) == 0

    def test_sees_a_repetition_far_down_the_file(self, aisha):
        names = [*(f"P{n}" for n in range(40)), "p3"]
        text = "Partner\n" + "\n".join(names) + "\n"
        expected = [one.fate for one in tried(aisha, What.PARTNERS, text)]
        assert expected[-1] is Fate.THERE
        assert expected == [one.fate for one in done(aisha, What.PARTNERS, text)]

    def test_is_for_admins(self, analyst):
        with pytest.raises(NotAllowed):
            tried(analyst, What.PARTNERS, ACCOUNTS)
