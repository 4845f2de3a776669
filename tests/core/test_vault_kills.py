"""Killed at any point of an upload or a download, a vault is as before or as after; no file stays that no row names."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from core import failpoints
from core.actor import Actor
from core.clock import now
from core.partners.models import Partner
from core.vault.fetching import fetch_own
from core.vault.intake import take_in
from core.vault.storage import blobs, digest
from core.vault.sweeping import sweep
from core.worker import HOLD_FILES
from front_door.downloads import _begin
from tests.conftest import Clock
from tests.core.partner_life import Life, left_by, marks, verified
from tests.core.test_kills import DETAIL, NAMED, attempted
from tests.core.vault_acts import a_pdf, in_vault, remove, replace_file, somebody_of, upload


@pytest.fixture
def own_store(tmp_path: Path, set_settings: Callable[..., None]) -> None:
    """A store of files of this test's alone; named before the people, whose acts are sealed with its key."""
    set_settings(state_dir=tmp_path)


def kept() -> set[str]:
    """The files there are; unfinished ones as nothing."""
    return {blob.sha256 for blob in blobs().blobs()}


def swept(clock: Clock, named: set[str]) -> None:
    """Two hours later a sweep leaves exactly the named files."""
    began = clock.now()
    newest = max((blob.kept_at for blob in blobs().blobs()), default=began)
    clock.at(max(began, newest) + timedelta(hours=2))
    sweep(HOLD_FILES)
    clock.at(began)
    assert kept() == named


def uploads(actor: Actor, partner: Partner, name: str) -> Callable[[Life], str]:
    """An upload as the admin app does it: checked, kept, then filed in one transaction."""

    def act(_life: Life) -> str:
        blobs().keep(take_in("a.pdf", a_pdf(name)).data)
        return str(upload(actor, partner, name, a_pdf(name), requires_nda=False).id)

    return act


def killed_everywhere(
    clock: Clock, act: Callable[[Life], str], life: Life, detail: str, named: set[str]
) -> tuple[str, Any]:
    """Do an act in a process that is killed at its first point, at its second… until it is done: answer and marks."""
    for last in count(1):
        clock.forward(seconds=1)
        before = marks()
        answer, points = attempted(act, life, detail, last)
        if answer is not None:
            assert len(points) == last - 1
            assert "commit" in points
            return answer, left_by(before, marks())
        assert left_by(before, marks()) == {}, last
        swept(clock, named)
    raise AssertionError("unreachable")


@pytest.mark.parametrize("detail", DETAIL)
class TestKilled:
    def test_an_upload_is_there_wholly_or_not_at_all(
        self, own_store: None, aisha: Actor, partner: Partner, clock: Clock, detail: str
    ) -> None:
        upload(aisha, partner, "first")
        before = marks()
        uploads(aisha, partner, "spared")(Life(aisha, ""))
        whole, named = left_by(before, marks()), kept()
        life = Life(aisha, "")
        _id, left = killed_everywhere(clock, uploads(aisha, partner, "killed"), life, detail, named)
        assert left == whole
        swept(clock, named | {digest(a_pdf("killed"))})
        assert set(in_vault(aisha, partner)) == {"first", "spared", "killed"}
        assert verified(aisha).intact

    def test_a_download_is_on_record_before_it_is_answered(
        self, own_store: None, aisha: Actor, partner: Partner, clock: Clock, detail: str
    ) -> None:
        document = upload(aisha, partner, "one", requires_nda=False)
        person = somebody_of(partner)

        def download(_life: Life) -> str:
            _file, _span, first, rest = _begin(person, fetch_own, document.id, None, "")
            return digest(first + b"".join(rest))

        before = marks()
        assert download(Life(aisha, "")) == digest(a_pdf("one"))
        whole = left_by(before, marks())
        assert whole["document_fetch",] == whole["timeline_entry",] == whole["audit_log",] == 1
        answer, left = killed_everywhere(clock, download, Life(aisha, ""), detail, kept())
        assert answer == digest(a_pdf("one"))
        assert left == whole
        assert verified(aisha).intact

    def test_a_replacement_and_a_removal_too(
        self, own_store: None, aisha: Actor, partner: Partner, clock: Clock, detail: str
    ) -> None:
        document = upload(aisha, partner, "one", requires_nda=False)

        def replaces(_life: Life) -> str:
            return str(replace_file(aisha, document, a_pdf("two"), version=document.version))

        def removes(_life: Life) -> str:
            remove(aisha, document, version=document.version + 1)
            return "gone"

        assert killed_everywhere(clock, replaces, Life(aisha, ""), detail, kept())[0] == "2"
        assert killed_everywhere(clock, removes, Life(aisha, ""), detail, kept())[0] == "gone"
        swept(clock, {digest(a_pdf("one")), digest(a_pdf("two"))})
        assert verified(aisha).intact


class Stopped(BaseException):
    """Where a sweep was stopped. The object store has threads of its own, which a forked process would miss."""


@pytest.mark.parametrize("last", range(1, 4))
def test_a_sweep_that_is_stopped_takes_nothing_that_is_named(
    own_store: None, aisha: Actor, partner: Partner, clock: Clock, last: int
) -> None:
    upload(aisha, partner, "one")
    for number in range(3):
        blobs().keep(f"orphan {number}".encode())
    clock.at(max(blob.kept_at for blob in blobs().blobs()) + timedelta(hours=2))
    passed = count(1)

    def stop(_point: str) -> None:
        if next(passed) == last:
            raise Stopped

    failpoints.watch(stop)
    try:
        with pytest.raises(Stopped):
            sweep(HOLD_FILES)
    finally:
        failpoints.watch(None)
    assert len(kept()) == 1 + 3 - (last - 1)
    sweep(HOLD_FILES)
    assert kept() == {digest(a_pdf("one"))}


def test_a_document_that_was_acknowledged_is_read_back(
    own_store: None, aisha: Actor, partner: Partner, clock: Clock
) -> None:
    answer, _points = attempted(uploads(aisha, partner, "calm"), Life(aisha, ""), NAMED, 1_000)
    assert answer is not None
    row = in_vault(aisha, partner)["calm"]
    assert blobs().read(row.sha256) == a_pdf("calm")
    assert now() >= row.changed_at
