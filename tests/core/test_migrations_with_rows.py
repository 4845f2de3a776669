"""A database with rows in it is brought to the newest step, and nothing is lost; stopped half-way, it starts again."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from core.migrations import config, upgrade

_COMPANY, _PARTNER, _MAIL, _SESSION = ("0" * 31 + digit for digit in "1234")
_ROWS = (
    f"INSERT INTO company (id, slug, name, name_ar, base_currency, time_zone, languages, colour, booking_url, "
    f"module_partner_portal_enabled, version) VALUES ('{_COMPANY}', 'a', 'A', '', 'OMR', 'Asia/Muscat', 'en', "
    f"'#000000', '', false, 1)",
    f"INSERT INTO partner (id, company_id, slug, name, name_ar, summary, city, country, website, "
    f"territory, contact_name, contact_title, contact_email, language, next_action, status, "
    f"status_entered_at, created_at, is_demo, version) "
    f"VALUES ('{_PARTNER}', '{_COMPANY}', 'p', 'P', '', '', '', '', '', '', '', '', '', 'en', '', 'draft', "
    f"'2026-01-01', '2026-01-01', false, 1)",
    f"INSERT INTO access_session (id, company_id, secret_hash, kind, partner_id, measured, opened_at, last_used_at, "
    f"expires_at, ip, user_agent) VALUES ('{_SESSION}', '{_COMPANY}', 'x', 'reader', '{_PARTNER}', true, '2026-01-01', "
    f"'2026-01-01', '2026-02-01', '', '')",
    f"INSERT INTO mail (id, company_id, key, kind, to_address, to_name, from_name, reply_to, language, subject, html, "
    f"text, secrets, message_id, state, attempts, soft_bounces, next_try_at, worker, last_error, created_at) VALUES "
    f"('{_MAIL}', '{_COMPANY}', 'k', 'test', 'a@b.om', '', '', '', 'en', 's', '', '', '[]', 'm', 'sent', 0, 0, "
    f"'2026-01-01', '', '', '2026-01-01')",
)
_ASKS = "SELECT (SELECT count(*) FROM mail), (SELECT kind FROM access_session), (SELECT subject FROM mail)"


def _filled(database: str) -> None:
    """The schema of the step before, with rows."""
    command.downgrade(config(database), "0002")
    engine = create_engine(database)
    with engine.begin() as connection:
        for row in _ROWS:
            connection.exec_driver_sql(row)
    engine.dispose()


def _answer(database: str, question: str) -> tuple[object, ...]:
    engine = create_engine(database)
    with engine.connect() as connection:
        found = tuple(connection.execute(text(question)).one())
    engine.dispose()
    return found


def test_rows_outlive_a_table_that_is_made_anew(database: str) -> None:
    _filled(database)
    upgrade(database)
    assert _answer(database, _ASKS) == (1, "reader", "s")
    command.downgrade(config(database), "0002")
    assert _answer(database, _ASKS) == (1, "reader", "s")


def test_a_kind_of_session_nobody_knows_is_refused_afterwards(database: str) -> None:
    _filled(database)
    upgrade(database)
    engine = create_engine(database)
    with pytest.raises(Exception, match=r"(?i)check"), engine.begin() as connection:
        connection.exec_driver_sql("UPDATE access_session SET kind = 'ghost'")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE mail SET kind = 'nda_renewal'")
    engine.dispose()


_NDA, _TEXT = "0" * 31 + "5", "0" * 31 + "6"
_SIGNED = (
    f"INSERT INTO nda_counter (company_id, last) VALUES ('{_COMPANY}', 1)",
    f"INSERT INTO nda_text (id, company_id, number, state, content, sha256_en, sha256_ar, saved_at, saved_by, "
    f"published_at, published_by, version) VALUES ('{_TEXT}', '{_COMPANY}', 1, 'published', '{{}}', '', '', "
    f"'2026-01-01', 'a', '2026-01-01', 'a', 1)",
    f"INSERT INTO nda (id, company_id, partner_id, number, reference, form, text_id, signer_name, signer_title, "
    f"signer_email, signature, signed_at, expires_at, evidence, evidence_sha256, pdf_sha256, certificate_sha256, "
    f"recorded_by, countersigned_by, countersigned_title) VALUES ('{_NDA}', '{_COMPANY}', '{_PARTNER}', 1, "
    f"'NDA-00001', 'electronic', '{_TEXT}', 's', '', '', 's', '2026-01-01', '2029-01-01', '{{}}', '', '', '', 's', "
    f"'', '')",
)
_OF_NDAS = "SELECT (SELECT reference FROM nda), (SELECT last FROM nda_counter), (SELECT number FROM nda_text)"
_KINDS = "SELECT (SELECT instrument FROM nda), (SELECT instrument FROM nda_counter), (SELECT instrument FROM nda_text)"


def test_what_was_signed_before_is_an_nda(database: str) -> None:
    _filled(database)
    command.upgrade(config(database), "0003")
    engine = create_engine(database)
    with engine.begin() as connection:
        for row in _SIGNED:
            connection.exec_driver_sql(row)
    upgrade(database)
    assert _answer(database, _KINDS) == ("nda", "nda", "nda")
    second = (
        _SIGNED[2].replace(_NDA, "0" * 31 + "7").replace("NDA-00001", "RA-00001").replace("(id,", "(instrument, id,")
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(second.replace("VALUES (", "VALUES ('reseller', "))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql(second.replace("VALUES (", "VALUES ('nda', "))
    engine.dispose()
    command.downgrade(config(database), "0003")
    assert _answer(database, _OF_NDAS) == ("NDA-00001", 1, 1)
    upgrade(database)


def _upgrade_and_die(database: str) -> None:
    """Be killed in the middle of the step, when the first table is about to be made anew."""
    from core.migrations import checks

    checks._copy = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    upgrade(database)


def test_killed_in_the_middle_it_is_complete_the_next_time(sqlite_database: str, tmp_path: Path) -> None:
    _filled(sqlite_database)
    process = multiprocessing.get_context("spawn").Process(target=_upgrade_and_die, args=(sqlite_database,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert _answer(sqlite_database, "SELECT version_num FROM alembic_version") == ("0002",)
    upgrade(sqlite_database)
    assert _answer(sqlite_database, _ASKS) == (1, "reader", "s")
