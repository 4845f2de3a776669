"""What may be wrong with a partner, where it happens: the cause, and the button that fixes it. Usually nothing."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from admin_app import shell
from admin_app.partner import inviting
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core import format as say
from core.actor import Act, Actor, allowed
from core.i18n import t
from core.mail import service
from core.partners.queries import Record
from core.today.trouble import Symptom, Trouble, troubles

FRESH_LINK = "Send a new link"


def draw(record: Record, me: Actor) -> None:
    """Every trouble there is, each with its fix."""
    for one in shell.read(troubles, record.id):
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f":orange[:material/warning:] {sentence(one)}")
            _fix(one, record, me)


def sentence(one: Trouble) -> str:
    """The symptom and its cause, and what to do where no button does it."""
    day = say.day(one.at, year=True) if one.at else ""
    kind = t(f"mail_kind.{one.kind}") if one.kind else ""
    why = f" {plain(one.detail)}" if one.detail else ""
    return {
        Symptom.LINK_EXPIRED: f"The proposal link **expired on {day}**; links work for 30 days. Nobody can open the "
        "proposal until a new one is sent.",
        Symptom.UNLOCK_BLOCKED: f"**{one.count} failed unlocks** from a known address within an hour: it is blocked "
        f"until **{say.clock_time(one.at) if one.at else ''}**. A fresh link opens at once, since a good link never "
        "counts.",
        Symptom.UNLOCK_FAILED: f"**{one.count} failed unlocks** from a known address within the last hour, probably "
        "with an old link or a part of one.",
        Symptom.CODE_ENDED: "Its **access code stopped working**: codes of the older system are not accepted any more. "
        "Send a link instead.",
        Symptom.MAIL_FAILED: f"**{kind} of {day} did not surely arrive.**{why}",
        Symptom.MAIL_WAITS: f"**{kind} of {day} is still waiting** to be sent.{why} The E-mail page says what "
        "is missing.",
    }[one.symptom]


def _fix(one: Trouble, record: Record, me: Actor) -> None:
    if one.mail:
        if one.symptom is Symptom.MAIL_FAILED and allowed(me, Act.MANAGE_MAIL):
            _button("Send again", _send_again, one)
        query = {"mail": str(one.mail)}
        st.page_link("views/email.py", label="Look at the mail", icon=":material/mail:", query_params=query)
    elif allowed(me, Act.WRITE_PROPOSALS):
        _button(FRESH_LINK, inviting.begin, record)


def _button(label: str, on_click: Callable[..., None], *args: Any) -> None:
    st.button(label, key=f"trouble.{label}", on_click=on_click, args=args)


def _send_again(one: Trouble) -> None:
    act_once(("again", one.mail), service.resend, one.mail, done="The mail is on its way again")
