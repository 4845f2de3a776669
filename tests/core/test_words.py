"""Words: the same keys and places in both languages, every key that is used exists, refusals are said in Arabic."""

import re
import string
from pathlib import Path
from types import ModuleType

import pytest

from core.access import tokens
from core.actor import Role
from core.engagement.models import Reader
from core.engagement.reasons import ReasonKey
from core.errors import DomainError, NotSaved
from core.i18n import is_rtl, refusal, t, words
from core.partners.pipeline import HoldReason, Status
from core.proposals import unlock
from core.proposals.content import SECTIONS
from core.timeline.kinds import Kind

ROOT = Path(__file__).parents[2]
_USED = re.compile(r"""\bt\(\s*"([a-z_.]+)"\s*[,)]""")


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    refusals = {key for key in words("ar") if key.startswith("error.")}
    assert refusals, "a refusal's English is its docstring; only its Arabic stands among the words"
    assert set(words("en")) == set(words("ar")) - refusals


@pytest.mark.parametrize("key", sorted(words("en")))
def test_both_languages_name_the_same_facts(key: str) -> None:
    assert _places(words("en")[key]) == _places(words("ar")[key])


@pytest.mark.parametrize("module", (tokens, unlock), ids=("tokens", "unlock"))
def test_whatever_is_wrong_with_a_link_is_said_in_arabic_too(module: ModuleType) -> None:
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, tokens.LinkRefused)]
    assert len(kinds) > 2
    assert [kind.__name__ for kind in kinds if f"error.{kind.__name__}" not in words("ar")] == []


def test_arabic_is_arabic() -> None:
    plain = {key for key, text in words("ar").items() if not re.search(r"[\u0600-\u06ff]", text)}
    assert plain <= {"portal.other_language", "timeline.note", "sign_in.language", "entry.language"}, plain


def test_every_key_in_the_code_exists() -> None:
    folders = ("core", "admin_app", "portal_app", "front_door", "proposal_view")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    used = {key for file in files for key in _USED.findall(file.read_text())}
    assert len(used) > 5
    assert used <= set(words("en"))


@pytest.mark.parametrize(
    "key",
    (
        *(f"timeline.{kind}" for kind in Kind),
        *(f"status.{status}" for status in Status),
        *(f"hold.{reason}" for reason in HoldReason),
        *(f"role.{role}" for role in Role),
        *(f"section.{section}" for section in SECTIONS),
        *(f"reason.{reason}" for reason in ReasonKey),
        *(f"excluded.{reader}" for reader in Reader if reader is not Reader.HUMAN),
    ),
)
def test_every_choice_has_its_word(key: str) -> None:
    assert words("en")[key]


def test_an_unknown_key_is_a_fault() -> None:
    with pytest.raises(KeyError):
        t("no.such.key")


def test_a_refusal_is_said_in_the_readers_language() -> None:
    failure = NotSaved(error_id="7F3A")
    assert refusal(failure).endswith("error 7F3A.")
    assert "7F3A" in refusal(failure, "ar")
    assert re.search(r"[\u0600-\u06ff]", refusal(failure, "ar"))
    assert refusal(DomainError("Only in English."), "ar") == "Only in English."
    assert is_rtl("ar")
    assert not is_rtl("en")
