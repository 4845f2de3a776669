"""Kept files: in a folder and in S3 alike, found by their hash, swept when nothing names them."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest
from moto.server import ThreadedMotoServer
from pydantic import ValidationError
from sqlalchemy import String

import core.tables  # noqa: F401 - every column of every table is asked about
from core import worker
from core.db import Base
from core.settings import Settings, settings
from core.vault import storage
from core.vault.storage import CHUNK, BytesMissing, StoreAway, blobs, digest
from core.vault.sweeping import sweep
from core.worker import HOLD_FILES
from tests.core.vault_acts import a_pdf, in_vault, upload
from tests.servers import free_port

DATA = bytes(range(256)) * 4_096 + b"end"
KEPT_NOWHERE = {
    "document_fetch.sha256": "of a version, which names the file",
    "nda.evidence_sha256": "of the evidence, which stands in the row",
    "nda.certificate_sha256": "of a certificate",
    "nda_text.sha256_en": "of a text, which stands in the row",
    "nda_text.sha256_ar": "of a text, which stands in the row",
    "quiz_image.sha256": "of a picture, which stands in the row",
}
"""Columns of hashes that name no kept file."""


@pytest.fixture(scope="module")
def s3() -> Iterator[int]:
    """A server that speaks S3, with a bucket; its port."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    port = server._port
    httpx.put(f"http://127.0.0.1:{port}/vault", trust_env=False).raise_for_status()
    yield port
    server.stop()


@pytest.fixture(params=("folder", "s3"))
def store(request: pytest.FixtureRequest, tmp_path: Path, set_settings: Callable[..., None]) -> storage.BlobStore:
    """An empty store of each kind, put in force by the settings."""
    given: dict[str, Any] = {"state_dir": tmp_path}
    if request.param == "s3":
        address = f"http://127.0.0.1:{request.getfixturevalue('s3')}"
        given |= {"storage_url": f"s3://vault/{tmp_path.name}", "storage_endpoint": address}
        given |= {"storage_key_id": "key", "storage_secret": "secret"}
    set_settings(**given)
    return blobs()


