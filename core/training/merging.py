"""Two people wrote the same draft: what one of them changed, put over what the other saved. Pure."""

from collections.abc import Sequence

from core.training.quiz import Question


def merged(base: Sequence[Question], mine: Sequence[Question], theirs: Sequence[Question]) -> tuple[Question, ...]:
    """Their questions with my changes over them. ``base``: what both began with.

    A question that I changed or added is there as I wrote it, one that I removed is gone; every other is theirs. The
    order is theirs, unless I changed it.
    """
    was, own = {one.key: one for one in base}, {one.key: one for one in mine}
    changed = {key for key, one in own.items() if was.get(key) != one}
    removed = was.keys() - own.keys()
    found = [own[one.key] if one.key in changed else one for one in theirs if one.key not in removed]
    known = {one.key for one in found}
    found += [one for key, one in own.items() if key in changed and key not in known]
    return tuple(_in_my_order(found, mine) if _is_reordered(base, mine) else found)


def _is_reordered(base: Sequence[Question], mine: Sequence[Question]) -> bool:
    both = {one.key for one in base} & {one.key for one in mine}
    return [one.key for one in base if one.key in both] != [one.key for one in mine if one.key in both]


def _in_my_order(questions: Sequence[Question], mine: Sequence[Question]) -> list[Question]:
    """In the order of mine; what I do not have comes last."""
    places = {one.key: place for place, one in enumerate(mine)}
    return sorted(questions, key=lambda one: places.get(one.key, len(places)))
