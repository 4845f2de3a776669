"""Recognising the same customer: names in two scripts, domains, numbers; labelled pairs; what collides with what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz
from sqlalchemy import func, select

from bench.collisions import told
from core.actor import system
from core.db import reading, transaction
from core.deals.collision import THRESHOLD, Sighting, compare, names_alike
from core.deals.lookalikes import NEAR, CollisionKind, customer_for, find, sighting
from core.deals.models import Customer
from core.deals.names import domain_name, domain_of, key, registration
from core.deals.states import QuoteStatus
from tests import customer_pairs
from tests.core.deal_acts import make_quote
from tests.core.protection_acts import Ground, ground, protected, registered


class TestNames:
    @pytest.mark.parametrize(
        ("one", "other"),
        (
            ("Al Maha Trading LLC", "المها للتجارة ش.م.م"),
            ("Bank Muscat SAOG", "بنك مسقط ش.م.ع.ع"),
            ("A.B.C. Trading L.L.C.", "ABC Trading"),
            ("Zubair Corporation", "مؤسسة الزبير"),
            ("Salalah Retail", "شركة صلالة للتجزئة"),
            ("Al-Jawhara & Co.", "الجوهرة"),
        ),
    )
    def test_have_one_key_in_every_spelling(self, one, other):
        assert key(one) == key(other) != ""

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_whatever_they_are_compare_evenly(self, one, other):
        assert 0 <= names_alike(one, other) <= 1
        assert names_alike(one, other) == pytest.approx(names_alike(other, one))
        assert len(key(one)) <= 200

    @given(st.text(alphabet="abcdefghijklmnop ABCاتبثنوم", min_size=1, max_size=40))
    def test_are_like_themselves(self, name):
        assert names_alike(name, name) in ((1.0,) if key(name) else (0.0,))


class TestDomain:
    @pytest.mark.parametrize(
        ("typed", "domain"),
        (
            ("https://www.Acme.com.om/about?x=1", "acme.com.om"),
            ("acme.om", "acme.om"),
            ("salim@mail.acme.om", "acme.om"),
            ("mailto:x@acme.om", "acme.om"),
            ("acme.om.", "acme.om"),
            ("مسقط.عمان", "xn--ygbi6ak.xn--mgb9awbf"),
            ("info@gmail.com", ""),
            ("acme", ""),
            ("192.0.2.1", ""),
            ("http://[::1", ""),
            ("two words.om", ""),
            ("", ""),
        ),
    )
    def test_is_read_from_what_people_type(self, typed, domain):
        assert domain_of(typed) == domain

    @given(st.text(max_size=80))
    def test_of_anything_is_a_domain_or_nothing(self, typed):
        found = domain_of(typed)
        assert found == "" or domain_of(found) == found

    @pytest.mark.parametrize(
        ("domain", "name"), (("acme.com.om", "acme"), ("shop.acme.om", "acme"), ("om", "om"), ("", ""))
    )
    def test_has_a_part_of_its_own(self, domain, name):
        assert domain_name(domain) == name


@pytest.mark.parametrize(
    ("typed", "number"),
    (("C.R. No. 1/23456/7", "1234567"), ("٠١٢٣٤٥٦٧", "1234567"), ("CR 0001234567", "1234567"), ("0000000", ""),
     ("n/a", ""), ("12", ""), ("", "")),
)  # fmt: skip
def test_a_registration_number_is_read_from_what_people_write_around_it(typed, number):
    assert registration(typed) == number


class TestCompare:
    def said(self, a: Sighting, b: Sighting) -> tuple[int, list[str]]:
        match = compare(a, b)
        assert match
        return match.score, [reason.text for reason in match.reasons]

    def test_says_why(self):
        here = sighting("Al Maha Trading", domain="almaha.om", registration_number="CR 1234567")
        there = sighting("المها للتجارة", domain="www.almaha.om", registration_number="1234567")
        score, reasons = self.said(here, there)
        assert score == 100
        assert reasons == [
            "same registration number 1234567",
            "names alike: Al Maha Trading ~ المها للتجارة",
            "same domain almaha.om",
        ]

    def test_a_domain_of_another_country_counts_only_with_the_name(self):
        acme = sighting("Acme Steel", domain="acme.om")
        assert self.said(acme, sighting("Acme Steel LLC", domain="acme.com.om"))[1] == [
            "names alike: Acme Steel ~ Acme Steel LLC", "domains alike: acme.om ~ acme.com.om",
        ]  # fmt: skip
        assert compare(acme, sighting("Bahwan Bakery", domain="acme.com.om")) is None

    def test_says_what_speaks_against_it(self):
        score, reasons = self.said(
            sighting("Al Maha", registration_number="1234567"), sighting("Al Maha", registration_number="7654321")
        )
        assert (score, reasons[-1]) == (85, "but other registration numbers: 1234567, 7654321")
        score, reasons = self.said(sighting("Al Maha", domain="almaha.om"), sighting("Nizwa Oil", domain="almaha.om"))
        assert (score, reasons[-1]) == (85, "but other names: Al Maha, Nizwa Oil")

    def test_public_mail_says_nothing(self):
        assert compare(sighting("Al Maha", domain="a@gmail.com"), sighting("Nizwa Oil", domain="b@gmail.com")) is None


class TestPairs:
    def test_the_file_is_what_its_script_writes(self):
        assert customer_pairs.read() == customer_pairs.pairs()
        assert len(customer_pairs.read()) >= 500

    def test_are_told_right(self):
        quality = told()
        assert quality.precision >= 0.98
        assert quality.recall >= 0.95

    def test_hardly_any_is_lost_on_the_way_to_be_compared(self):
        alike = [
            (a.name, b.name) for _, _, a, b in customer_pairs.read() if names_alike(a.name, b.name) >= THRESHOLD / 100
        ]
        lost = [pair for pair in alike if fuzz.token_set_ratio(key(pair[0]), key(pair[1])) < NEAR]
        assert lost == [("Tech Mart", "Techmart")]


class TestFind:
    @pytest.fixture
    def place(self, company, aisha, clock) -> Ground:
        """What two resellers want."""
        return ground(company)

    def found(self, place, name, **facts):
        with reading(system(place.company)) as session:
            about = {"product_id": place.product_id, "territory_id": place.territory_id}
            return find(session, sighting(name, **facts), **about)

    def test_tells_what_kind_of_deal_it_is(self, place):
        protected(place, registered(place, place.salim, waits=False))
        registered(place, place.huda, "Al-Maha Trading Co.")
        with transaction(system(place.company)) as session:
            customer = customer_for(session, sighting("المها للتجارة"))
            make_quote(session, place.second, customer_id=customer.id, customer_name=customer.name)
        kinds = [one.kind for one in self.found(place, "Al Maha Trading LLC")]
        assert kinds[0] is CollisionKind.PROTECTED
        assert set(kinds[1:]) == {CollisionKind.INTENT, CollisionKind.QUOTE}

    def test_says_whose_and_why(self, place):
        registered(place, place.salim)
        (one,) = self.found(place, "المها للتجارة")
        assert (one.partner, one.reference, one.customer, one.is_same_ground) == (
            "Salalah Retail", "DI-0001", "Al Maha Trading", True,
        )  # fmt: skip
        assert one.reasons[0].text == "names alike: المها للتجارة ~ Al Maha Trading"

    def test_leaves_out_what_is_over(self, place):
        for status in (QuoteStatus.REJECTED, QuoteStatus.WITHDRAWN):
            registered(place, place.salim, status=status)
        assert self.found(place, "Al Maha Trading") == []

    def test_finds_by_domain_and_number_alone(self, place):
        registered(place, place.salim, domain="almaha.om")
        assert self.found(place, "Nizwa Oil", domain="info@almaha.om")[0].score == 85
        assert self.found(place, "Nizwa Oil") == []

    def test_of_another_company_finds_nothing(self, place, other_company):
        there = ground(other_company)
        registered(there, there.salim)
        assert self.found(place, "Al Maha Trading") == []


class TestCustomer:
    @pytest.fixture
    def by(self, company):
        """The product in that company."""
        return system(company.id)

    def test_is_the_same_row_for_the_same_name(self, by):
        with transaction(by) as session:
            first = customer_for(session, sighting("Al Maha Trading"))
            again = customer_for(session, sighting(" Al Maha Trading ", domain="almaha.om"))
            assert first.id == again.id
            assert first.domain == "almaha.om"

    def test_is_another_where_something_contradicts_or_is_only_alike(self, by):
        with transaction(by) as session:
            first = customer_for(session, sighting("Al Maha Trading", domain="almaha.om"))
            others = [sighting("Al Maha Trading", domain="maha-trading.om"), sighting("المها للتجارة")]
            assert first.id not in {customer_for(session, one).id for one in others}
            assert session.scalar(select(func.count()).select_from(Customer)) == 3

    def test_is_the_same_row_for_the_same_number(self, by):
        with transaction(by) as session:
            first = customer_for(session, sighting("Al Maha Trading", registration_number="1234567"))
            assert customer_for(session, sighting("المها للتجارة", registration_number="CR 1234567")).id == first.id
