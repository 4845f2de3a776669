"""How a mail leaves, and what is said when it does not."""

import smtplib
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from core.clock import now
from core.mail.explain import explain
from core.mail.transport import MAYBE, Envelope, Fate, Undelivered, send
from tests.fake_smtp import PASSWORD, USER, Fault, RawServer, Server, certificate, closed_port

MAIL = Envelope(
    to_address="salim@bank.om",
    to_name="سالم",
    from_name="SmartPRO",
    reply_to="",
    language="ar",
    subject="عرض الشراكة",
    html="<p>مرحبا</p>",
    text="مرحبا\n.\nSecond",
    message_id="<fixed@smartpro.om>",
    created_at=now(),
)


def failure_of(mail: Envelope = MAIL, *, before_body: Callable[[], None] | None = None) -> Undelivered:
    with pytest.raises(Undelivered) as refused:
        send(mail, before_body=before_body)
    return refused.value


@pytest.fixture
def pem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that this process trusts."""
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    return made


class TestSend:
    def test_delivers_text_and_html(self, set_settings):
        with Server() as server:
            set_settings(**server.smtp, mail_from="partners@smartpro.om")
            send(MAIL)
        (mail,) = server.messages
        assert mail["From"].addresses[0].display_name == "SmartPRO"
        assert mail["From"].addresses[0].addr_spec == "partners@smartpro.om"
        assert mail["Message-ID"] == "<fixed@smartpro.om>"
        assert mail["Subject"] == "عرض الشراكة"
        text, html = mail.iter_parts()
        assert text.get_content().splitlines() == ["مرحبا", ".", "Second"]
        assert html.get_content().strip() == "<p>مرحبا</p>"

    def test_goes_out_under_the_name_of_the_settings(self, set_settings):
        with Server() as server:
            set_settings(**server.smtp, mail_from_name="Partner Desk")
            send(MAIL)
        assert server.messages[0]["From"].addresses[0].display_name == "Partner Desk"

    @pytest.mark.parametrize("implicit_tls", (False, True))
    def test_signs_in_over_tls(self, set_settings, pem, implicit_tls):
        with Server(pem=pem, implicit_tls=implicit_tls, sign_in=True) as server:
            set_settings(**server.smtp, smtp_user=USER, smtp_password=PASSWORD)
            send(MAIL)
        assert (server.sign_ins, len(server.messages)) == ([True], 1)

    def test_keeps_a_user_name_without_a_domain(self, set_settings):
        with RawServer(lambda _: Fault.NONE) as server:
            set_settings(**server.smtp, smtp_user="apikey", smtp_password=PASSWORD)
            assert "gmail" not in failure_of().reason

    def test_asks_before_the_body_is_handed_over(self, set_settings):
        asked: list[str] = []
        with Server() as server:
            set_settings(**server.smtp)
            send(MAIL, before_body=lambda: asked.append(f"{len(server.messages)} delivered"))
        assert asked == ["0 delivered"]

    def test_hands_nothing_over_when_told_not_to(self, set_settings):
        class Stop(Exception):
            """No."""

        def refuse() -> None:
            raise Stop

        with Server() as server:
            set_settings(**server.smtp)
            with pytest.raises(Stop):
                send(MAIL, before_body=refuse)
        assert server.messages == []

    def test_is_delivered_though_the_goodbye_fails(self, set_settings):
        with RawServer(lambda _: Fault.NONE) as server:
            set_settings(**server.smtp)
            send(MAIL, before_body=server.over.set)
        assert len(server.received) == 1

    def test_refuses_an_address_no_server_takes(self):
        failed = failure_of(Envelope(**vars(MAIL) | {"to_address": "سالم@bank.om"}))
        assert failed.fate is Fate.HARD
        assert "letters before the @" in failed.reason

    def test_writes_an_arabic_domain_as_servers_read_it(self, set_settings):
        with Server() as server:
            set_settings(**server.smtp)
            send(Envelope(**vars(MAIL) | {"to_address": "info@موقع.عمان"}))
        assert server.messages[0]["To"].addresses[0].domain == "xn--4gbrim.xn--mgb9awbf"


class TestFate:
    """What a failure means for the mail."""

    @pytest.mark.parametrize(
        ("fault", "fate"),
        (
            (Fault.DROP_AT_GREETING, Fate.RETRY),
            (Fault.STALL_AT_GREETING, Fate.RETRY),
            (Fault.NOT_SMTP, Fate.RETRY),
            (Fault.PUT_OFF, Fate.SOFT),
            (Fault.REFUSE, Fate.HARD),
            (Fault.DROP_AT_DATA, Fate.RETRY),
            (Fault.PUT_OFF_BODY, Fate.SOFT),
            (Fault.DROP_IN_BODY, Fate.AMBIGUOUS),
            (Fault.DROP_AFTER_BODY, Fate.AMBIGUOUS),
            (Fault.STALL_AFTER_BODY, Fate.AMBIGUOUS),
        ),
    )
    def test_follows_from_how_far_it_came(self, set_settings, fault, fate):
        with RawServer(lambda _: fault) as server:
            set_settings(**server.smtp)
            failed = failure_of()
        assert failed.fate is fate
        assert (failed.reason == MAYBE) is (fate is Fate.AMBIGUOUS)

    def test_is_tried_once(self, set_settings):
        with RawServer(lambda _: Fault.DROP_AFTER_BODY) as server:
            set_settings(**server.smtp)
            failure_of()
        assert [mail["Message-ID"] for mail in server.received] == ["<fixed@smartpro.om>"]

    @pytest.mark.parametrize(("answer", "fate"), (("552 too large", Fate.HARD), ("451 busy", Fate.SOFT)))
    def test_of_a_refused_body(self, set_settings, answer, fate):
        with Server() as server:
            server.data_answers = [answer]
            set_settings(**server.smtp)
            assert failure_of().fate is fate

    @pytest.mark.parametrize("answer", ("550 no", "451 later"))
    def test_of_a_refused_sender_is_not_the_mails_fault(self, set_settings, answer):
        with Server() as server:
            server.mail_answers = [answer]
            set_settings(**server.smtp)
            assert failure_of().fate is Fate.RETRY


class TestExplain:
    """One sentence that names the cause, and never a secret."""

    def test_a_wrong_password(self, set_settings, pem):
        with Server(pem=pem, sign_in=True) as server:
            set_settings(**server.smtp, smtp_user=USER, smtp_password="wrong-password-1")
            assert failure_of().reason == "Server answered 535: user name or password not accepted."

    def test_a_sign_in_that_is_hung_up_on(self, set_settings):
        with RawServer(lambda _: Fault.DROP_AT_SIGN_IN) as server:
            set_settings(**server.smtp, smtp_user=USER, smtp_password=PASSWORD)
            assert failure_of().reason == "The server hung up during sign-in: user name or password not accepted."

    def test_never_shows_what_a_server_echoes(self, set_settings):
        with RawServer(lambda _: Fault.NONE) as server:
            set_settings(**server.smtp, smtp_user=USER, smtp_password=PASSWORD)
            assert failure_of().reason == "Server answered 535: user name or password not accepted."

    @pytest.mark.parametrize("echo", (PASSWORD, "AG1haWxlckBzbWFydHByby5vbQBjb3JyZWN0LWhvcnNlLWJhdHRlcnk"))
    def test_leaves_out_an_answer_that_has_the_password(self, set_settings, echo):
        set_settings(smtp_user=USER, smtp_password=PASSWORD)
        error = smtplib.SMTPDataError(554, f"no, {echo}".encode())
        assert explain(error) == "Server answered 554: it refuses this mail."

    def test_a_host_that_is_down(self, set_settings):
        port = closed_port()
        set_settings(smtp_host="127.0.0.1", smtp_port=port)
        assert failure_of().reason.startswith(f"Nothing answers at 127.0.0.1:{port}. Check SMTP_HOST")

    def test_a_host_that_is_unknown(self, set_settings):
        set_settings(smtp_host="mail.invalid", smtp_security="none")
        assert failure_of().reason == "The mail server mail.invalid is unknown. Check SMTP_HOST."

    def test_a_host_that_does_not_answer(self, set_settings):
        with RawServer(lambda _: Fault.STALL_AT_GREETING) as server:
            set_settings(**server.smtp)
            assert "did not answer within 0.5 seconds. If it expects TLS from the start" in failure_of().reason

    def test_a_host_that_speaks_something_else(self, set_settings):
        with RawServer(lambda _: Fault.NOT_SMTP) as server:
            set_settings(**server.smtp)
            assert "gave an answer that is not SMTP. Check SMTP_HOST" in failure_of().reason

    def test_an_unknown_recipient(self, set_settings):
        with Server() as server:
            server.rcpt_answers = ["550 5.1.1 User unknown"]
            set_settings(**server.smtp)
            reason = failure_of().reason
        assert reason == "Server answered 550 (5.1.1 User unknown): it refuses the address salim@bank.om."

    def test_a_recipient_put_off(self, set_settings):
        with Server() as server:
            server.rcpt_answers = ["451 4.7.1 Greylisted"]
            set_settings(**server.smtp)
            reason = failure_of().reason
        assert reason == "Server answered 451 (4.7.1 Greylisted): it cannot take mail now for salim@bank.om."

    def test_a_refused_sender(self, set_settings):
        with Server() as server:
            server.mail_answers = ["553 5.7.1 not yours"]
            set_settings(**server.smtp, mail_from="boss@smartpro.om")
            reason = failure_of().reason
        assert "Server answered 553 (5.7.1 not yours): it does not let boss@smartpro.om send" in reason

    def test_a_server_that_wants_a_sign_in(self, set_settings, pem):
        with Server(pem=pem, sign_in=True) as server:
            set_settings(**server.smtp)
            assert "whether a sign-in is needed" in failure_of().reason

    def test_a_server_without_starttls(self, set_settings):
        with Server() as server:
            set_settings(**server.smtp | {"smtp_security": "starttls"})
            assert "does not offer STARTTLS. Set SMTP_SECURITY=ssl" in failure_of().reason

    def test_a_server_without_a_sign_in(self, set_settings):
        with Server() as server:
            set_settings(**server.smtp, smtp_user=USER, smtp_password=PASSWORD)
            assert "offers no sign-in here" in failure_of().reason

    def test_tls_where_there_is_none(self, set_settings):
        with Server() as server:
            set_settings(**server.smtp | {"smtp_security": "ssl"})
            assert "does not speak TLS this way" in failure_of().reason

    def test_no_tls_where_there_is_only_tls(self, set_settings, pem):
        with Server(pem=pem, implicit_tls=True) as server:
            set_settings(**server.smtp | {"smtp_security": "none", "smtp_timeout": 0.5})
            assert "SMTP_SECURITY" in failure_of().reason

    def test_a_certificate_nobody_vouches_for(self, set_settings, tmp_path):
        with Server(pem=certificate(tmp_path)) as server:
            set_settings(**server.smtp)
            assert "The certificate of 127.0.0.1" in failure_of().reason

    @pytest.mark.parametrize(
        ("error", "words"),
        (
            (ssl.SSLError("wrong"), "does not speak TLS this way"),
            (ConnectionResetError(104, "reset"), "closed the connection before it answered"),
            (OSError(101, "Network is unreachable"), "cannot be reached: Network is unreachable."),
            (smtplib.SMTPException("odd"), "gave an answer that is not SMTP"),
            (smtplib.SMTPConnectError(421, b"busy."), "Server answered 421 (busy): it cannot take mail now."),
        ),
    )
    def test_other_ends_of_a_conversation(self, error, words):
        assert words in explain(error)
