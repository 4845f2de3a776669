"""An organisation's name, domain and registration number in the form by which it is recognised again.

Names are taken apart into words. Legal forms, articles and "and" are dropped; words that many organisations share are
recognised in English and Arabic and stand for what they mean; of all others the sound is kept, in Latin letters: thus
"Al Maha Trading LLC" and "المها للتجارة ش.م.م" come close. Names are transliterated, never translated.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

_WORDS = Path(__file__).parents[2] / "data" / "deals" / "words_of_names.toml"
MOST_WORDS = 12


class Sort(IntEnum):
    """What a word of a name is worth for telling organisations apart, the most first."""

    OWN = 0
    TRADE = 1
    PLACE = 2
    ACTIVITY = 3


@dataclass(frozen=True)
class Word:
    """A word of a name. ``text``: as read, folded; ``sound``: Latin letters with vowels; ``bones``: without them."""

    text: str
    sound: str
    bones: str
    sort: Sort = Sort.OWN
    is_arabic: bool = False


def key(name: str) -> str:
    """The form of a name that is kept: its words' bones or meanings in a fixed order, at most 200 characters.

    Names of one organisation in two spellings or scripts have keys that are equal or nearly so.
    """
    found = sorted(words(name), key=lambda word: (word.sort, word.bones))
    return " ".join(word.bones or word.sound for word in found)[:200].strip() or plain(name)[:200]


@lru_cache(maxsize=4_000)
def words(name: str) -> tuple[Word, ...]:
    """The words of a name that mean something, in their order; all of them when none does."""
    texts = _texts(name)
    found = [_word(text) for text in texts]
    kept = tuple(word for word in found if word is not None)
    return kept[:MOST_WORDS] or tuple(_own(text) for text in texts[:MOST_WORDS])


def plain(text: str) -> str:
    """Text without case, marks, and the differences between letters that people do not make."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    text = "".join(letter for letter in text if not unicodedata.combining(letter) and letter != "ـ")
    return text.translate(_SAME_LETTER).strip()


def domain_of(text: str) -> str:
    """The domain of an address of a page or a mailbox; "" when there is none, or when anybody may have one there.

    ``https://www.acme.om/x``, ``acme.om`` and ``salim@mail.acme.om`` are all ``acme.om``.
    """
    host = _host(text.strip().casefold())
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _domains()["servers"]:
        labels = labels[1:]
    found = ".".join(labels)
    is_domain = len(labels) > 1 and all(labels) and len(found) <= 253 and not labels[-1].isdigit()
    return found if is_domain and re.fullmatch(r"[a-z0-9.-]+", found) and found not in _domains()["public"] else ""


def domain_name(domain: str) -> str:
    """The part of a domain that is the organisation's own: of ``acme.com.om`` it is ``acme``."""
    labels = domain.split(".")
    while len(labels) > 1 and (len(labels[-1]) == 2 or labels[-1] in _domains()["suffixes"]):
        labels.pop()
    return labels[-1] if labels else ""


def _host(text: str) -> str:
    text = text.rpartition("@")[2] if "@" in text and "://" not in text else text
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
        return host.rstrip(".").encode("idna").decode("ascii")
    except ValueError:
        return ""


def registration(text: str) -> str:
    """A registration number without what people write around it: "C.R. No. 1/23456/7" is 1234567; "" for none."""
    letters = re.sub(r"[^0-9a-z]", "", _digits(unicodedata.normalize("NFKC", text)).casefold())
    number = re.sub(r"^(commercialregistration|registration|reg|crn(?=\d)|cr)?(number|no)?", "", letters).lstrip("0")
    return number.upper()[:40] if len(number) >= 4 and len(set(number)) > 1 and re.search(r"\d", number) else ""


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text)


def _texts(name: str) -> list[str]:
    """A name cut into words; letters with points between them are one word."""
    text = _digits(plain(name))
    text = re.sub(r"\b(?:[^\W\d_]\.\s*)+[^\W\d_]\b\.?", lambda dotted: re.sub(r"[.\s]", "", dotted[0]) + " ", text)
    text = re.sub(r"\b(al|el|ul|as|ash|ad|an|ar|at|az|ath|adh)-(?=\w)|\ba(sh|th|dh|[sdnrtz]) (?=\2)", "al ", text)
    return _joined(re.findall(r"[^\W_]+", text))


