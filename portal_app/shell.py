"""The only bridge between the portal's pages and the core: who reads here, and reading on."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import local
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

import streamlit as st

from core.access.service import report_mismatch
from core.actor import Actor, ActorKind, system
from core.contacts import desk as contacts
from core.contacts.desk import Desk
from core.contacts.presence import who
from core.db import Reads, reading, transaction
from core.errors import DomainError
from core.i18n import LANGUAGES, refusal, t
from core.proposals.content import Language, plain_text
from portal_app.door import door

P = ParamSpec("P")
T = TypeVar("T")
_run = local()
_BOUND, _CONTACT, _REFUSAL, _DONE = "shell.session", "shell.contact", "shell.refusal", "shell.done"


def find_actor() -> Actor | None:
    """Who reads here now, in the language of the page, looked up again each time; None when the cookie lets nobody in.

    This tab's state belongs to the session it was opened with; another session never gets to see it.
    """
    secret, headers = st.context.cookies.get(door().cookie, ""), st.context.headers
    ip, agent = headers.get("X-Partnerdesk-Client"), headers.get("User-Agent")
    with reading(system()) as session:
        found = who(session, secret, ip=ip, user_agent=agent) if secret else None
    if found is None or st.session_state.setdefault(_BOUND, found.session) == found.session:
        if found:
            st.session_state[_CONTACT] = found.kind is ActorKind.CONTACT
        return found and replace(found, language=language_chosen(found.language))
    found = replace(found, viewer=None)
    with transaction(found) as session:
        report_mismatch(session, by=found)
    st.session_state.clear()
    return None


def actor() -> Actor:
    """Who reads here now; the page of a reader whose access ended shows nothing but that."""
    found: Actor | None = getattr(_run, "actor", None) or find_actor()
    return found or say_access_ended()


@contextmanager
def script_run(reader: Actor) -> Iterator[None]:
    """One run of the script for whom it was begun; callbacks and fragments, which run outside, look again."""
    _run.actor, _run.desk = reader, None
    try:
        yield
    finally:
        _run.actor = _run.desk = None


def desk() -> Desk:
    """The contact's own place, looked up once in a run of the script."""
    found: Desk | None = getattr(_run, "desk", None)
    if found is None:
        found = read(contacts.desk)
        if getattr(_run, "actor", None):
            _run.desk = found
    return found


def say_access_ended() -> NoReturn:
    """Say that the access ended, and nothing else; to a contact, that the draft is kept and how to come in again."""
    language, was_contact = language_chosen("en"), st.session_state.get(_CONTACT, False)
    st.error(t("portal.ended.contact" if was_contact else "portal.ended", language), icon=":material/lock:")
    if was_contact:
        st.link_button(t("contact_sign_in.lead", language), "/sign-in")
    st.stop()


def language_chosen(usual: str) -> Language:
    """The language of the page: the one in its address, or the partner's."""
    wanted = st.query_params.get("lang", usual)
    return "ar" if (wanted if wanted in LANGUAGES else usual) == "ar" else "en"


def switch_language() -> None:
    """Go on in the other language, from a callback; the address says which."""
    by = find_actor()
    st.query_params["lang"] = "en" if language_chosen(by.language if by else "en") == "ar" else "ar"


def read(query: Callable[Concatenate[Reads, P], T], *args: P.args, **filters: P.kwargs) -> T:
    """Look something up. A refusal ends the page with its sentence."""
    by = actor()
    try:
        with reading(by) as session:
            return query(session, *args, **filters)
    except DomainError as error:
        st.error(refusal(error, language_chosen(by.language)), icon=":material/block:")
        st.stop()


def act(operation: Callable[..., T], *subject: Any, **details: Any) -> T:
    """Do it in one transaction. A refusal ends the page with its sentence."""
    by = actor()
    try:
        with transaction(by) as session:
            return operation(session, *subject, **details, by=by)
    except DomainError as error:
        st.error(refusal(error, language_chosen(by.language)), icon=":material/block:")
        st.stop()


def attempt(operation: Callable[..., T], *subject: Any, done: str = "", **details: Any) -> T | None:
    """Do it in one transaction, from a callback; None when it was refused, and nothing typed is lost.

    What was ``done`` (a sentence), or why not, is said when the page is drawn next.
    """

    def inside(*, by: Actor) -> T:
        with transaction(by) as session:
            return operation(session, *subject, **details, by=by)

    result = ask(inside)
    if done and result is not None:
        st.session_state[_DONE] = done
    return result


def ask(act: Callable[..., T], **details: Any) -> T | None:
    """Do what opens its own transactions, from a callback; None when it was refused, which is said at the next draw."""
    by = find_actor()
    if by is None:
        return None
    try:
        return act(**details, by=by)
    except DomainError as error:
        st.session_state[_REFUSAL] = refusal(error, language_chosen(by.language))
        return None


def counted(limit: Callable[[str, str], None]) -> bool:
    """Count an act by address and partner, of a contact by the contact, before it is tried, from a callback.

    False: it was tried too often, and that is said.
    """
    by = find_actor()
    if by is None:
        return False
    try:
        limit(by.ip or "", str(by.id or by.partner))
    except DomainError as error:
        st.session_state[_REFUSAL] = refusal(error, language_chosen(by.language))
        return False
    return True


def say(sentence: str) -> None:
    """Say why something did not happen, when the page is drawn next; from a callback."""
    st.session_state[_REFUSAL] = sentence


def say_done(sentence: str) -> None:
    """Say that something was done, when the page is drawn next; from a callback."""
    st.session_state[_DONE] = sentence


def refused() -> str:
    """Why the last act was refused, to be said in a better place; then it is not said on top."""
    return str(st.session_state.pop(_REFUSAL, ""))


def say_what_happened() -> None:
    """Say what the last act did, or why it was refused."""
    if words := st.session_state.pop(_DONE, None):
        st.toast(words, icon=":material/check:")
    with st.container():
        if text := refused():
            st.error(text, icon=":material/block:")


def say_refusal(said: str) -> None:
    """Say why something was refused, where the button is that was pressed; nothing when ``said`` is empty.

    The place is there without a reason too: nothing below it moves, so the keyboard stays where it was.
    """
    with st.container():
        if said:
            st.error(plain_text(said), icon=":material/block:")


def origin() -> dict[str, Any]:
    """Where the reader's connection came from, as the gate wrote it down; empty without the gate."""
    found: dict[str, Any] = json.loads(st.context.headers.get("X-Partnerdesk-Origin", "{}"))
    return found
