"""The portal's proposal page: for a reader who was let in, and for one whose access ended."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.access import sessions
from core.access.kinds import SessionKind
from core.actor import Actor, system
from core.companies.models import Company
from core.contacts.presence import who
from core.db import reading, transaction
from core.engagement.models import Visit
from core.partners.models import Partner
from core.proposals.content import Content
from core.proposals.models import ProposalVersion
from core.proposals.service import publish, save_draft
from core.tenancy import enter
from tests.screens import ROOT, texts

CONTENT = Content.model_validate(
    {
        section: {
            language: {"heading": f"{words} {section}", "body": "**Bold** and $5", "items": []}
            for language, words in (("en", "About the"), ("ar", "حول"))
        }
        for section in ("hero", "terms", "metrics", "value", "modules", "why", "next_steps", "cta", "documents")
    }
)
Open = Callable[..., AppTest]


@pytest.fixture
def reader(sqlite_database: str, company: Company, partner: Partner, aisha: Actor) -> Actor:
    """Somebody who opened the partner's published proposal."""
    with transaction(aisha) as session:
        draft = save_draft(session, partner.id, content=CONTENT, version=None, by=aisha)
        publish(session, partner.id, version=draft.version, by=aisha)
    with transaction(system()) as session:
        by = enter(session, company.id)
        secret = sessions.open_session(
            session, kind=SessionKind.READER, partner_id=partner.id, measured=True, device="one", by=by
        )
    with reading(system()) as session:
        found = who(session, secret)
    assert found is not None
    return found


@pytest.fixture
def open_portal(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the portal as somebody: ``open_portal(reader, lang="ar")``."""

    def open_page(actor: Actor | None, **query: str) -> AppTest:
        monkeypatch.setattr("portal_app.shell.find_actor", lambda: actor)
        screen = AppTest.from_file(str(Path(ROOT) / "portal_app" / "main.py"), default_timeout=20)
        for key, value in query.items():
            screen.query_params[key] = value
        return screen.run()

    return open_page


def test_the_proposal_is_drawn_in_the_partners_language(open_portal: Open, reader: Actor) -> None:
    screen = open_portal(reader)
    assert not screen.exception
    assert screen.title[0].value == "About the hero"
    assert "About the documents" in texts(screen)
    assert "حول" not in texts(screen)


def test_the_other_language_is_one_press_away(open_portal: Open, reader: Actor) -> None:
    screen = open_portal(reader)
    next(button for button in screen.button if button.label == "العربية").click().run()
    assert screen.query_params["lang"] == "ar"
    assert screen.title[0].value == "حول hero"


def test_a_rerun_reads_on_in_the_same_visit(open_portal: Open, reader: Actor, aisha: Actor) -> None:
    screen = open_portal(reader)
    screen.run()
    open_portal(reader)
    with reading(aisha) as session:
        assert session.query(Visit).count() == 1


def test_who_was_let_out_sees_nothing_but_that(open_portal: Open, reader: Actor) -> None:
    screen = open_portal(None, lang="ar")
    assert [error.value for error in screen.error] == [
        "انتهت صلاحية دخولك. ادخل من جديد عبر الرابط في بريدك الإلكتروني، أو اطلب رابطًا جديدًا من المرسل."
    ]
    assert not screen.title


def test_a_proposal_taken_away_is_said_kindly(open_portal: Open, reader: Actor, sqlite_database: str) -> None:
    with transaction(system()) as session:
        session.query(ProposalVersion).delete()
    screen = open_portal(reader)
    assert "cannot be read at the moment" in screen.error[0].value
