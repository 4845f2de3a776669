"""Does mail work? The settings in force, when they were last used, the last error, and whether a worker runs."""

import streamlit as st

from admin_app.widgets.plain import plain
from core import format as shown
from core.clock import now
from core.mail.models import MailState
from core.mail.queries import EmailConfig

ARRIVED_NOT = (MailState.FAILED, MailState.BOUNCED, MailState.AMBIGUOUS)
SECURITY = {"starttls": "STARTTLS", "ssl": "TLS", "none": "no encryption"}


def facts(config: EmailConfig) -> str:
    """Whether mail works, in one line."""
    lost = sum(config.counts[state] for state in ARRIVED_NOT)
    waiting = config.counts[MailState.QUEUED] + config.counts[MailState.SENDING]
    arrived = "nothing is lost" if not lost else f"{shown.number(lost)} did not surely arrive"
    return f"{arrived[0].upper()}{arrived[1:]} · {shown.number(waiting)} waiting"


def draw(config: EmailConfig) -> None:
    """The settings and how they fare."""
    if not config.is_set:
        _not_set(config)
        return
    with st.container(border=True):
        server, sender, used, worker = st.columns([3, 4, 2, 2])
        _fact(server, "Server", f"{config.host}:{config.port}", SECURITY[config.security])
        _fact(sender, "From", config.mail_from, _sign_in(config))
        when = shown.ago(config.last_used, now()) if config.last_used else "never"
        _fact(used, "Last sent", when, "")
        _fact(worker, "Worker", *_worker(config))
        if config.last_error and config.last_error_at:
            st.caption(
                f":orange[:material/warning:] Last error, {shown.ago(config.last_error_at, now())}: "
                f"{plain(config.last_error)}"
            )
    if not config.worker_is_alive:
        st.warning(_worker_hint(config), icon=":material/engineering:")


def _fact(place: st.delta_generator.DeltaGenerator, label: str, value: str, more: str) -> None:
    text = f":gray[:small[{label}]]  \n**{plain(value)}**"
    place.markdown(f"{text}  \n:gray[:small[{plain(more)}]]" if more else text)


def _sign_in(config: EmailConfig) -> str:
    if not config.user:
        return "no sign-in"
    who = "signs in" if config.user == config.mail_from else f"signs in as {config.user}"
    return f"{who}, password {config.password or 'not set'}"


def _worker(config: EmailConfig) -> tuple[str, str]:
    if config.worker_is_alive:
        return "Running", ""
    if config.worker_seen_at is None:
        return "Not running", "has never run"
    return "Not running", f"last seen {shown.ago(config.worker_seen_at, now())}"


def _worker_hint(config: EmailConfig) -> str:
    kept = config.counts[MailState.QUEUED] + config.counts[MailState.SENDING]
    waiting = f"{shown.number(kept)} mails wait" if kept != 1 else "1 mail waits"
    return f"Mails are sent by the worker, and none is running: {waiting}. Start `python -m core.worker`."


def _not_set(config: EmailConfig) -> None:
    kept = shown.number(config.counts[MailState.QUEUED])
    st.info(
        f"**Mails are kept here until a mail server is set** ({kept} now). Nothing is lost: then they are sent.\n\n"
        "Put these in the environment or in `.env`, then restart the apps and the worker:",
        icon=":material/outbox:",
    )
    st.code(
        "SMTP_HOST=smtp.your-company.om\nSMTP_PORT=587\nSMTP_SECURITY=starttls\n"
        "SMTP_USER=partners@your-company.om\nSMTP_PASSWORD=…\nMAIL_FROM=partners@your-company.om",
        language=None,
    )
