"""Words for a module: where its learner stands, what its quiz is, why it may not begin now."""

from typing import Literal

from core.training.chances import WhyNot
from core.training.my_modules import MyModule, Where
from training_view.learner import Learner

Colour = Literal["green", "orange", "red", "blue", "gray"]
COLOURS: dict[Where, Colour] = {
    Where.VALID: "green",
    Where.EXPIRING: "orange",
    Where.EXPIRED: "red",
    Where.MISSING: "gray",
}


def standing(learner: Learner, one: MyModule) -> tuple[str, Colour]:
    """Where somebody stands, with how it is coloured."""
    if one.where is Where.MISSING and one.is_required:
        return learner.say("where.missing.required"), "orange"
    if one.where is Where.EXPIRING and one.days_left == 0:
        return learner.say("where.today"), "red"
    facts = {
        Where.MISSING: {},
        Where.VALID: {"day": learner.day(one.valid_until) if one.valid_until else ""},
        Where.EXPIRING: {"days": learner.days(one.days_left)},
        Where.EXPIRED: {"day": learner.day(one.valid_until) if one.valid_until else ""},
    }
    return learner.say(f"where.{one.where}", **facts[one.where]), COLOURS[one.where]


def quiz(learner: Learner, one: MyModule) -> str:
    """What the quiz is, in one line."""
    return learner.joined(
        learner.say("quiz.questions", count=one.questions),
        learner.say("quiz.pass", percent=learner.percent(one.pass_pct)),
        learner.say("quiz.valid", days=learner.days(one.valid_for_days)),
    )


def tries(learner: Learner, one: MyModule) -> str:
    """What was tried so far; nothing where nothing was."""
    if one.last_score_pct is None:
        return ""
    return learner.say("tries", count=one.tries, percent=learner.percent(one.last_score_pct))


def why_not(learner: Learner, one: MyModule) -> str:
    """Why no attempt may begin now, and from when on one may; nothing where one may."""
    if one.why_not is None or one.again_at is None:
        return ""
    if one.why_not is WhyNot.CERTIFIED:
        return learner.say("why.certified", day=learner.day(one.again_at))
    return learner.say(f"why.{one.why_not}", time=learner.instant(one.again_at))
