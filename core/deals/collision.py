"""Whether two sightings of a customer are the same organisation: a score from 0 to 100, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA, LCSseq

from core.deals.names import Sort, Word, domain_name, plain, words

THRESHOLD = 70
"""From this score on a reviewer is shown the pair."""
_WEIGHT = {Sort.OWN: 1.0, Sort.TRADE: 0.6, Sort.PLACE: 0.45, Sort.ACTIVITY: 0.25}
_LEFT_OUT = {Sort.OWN: 1.0, Sort.TRADE: 0.35, Sort.PLACE: 0.4, Sort.ACTIVITY: 0.12}
"""What it costs when only one of two names has such a word."""


class Evidence(StrEnum):
    """What speaks for or against two sightings being of the same customer."""

    REGISTRATION = "registration"
    DOMAIN = "domain"
    NAMES = "names"
    DOMAIN_NAMES = "domain_names"
    OTHER_REGISTRATION = "other_registration"
    OTHER_DOMAIN = "other_domain"
    OTHER_NAMES = "other_names"


_SAYS = {
    Evidence.REGISTRATION: "same registration number {here}",
    Evidence.DOMAIN: "same domain {here}",
    Evidence.NAMES: "names alike: {here} ~ {there}",
    Evidence.DOMAIN_NAMES: "domains alike: {here} ~ {there}",
    Evidence.OTHER_REGISTRATION: "but other registration numbers: {here}, {there}",
    Evidence.OTHER_DOMAIN: "but other domains: {here}, {there}",
    Evidence.OTHER_NAMES: "but other names: {here}, {there}",
}


@dataclass(frozen=True)
class Sighting:
    """A customer as somebody named it; ``domain`` and ``registration`` as ``core.deals.names`` reads them, or ""."""

    name: str
    domain: str = ""
    registration: str = ""


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for or against."""

    what: Evidence
    here: str
    there: str

    @property
    def text(self) -> str:
        """As a reviewer reads it."""
        return _SAYS[self.what].format(here=self.here, there=self.there)


@dataclass(frozen=True)
class Match:
    """How sure it is that it is the same customer, 0–100, and why, the strongest first."""

    score: int
    reasons: tuple[Reason, ...]


def compare(a: Sighting, b: Sighting) -> Match | None:
    """The match of two sightings; None below ``THRESHOLD``."""
    names = names_alike(a.name, b.name)
    found = sorted([*_speaks_for(a, b, names), *_speaks_against(a, b, names)], key=lambda one: -one[0])
    best = max((points for points, _ in found if points > 0), default=0)
    score = round(max(0, min(100, best + sum(points for points, _ in found if points < 0))))
    if _same(a.registration, b.registration) or _same(a.domain, b.domain):
        score = max(score, THRESHOLD)
    return Match(score, tuple(reason for _, reason in found)) if score >= THRESHOLD else None


def _speaks_for(a: Sighting, b: Sighting, names: float) -> list[tuple[float, Reason]]:
    found = []
    if _same(a.registration, b.registration):
        found.append((100.0, Reason(Evidence.REGISTRATION, a.registration, b.registration)))
    if _same(a.domain, b.domain):
        found.append((95.0, Reason(Evidence.DOMAIN, a.domain, b.domain)))
    elif a.domain and b.domain and domain_name(a.domain) == domain_name(b.domain) and names >= 0.5:
        found.append((min(100 * names + 15, 96), Reason(Evidence.DOMAIN_NAMES, a.domain, b.domain)))
    if names >= 0.6:
        found.append((100 * names, Reason(Evidence.NAMES, a.name, b.name)))
    return found


def _speaks_against(a: Sighting, b: Sighting, names: float) -> list[tuple[float, Reason]]:
    found = []
    if a.registration and b.registration and a.registration != b.registration:
        found.append((-15.0, Reason(Evidence.OTHER_REGISTRATION, a.registration, b.registration)))
    if a.domain and b.domain and domain_name(a.domain) != domain_name(b.domain):
        found.append((-5.0, Reason(Evidence.OTHER_DOMAIN, a.domain, b.domain)))
    if names < 0.4:
        found.append((-10.0, Reason(Evidence.OTHER_NAMES, a.name, b.name)))
    return found


