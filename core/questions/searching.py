"""Texts in the form in which they are searched, English and Arabic alike. Pure.

Case, accents, diacritics and the letters that Arabic writes in two ways count for nothing, nor do digits of one script
or the other; an article that Arabic writes onto its word is taken off, and so are an English plural's s and a
possessive.
"""

import re

from core.deals.names import plain

MOST_TERMS = 12
_NOTHING = """
    a an and any are as at be but by can could did do does for from had has have he hi hello how i if in into is it
    its just me my no not of on or our please she should so than thanks that the their them then there these they this
    to us was we were what when where which who whom why will with would you your
    انا انت نحن هو هي هم هذا هذه ذلك تلك هل ما ماذا متى اين كيف لماذا من في علي الي عن مع او ثم ان لا لم لن قد كان يكون
    نستطيع استطيع يمكن يمكنني يمكننا نريد اريد لو سمحت شكرا مرحبا الذي التي كل بعض اي
"""
"""Words of a question that say nothing of what it is about."""


def words(text: str) -> list[str]:
    """The words of a text as they are compared, in its order: "The licences" is ["the", "licence"]."""
    return [_stem(word) for word in re.findall(r"[^\W_]+", _digits(plain(text).replace("'", "")))]


def kept(*texts: str) -> str:
    """Texts as a row keeps them for searching: its words, a space before and after each."""
    return f" {' '.join(word for text in texts for word in words(text))} "


def terms(text: str) -> list[str]:
    """What somebody searches for: the words that say something, each once; all of them when none does."""
    found = list(dict.fromkeys(words(text)))
    telling = [word for word in found if word not in _WORDS_OF_NOTHING]
    return (telling or found)[:MOST_TERMS]


def beginning(term: str) -> str:
    """What a row contains that has a word which begins so."""
    return f" {term}"


def enough(terms: list[str]) -> int:
    """How many of the terms a row has in it to be worth showing: a third of them; what has more comes first."""
    return max(1, -(-len(terms) // 3))


def _digits(text: str) -> str:
    return "".join(str(int(mark)) if mark.isdecimal() else mark for mark in text)


def _stem(word: str) -> str:
    if "\u0600" <= word[:1] <= "\u06ff":
        return _without_article(word)
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_article(word: str) -> str:
    for prefix in ("وال", "بال", "فال", "كال", "لل", "ال"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    return word


_WORDS_OF_NOTHING = frozenset(words(_NOTHING))
