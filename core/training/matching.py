"""Which question of a file is which question we have, so that an import changes only what the file says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from core.training.quiz import Choice, Question, key_of, same


def matched(imported: Sequence[Question], existing: Sequence[Question]) -> tuple[Question, ...]:
    """Imported questions with the keys of existing ones, and with what the file does not hold of them.

    They are the same by their text, else by their key. So a quiz that is exported and imported again, corrected or
    not, stays the same questions to whoever answered them. All keys differ, as those of each side do.
    """
    pairs = _pairs(imported, existing)
    taken = {question.key for question in existing}
    found: list[Question] = []
    for new, old in zip(imported, pairs, strict=True):
        found.append(_merged(new, old) if old else replace(new, key=_free(new.key, taken)))
    return tuple(found)


def _pairs(imported: Sequence[Question], existing: Sequence[Question]) -> list[Question | None]:
    """The existing question of each imported one, if any; none is given twice."""
    pairs: list[Question | None] = [None] * len(imported)
    left = {question.key: question for question in existing}
    for name in (_text, _key):
        known = _by(name, left.values())
        for place, new in enumerate(imported):
            old = known.get(name(new)) if pairs[place] is None else None
            if old and left.pop(old.key, None):
                pairs[place] = old
    return pairs


def _by(name: Callable[[Question], str], questions: Iterable[Question]) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for question in questions:
        found.setdefault(name(question), question)
    return found


def _text(question: Question) -> str:
    return same(question.text)


def _key(question: Question) -> str:
    return question.key


def _merged(new: Question, old: Question) -> Question:
    own = {same(choice.text): choice for choice in old.choices}
    taken = {choice.key for choice in old.choices}
    choices: list[Choice] = []
    correct = ""
    for choice in new.choices:
        had = own.pop(same(choice.text), None)
        key = had.key if had else _free(choice.key, taken)
        correct = key if choice.key == new.correct else correct
        choices.append(Choice(key, choice.text, choice.text_ar or (had.text_ar if had else "")))
    return replace(
        new,
        key=old.key,
        choices=tuple(choices),
        correct=correct,
        text_ar=new.text_ar or old.text_ar,
        topic=new.topic or old.topic,
        code=new.code or old.code,
        code_language=new.code_language or old.code_language,
        image=new.image or old.image,
        why=new.why or old.why,
        why_ar=new.why_ar or old.why_ar,
    )


def _free(key: str, taken: set[str]) -> str:
    """The key, or one made of it that nobody has."""
    while key in taken:
        key = key_of(key)
    return key
