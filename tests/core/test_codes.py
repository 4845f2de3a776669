"""Mailed codes: typed once within minutes, five tries, one that is right however many try at once."""

import hashlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from core.access import codes, limits
from core.access.codes import Outcome, Verdict, masked
from core.access.limits import TryAgainAt
from core.access.models import CodePurpose, MailedCode
from core.actor import Actor
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.errors import Invalid
from core.mail.brand import Brand
from core.mail.models import Mail
from core.mail.queries import mail
from core.partners.models import Partner
from tests.conftest import Clock
from tests.core.room_acts import guest, mailed_code, send

SIGN = CodePurpose.SIGN
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.fixture
def salim(aisha: Actor, partner: Partner) -> Actor:
    """Somebody of the partner."""
    return guest(send(aisha, partner))


def mail_code(by: Actor, partner: Partner, *, address: str = "salim@acme.om", purpose: CodePurpose = SIGN) -> str:
    with transaction(by) as session:
        codes.send(session, partner, address=address, purpose=purpose, brand=Brand("Dhofar Systems"), by=by)
    return mailed_code(by)


def check(by: Actor, text: str, purpose: CodePurpose = SIGN) -> Outcome:
    with transaction(by) as session:
        return codes.check(session, text, purpose=purpose, by=by)


def wrong(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"


def rows(by: Actor) -> list[MailedCode]:
    with reading(by) as session:
        return list(session.scalars(select(MailedCode).order_by(MailedCode.sent_at, MailedCode.id)))


class TestChecking:
    @pytest.mark.parametrize("typed", ("{}", " {} ", "{}\n", "code: {}"))
    def test_a_code_is_right_once(self, salim: Actor, partner: Partner, typed: str) -> None:
        code = mail_code(salim, partner)
        assert check(salim, typed.format(code)) == Outcome(Verdict.RIGHT)
        assert check(salim, code) == Outcome(Verdict.NONE)

    def test_it_may_be_typed_without_its_gap_and_in_arabic_digits(self, salim: Actor, partner: Partner) -> None:
        assert check(salim, mail_code(salim, partner).replace(" ", "")).is_right
        assert check(salim, mail_code(salim, partner).translate(ARABIC)).is_right

    def test_five_wrong_tries_lock_it_for_good(self, salim: Actor, partner: Partner) -> None:
        code = mail_code(salim, partner)
        left = [check(salim, wrong(code)) for _ in range(5)]
        assert [outcome.tries_left for outcome in left] == [4, 3, 2, 1, 0]
        assert [outcome.verdict for outcome in left] == [Verdict.WRONG] * 4 + [Verdict.LOCKED]
        assert check(salim, code) == Outcome(Verdict.LOCKED)
        assert Outcome(Verdict.LOCKED).said("en") == "Too many tries. Request a new code."
        assert check(salim, mail_code(salim, partner)).is_right

    @pytest.mark.parametrize("text", ("", "1234", "x" * 10_000, "123456789", "\ud800", "½²³"))
    def test_what_is_no_code_is_a_wrong_try(self, salim: Actor, partner: Partner, text: str) -> None:
        mail_code(salim, partner)
        assert check(salim, text) == Outcome(Verdict.WRONG, 4)

    def test_more_digits_than_a_code_has_are_not_cut_to_it(self, salim: Actor, partner: Partner) -> None:
        assert not check(salim, mail_code(salim, partner) + "0").is_right

    def test_after_ten_minutes_it_is_too_late(self, clock: Clock, salim: Actor, partner: Partner) -> None:
        code = mail_code(salim, partner)
        clock.forward(minutes=10)
        assert check(salim, code) == Outcome(Verdict.EXPIRED)
        code = mail_code(salim, partner)
        clock.forward(minutes=9, seconds=59)
        assert check(salim, code).is_right

    def test_a_newer_code_ends_the_one_before(self, salim: Actor, partner: Partner) -> None:
        older, newer = mail_code(salim, partner), mail_code(salim, partner)
        assert check(salim, older).verdict is Verdict.WRONG
        assert check(salim, newer).is_right

    def test_codes_of_two_purposes_know_nothing_of_each_other(self, salim: Actor, partner: Partner) -> None:
        code = mail_code(salim, partner)
        assert check(salim, code, CodePurpose.DEVICE) == Outcome(Verdict.NONE)
        mail_code(salim, partner, purpose=CodePurpose.DEVICE)
        assert check(salim, code).is_right

    def test_another_session_cannot_use_it(self, salim: Actor, partner: Partner, aisha: Actor) -> None:
        code, colleague = mail_code(salim, partner), guest(send(aisha, partner), device="other")
        assert check(colleague, code) == Outcome(Verdict.NONE)
        assert check(salim, code).is_right

    def test_of_sixty_four_at_once_one_is_right(self, salim: Actor, partner: Partner) -> None:
        code, start = mail_code(salim, partner), Barrier(16)

        def press(_: int) -> Verdict:
            start.wait()
            return check(salim, code).verdict

        with ThreadPoolExecutor(16) as pool:
            assert Counter(pool.map(press, range(64))) == {Verdict.RIGHT: 1, Verdict.NONE: 63}

    def test_of_wrong_ones_at_once_five_count(self, salim: Actor, partner: Partner) -> None:
        code = mail_code(salim, partner)
        with ThreadPoolExecutor(16) as pool:
            verdicts = Counter(outcome.verdict for outcome in pool.map(lambda _: check(salim, wrong(code)), range(64)))
        assert verdicts == {Verdict.WRONG: 4, Verdict.LOCKED: 60}
        assert rows(salim)[-1].tries == 5
        assert not check(salim, code).is_right


class TestKeeping:
    def test_neither_the_code_nor_anything_to_search_it_by_is_kept(self, salim: Actor, partner: Partner) -> None:
        code = mail_code(salim, partner)
        row = rows(salim)[-1]
        digits = code.replace(" ", "")
        assert row.code_hash not in (hashlib.sha256(digits.encode()).digest(), hashlib.sha256(code.encode()).digest())
        with reading(salim) as session:
            audited = session.execute(select(AuditEntry.before, AuditEntry.after)).all()
        assert digits not in str(audited)
        assert code not in str(audited)

    def test_staff_never_see_it_in_the_outbox(self, salim: Actor, partner: Partner, aisha: Actor) -> None:
        code = mail_code(salim, partner)
        with reading(aisha) as session:
            found = session.scalars(select(Mail).where(Mail.kind == "mailed_code")).one()
            shown = mail(session, found.id)
        assert code in found.text
        assert code not in shown.text + shown.html + shown.subject

    def test_it_goes_out_at_once(self, clock: Clock, salim: Actor, partner: Partner) -> None:
        mail_code(salim, partner)
        with reading(salim) as session:
            found = session.scalars(select(Mail).where(Mail.kind == "mailed_code")).one()
        assert found.next_try_at <= clock.now()
        assert found.to_address == "salim@acme.om"

    def test_an_address_that_is_none_is_refused(self, salim: Actor, partner: Partner) -> None:
        with pytest.raises(Invalid):
            mail_code(salim, partner, address="salim at acme")
        assert rows(salim) == []

    def test_nobody_without_a_session_gets_one(self, aisha: Actor, partner: Partner) -> None:
        with transaction(aisha) as session, pytest.raises(ValueError, match="session"):
            codes.send(session, partner, address="a@b.om", purpose=SIGN, brand=Brand("D"), by=aisha)


class TestUsing:
    def find(self, by: Actor, address: str = "salim@acme.om") -> MailedCode | None:
        with reading(by) as session:
            return codes.find_verified(session, purpose=SIGN, address=address, by=by)

    def test_a_mailbox_stays_proved_for_half_an_hour(self, clock: Clock, salim: Actor, partner: Partner) -> None:
        code = mail_code(salim, partner)
        assert self.find(salim) is None
        check(salim, code)
        assert self.find(salim, "Salim@Acme.om") is not None
        assert self.find(salim, "other@acme.om") is None
        clock.forward(minutes=29, seconds=59)
        assert self.find(salim) is not None
        clock.forward(seconds=1)
        assert self.find(salim) is None

    def test_it_is_spent_once(self, salim: Actor, partner: Partner) -> None:
        check(salim, mail_code(salim, partner))
        found = self.find(salim)
        assert found is not None
        for first in (True, False):
            with transaction(salim) as session:
                assert codes.use(session, found) is first
        assert self.find(salim) is None


class TestLimits:
    def test_six_codes_an_hour_may_be_asked_for(self, database: str, clock: Clock) -> None:
        for _ in range(6):
            limits.asked_for_code("203.0.113.9", "p")
        with pytest.raises(TryAgainAt):
            limits.asked_for_code("203.0.113.9", "p")
        limits.asked_for_code("203.0.113.10", "p")
        clock.forward(hours=1, seconds=1)
        limits.asked_for_code("203.0.113.9", "p")

    def test_from_many_addresses_a_mailbox_is_not_flooded(
        self, database: str, set_settings: Callable[..., None]
    ) -> None:
        set_settings(mailed_codes_per_partner=1)
        for number in range(5):
            limits.asked_for_code(f"203.0.113.{number}", "p")
        with pytest.raises(TryAgainAt):
            limits.asked_for_code("203.0.113.77", "p")

    def test_three_ndas_an_hour_may_be_submitted(self, database: str) -> None:
        for _ in range(3):
            limits.submitted_nda("203.0.113.9", "p")
        with pytest.raises(TryAgainAt):
            limits.submitted_nda("203.0.113.9", "p")
        limits.submitted_nda("203.0.113.9", "q")


@pytest.mark.parametrize(
    ("address", "shown"),
    (("salim@acme.om", "s•••@acme.om"), ("s@acme.om", "s•••@acme.om"), ("عمر@acme.om", "ع•••@acme.om")),
)
def test_addresses_are_masked(address: str, shown: str) -> None:
    assert masked(address) == shown
