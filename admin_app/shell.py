"""The only bridge between the admin app's pages and the core: who is here, reading, acting."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from core.access.kinds import STAFF_KINDS
from core.access.service import report_mismatch
from core.actor import Act, Actor, allowed, system
from core.companies.sign_in import Present, find_present
from core.db import Reads, reading, transaction
from core.errors import DomainError
from core.settings import settings
from front_door.door import Door

P = ParamSpec("P")
T = TypeVar("T")
_run = local()
_BOUND, _REFUSAL, _DONE = "shell.session", "shell.refusal", "shell.done"


class SignedOut(DomainError):
    """Your session ended. Sign in again; what you typed in this tab is still here until you close it."""


def door() -> Door:
    """The admin app's front door."""
    return Door(name="admin", kinds=STAFF_KINDS, address=settings().admin_url)


def find_here() -> Present | None:
    """Who is here now, looked up again each time; None when the cookie lets nobody in.

    This tab's state belongs to the session it was opened with; another session never gets to see it.
    """
    secret, headers = st.context.cookies.get(door().cookie, ""), st.context.headers
    ip, agent = headers.get("X-Partnerdesk-Client"), headers.get("User-Agent")
    with reading(system()) as session:
        found = find_present(session, secret, ip=ip, user_agent=agent) if secret else None
    if found is None or st.session_state.setdefault(_BOUND, found.actor.session) == found.actor.session:
        return found
    with transaction(found.actor) as session:
        report_mismatch(session, by=found.actor)
    st.session_state.clear()
    return None


@contextmanager
def script_run() -> Iterator[Present]:
    """One run of the script: who is here is looked up once for all its reads, and forgotten when it ends.

    Kept for this thread only: callbacks and dialogs, which run outside, look it up again.
    """
    _run.here = here()
    try:
        yield _run.here
    finally:
        _run.here = None


def here() -> Present:
    """Who is here now, and for which company; a page of somebody who is not signed in any more ends here."""
    found: Present | None = getattr(_run, "here", None) or find_here()
    if found is None:
        st.error(SignedOut().message, icon=":material/lock:")
        st.link_button("Sign in", "/sign-in", type="primary")
        st.stop()
    return found


def actor() -> Actor:
    """Who is here now; see ``here``."""
    return here().actor


def may(act: Act) -> bool:
    """Whether the person here may do this; pages use it to offer only what works."""
    return allowed(actor(), act)


def read(query: Callable[Concatenate[Reads, P], T], *args: P.args, **filters: P.kwargs) -> T:
    """Look something up. A refusal ends the page with its sentence."""
    try:
        with reading(actor()) as session:
            return query(session, *args, **filters)
    except DomainError as refusal:
        st.error(refusal.message, icon=":material/block:")
        st.stop()


def act(operation: Callable[..., T], *subject: Any, done: str, **details: Any) -> T | None:
    """Do it in one transaction, from a callback. What was ``done``, or why not, is said when the page is drawn next:
    a callback may run while only a dialog is drawn.
    """
    found = find_here()
    if found is None:
        return None
    by = found.actor
    try:
        with transaction(by) as session:
            result = operation(session, *subject, **details, by=by)
    except DomainError as refusal:
        st.session_state[_REFUSAL] = refusal.message
        return None
    if done:
        st.session_state[_DONE] = done
    return result


def refusal() -> str | None:
    """Why the last act was refused, once."""
    text: str | None = st.session_state.pop(_REFUSAL, None)
    return text


def say_what_happened() -> None:
    """Say what the last act did; or why it was refused, where a page does not say that in a better place."""
    if words := st.session_state.pop(_DONE, None):
        st.toast(words, icon=":material/check:")
    say_refusal()


def say_refusal(kept: str | None = None) -> None:
    """Say why the last act was refused, or the reason that was ``kept`` for here.

    The place is there without a reason too: nothing below it moves, so the keyboard stays where it was.
    """
    with st.container():
        if text := kept or refusal():
            st.error(text, icon=":material/block:")
