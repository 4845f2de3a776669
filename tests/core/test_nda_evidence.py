"""The evidence of a signing: what it holds, one canonical text, a hash that sees every change."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from core.i18n import t
from core.nda.evidence import MUSCAT, Evidence, Network, PaperEvidence, expiry
from core.nda.facts import paper_sections, sections
from core.nda.law import law_on
from tests.core.nda_samples import AT, signing


def leaves(values: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every single value stands."""
    if isinstance(values, dict):
        for key, value in values.items():
            yield from leaves(value, (*path, key))
    elif isinstance(values, list):
        for place, value in enumerate(values):
            yield from leaves(value, (*path, place))
    else:
        yield path


def other(value: Any) -> Any:
    """A value of the same kind that is another one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return 0
    if len(value) >= 20 and value[4] == "-" and value[10] == "T":
        later = datetime.fromisoformat(value) + timedelta(seconds=1)
        return later.isoformat()
    if len(value) == 64:
        return ("0" if value[0] != "0" else "1") + value[1:]
    return value + "x"


def changed(values: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """The same values but for one."""
    copy: dict[str, Any] = json.loads(json.dumps(values))
    place: Any = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = other(place[path[-1]])
    return copy


def cannot_differ(path: tuple[Any, ...]) -> bool:
    """Whether evidence with another value there is no evidence at all."""
    closed = ("schema_version", "signature_kind", "language", "entered_by", "consent", "mailbox")
    tied = ("signed_at", "signed_at_muscat", "since", "session_id", "forwarded_is_sound")
    return path[0] in closed or path[-1] in tied


EVERY_LEAF = list(leaves(signing()[0].model_dump(mode="json")))


class TestEvidence:
    def test_has_everything_that_is_known(self):
        assert len(EVERY_LEAF) >= 40

    def test_is_the_same_after_it_was_kept(self):
        evidence, _ = signing()
        kept = json.loads(json.dumps(evidence.model_dump(mode="json"), sort_keys=True))
        assert Evidence.model_validate(kept) == evidence
        assert Evidence.model_validate(kept).sha256() == evidence.sha256()

    def test_has_one_spelling(self):
        evidence, _ = signing()
        text = evidence.canonical()
        assert json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == text
        assert '"signed_at":"2026-11-22T08:14:33.123456Z"' in text
        assert '"signed_at_muscat":"2026-11-22T12:14:33.123456+04:00"' in text

    def test_does_not_depend_on_the_zone_it_was_told_in(self):
        at = AT.astimezone(MUSCAT)
        assert signing(signed_at=at, signed_at_muscat=AT)[0].sha256() == signing()[0].sha256()

    @pytest.mark.parametrize("path", EVERY_LEAF, ids=lambda path: ".".join(map(str, path)))
    def test_shows_a_change_of_any_field(self, path):
        evidence, _ = signing()
        forged = changed(evidence.model_dump(mode="json"), path)
        try:
            assert Evidence.model_validate(forged).sha256() != evidence.sha256()
        except ValidationError:
            assert cannot_differ(path)

    def test_refuses_a_field_nobody_knows(self):
        with pytest.raises(ValidationError, match="Extra inputs"):
            Evidence.model_validate(signing()[0].model_dump() | {"qualified": True})

    def test_claims_no_more_than_a_simple_electronic_signature(self):
        assert signing()[0].signature_kind == "simple electronic signature"
        with pytest.raises(ValidationError, match="signature_kind"):
            signing(signature_kind="qualified electronic signature")

    def test_needs_the_consent(self):
        with pytest.raises(ValidationError, match="given"):
            signing(consent={"words": {"en": "x", "ar": "x"}, "given": False})

    def test_refuses_two_times_of_signing(self):
        with pytest.raises(ValidationError, match="two times"):
            signing(signed_at_muscat=AT + timedelta(seconds=1))

    def test_takes_no_naive_time(self):
        with pytest.raises(ValidationError, match="timezone"):
            signing(begun_at=datetime(2026, 11, 22, 8, 0))  # noqa: DTZ001


class TestExpiry:
    @pytest.mark.parametrize(
        ("signed", "ends"),
        (
            (datetime(2026, 11, 22, 8, 0, tzinfo=UTC), datetime(2029, 11, 22, 8, 0, tzinfo=UTC)),
            (datetime(2028, 2, 29, 8, 0, tzinfo=UTC), datetime(2031, 2, 28, 8, 0, tzinfo=UTC)),
            (datetime(2028, 2, 28, 21, 0, tzinfo=UTC), datetime(2031, 2, 27, 21, 0, tzinfo=UTC)),
            (datetime(2028, 2, 29, 21, 0, tzinfo=UTC), datetime(2031, 2, 28, 21, 0, tzinfo=UTC)),
            (datetime(2025, 2, 28, 8, 0, tzinfo=UTC), datetime(2028, 2, 28, 8, 0, tzinfo=UTC)),
            (datetime(2025, 12, 31, 21, 0, tzinfo=UTC), datetime(2028, 12, 31, 21, 0, tzinfo=UTC)),
        ),
        ids=("usual", "leap-day", "leap-day-in-muscat", "first-of-march-in-muscat", "into-a-leap-year", "new-year"),
    )
    def test_is_three_years_later_on_muscats_calendar(self, signed, ends):
        assert expiry(signed) == ends


class TestNetwork:
    def test_says_the_address(self):
        assert Network(peer="10.0.0.4", address="203.0.113.7", trusted_proxies=1).origin == "203.0.113.7"

    def test_says_that_the_header_was_not_sound(self):
        seen = Network(peer="10.0.0.4", forwarded=("x",), trusted_proxies=2, forwarded_is_sound=False, address="")
        assert seen.origin == "peer 10.0.0.4, forwarded header invalid"

    def test_invents_no_address(self):
        with pytest.raises(ValidationError, match="could not be believed"):
            Network(peer="10.0.0.4", forwarded_is_sound=False, address="10.0.0.4")


class TestLaw:
    @pytest.mark.parametrize(
        ("day", "key"),
        (
            (date(2025, 4, 13), "rd_69_2008"),
            (date(2025, 4, 14), "rd_39_2025"),
            (date(2026, 11, 22), "rd_39_2025"),
            (date(2008, 5, 17), "rd_69_2008"),
        ),
        ids=str,
    )
    def test_is_the_one_in_force_that_day(self, day, key):
        assert law_on(day).key == key

    def test_is_none_before_the_first(self):
        with pytest.raises(ValueError, match="no law"):
            law_on(date(2008, 5, 16))


class TestFacts:
    def test_have_words_in_both_languages(self):
        paper = PaperEvidence.model_validate(
            {name: getattr(signing()[0], name) for name in ("reference", "company", "partner", "signer", "chain")}
            | {"signed_at": AT, "expires_at": expiry(AT), "scan_sha256": "a" * 64, "recorded_by": "Aisha"}
            | {"recorded_at": AT}
        )
        for section in (*sections(signing()[0]), *paper_sections(paper)):
            for language in ("en", "ar"):
                assert t(f"nda.facts.{section.key}", language)
                assert all(t(f"nda.fact.{fact.key}", language) and fact.value for fact in section.facts)

    def test_say_what_is_not_known(self):
        evidence, _ = signing(device_sha256=None, clock_drift_s=None, user_agent="")
        known = {fact.key: fact.value for section in sections(evidence) for fact in section.facts}
        assert known["device"] == known["clock_drift"] == known["user_agent"] == "not known · غير معروف"