def _same(here: str, there: str) -> bool:
    return bool(here) and here == there


def names_alike(a: str, b: str) -> float:
    """How alike two organisations' names are, 0–1, whatever script, order of words and legal form they are in."""
    here, there = words(a), words(b)
    if not here or not there:
        return 0.0
    if plain(a) == plain(b):
        return 1.0
    return max(_by_words(here, there), _by_letters(here, there))


def _by_words(here: Sequence[Word], there: Sequence[Word]) -> float:
    """Each word with the one it is most like; what is left over costs, more when both names have something left."""
    pairs = sorted(
        ((likeness, i, j) for i, one in enumerate(here) for j, other in enumerate(there)
         if (likeness := words_alike(one, other)) > 0),
        key=lambda pair: -pair[0],
    )  # fmt: skip
    gained = lost = 0.0
    taken: tuple[set[int], set[int]] = (set(), set())
    for likeness, i, j in pairs:
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            weight = _WEIGHT[max(here[i].sort, there[j].sort)]
            gained, lost = gained + weight * likeness, lost + 2 * weight * (1 - likeness)
    left = [
        [word for i, word in enumerate(side) if i not in gone] for side, gone in zip((here, there), taken, strict=True)
    ]
    return gained / (gained + lost + _cost(*left)) if gained else 0.0


def _cost(here: Sequence[Word], there: Sequence[Word]) -> float:
    """What words cost that the other name has not: a word left out little, another word in its place much."""
    if here and there:
        return sum(max(_WEIGHT[word.sort], 0.45) for word in (*here, *there))
    return sum(_LEFT_OUT[word.sort] for word in (*here, *there))


def _by_letters(here: Sequence[Word], there: Sequence[Word]) -> float:
    """Names that differ only in where one word ends and the next begins: "Tech Mart" and "Techmart"."""
    one, other = ("".join(word.text for word in side) for side in (here, there))
    return 0.95 if len(here) != len(there) and len(one) > 4 and one == other else 0.0


def words_alike(a: Word, b: Word) -> float:
    """How alike two words are, 0–1. Words that many share are the same or not; others may be misspelt."""
    if Sort.OWN not in (a.sort, b.sort):
        return 1.0 if a.bones == b.bones else 0.0
    if a.is_arabic != b.is_arabic:
        return _across(a, b) if a.sort == b.sort else 0.0
    if a.text == b.text:
        return 1.0
    if a.sort == b.sort and a.sound == b.sound and not a.is_arabic:
        return 0.97
    if a.sort == b.sort and a.bones == b.bones and len(a.bones) > 2 and OSA.distance(a.sound, b.sound) < 2:
        return 0.93
    return _misspelt(a.text, b.text, least=5 if a.sort == b.sort else 6)


def _misspelt(a: str, b: str, *, least: int) -> float:
    """One slip in a word of at least so many letters, two in a long one; figures are never misspelt.

    In a short word another letter makes another word, so there only letters in another order are a slip.
    """
    longest = max(len(a), len(b))
    allowed = 0 if longest < least or any(letter.isdigit() for letter in a + b) else 1 if longest < 9 else 2
    slips = OSA.distance(a, b, score_cutoff=allowed)
    is_reordered = sorted(a) == sorted(b)
    if slips > allowed or (longest < 6 and not is_reordered):
        return 0.0
    return 1 - slips * (0.15 if len(a) != len(b) or is_reordered else 0.2) * min(1, 6 / longest)


def _across(a: Word, b: Word) -> float:
    """An Arabic word and a Latin one: their consonants, and the vowels that Arabic writes."""
    arabic, latin = (a, b) if a.is_arabic else (b, a)
    heard = arabic.sound.lstrip("aiu") or arabic.sound
    share = LCSseq.similarity(heard, latin.sound) / len(heard)
    if arabic.bones == latin.bones:
        return 0.97 if share == 1 else 0.9 if share >= 0.8 and len(latin.bones) > 2 else 0.0
    shortest = min(len(arabic.bones), len(latin.bones))
    slips = OSA.distance(arabic.bones, latin.bones, score_cutoff=1)
    return 0.85 if slips == 1 and shortest >= 3 and share >= 0.75 else 0.0
