"""From a mail's words and values to its subject, its HTML and its plain-text twin.

The words stand in ``data/mail/words.<language>.toml``, the one shape in ``letter.mjml.j2`` and ``letter.txt.j2``.
Every value is plain text: escaped in HTML, written as it is in the twin.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import mrml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from core.i18n import LANGUAGES, is_rtl
from core.mail.brand import Brand

FOLDER = Path(__file__).parents[2] / "data" / "mail"
_FONTS = {
    "en": "-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif",
    "ar": "'IBM Plex Sans Arabic', 'Segoe UI', Tahoma, 'Geeza Pro', Arial, sans-serif",
}


@dataclass(frozen=True)
class Slots:
    """What a mail has besides its wording. ``facts``: the values of its table, by the key of their label."""

    greet: bool = False
    link: str = ""
    code: str = ""
    second_link: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """One mail in words, ready for either shape; what a mail does not have is empty."""

    subject: str
    preview: str
    heading: str
    greeting: str
    body: list[str]
    code: str
    facts: list[tuple[str, str]]
    button: str
    link: str
    after: list[str]
    second_button: str
    second_link: str
    closing: str
    reason: str
    address_hint: str


def _isolated(value: Any) -> Any:
    """A value that keeps its own direction inside a sentence of the other one."""
    return value if isinstance(value, Markup) else Markup("<bdi>{}</bdi>").format(value)


_html = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
_html_words = Environment(autoescape=True, undefined=StrictUndefined, finalize=_isolated)
_text = Environment(  # noqa: S701  plain text, where an escape would show
    loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
)


@lru_cache(maxsize=len(LANGUAGES))
def words(language: str) -> dict[str, dict[str, Any]]:
    """The wording of every mail in one language, by kind."""
    return tomllib.loads((FOLDER / f"words.{language}.toml").read_text(encoding="utf-8"))


def render(kind: str, language: str, *, brand: Brand, values: Mapping[str, str], slots: Slots) -> tuple[str, str, str]:
    """Subject, HTML and text of one mail; ``values`` fill the wording."""
    plain, marked = (_letter(kind, language, shape, values, slots) for shape in (_text, _html_words))
    frame: dict[str, Any] = {"language": language, "brand": brand, "plain": plain, "fonts": _FONTS[language]}
    if is_rtl(language):
        frame |= {"direction": "rtl", "align": "right", "leading": "1.8"}
    else:
        frame |= {"direction": "ltr", "align": "left", "leading": "1.55"}
    source = _html.get_template("letter.mjml.j2").render(letter=marked, **frame)
    text = _text.get_template("letter.txt.j2").render(letter=plain, brand=brand)
    return plain.subject, mrml.to_html(source).content, text


@lru_cache(maxsize=2_000)
def _compiled(shape: Environment, wording: str) -> Template:
    """A wording ready to be filled; compiling it takes far longer than filling it."""
    return shape.from_string(wording)


def _letter(kind: str, language: str, shape: Environment, values: Mapping[str, str], slots: Slots) -> Letter:
    said, shared = words(language)[kind], words(language)["shared"]

    def fill(wording: str) -> str:
        filled = _compiled(shape, wording.strip()).render(values)
        return Markup(filled) if shape.autoescape else filled  # noqa: S704  escaped while it was filled

    def paragraphs(name: str) -> list[str]:
        filled = (fill(part) for part in said.get(name, "").strip().split("\n\n"))
        return [part for part in filled if part]

    return Letter(
        subject=fill(said["subject"]),
        preview=fill(said["preview"]),
        heading=fill(said["heading"]),
        greeting=fill(shared["greeting"]) if slots.greet else "",
        body=paragraphs("body"),
        code=slots.code,
        facts=[(label, slots.facts[key]) for key, label in said.get("facts", {}).items() if slots.facts.get(key)],
        button=said.get("button", ""),
        link=slots.link,
        after=paragraphs("after") if slots.second_link or "second_button" not in said else [],
        second_button=said.get("second_button", ""),
        second_link=slots.second_link,
        closing=fill(said.get("closing", "")),
        reason=fill(said["reason"]),
        address_hint=shared["address_hint"],
    )