class TestEitherStore:
    def test_gives_back_what_was_kept(self, store):
        name = store.keep(DATA)
        assert name == digest(DATA)
        assert store.read(name) == DATA
        assert store.exists(name)
        assert not store.exists("0" * 64)

    @pytest.mark.parametrize(
        ("start", "end"), ((0, None), (0, 1), (5, 9), (CHUNK - 1, CHUNK + 1), (len(DATA) - 3, None))
    )
    def test_streams_any_part(self, store, start, end):
        pieces = list(store.stream(store.keep(DATA), start, end))
        assert b"".join(pieces) == DATA[start:end]

    def test_streams_bit_by_bit(self, store):
        data = os.urandom(3 * CHUNK + 7)
        pieces = list(store.stream(store.keep(data)))
        assert len(pieces) > 1
        assert b"".join(pieces) == data

    def test_keeps_the_same_bytes_once(self, store):
        assert store.keep(DATA) == store.keep(DATA)
        assert [blob.sha256 for blob in store.blobs()] == [digest(DATA)]

    def test_says_that_a_file_is_missing(self, store):
        for ask in (store.read, store.stream):
            with pytest.raises(BytesMissing):
                ask("0" * 64)

    @pytest.mark.parametrize("name", ("", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"))
    def test_takes_hashes_only(self, store, name):
        for ask in (store.read, store.stream, store.exists):
            with pytest.raises(ValueError, match="not a SHA-256"):
                ask(name)

    def test_notices_bytes_that_are_not_what_they_were(self, store):
        name = store.keep(DATA)
        obstore.put(store._store, f"{name[:2]}/{name}", DATA[:-1])
        with pytest.raises(BytesMissing):
            store.read(name)

    def test_forgets_once_or_twice(self, store):
        name = store.keep(DATA)
        blob = next(store.blobs())
        store.forget(blob)
        store.forget(blob)
        assert not store.exists(name)

    def test_leaves_what_is_not_its_own(self, store):
        obstore.put(store._store, "somebody/elses.txt", b"x")
        assert list(store.blobs()) == []


class TestFolder:
    def test_is_in_the_state_folder(self, tmp_path, set_settings):
        set_settings(state_dir=tmp_path)
        name = blobs().keep(b"x")
        assert (tmp_path / "documents" / name[:2] / name).read_bytes() == b"x"
        assert list((tmp_path / "documents" / "incoming").iterdir()) == []

    def test_a_file_is_durable_before_its_name_is(self, tmp_path, set_settings, monkeypatch):
        set_settings(state_dir=tmp_path)
        done: list[str] = []

        def noting(what: str, act: Callable[..., Any]) -> Callable[..., Any]:
            def noted(*given: Any) -> Any:
                done.append(what)
                return act(*given)

            return noted

        monkeypatch.setattr(os, "fsync", noting("sync", os.fsync))
        monkeypatch.setattr(Path, "replace", noting("name", Path.replace))
        blobs().keep(b"x")
        assert done == ["sync", "name", "sync", "sync"]

    def test_a_folder_that_cannot_be_written_is_said_without_its_name(self, tmp_path, set_settings):
        (tmp_path / "documents").mkdir()
        (tmp_path / "documents" / "incoming").write_text("in the way")
        set_settings(state_dir=tmp_path)
        with pytest.raises(StoreAway, match="cannot be reached") as refused:
            blobs().keep(b"x")
        assert str(tmp_path) not in refused.value.message

    def test_a_part_that_was_never_read_is_closed(self, store):
        store.stream(store.keep(DATA))  # Warnings are errors: an open file would be one.


class TestS3:
    def test_that_is_away_is_said_without_its_secret(self, tmp_path, set_settings, monkeypatch):
        monkeypatch.setattr(storage, "RETRIES", {"max_retries": 0, "retry_timeout": timedelta(seconds=1)})
        address = f"http://127.0.0.1:{free_port()}"
        set_settings(storage_url="s3://vault", storage_endpoint=address, storage_key_id="k", storage_secret="hunter2")
        for ask in (lambda: blobs().keep(b"x"), lambda: blobs().read("0" * 64), lambda: list(blobs().blobs())):
            with pytest.raises(StoreAway) as refused:
                ask()
            assert "hunter2" not in refused.value.message
        assert "hunter2" not in repr(settings())

    @pytest.mark.parametrize("url", ("vault", "https://bucket", "s3://", "s3:///", "file:///tmp"))
    def test_needs_a_bucket(self, url):
        with pytest.raises(ValidationError, match="names a bucket"):
            Settings(storage_url=url)


class TestSweeping:
    def old(self, store: storage.BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
        """Everything is two hours old."""
        kept = store.blobs

        def aged() -> Iterator[storage.Blob]:
            return (storage.Blob(one.sha256, one.key, one.kept_at - timedelta(hours=2)) for one in kept())

        monkeypatch.setattr(store, "blobs", aged)

    def test_removes_what_no_row_names_and_nothing_else(self, aisha, partner, store, monkeypatch):
        upload(aisha, partner, "Kept", a_pdf("kept"))
        orphan = store.keep(b"left by an upload that was refused")
        self.old(store, monkeypatch)
        assert sweep(HOLD_FILES) == 1
        assert not store.exists(orphan)
        assert store.read(in_vault(aisha, partner)["Kept"].sha256) == a_pdf("kept")
        assert sweep(HOLD_FILES) == 0

    def test_leaves_what_is_young(self, database, store):
        orphan = store.keep(b"on its way")
        assert sweep(HOLD_FILES) == 0
        assert store.exists(orphan)

    def test_leaves_what_is_named_while_it_looks(self, aisha, partner, store, monkeypatch):
        store.keep(a_pdf("late"))
        self.old(store, monkeypatch)
        kept = store.blobs

        def then_uploaded() -> list[storage.Blob]:
            found = list(kept())
            upload(aisha, partner, "Late", a_pdf("late"))
            return found

        monkeypatch.setattr(store, "blobs", then_uploaded)
        assert sweep(HOLD_FILES) == 0
        assert store.exists(digest(a_pdf("late")))

    def test_what_is_filed_after_a_sweep_is_kept_again(self, aisha, partner, store, monkeypatch):
        store.keep(a_pdf("again"))
        self.old(store, monkeypatch)
        assert sweep(HOLD_FILES) == 1
        upload(aisha, partner, "Again", a_pdf("again"))
        assert store.exists(digest(a_pdf("again")))

    def test_removes_what_a_kill_left_half_written(self, database, tmp_path, set_settings):
        set_settings(state_dir=tmp_path)
        blobs().keep(b"x")
        half = tmp_path / "documents" / "incoming" / "tmp_half"
        half.write_bytes(b"ha")
        os.utime(half, (1, 1))
        assert sweep(HOLD_FILES) == 1
        assert not half.exists()

    def test_is_a_job_of_the_workers(self, aisha, partner, store, monkeypatch):
        orphan = store.keep(b"orphan")
        self.old(store, monkeypatch)
        next(job for job in worker.JOBS if job.name == "files").run()
        assert not store.exists(orphan)


def hash_columns() -> set[str]:
    """Every column that may hold the hash of a kept file."""
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and "sha256" in column.name
    }


def test_every_column_that_names_a_kept_file_keeps_it() -> None:
    holders = {f"{column.class_.__tablename__}.{column.key}" for column in HOLD_FILES}
    assert hash_columns() - holders == set(KEPT_NOWHERE)
    assert not holders & set(KEPT_NOWHERE)
