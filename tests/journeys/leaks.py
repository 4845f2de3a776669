"""Looking for secrets where they do not belong."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

from sqlalchemy import select

from core.actor import system
from core.db import Base, reading
from tests.journeys.signer import CODE
from tests.journeys.town import Issued, Town

_MAILED = re.compile(r"https?://127\.0\.0\.1:\d+/(?:portal/|sign/[\w-]+/nda\?token=)([\w.-]+[\w-])")


def telling(one: Issued) -> Iterator[re.Pattern[str]]:
    """A secret, and the part of it that cannot be guessed."""
    if one.what == "code":
        yield re.compile(rf"(?<![0-9A-Za-z]){one.secret.replace(' ', ' ?')}(?![0-9A-Za-z])")
        return
    yield re.compile(re.escape(one.secret))
    if one.what.endswith(" link"):
        yield re.compile(re.escape(one.secret.rpartition(".")[2]))
    if one.what == "visit":
        yield re.compile(re.escape(one.secret[-32:]))


def leaks(town: Town, text: str) -> list[str]:
    """What of the secrets stands in a text, by what they are."""
    return [one.what for one in town.issued if any(part.search(text) for part in telling(one))]


def records(*, but: tuple[str, ...] = ()) -> str:
    """Every row of every table as text, except some tables."""
    with reading(system()) as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in but]
        return "\n".join(str(tuple(row)) for table in tables for row in session.execute(select(table)))


def whole_text(mail: EmailMessage) -> str:
    """Everything in a mail that is text."""
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *parts])


def note_what_was_mailed(town: Town) -> None:
    """Remember every code and every link of the room and of signing that stands in a mail."""
    known = {one.secret for one in town.issued}
    for mail, recipients in zip(town.mails.messages, town.mails.recipients, strict=True):
        text = whole_text(mail)
        found = {("code", code) for code in CODE.findall(text)} | {
            ("room link", link) for link in _MAILED.findall(text)
        }
        for what, secret in found:
            if secret not in known:
                town.note(what, secret, recipients[0])


def mailed_astray(town: Town) -> tuple[int, list[str]]:
    """How many secrets stand in mails, and what stands in mails to others than its owner."""
    mailed, astray = 0, []
    for mail, recipients in zip(town.mails.messages, town.mails.recipients, strict=True):
        text = whole_text(mail)
        for one in town.issued:
            if any(part.search(text) for part in telling(one)):
                mailed += 1
                astray += [one.what] if recipients != [one.owner] else []
    return mailed, astray


def keeps_to_itself(town: Town, came_by: str = "room link") -> None:
    """Check a town after its people worked in browsers: codes and links were mailed, and stand nowhere else."""
    note_what_was_mailed(town)
    assert {came_by, "code", "reader's session", "device"} <= {one.what for one in town.issued}
    assert leaks(town, town.stack.logs()) == []
    assert leaks(town, records(but=("mail",))) == []
    mailed, astray = mailed_astray(town)
    assert mailed >= 2
    assert astray == []
