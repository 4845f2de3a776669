"""The e-mail page: does mail work, and what did not arrive?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.actor import Actor
from core.clock import now
from core.db import reading, transaction
from core.mail import messages
from core.mail.brand import Brand
from core.mail.models import Mail, MailState
from core.mail.outbox import enqueue
from core.worker import beat
from tests.screens import is_closed, opener, texts
from tests.servers import Mailbox, free_port

Open = Callable[..., AppTest]
LINK = "https://desk.dhofar.om/sign-in/let-me-in"


@pytest.fixture
def open_page(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page as somebody."""
    return opener(monkeypatch)


def _write(by: Actor, state: MailState, *, name: str = "Huda Al Said", error: str = "") -> Mail:
    message = messages.staff_sign_in(
        Brand("Dhofar Systems"), f"{name.split()[0].lower()}@dhofar.om", name, link=LINK, minutes=20, language="en"
    )
    with transaction(by) as session:
        mail = enqueue(session, message, key=f"{name}:{state}:{error}:{now()}")
        mail.state, mail.attempts, mail.last_error, mail.tried_at = state, 1, error, now() if error else None
        mail.sent_at = now() - timedelta(hours=2) if state is MailState.SENT else None
    return mail


def _press(screen: AppTest, label: str) -> Any:
    return next(button for button in screen.button if button.label == label).click().run()


def _mails(by: Actor) -> list[Mail]:
    with reading(by) as session:
        return list(session.scalars(select(Mail).order_by(Mail.created_at)))


def test_without_a_mail_server_says_what_to_set(open_page: Open, aisha: Actor) -> None:
    screen = open_page("email", aisha)
    assert "Mails are kept here until a mail server is set" in texts(screen)
    assert "SMTP_HOST=" in screen.code[0].value
    assert next(button for button in screen.button if button.label == "Send test mail").disabled
    assert "No mail was written yet" in texts(screen)


def test_lists_counts_and_filters(open_page: Open, aisha: Actor) -> None:
    _write(aisha, MailState.SENT)
    _write(aisha, MailState.FAILED, name="Salim Al Kindi", error="Server answered 550 (no).")
    screen = open_page("email", aisha)
    assert "1 did not surely arrive · 0 waiting" in texts(screen)
    assert list(screen.dataframe[0].value["State"]) == ["Failed", "Sent"]
    screen.query_params["state"] = "failed"
    screen.run()
    assert list(screen.dataframe[0].value["To"]) == ["Salim Al Kindi"]
    screen.text_input(key="email.text").set_value("nobody").run()
    assert "No mail is like this." in texts(screen)
    assert screen.query_params["text"] == "nobody"
    _press(screen, "Show all mails")
    assert len(screen.dataframe[0].value) == 2


def test_pages_a_long_list(open_page: Open, aisha: Actor) -> None:
    for number in range(53):
        _write(aisha, MailState.SENT, name=f"Reader {number}")
    screen = open_page("email", aisha)
    assert "1–50 of 53 mails" in texts(screen)
    screen.query_params["page"] = "2"
    screen.run()
    assert "51–53 of 53 mails" in texts(screen)
    for beyond in ("99", "0", "x", "-1", "9" * 30):
        screen.query_params["page"] = beyond
        assert not screen.run().exception


def test_says_how_the_settings_fare_and_shows_no_password(
    open_page: Open, aisha: Actor, set_settings: Callable[..., None]
) -> None:
    set_settings(smtp_host="mail.dhofar.om", smtp_user="partners@dhofar.om", smtp_password="correct-horse-battery")
    _write(aisha, MailState.BOUNCED, error="Server answered 550 (no such user).")
    _write(aisha, MailState.SENT)
    screen = open_page("email", aisha)
    told = texts(screen)
    assert "mail\\.dhofar\\.om\\:587" in told
    assert "••••tery" in told
    assert "correct-horse" not in told
    assert "2 h ago" in told
    assert "no such user" in told
    assert "none is running" in told
    beat("worker-1")
    assert "none is running" not in texts(screen.run())


def test_sends_a_test_mail_to_oneself(
    open_page: Open, aisha: Actor, mailbox: Mailbox, set_settings: Callable[..., None]
) -> None:
    set_settings(**mailbox.smtp)
    screen = open_page("email", aisha)
    _press(screen, "Send test mail")
    assert mailbox.to("aisha.al.balushi@dhofar.om")
    assert any("The mail server took it" in toast.value for toast in screen.toast)
    assert [mail.state for mail in _mails(aisha)] == [MailState.SENT]


def test_names_why_a_test_mail_did_not_go(open_page: Open, aisha: Actor, set_settings: Callable[..., None]) -> None:
    port = free_port()
    set_settings(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    screen = open_page("email", aisha)
    _press(screen, "Send test mail")
    assert any(f"Nothing answers at 127.0.0.1:{port}" in error.value for error in screen.error)
    assert _mails(aisha) == []


def test_opens_a_mail_as_it_went_out(open_page: Open, aisha: Actor, analyst: Actor) -> None:
    mail = _write(aisha, MailState.FAILED, error="Server answered 550 (no).")
    screen = open_page("email", aisha)
    screen.query_params["mail"] = str(mail.id)
    screen.run()
    assert LINK in screen.code[-1].value
    assert "Send again…" in [button.label for button in screen.button]
    hidden = open_page("email", analyst)
    hidden.query_params["mail"] = str(mail.id)
    hidden.run()
    assert "let-me-in" not in hidden.code[-1].value
    assert "Links that let somebody in are hidden." in texts(hidden)
    assert not {"Send again…", "Send test mail"} & {button.label for button in hidden.button}


@pytest.mark.parametrize(
    ("state", "said"),
    (
        (MailState.AMBIGUOUS, "may get it twice"),
        (MailState.FAILED, "tried again from the start"),
        (MailState.BOUNCED, "refused this address for good"),
        (MailState.SENT, "a second time"),
    ),
)
def test_sends_again_after_saying_what_that_means(open_page: Open, aisha: Actor, state: MailState, said: str) -> None:
    mail = _write(aisha, state)
    screen = open_page("email", aisha)
    screen.query_params["mail"] = str(mail.id)
    screen.run()
    _press(screen, "Send again…")
    assert any(said in warning.value for warning in screen.warning)
    assert len(_mails(aisha)) == 1
    _press(screen, "Send it again")
    assert [row.resend_of for row in _mails(aisha)] == [None, mail.id]
    assert "mail" not in screen.query_params


def test_a_mail_that_waits_is_not_sent_again(open_page: Open, aisha: Actor) -> None:
    mail = _write(aisha, MailState.QUEUED)
    screen = open_page("email", aisha)
    screen.query_params["mail"] = str(mail.id)
    screen.run()
    assert "Send again…" not in [button.label for button in screen.button]


@pytest.mark.parametrize("wrong", ("x", "00000000-0000-0000-0000-000000000000"))
def test_a_link_to_a_mail_that_is_gone_opens_the_list(open_page: Open, aisha: Actor, wrong: str) -> None:
    _write(aisha, MailState.SENT)
    screen = open_page("email", aisha)
    screen.query_params["mail"] = wrong
    screen.run()
    assert len(screen.dataframe) == 1
    assert not screen.exception


@pytest.mark.parametrize("who", ("reviewer", "member"))
def test_is_not_offered_to_others(open_page: Open, who: str, request: pytest.FixtureRequest) -> None:
    assert is_closed(open_page("email", request.getfixturevalue(who)))
