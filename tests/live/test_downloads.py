"""Downloads by many at once from a real portal: the right bytes, nobody's else, and exactly what left is on record."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock

import httpx
import pytest
from sqlalchemy import select

from core.actor import Actor
from core.db import reading, transaction
from core.vault.models import Document, DocumentFetch
from tests.core.files import plain_pdf, stream
from tests.core.vault_acts import come_in, revoke, upload
from tests.factories import make_partner
from tests.servers import Stack

CLIENTS = 8
SIZE = 2 * 1024 * 1024
DOWNLOADS = (160, pytest.param(1_000, marks=pytest.mark.soak))


def twins() -> tuple[bytes, bytes]:
    """Two different files of 2 MiB that are equal at their beginning, in their middle and at their end."""
    noise = random.Random(7).randbytes(SIZE - 300)
    one = bytearray(plain_pdf(stream(noise, packed=0)))
    other = bytearray(one)
    other[400_000:400_100] = bytes(100)
    for place in (0, len(one) // 2 - 32_768, len(one) - 65_536):
        assert one[place : place + 65_536] == other[place : place + 65_536]
    return bytes(one), bytes(other)


@dataclass
class Town:
    """The partners' documents, the right hash of each, and a session of each partner."""

    url: str
    documents: list[list[tuple[Document, str]]]
    sessions: list[str]


@pytest.fixture
def town(sqlite_database: str, tmp_path: Path, aisha: Actor) -> Iterator[Town]:
    """A real portal with four partners: each has one of the twins, a small file, and one that is gated."""
    documents, sessions = [], []
    for number in range(4):
        with transaction(aisha) as session:
            partner = make_partner(session)
        one = twins()[number % 2]
        small = plain_pdf(b"(%d)" % number)
        theirs = [upload(aisha, partner, "Large", one, requires_nda=False)]
        theirs += [upload(aisha, partner, "Small", small, requires_nda=False), upload(aisha, partner, "Gated", small)]
        hashes = [sha256(data).hexdigest() for data in (one, small)] + [""]
        documents.append(list(zip(theirs, hashes, strict=True)))
        sessions.append(come_in(partner))
    folder = tmp_path / "run"
    with Stack(
        database_url=sqlite_database, folder=folder, apps=("portal",), state_dir=os.environ["STATE_DIR"]
    ) as stack:
        yield Town(stack.portal_url, documents, sessions)


def client_of(town: Town, secret: str) -> httpx.Client:
    """A browser with a session."""
    return httpx.Client(base_url=town.url, trust_env=False, headers={"Cookie": f"pd_portal={secret}"}, timeout=60)


class Tally:
    """What was answered."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.started: Counter[str] = Counter()
        self._lock = Lock()

    def note(self, document: Document, answer: httpx.Response, expected: str, *, mine: bool) -> None:
        """Count an answer that brought a file; note one that should not have come, or came wrong."""
        with self._lock:
            if answer.status_code == 200:
                self.started[str(document.id)] += 1
            right = mine and expected
            if right and sha256(answer.content).hexdigest() != expected:
                self.wrong.append(f"{document.title}: {answer.status_code}, other bytes")
            if not right and answer.status_code != (403 if mine else 404):
                self.wrong.append(f"{document.title}: {answer.status_code} to a stranger")


def on_record(actor: Actor) -> Counter[str]:
    """How often each document is on record as fetched."""
    with reading(actor) as session:
        return Counter(str(one) for one in session.scalars(select(DocumentFetch.document_id)))


@pytest.mark.parametrize("downloads", DOWNLOADS)
def test_many_at_once_get_their_own_right_bytes_and_each_is_on_record(town: Town, aisha: Actor, downloads: int) -> None:
    tally = Tally()

    def download(number: int) -> None:
        chance, own = random.Random(number), number % CLIENTS % 4
        with client_of(town, town.sessions[own]) as client:
            for _ in range(downloads // CLIENTS):
                whose = own if chance.random() < 0.7 else chance.randrange(4)
                document, expected = chance.choice(town.documents[whose])
                tally.note(document, client.get(f"/documents/{document.id}"), expected, mine=whose == own)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(download, range(CLIENTS)))
    assert tally.wrong == []
    assert tally.started.total() > downloads // 3
    assert on_record(aisha) == tally.started


def test_access_withdrawn_in_the_middle_ends_with_the_file_under_way(town: Town, aisha: Actor) -> None:
    document, expected = town.documents[0][0]
    secret = town.sessions[0]
    with client_of(town, secret) as client:
        with client.stream("GET", f"/documents/{document.id}") as answer:
            pieces = answer.iter_bytes(65_536)
            first = next(pieces)
            revoke(secret)
            whole = first + b"".join(pieces)
        assert sha256(whole).hexdigest() == expected
        following = [client.get(f"/documents/{document.id}").status_code for _ in range(20)]
    assert set(following) == {401}
    assert on_record(aisha) == {str(document.id): 1}


def test_a_client_that_goes_away_leaves_its_record_and_a_server_that_goes_on(town: Town, aisha: Actor) -> None:
    document, expected = town.documents[1][0]
    with client_of(town, town.sessions[1]) as client:
        for _ in range(5):
            with client.stream("GET", f"/documents/{document.id}") as answer:
                next(answer.iter_bytes(1_000))
        assert sha256(client.get(f"/documents/{document.id}").content).hexdigest() == expected
    assert on_record(aisha) == {str(document.id): 6}
