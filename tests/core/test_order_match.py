"""How a purchase order compares with what was agreed, whatever script and spelling it is in."""

from decimal import Decimal

import pytest

from core.deals.order_match import Difference, Ordered, What, differences, number_key, same_customer, state_of
from core.deals.states import OrderState


class TestComparing:
    AGREED = Ordered("Oman Flour Mills", Decimal("100.000"), "OMR")

    @pytest.mark.parametrize(
        ("found", "what"),
        (
            (AGREED, []),
            (Ordered("OMAN FLOUR MILLS S.A.O.G.", Decimal(100), "OMR"), []),
            (Ordered("Oman Cables", Decimal("100.000"), "OMR"), [What.CUSTOMER]),
            (Ordered("Oman Flour Mills", Decimal("100.001"), "OMR"), [What.AMOUNT]),
            (Ordered("Oman Flour Mills", Decimal("100.000"), "USD"), [What.CURRENCY]),
            (Ordered("Oman Cables", Decimal(1), "USD"), [What.CUSTOMER, What.AMOUNT, What.CURRENCY]),
        ),
    )
    def test_names_everything_that_differs(self, found, what):
        told = differences(found, self.AGREED, number="7", number_is_used=False)
        assert [one.what for one in told] == what
        assert state_of(told, collides=False) is (OrderState.DIFFERS if what else OrderState.MATCHED)

    def test_a_used_number_differs_and_another_partners_collides(self):
        told = differences(self.AGREED, self.AGREED, number="7", number_is_used=True)
        assert told == [Difference(What.NUMBER, "", "7")]
        assert state_of(told, collides=True) is OrderState.COLLIDES

    @pytest.mark.parametrize(
        "number", ("PO-118", "P.O. 118", "po 0118", "PO No. 118", "#118", "١١٨", "LPO/118", " 118 ")
    )
    def test_a_number_is_the_same_however_it_is_written(self, number):
        assert number_key(number) == "118"

    @pytest.mark.parametrize(
        ("number", "key"), (("A-7", "a7"), ("PO", "po"), ("PORT-7", "port7"), ("2026/118", "2026118"))
    )
    def test_other_numbers_stay_apart(self, number, key):
        assert number_key(number) == key

    def test_a_customer_is_the_same_in_either_script(self):
        assert same_customer("Al Maha Trading LLC", "المها للتجارة ش.م.م")
        assert not same_customer("Al Maha Trading", "Al Nahda Trading")

    def test_says_what_differs_in_either_language(self):
        amount = Difference(What.AMOUNT, "100.000", "90.000")
        assert amount.shown("OMR", "OMR") == ("Amount", "OMR\u00a0100.000", "OMR\u00a090.000")
        assert amount.shown("OMR", "USD", "ar")[0] == "المبلغ"
        assert Difference(What.NUMBER, "", "PO-1").shown("OMR", "OMR") == (
            "Order number", "a number of its own", "PO-1 (used already)",
        )  # fmt: skip