def _joined(texts: list[str]) -> list[str]:
    """Single letters that follow each other are one word: "A B C" is "ABC"."""
    found: list[str] = []
    run = ""
    for text in [*texts, ""]:
        if len(text) == 1 and text.isalpha():
            run += text
            continue
        found += [run] if run else []
        run = ""
        found += [text] if text else []
    return found


def _word(text: str) -> Word | None:
    """What a word is; None for one that says nothing."""
    known = _known()
    for form in _forms(text):
        if form in known:
            meaning, sort = known[form]
            return None if sort is None else Word(form, meaning, meaning, sort, _is_arabic(form))
    return None if text in _ARTICLES else _own(text)


def _own(text: str) -> Word:
    if not _is_arabic(text):
        text = text[2:] if re.match(r"[ae]l[^l]", text) and len(text) >= 6 and text[:4] not in _NOT_ARTICLE else text
        return Word(text, latin_sound(text), bones(latin_sound(text)))
    text = _without_article(text)
    sound = arabic_sound(text)
    return Word(text, sound, bones(sound), is_arabic=True)


_ARTICLES = frozenset(("al", "el", "ال", "bin", "ibn", "bint", "بن", "بنت"))
_NOT_ARTICLE = frozenset(
    ("alph", "alpi", "alba", "alum", "alte", "alli", "ally", "alta", "elec", "elit", "elem", "alex")
)


def _forms(text: str) -> list[str]:
    """A word as it stands, and without what Arabic writes onto it: the article, "for the", "and the"."""
    if not _is_arabic(text):
        return [text]
    bare = _without_article(text)
    return [text, bare, *([text[1:], _without_article(text[1:])] if text[0] in "ول" and len(text) > 4 else [])]


def _without_article(text: str) -> str:
    for prefix in ("وال", "بال", "لل", "ال"):
        if text.startswith(prefix) and len(text) - len(prefix) >= 2:
            return text[len(prefix) :]
    return text


def _is_arabic(text: str) -> bool:
    return "\u0600" <= text[:1] <= "\u06ff"


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return read


@lru_cache(maxsize=1)
def _domains() -> dict[str, frozenset[str]]:
    """What stands in domains without telling whose they are."""
    return {name: frozenset(text.split()) for name, text in _read()["domains"].items()}


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, Sort | None]]:
    """Each word that many organisations share: what it means, and what that is worth; None: nothing."""
    read = _read()
    known: dict[str, tuple[str, Sort | None]] = {plain(word): ("", None) for word in read["legal"]["forms"].split()}
    for table, sort in (("activity", Sort.ACTIVITY), ("trade", Sort.TRADE), ("place", Sort.PLACE)):
        for meaning, spellings in read[table].items():
            known |= {plain(word): (meaning, sort) for word in spellings.split()}
    return known


_SAME_LETTER = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ء": None,
                              "ی": "ي", "ک": "ك", "ß": "ss", "ø": "o", "æ": "e", "ı": "i"})  # fmt: skip
_LETTERS = str.maketrans(
    dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهويپچڤگ", "abttjhkddrzsxsdtd gfkklmnhuibxfg", strict=True)) | {"ع": "a"}
)
_LATIN = [
    (r"tch|ch|sh|sch", "x"), (r"kh|gh(?=t)", "k"), (r"gh", "g"), (r"th|tt", "t"), (r"dh", "d"), (r"ph", "f"),
    (r"c(?=[eiy])", "s"), (r"ck|c|q", "k"), (r"p", "b"), (r"v", "f"), (r"ee|ey|y|e", "i"),
    (r"oo|ou|o|w", "u"), (r"(.)\1+", r"\1"), (r"(?<=.)h$", ""),
]  # fmt: skip
_COMPILED = [(re.compile(pattern), instead) for pattern, instead in _LATIN]


def latin_sound(text: str) -> str:
    """How a Latin word sounds, in the letters that Arabic is told in too."""
    marked = text.replace("x", "ks")
    for pattern, instead in _COMPILED:
        marked = pattern.sub(instead, marked)
    return marked or text


def arabic_sound(text: str) -> str:
    """How an Arabic word sounds, in Latin letters; of its vowels only the long ones are written."""
    letters = re.sub(r"تش", "x", text).translate(_LETTERS)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"(?<=.)h$", "a", letters)) or text


def bones(sound: str) -> str:
    """The consonants of a word; of a word of vowels alone, its first."""
    return re.sub(r"[aiu]", "", sound) or sound[:1]
