"""Whether a learner may begin an attempt now, and if not, why and from when on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.training.learning_models import Certification
from core.training.models import TrainingModule
from core.training.studying import Offer, Past
from core.training.validity import RENEW_BEFORE, may_renew, standing

DAY = timedelta(days=1)


class WhyNot(StrEnum):
    """Why an attempt may not begin."""

    CERTIFIED = "certified"
    """What is held counts, and it is too early to renew it."""
    COOLING_DOWN = "cooling_down"
    """The last attempt failed, and the wait is not over."""
    USED_UP = "used_up"
    """As many attempts were begun within a day as there may be."""


@dataclass(frozen=True)
class Chance:
    """Whether an attempt may begin. ``is_delta``: it asks only what changed since the certification.

    ``again_at``: when it may, where it may not now. ``may_renew``: the whole quiz may be taken for a new certification.
    """

    may_begin: bool
    is_delta: bool = False
    may_renew: bool = False
    why_not: WhyNot | None = None
    again_at: datetime | None = None


def chance(offer: Offer, changed: Sequence[str], at: datetime, *, zone: str) -> Chance:
    """What a learner may do about a module at an instant. ``changed``: the questions that holders are asked about."""
    held = offer.held if offer.held and standing(offer.held, at, zone=zone).counts else None
    renews = held is not None and may_renew(held.valid_until, at, zone)
    is_delta = held is not None and bool(changed)
    if held is not None and not renews and not is_delta:
        return Chance(False, why_not=WhyNot.CERTIFIED, again_at=_renewable_from(held, zone))
    waits = [
        (WhyNot.COOLING_DOWN, _cooled_down_at(offer.module, offer.attempts)),
        (WhyNot.USED_UP, _free_again_at(offer.module, offer.attempts, at)),
    ]
    late = [(until, why) for why, until in waits if until is not None and until > at]
    if late:
        until, why = max(late)
        return Chance(False, is_delta=is_delta, may_renew=renews, why_not=why, again_at=until)
    return Chance(True, is_delta=is_delta, may_renew=renews)


def _renewable_from(held: Certification, zone: str) -> datetime:
    return datetime.combine(held.valid_until - RENEW_BEFORE * DAY, time(), ZoneInfo(zone))


def _cooled_down_at(module: TrainingModule, attempts: Sequence[Past]) -> datetime | None:
    """When the wait after the last attempt is over; None where it was no fail."""
    last = next((one for one in attempts if one.finished_at is not None), None)
    if last is None or last.finished_at is None or last.passed:
        return None
    return last.finished_at + timedelta(minutes=module.cool_down_minutes)


def _free_again_at(module: TrainingModule, attempts: Sequence[Past], at: datetime) -> datetime | None:
    """When the attempts of a day are not used up any more: a day after the first of those that count."""
    most = module.attempts_per_day
    begun = sorted((one.begun_at for one in attempts if one.begun_at > at - DAY), reverse=True)
    return begun[most - 1] + DAY if most is not None and len(begun) >= most else None
