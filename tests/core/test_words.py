"""Words: the same keys and places in both languages, every key that is used exists, refusals are said in Arabic."""

import re
import string
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import core
import front_door
import proposal_view
import training_view
from core.actor import Role
from core.audit.tags import Tag
from core.engagement.models import Reader
from core.engagement.reasons import ReasonKey
from core.errors import DomainError, NotSaved
from core.i18n import is_rtl, refusal, t, words
from core.mail.messages import Kind as MailKind
from core.nda.instruments import Instrument
from core.partners.pipeline import HoldReason, Status
from core.proposals.content import SECTIONS
from core.questions.models import QuestionState
from core.timeline.kinds import Kind

ROOT = Path(__file__).parents[2]
_USED = re.compile(r"""\bt\(\s*"([a-z_.]+)"\s*[,)]""")


SAID_WHERE_RAISED = {"DomainError", "Conflict", "Invalid", "AnswerMissing", "BeaconRejected"}
"""Their sentence comes from whoever raises them; a twin would take its place."""


def _kinds(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)


def refusals() -> list[type[DomainError]]:
    """Every refusal of the product."""
    for package in (core, front_door, proposal_view, training_view):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] not in ("__main__", "env"):
                import_module(module.name)
    import_module("admin_app.provider")
    english = ("tests.", "admin_app.shell", "admin_app.exports", "admin_app.caller")
    found = {kind for kind in _kinds(DomainError) if not kind.__module__.startswith(english)}
    return sorted(found, key=lambda kind: kind.__qualname__)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    twins = {key for key in words("ar") if key.startswith("error.")}
    assert twins, "a refusal's English is its docstring; only its Arabic stands among the words"
    assert set(words("en")) == set(words("ar")) - twins


@pytest.mark.parametrize("key", sorted(words("en")))
def test_both_languages_name_the_same_facts(key: str) -> None:
    assert _places(words("en")[key]) == _places(words("ar")[key])


def test_every_refusal_has_a_name_of_its_own_and_is_said_in_arabic_too() -> None:
    names = [kind.__name__ for kind in refusals()]
    assert len(names) > 100
    assert sorted(names) == sorted(set(names))
    twins = {key.removeprefix("error.") for key in words("ar") if key.startswith("error.")}
    assert set(names) - SAID_WHERE_RAISED - twins == set()
    assert twins - set(names) == set()


@pytest.mark.parametrize("kind", refusals(), ids=lambda kind: kind.__name__)
def test_an_arabic_refusal_names_facts_the_english_knows(kind: type[DomainError]) -> None:
    english, arabic = kind.__doc__ or "", words("ar").get(f"error.{kind.__name__}", "")
    assert _places(arabic) - {"at"} <= _places(english)


def test_arabic_is_arabic() -> None:
    plain = {key for key, text in words("ar").items() if not re.search(r"[\u0600-\u06ff]", text)}
    assert plain <= {"portal.other_language", "timeline.note", "sign_in.language", "entry.language"}, plain


def test_every_key_in_the_code_exists() -> None:
    folders = ("core", "admin_app", "portal_app", "front_door", "proposal_view", "training_view")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    used = {key for file in files for key in _USED.findall(file.read_text())}
    assert len(used) > 5
    assert used <= set(words("en"))


@pytest.mark.parametrize(
    "key",
    (
        *(f"timeline.{kind}" for kind in Kind),
        *(f"mail_kind.{kind}" for kind in MailKind),
        *(f"act.{tag.replace(':', '_')}" for tag in Tag),
        *(f"instrument.{instrument}" for instrument in Instrument),
        *(f"status.{status}" for status in Status),
        *(f"hold.{reason}" for reason in HoldReason),
        *(f"role.{role}" for role in Role),
        *(f"section.{section}" for section in SECTIONS),
        *(f"reason.{reason}" for reason in ReasonKey),
        *(f"question.state.{state}" for state in QuestionState),
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
