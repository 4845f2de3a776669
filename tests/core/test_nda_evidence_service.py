"""What staff do with the evidence of an NDA: check it against the database and the store, and take it along."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from core import db
from core.actor import Actor, system
from core.audit import anchors
from core.audit.models import AuditEntry
from core.db import reading, transaction
from core.errors import NotAllowed, NotFound
from core.keys import audit_key
from core.nda import evidence_service
from core.nda.bundle_check import check_bundle
from core.nda.evidence_service import EvidenceIncomplete
from core.nda.models import Nda, NdaText
from core.nda.seal import signing_chain
from core.nda.sealing_key import make_certificate
from core.partners.models import Partner
from core.settings import settings
from core.vault.models import DocumentVersion
from tests.core.nda_acts import done, signed


@pytest.fixture(scope="module")
def sealing_key() -> bytes:
    """A sealing key; to make one takes seconds."""
    return make_certificate()


@pytest.fixture
def own_state(tmp_path: Path, sealing_key: bytes, set_settings: Callable[..., None]) -> Path:
    """A state folder of this test's own, with its own keys and files."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "nda-seal.p12").write_bytes(sealing_key)
    set_settings(state_dir=tmp_path / "state")
    return tmp_path / "state"


@pytest.fixture
def nda(own_state: Path, partner: Partner) -> Any:
    """A signed NDA."""
    return signed(partner)


def failed(aisha: Actor, nda: Any) -> list[str]:
    """The checks that do not pass."""
    return [check.key for check in done(evidence_service.check, aisha, nda.id) if not check.ok]


def bend(aisha: Actor, model: Any, *where: Any, **values: Any) -> None:
    """Change rows as somebody with the database at hand would, past every rule."""
    with transaction(system(aisha.company)) as session:
        session.execute(update(model).where(*where).values(**values), execution_options={"synchronize_session": False})


class TestCheck:
    def test_finds_nothing_wrong_with_a_signed_nda(self, aisha, nda):
        checks = done(evidence_service.check, aisha, nda.id)
        assert [check.key for check in checks if not check.ok] == []
        assert len(checks) == 8

    def test_is_recorded(self, aisha, nda):
        done(evidence_service.check, aisha, nda.id)
        with reading(aisha) as session:
            entry = session.query(AuditEntry).order_by(AuditEntry.seq.desc()).first()
        assert entry is not None
        assert (entry.tag, entry.subject_name) == ("admin:nda:verify", nda.reference)

    @pytest.mark.parametrize(
        ("values", "found"),
        (
            ({"signer_name": "Somebody Else"}, {"record"}),
            ({"signature": "Somebody Else"}, {"record"}),
            ({"signer_email": "x@y.om"}, {"record"}),
            ({"reference": "NDA-00009"}, {"record", "seal"}),
            ({"evidence_sha256": "0" * 64}, {"evidence", "seal", "audit_entry"}),
            ({"pdf_sha256": "0" * 64}, {"document", "audit_entry"}),
            ({"certificate_sha256": "0" * 64}, {"seal"}),
            ({"evidence": {"schema_version": 1}}, {"evidence"}),
        ),
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
    )
    def test_finds_a_changed_record(self, aisha, nda, values, found):
        bend(aisha, Nda, Nda.id == nda.id, **values)
        assert set(failed(aisha, nda)) == found

    def test_finds_a_longer_life(self, aisha, nda):
        bend(aisha, Nda, Nda.id == nda.id, expires_at=nda.expires_at + timedelta(days=365))
        assert failed(aisha, nda) == ["record"]

    def test_finds_a_changed_text(self, aisha, nda):
        with reading(aisha) as session:
            content = json.loads(json.dumps(session.query(NdaText).one().content))
        content["clauses"][0]["ar"]["body"] += " نعم"
        bend(aisha, NdaText, content=content)
        assert failed(aisha, nda) == ["text"]

    def test_finds_evidence_made_anew(self, aisha, nda):
        with reading(aisha) as session:
            row = session.get(Nda, nda.id)
            assert row is not None
            evidence = {**row.evidence, "user_agent": "another"}
        bend(aisha, Nda, Nda.id == nda.id, evidence=evidence)
        assert failed(aisha, nda) == ["evidence"]

    def test_finds_a_changed_file(self, aisha, nda, own_state):
        file = self._file(aisha, nda, own_state)
        file.chmod(0o600)
        file.write_bytes(file.read_bytes()[:-1] + b"x")
        assert failed(aisha, nda) == ["document"]

    def test_finds_a_lost_file(self, aisha, nda, own_state):
        self._file(aisha, nda, own_state).unlink()
        assert failed(aisha, nda) == ["document"]

    def _file(self, aisha: Actor, nda: Any, state: Path) -> Path:
        with reading(aisha) as session:
            row = session.get(Nda, nda.id)
            assert row is not None
            (file,) = (state / "documents").rglob(row.pdf_sha256)
        return file

    def test_finds_an_exchanged_document(self, aisha, nda):
        bend(aisha, DocumentVersion, DocumentVersion.document_id == nda.document_id, sha256="0" * 64)
        assert failed(aisha, nda) == ["document"]

    def test_finds_a_changed_audit_log(self, sqlite_database, aisha, nda):
        with db.writer().begin() as connection:
            for trigger in connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'")
            ).scalars():
                connection.execute(text(f"DROP TRIGGER {trigger}"))
            connection.execute(
                text("UPDATE audit_log SET after = replace(after, 'Salim', 'Salem') WHERE tag = 'partner:nda:sign'")
            )
        assert failed(aisha, nda) == ["audit_links"]

    def test_is_not_for_everyone(self, reviewer, outsider, nda):
        with pytest.raises(NotAllowed):
            done(evidence_service.check, reviewer, nda.id)
        with pytest.raises(NotFound):
            done(evidence_service.check, outsider, nda.id)


class TestBundle:
    def test_can_be_checked_by_itself(self, aisha, nda):
        with transaction(system()) as session:
            anchors.keep(session)
        made = done(evidence_service.bundle, aisha, nda.id)
        assert made.file_name == "NDA-00001-evidence.zip"
        assert [
            check for check in check_bundle(made.data, key=audit_key(), trust=signing_chain()) if not check.ok
        ] == []
        assert done(evidence_service.bundle, aisha, nda.id).data == made.data

    def test_is_for_who_manages_ndas_and_recorded(self, aisha, analyst, nda):
        with pytest.raises(NotAllowed):
            done(evidence_service.bundle, analyst, nda.id)
        done(evidence_service.bundle, aisha, nda.id)
        with reading(aisha) as session:
            entry = session.query(AuditEntry).order_by(AuditEntry.seq.desc()).first()
        assert entry is not None
        assert entry.tag == "admin:nda:take_evidence"

    def test_says_what_is_missing(self, sqlite_database, aisha, nda):
        for file in (settings().state_dir / "nda-seals").iterdir():
            file.rename(file.with_suffix(".away"))
        with pytest.raises(EvidenceIncomplete, match="NDA-00001 cannot be put together: the sealing certificate"):
            bend(aisha, Nda, Nda.id == nda.id, certificate_sha256="0" * 64)
            done(evidence_service.bundle, aisha, nda.id)
