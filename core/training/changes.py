"""What differs between two versions of a quiz, and what of it asks for the question to be answered again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.training.quiz import Question, same


@dataclass(frozen=True)
class Change:
    """One question that differs: ``before`` is None when it was added, ``after`` when it was removed."""

    kind: Literal["added", "removed", "changed"]
    key: str
    before: Question | None
    after: Question | None


def changed(old: Sequence[Question], new: Sequence[Question]) -> list[Change]:
    """Every question that was added or changed, in the new order, then those removed; order alone is no change."""
    before, after = {one.key: one for one in old}, {one.key: one for one in new}
    found = [_change(before.get(key), one) for key, one in after.items() if before.get(key) != one]
    return found + [Change("removed", key, one, None) for key, one in before.items() if key not in after]


def changed_keys(old: Sequence[Question], new: Sequence[Question]) -> tuple[str, ...]:
    """The questions of the new version that ask something else than the old one did, in their order.

    What counts is text, code, image, choices and the right one. Their order, the topic, the explanation, and a
    translation that came or went do not.
    """
    return tuple(
        change.key
        for change in changed(old, new)
        if change.after and (change.before is None or not asks_the_same(change.before, change.after))
    )


def asks_the_same(old: Question, new: Question) -> bool:
    """Whether who answered one of them has answered the other."""
    if (same(old.text), old.code, old.image, len(old.choices)) != (
        same(new.text),
        new.code,
        new.image,
        len(new.choices),
    ):
        return False
    translated = {same(choice.text): choice.text_ar for choice in new.choices}
    alike = all(
        same(choice.text) in translated and _still(choice.text_ar, translated[same(choice.text)])
        for choice in old.choices
    )
    return alike and _still(old.text_ar, new.text_ar) and _right(old) == _right(new)


def _change(before: Question | None, after: Question) -> Change:
    return Change("changed" if before else "added", after.key, before, after)


def _still(old: str, new: str) -> bool:
    """Whether a translation says what it said; one that came or went says nothing else than the original."""
    return not old or not new or same(old) == same(new)


def _right(question: Question) -> set[str]:
    return {same(choice.text) for choice in question.choices if choice.key == question.correct}
